"""A SavedModel that classifies: by the mean colour of a picture."""

import json
import pathlib

import numpy as np
import tensorflow as tf

CLASSES = 4
KERNEL = np.random.default_rng(3).normal(0, 2, (3, CLASSES)).astype("float32")


def write(
    path: pathlib.Path,
    name: str | None = "mean colour",
    signature: str = "classify",
    dtype: tf.DType = tf.uint8,
    outputs: tuple[str, ...] = ("probabilities", "features"),
) -> pathlib.Path:
    """Writes the SavedModel; the name, if any, stands in assets.extra."""
    module = tf.Module()
    module.kernel = tf.Variable(KERNEL)

    @tf.function(input_signature=[tf.TensorSpec((None, None, None, 3), dtype, "image")])
    def classify(image):
        features = tf.reduce_mean(tf.cast(image, tf.float32) / 255, axis=(1, 2))
        probabilities = tf.nn.softmax(features @ module.kernel)
        return dict(zip(outputs, (probabilities, features), strict=True))

    tf.saved_model.save(module, str(path), signatures={signature: classify})
    if name is not None:
        (path / "assets.extra").mkdir()
        description = path / "assets.extra" / "classifier.json"
        description.write_text(json.dumps({"name": name}))
    return path


def reference(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and features in NumPy."""
    features = pictures.astype("float64").mean(axis=(1, 2)) / 255
    exponentials = np.exp(features @ KERNEL)
    return exponentials / exponentials.sum(axis=1, keepdims=True), features
