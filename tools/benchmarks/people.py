"""People of no data set: what the cases run on."""

import numpy as np
import tensorflow as tf

from keras_posegan.pose import skeleton
from tools.benchmarks import size as size_lib

# A standing figure, x and y as shares of the picture, in the skeleton's order.
_STANDING = (
    (0.50, 0.10),
    (0.50, 0.20),
    (0.36, 0.21),
    (0.30, 0.36),
    (0.28, 0.49),
    (0.64, 0.21),
    (0.70, 0.36),
    (0.72, 0.49),
    (0.41, 0.50),
    (0.39, 0.70),
    (0.38, 0.90),
    (0.59, 0.50),
    (0.61, 0.70),
    (0.62, 0.90),
    (0.47, 0.08),
    (0.53, 0.08),
    (0.43, 0.10),
    (0.57, 0.10),
)
# Standard deviation of every joint, as a share of the picture.
_JITTER = 0.02


def batch(size: size_lib.Size) -> dict[str, tf.Tensor]:
    """A batch as `train_step` takes it: noise for pictures, standing figures."""
    generator = np.random.default_rng(0)
    shape = (size.batch_size, *size.image_size, 3)
    return {
        "source_image": tf.constant(generator.integers(256, size=shape), tf.uint8),
        "target_image": tf.constant(generator.integers(256, size=shape), tf.uint8),
        "source_keypoints": _keypoints(generator, size),
        "target_keypoints": _keypoints(generator, size),
    }


def _keypoints(generator, size):
    """(B, 18, 3): x, y in pixels and visible; everything is."""
    shape = (size.batch_size, skeleton.NUM_JOINTS, 2)
    places = np.array(_STANDING) + generator.normal(scale=_JITTER, size=shape)
    places *= (size.image_width, size.image_height)
    visible = np.ones((*shape[:2], 1))
    return tf.constant(np.concatenate([places, visible], axis=-1), tf.float32)
