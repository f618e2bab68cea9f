"""Keypoints as the tensors that all geometry starts from: no NaN passes here."""

import tensorflow as tf

from keras_posegan.pose import skeleton

# Farther away than this a joint is no joint. It bounds every product that follows,
# and a comparison with it is false for NaN and infinity too.
FARTHEST_PIXEL = 1e4


def split_keypoints(keypoints):
    """Splits keypoints into finite coordinates and visibility.

    A joint counts as visible if its flag is positive and both its coordinates are
    numbers of at most `FARTHEST_PIXEL` in size. The coordinates of all others are
    replaced by 0, so that whatever they held cannot leak through a product with 0.

    Args:
        keypoints: `(batch, 18, 3)`: x, y in pixels and visible.

    Returns:
        `(coordinates, visible)`: float32 `(batch, 18, 2)`, finite, and float32
        `(batch, 18)` in {0, 1}.

    Raises:
        ValueError: if `keypoints` cannot have the shape `(batch, 18, 3)`.
    """
    keypoints = tf.cast(keypoints, tf.float32)
    if not keypoints.shape.is_compatible_with((None, skeleton.NUM_JOINTS, 3)):
        raise ValueError(
            f"`keypoints` must have shape (batch, {skeleton.NUM_JOINTS}, 3). "
            f"Received: shape={tuple(keypoints.shape)}"
        )
    coordinates, flags = keypoints[..., :2], keypoints[..., 2]
    near = tf.reduce_all(tf.abs(coordinates) <= FARTHEST_PIXEL, axis=-1)
    visible = tf.logical_and(near, flags > 0.0)
    coordinates = tf.where(visible[..., None], coordinates, 0.0)
    return coordinates, tf.cast(visible, tf.float32)
