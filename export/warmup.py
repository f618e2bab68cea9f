"""Requests that TensorFlow Serving runs before it offers a model.

The first call of a graph is many times slower than the next (it is optimized, and
memory is found for it). The server makes the calls of this file while the version
before still answers.
"""

import io
import pathlib

import numpy as np
import tensorflow as tf
from PIL import Image
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

# Where TensorFlow Serving looks for it, in the version's folder.
PLACE = pathlib.PurePath("assets.extra", "tf_serving_warmup_requests")

# Someone standing, in shares of width and height, joints in the skeleton's order.
_STANDING = (
    *((0.50, 0.12), (0.50, 0.20)),  # Nose, neck.
    *((0.36, 0.20), (0.30, 0.34), (0.28, 0.46)),  # Right arm.
    *((0.64, 0.20), (0.70, 0.34), (0.72, 0.46)),  # Left arm.
    *((0.42, 0.50), (0.42, 0.70), (0.42, 0.90)),  # Right leg.
    *((0.58, 0.50), (0.58, 0.70), (0.58, 0.90)),  # Left leg.
    *((0.46, 0.10), (0.54, 0.10), (0.42, 0.12), (0.58, 0.12)),  # Eyes, ears.
)


def write(folder: pathlib.Path, model_name: str, image_size: tuple[int, int]) -> None:
    """Writes a request for every signature into a version's folder.

    Args:
        folder: the version's.
        model_name: what the server calls the model.
        image_size: (height, width) of the model's pictures.
    """
    path = folder / PLACE
    path.parent.mkdir()
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, inputs in example_inputs(image_size).items():
            request = predict_pb2.PredictRequest()
            request.model_spec.name = model_name
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            log = prediction_log_pb2.PredictLog(request=request)
            record = prediction_log_pb2.PredictionLog(predict_log=log)
            writer.write(record.SerializeToString())


def example_inputs(image_size: tuple[int, int]) -> dict[str, dict[str, np.ndarray]]:
    """A valid request for every signature, by its name: someone grey who stands."""
    height, width = image_size
    image = np.full((1, height, width, 3), 127, np.uint8)
    pose = np.ones((1, len(_STANDING), 3), np.float32)
    pose[0, :, :2] = np.multiply(_STANDING, [width - 1, height - 1])
    file = io.BytesIO()
    Image.fromarray(image[0]).save(file, "PNG")
    one = {"source_keypoints": pose, "target_keypoints": pose}
    return {
        "serving_default": {"image": image, **one},
        "generate_encoded": {"image_bytes": np.array([file.getvalue()], object), **one},
        "repose": {
            "image": image,
            "source_keypoints": pose,
            "target_keypoints": np.stack([pose, pose], axis=1),
        },
    }
