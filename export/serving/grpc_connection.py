"""TensorFlow Serving over gRPC."""

import pathlib
import urllib.parse
from collections.abc import Mapping

import numpy as np

from export.serving import endpoint as endpoint_lib
from export.serving import serving_error
from keras_posegan import input_error

_OPTIONS = (
    # The server's answers may be large (`repose`); gRPC's own limit is 4 MB.
    ("grpc.max_receive_message_length", -1),
    # Where a name stands for several servers, each has its turn.
    ("grpc.lb_policy_name", "round_robin"),
)


class GrpcConnection:
    """Sends requests over one channel; several threads may share it.

    The official messages (`tensorflow_serving.apis`) import all of TensorFlow, so
    this does too, when it is built.

    Args:
        endpoint: of scheme grpc or grpcs.
    """

    def __init__(self, endpoint: endpoint_lib.Endpoint):
        import grpc
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        self._endpoint = endpoint
        target = urllib.parse.urlsplit(endpoint.server).netloc
        if endpoint.is_secure:
            certificate = endpoint.ca_certificate
            try:
                content = (
                    pathlib.Path(certificate).read_bytes() if certificate else None
                )
            except OSError as error:
                raise input_error.InputError(
                    f"--ca_certificate={certificate}: {error}"
                ) from error
            credentials = grpc.ssl_channel_credentials(content)
            self._channel = grpc.secure_channel(target, credentials, _OPTIONS)
        else:
            self._channel = grpc.insecure_channel(target, _OPTIONS)
        self._service = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)

    def predict(self, signature: str, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Sends one request; see `PoseGANClient.predict`."""
        import grpc
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        request.model_spec.name = self._endpoint.model_name
        request.model_spec.signature_name = signature
        if self._endpoint.version is not None:
            request.model_spec.version.value = self._endpoint.version
        elif self._endpoint.version_label:
            request.model_spec.version_label = self._endpoint.version_label
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
        try:
            response = self._service.Predict(request, self._endpoint.timeout_seconds)
        except grpc.RpcError as error:
            raise serving_error.ServingError(
                self._endpoint.server, error.code().name, error.details() or ""
            ) from error
        (output,) = response.outputs.values()
        return tf.make_ndarray(output)

    def close(self) -> None:
        """Ends the connection."""
        self._channel.close()
