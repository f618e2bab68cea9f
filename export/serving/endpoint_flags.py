"""The flags that say where a model is served, for every main that asks it.

A main lists them in its `--help` with `flags.adopt_module_key_flags`.
"""

from absl import flags

from export.serving import endpoint as endpoint_lib
from keras_posegan import input_error

_SERVER = flags.DEFINE_string(
    "server",
    "",
    "grpc://localhost:8500 or http://localhost:8501; grpcs:// and https:// with TLS.",
)
_MODEL_NAME = flags.DEFINE_string("model_name", "posegan", "The served model's name.")
_VERSION = flags.DEFINE_integer("version", None, "Its version; else the newest.")
_VERSION_LABEL = flags.DEFINE_string(
    "version_label",
    "",
    "A label instead of a version: stable or canary.",
)
_TIMEOUT_SECONDS = flags.DEFINE_float(
    "timeout_seconds", 30.0, "How long to wait for an answer."
)
_CA_CERTIFICATE = flags.DEFINE_string(
    "ca_certificate", "", "PEM file that vouches for the server; else the machine's."
)


def read() -> endpoint_lib.Endpoint:
    """The endpoint that the parsed flags describe.

    Raises:
        input_error.InputError: naming the flag, if one is missing or cannot be used.
    """
    if not _SERVER.value:
        raise input_error.InputError("--server is missing.")
    return endpoint_lib.Endpoint(
        server=_SERVER.value,
        model_name=_MODEL_NAME.value,
        version=_VERSION.value,
        version_label=_VERSION_LABEL.value,
        timeout_seconds=_TIMEOUT_SECONDS.value,
        ca_certificate=_CA_CERTIFICATE.value,
    )
