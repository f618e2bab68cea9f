"""A served model, asked over gRPC or REST alike."""

from collections.abc import Mapping

import numpy as np

from export.serving import endpoint as endpoint_lib
from export.serving import grpc_connection, rest_connection
from keras_posegan.pose import skeleton

_FIGURE = (skeleton.NUM_JOINTS, 3)


class PoseGANClient:
    """Draws people by means of a server; `with` closes its connection.

    Threads may share a client. Over gRPC it imports TensorFlow, over REST it does not.

    Args:
        endpoint: where the model is served.

    Example:
    >>> with PoseGANClient(endpoint.Endpoint("http://localhost:8501")) as client:
    ...     png = client.generate(jpeg, source_keypoints, target_keypoints)
    """

    def __init__(self, endpoint: endpoint_lib.Endpoint):
        connection = (
            grpc_connection.GrpcConnection
            if endpoint.is_grpc
            else rest_connection.RestConnection
        )
        self._connection = connection(endpoint)

    def generate(
        self,
        picture: bytes,
        source_keypoints: np.ndarray,
        target_keypoints: np.ndarray,
    ) -> bytes:
        """Draws a person in another pose: the signature `generate_encoded`.

        Args:
            picture: a JPEG or PNG file's bytes, of any size.
            source_keypoints: float32 (18, 3): x, y in the picture's pixels, visible 0
                or 1.
            target_keypoints: likewise, of the pose to draw, in the same pixels.

        Returns:
            A PNG file's bytes, of the model's size.

        Raises:
            serving_error.ServingError: if the server does not answer or refuses.
            ValueError: if the keypoints have another shape.
        """
        _check("source_keypoints", source_keypoints, _FIGURE)
        _check("target_keypoints", target_keypoints, _FIGURE)
        inputs = {
            "image_bytes": np.array([picture], object),
            "source_keypoints": np.asarray(source_keypoints, np.float32)[None],
            "target_keypoints": np.asarray(target_keypoints, np.float32)[None],
        }
        return self.predict("generate_encoded", inputs)[0]

    def repose(
        self,
        image: np.ndarray,
        source_keypoints: np.ndarray,
        target_keypoints: np.ndarray,
    ) -> np.ndarray:
        """Draws a person in several poses: the signature `repose`.

        Args:
            image: uint8 (H, W, 3), the model's height and width.
            source_keypoints: float32 (18, 3), x, y in pixels, visible 0 or 1.
            target_keypoints: float32 (T, 18, 3), likewise, of the poses to draw.

        Returns:
            uint8 (T, H, W, 3).

        Raises:
            serving_error.ServingError: if the server does not answer or refuses.
            ValueError: if an argument has another shape, or `image` another type.
        """
        _check("source_keypoints", source_keypoints, _FIGURE)
        _check("target_keypoints", target_keypoints, (len(target_keypoints), *_FIGURE))
        if image.dtype != np.uint8:
            raise ValueError(f"`image` must be uint8. Received: {image.dtype}")
        inputs = {
            "image": image[None],
            "source_keypoints": np.asarray(source_keypoints, np.float32)[None],
            "target_keypoints": np.asarray(target_keypoints, np.float32)[None],
        }
        pictures = self.predict("repose", inputs)[0]
        # A server that batches requests fills up the shorter ones.
        return pictures[: len(target_keypoints)].astype(np.uint8)

    def predict(self, signature: str, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Sends one request of any signature.

        Args:
            signature: of one output, as all of this project's are.
            inputs: arrays by name, the batch first; bytes as an array of objects.

        Returns:
            The output, a batch; bytes as an array of objects. REST knows no types:
            whole numbers come as int64.

        Raises:
            serving_error.ServingError: if the server does not answer or refuses.
        """
        return self._connection.predict(signature, inputs)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _check(name, keypoints, shape):
    if np.shape(keypoints) != shape or not np.all(np.isfinite(keypoints)):
        raise ValueError(
            f"`{name}` must be finite, of shape {shape}. "
            f"Received: shape={np.shape(keypoints)}"
        )
