"""The perceptual features of a picture, forward and back to the picture."""

import functools

import tensorflow as tf

from keras_posegan.losses import perceptual_features
from keras_posegan.models import pixels
from tools.benchmarks import candidate, people, unavailable
from tools.benchmarks import size as size_lib


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {"straightforward": functools.partial(_build, size)}


def _build(size):
    if size.perceptual_features == "pixels":
        raise unavailable.Unavailable("--perceptual_features=pixels has no network")
    features = perceptual_features.build_perceptual_features(size.perceptual_features)
    picture = pixels.to_network_range(people.batch(size)["target_image"])

    def forward_and_backward(picture):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            outputs = features(picture)
        return outputs, tape.gradient(outputs, picture)

    return candidate.traced(forward_and_backward, picture)
