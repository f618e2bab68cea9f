"""Where a model is served."""

import dataclasses
import pathlib
import urllib.parse

from keras_posegan import input_error

_IS_GRPC_AND_SECURE = {
    "grpc": (True, False),
    "grpcs": (True, True),
    "http": (False, False),
    "https": (False, True),
}
_DAY = 86_400.0


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """One model of one server. The fields are the clients' flags.

    Args:
        server: `grpc://HOST:PORT`, `grpcs://` (TLS), or REST: `http://HOST:PORT` and
            `https://`, which may go on with a path that leads to `/v1/models`.
        model_name: the name it is served under.
        version: int; None: what the server takes for the newest.
        version_label: such as "stable", instead of a version.
        timeout_seconds: > 0, a day at most. gRPC: of the whole request. REST: of
            connecting, and of every wait for bytes.
        ca_certificate: PEM file of the authority that signed the server's
            certificate; "": those the machine trusts.

    Raises:
        input_error.InputError: naming the flag, if a value cannot be used.
    """

    server: str
    model_name: str = "posegan"
    version: int | None = None
    version_label: str = ""
    timeout_seconds: float = 30.0
    ca_certificate: str = ""

    def __post_init__(self):
        try:
            parts = urllib.parse.urlsplit(self.server)
            is_address = parts.scheme in _IS_GRPC_AND_SECURE and parts.hostname
            # A port that is no number raises; gRPC has no usual one to fall back on.
            has_port = parts.port is not None or not parts.scheme.startswith("grpc")
        except ValueError:
            is_address = has_port = False
        if not is_address or not has_port:
            raise input_error.InputError(
                "--server must be grpc://HOST:PORT, grpcs://HOST:PORT, "
                f"http://HOST:PORT or https://HOST:PORT. Received: {self.server!r}"
            )
        if not self.model_name:
            raise input_error.InputError("--model_name is empty.")
        if self.version is not None and self.version_label:
            raise input_error.InputError(
                "--version or --version_label: give one. Received: "
                f"{self.version} and {self.version_label!r}"
            )
        if not 0 < self.timeout_seconds <= _DAY:
            raise input_error.InputError(
                "--timeout_seconds must be positive, and a day at most. Received: "
                f"{self.timeout_seconds}"
            )
        if self.ca_certificate and not self.is_secure:
            raise input_error.InputError(
                f"--ca_certificate is for grpcs:// and https://, not {self.server}"
            )
        if self.ca_certificate and not pathlib.Path(self.ca_certificate).is_file():
            raise input_error.InputError(
                f"--ca_certificate={self.ca_certificate}: no such file."
            )

    @property
    def is_grpc(self) -> bool:
        """Whether requests go over gRPC; over REST otherwise."""
        return _IS_GRPC_AND_SECURE[urllib.parse.urlsplit(self.server).scheme][0]

    @property
    def is_secure(self) -> bool:
        """Whether the connection is encrypted."""
        return _IS_GRPC_AND_SECURE[urllib.parse.urlsplit(self.server).scheme][1]
