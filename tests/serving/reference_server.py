"""A stand-in for TensorFlow Serving, on its official messages and stubs.

    python -m tests.serving.reference_server --model_base_path=runs/demo/posegan \
        --grpc_port=8500 --rest_port=8501 --batching

`tensorflow_model_server` is in no registry of packages, so clients are tested against
this: Predict, GetModelMetadata and GetModelStatus over gRPC and REST, version policy
and labels of models.config, warm-up requests, batching. Its answers, codes and
messages follow the documents and the source of the original.
"""

import pathlib
import signal
import threading
from concurrent import futures

import grpc
import tensorflow as tf
from absl import flags
from google.protobuf import text_format
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)
from tensorflow_serving.config import model_server_config_pb2

from keras_posegan import command_line
from tests.serving import batcher, rest_api, servable, status_error

_UNLIMITED = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)


class ReferenceServer(
    prediction_service_pb2_grpc.PredictionServiceServicer,
    model_service_pb2_grpc.ModelServiceServicer,
):
    """Serves the versions of one model until it is closed.

    Args:
        model: a `ModelConfig`: name, base path, version policy (else the newest
            alone) and labels, also of versions that are not there.
        grpc_port: 0: any that is free.
        rest_port: likewise.
        batching: None: every request runs by itself.
        intra_op_threads: of TensorFlow; 0: as many as the machine has.
        inter_op_threads: likewise.
        tls: a private key and a certificate, as PEM files.

    Attributes:
        grpc_port: the port in use.
        rest_port: likewise.
    """

    def __init__(
        self,
        model: model_server_config_pb2.ModelConfig,
        grpc_port: int = 0,
        rest_port: int = 0,
        batching: batcher.Parameters | None = None,
        intra_op_threads: int = 0,
        inter_op_threads: int = 0,
        tls: tuple[pathlib.Path, pathlib.Path] | None = None,
    ):
        config = tf.compat.v1.ConfigProto(
            intra_op_parallelism_threads=intra_op_threads,
            inter_op_parallelism_threads=inter_op_threads,
        )
        self._name = model.name
        self._servables = {
            int(path.name): servable.Servable(path, config, batching)
            for path in _version_folders(model)
        }
        self._labels = dict(model.version_labels)
        # Requests wait in the session or a batcher, so there may be many at once.
        self._grpc = grpc.server(futures.ThreadPoolExecutor(64), options=_UNLIMITED)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            self, self._grpc
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(self, self._grpc)
        if tls:
            pair = tuple(path.read_bytes() for path in tls)
            credentials = grpc.ssl_server_credentials([pair])
            self.grpc_port = self._grpc.add_secure_port(
                f"localhost:{grpc_port}", credentials
            )
        else:
            self.grpc_port = self._grpc.add_insecure_port(f"localhost:{grpc_port}")
        self._rest = rest_api.RestServer(self, rest_port, tls)
        self.rest_port = self._rest.server_port
        self._grpc.start()
        self._rest_thread = threading.Thread(target=self._rest.serve_forever)
        self._rest_thread.start()

    def predict(self, request: predict_pb2.PredictRequest):
        """The `Servable`'s version, and what it answers; raises StatusError."""
        version, chosen = self._choose(request.model_spec)
        return version, chosen.predict(request)

    def signature_inputs(self, model_spec: model_pb2.ModelSpec, signature: str):
        """The `TensorInfo`s of a signature's inputs by name; raises StatusError."""
        _, chosen = self._choose(model_spec)
        if signature not in chosen.signatures:
            raise status_error.invalid_argument(
                f'Serving signature name: "{signature}" not found in signature def'
            )
        return chosen.signatures[signature].inputs

    def status(self, model_spec: model_pb2.ModelSpec):
        """The `GetModelStatusResponse`; raises StatusError."""
        versions = sorted(self._servables, reverse=True)
        if model_spec.version_label:
            versions = [self._version(model_spec)]
        elif model_spec.HasField("version"):
            versions = [model_spec.version.value]
        if model_spec.name != self._name or not versions:
            raise status_error.StatusError(
                grpc.StatusCode.NOT_FOUND,
                f"Could not find any versions of model {model_spec.name}",
            )
        response = get_model_status_pb2.GetModelStatusResponse()
        for version in versions:
            if version not in self._servables:
                raise status_error.StatusError(
                    grpc.StatusCode.NOT_FOUND,
                    f"Could not find version {version} of model {model_spec.name}",
                )
            response.model_version_status.add(
                version=version,
                state=get_model_status_pb2.ModelVersionStatus.AVAILABLE,
                status={"error_code": 0},
            )
        return response

    def metadata(self, model_spec: model_pb2.ModelSpec):
        """The `GetModelMetadataResponse` of the signatures; raises StatusError."""
        version, chosen = self._choose(model_spec)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in chosen.signatures.items():
            signatures.signature_def[name].CopyFrom(signature)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = self._name
        response.model_spec.version.value = version
        response.metadata["signature_def"].Pack(signatures)
        return response

    def Predict(self, request, context):  # noqa: N802
        """Of PredictionService."""

        def answer():
            version, outputs = self.predict(request)
            response = predict_pb2.PredictResponse()
            response.model_spec.name = self._name
            response.model_spec.signature_name = (
                request.model_spec.signature_name or "serving_default"
            )
            response.model_spec.version.value = version
            for alias, value in outputs.items():
                response.outputs[alias].CopyFrom(tf.make_tensor_proto(value))
            return response

        return _answer(context, answer)

    def GetModelMetadata(self, request, context):  # noqa: N802
        """Of PredictionService."""

        def answer():
            if not request.metadata_field:
                raise status_error.invalid_argument(
                    "GetModelMetadataRequest must specify at least one metadata_field"
                )
            for field in request.metadata_field:
                if field != "signature_def":
                    raise status_error.invalid_argument(
                        f"Metadata field {field} is not supported"
                    )
            return self.metadata(request.model_spec)

        return _answer(context, answer)

    def GetModelStatus(self, request, context):  # noqa: N802
        """Of ModelService."""
        return _answer(context, lambda: self.status(request.model_spec))

    def close(self) -> None:
        """Answers what is under way, then ends everything."""
        self._rest.shutdown()
        self._rest_thread.join()
        self._rest.server_close()
        self._grpc.stop(grace=None).wait()
        for chosen in self._servables.values():
            chosen.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _choose(self, model_spec):
        version = self._version(model_spec)
        if model_spec.name == self._name and version in self._servables:
            return version, self._servables[version]
        wanted = (
            f"Specific({model_spec.name}, {version})"
            if model_spec.WhichOneof("version_choice")
            else f"Latest({model_spec.name})"
        )
        raise status_error.StatusError(
            grpc.StatusCode.NOT_FOUND, f"Servable not found for request: {wanted}"
        )

    def _version(self, model_spec):
        label = model_spec.version_label
        if not label:
            newest = max(self._servables, default=None)
            chosen = model_spec.HasField("version")
            return model_spec.version.value if chosen else newest
        if model_spec.name != self._name or label not in self._labels:
            raise status_error.invalid_argument(
                f"Unrecognized servable version label: {label}"
            )
        return self._labels[label]


def _answer(context, answer):
    """Calls `answer`; whatever it raises ends this request and no other."""
    try:
        return answer()
    except status_error.StatusError as error:
        context.abort(error.code, str(error))
    except Exception as error:
        context.abort(grpc.StatusCode.INTERNAL, repr(error))


def _version_folders(model):
    """The folders that the version policy names."""
    base = pathlib.Path(model.base_path)
    folders = {int(path.name): path for path in base.iterdir() if path.name.isdigit()}
    policy = model.model_version_policy
    match policy.WhichOneof("policy_choice"):
        case "all":
            wanted = list(folders)
        case "specific":
            wanted = [version for version in policy.specific.versions]
        case _:
            wanted = sorted(folders)[-(policy.latest.num_versions or 1) :]
    return [folders[version] for version in wanted if version in folders]


def main() -> None:
    """Serves until it is told to stop."""
    model = model_server_config_pb2.ModelConfig(name="posegan")
    if flags.FLAGS.model_config_file:
        text = pathlib.Path(flags.FLAGS.model_config_file).read_text()
        server = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
        model = server.model_config_list.config[0]
    if flags.FLAGS.model_base_path:
        model.base_path = flags.FLAGS.model_base_path
    parameters = None
    if flags.FLAGS.batching_parameters_file:
        file = pathlib.Path(flags.FLAGS.batching_parameters_file)
        parameters = batcher.read_parameters(file)
    elif flags.FLAGS.batching:
        parameters = batcher.Parameters()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ReferenceServer(
        model,
        flags.FLAGS.grpc_port,
        flags.FLAGS.rest_port,
        parameters,
        flags.FLAGS.intra_op_threads,
        flags.FLAGS.inter_op_threads,
    ) as server:
        print(f"grpc_port={server.grpc_port} rest_port={server.rest_port}", flush=True)
        stop.wait()


if __name__ == "__main__":
    flags.DEFINE_string("model_base_path", "", "Folder of version folders.")
    flags.DEFINE_string("model_config_file", "", "models.config; its first model.")
    flags.DEFINE_integer("grpc_port", 0, "0: any that is free.")
    flags.DEFINE_integer("rest_port", 0, "0: any that is free.")
    flags.DEFINE_bool("batching", False, "Batch with the usual parameters.")
    flags.DEFINE_string("batching_parameters_file", "", "Batch as it says.")
    flags.DEFINE_integer("intra_op_threads", 0, "0: as many as the machine has.")
    flags.DEFINE_integer("inter_op_threads", 0, "0: as many as the machine has.")
    command_line.run(main)
