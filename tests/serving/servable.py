"""One version of a model, run as TensorFlow Serving runs it."""

import pathlib

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from tests.serving import batcher as batcher_lib
from tests.serving import status_error

# TensorFlow's codes have gRPC's numbers.
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Servable:
    """A version folder, loaded into a session, and its signatures.

    Inputs go to the C++ session as they are, of whatever type and shape: Python's
    own `Session.run` would cast them and refuse their shapes before the graph does.

    Args:
        path: the version folder.
        config: of the session, such as its threads.
        batching: None: every request runs by itself.
    """

    def __init__(
        self,
        path: pathlib.Path,
        config: tf.compat.v1.ConfigProto,
        batching: batcher_lib.Parameters | None = None,
    ):
        self._session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
        with self._session.graph.as_default():
            meta_graph = tf.compat.v1.saved_model.load(
                self._session, [tf.saved_model.SERVING], str(path)
            )
        self.signatures = dict(meta_graph.signature_def)
        self._runs = {
            name: self._callable(name)
            for name in self.signatures
            if name != "__saved_model_init_op"
        }
        self._batchers = []
        self._warm_up(path)
        if batching:
            self._batchers = [
                batcher_lib.Batcher(run, batching) for run in self._runs.values()
            ]
            self._runs = dict(zip(self._runs, self._batchers, strict=True))

    def predict(self, request: predict_pb2.PredictRequest) -> dict[str, np.ndarray]:
        """Runs a signature; the messages are TensorFlow Serving's.

        Returns:
            Arrays by the outputs' names.

        Raises:
            status_error.StatusError: if the request does not fit the signature, or
                the graph refuses it.
        """
        name = request.model_spec.signature_name or "serving_default"
        if name not in self.signatures:
            raise status_error.StatusError(
                grpc.StatusCode.FAILED_PRECONDITION,
                f'Serving signature key "{name}" not found.',
            )
        signature = self.signatures[name]
        sent, wanted = sorted(request.inputs), sorted(signature.inputs)
        if len(sent) != len(wanted):
            extra, missing = set(sent) - set(wanted), set(wanted) - set(sent)
            raise status_error.invalid_argument(
                f"input size does not match signature: {len(sent)}!={len(wanted)} "
                f"len({{{','.join(sent)}}}) != len({{{','.join(wanted)}}}). "
                f"Sent extra: {{{','.join(sorted(extra))}}}. "
                f"Missing but required: {{{','.join(sorted(missing))}}}."
            )
        values = []
        for alias in wanted:
            if alias not in sent:
                (alias, *_) = set(sent) - set(wanted)
                raise status_error.invalid_argument(
                    f"input tensor alias not found in signature: {alias}. Inputs "
                    f"expected to be in the set {{{','.join(wanted)}}}."
                )
            try:
                values.append(tf.make_ndarray(request.inputs[alias]))
            except (TypeError, ValueError, MemoryError) as error:
                raise status_error.invalid_argument(
                    f"tensor parsing error: {alias}"
                ) from error
        outputs = list(signature.outputs)
        for alias in request.output_filter:
            if alias not in outputs:
                raise status_error.invalid_argument(
                    f"output tensor alias not found in signature: {alias} Outputs "
                    f"expected to be in the set {{{','.join(outputs)}}}."
                )
        results = dict(zip(sorted(outputs), self._runs[name](values), strict=True))
        return {alias: results[alias] for alias in request.output_filter or outputs}

    def close(self) -> None:
        """Frees the session."""
        for batcher in self._batchers:
            batcher.close()
        self._session.close()

    def _callable(self, name):
        """Inputs in the order of their names -> outputs in that of theirs."""
        signature = self.signatures[name]
        tensors = self._session.graph.get_tensor_by_name
        feeds, fetches = (
            [tensors(infos[alias].name)._as_tf_output() for alias in sorted(infos)]
            for infos in (signature.inputs, signature.outputs)
        )

        def run(values: list[np.ndarray]) -> list[np.ndarray]:
            feed = dict(zip(feeds, values, strict=True))
            try:
                # Session::Run in C++, as the original calls it.
                return self._session._call_tf_sessionrun(None, feed, fetches, [], None)
            except tf.errors.OpError as error:
                raise status_error.StatusError(
                    _CODES[error.error_code], error.message
                ) from error

        return run

    def _warm_up(self, path):
        """Replays the requests that the exporter laid beside the model."""
        file = path / "assets.extra" / "tf_serving_warmup_requests"
        if not file.exists():
            return
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
            log = prediction_log_pb2.PredictionLog.FromString(record)
            self.predict(log.predict_log.request)
