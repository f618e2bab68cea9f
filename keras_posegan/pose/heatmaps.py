"""Keypoints as pictures: one Gaussian bump per joint."""

import tensorflow as tf

from keras_posegan.pose import keypoint_tensors


def keypoint_heatmaps(keypoints, image_size, sigma_pixels=6.0):
    """Draws one heatmap per joint.

    With d the distance in pixels between a pixel's centre and the joint:

        heatmap = exp(-d^2 / (2 sigma^2))    1 at the joint; 0 all over if invisible

    The exponential of a sum of squares is a product of two exponentials, one per
    row and one per column: H + W of them are taken for a joint, not H * W.

    Args:
        keypoints: float `(batch, 18, 3)`: x, y in pixels (0 is the centre of the
            first pixel) and visible. The coordinates of an invisible joint may be
            anything, NaN included; visible joints may lie outside the picture.
        image_size: `(height, width)` in pixels.
        sigma_pixels: float > 0. The paper does not say; DGAN's 6.

    Returns:
        float32 `(batch, height, width, 18)` in [0, 1].

    Raises:
        ValueError: if `sigma_pixels` is not positive or `keypoints` cannot have the
            shape `(batch, 18, 3)`.

    Reference:
        Siarohin et al., "Deformable GANs for Pose-based Human Image Generation",
        CVPR 2018, section 3.
    """
    if sigma_pixels <= 0:
        raise ValueError(
            f"`sigma_pixels` must be positive. Received: sigma_pixels={sigma_pixels}"
        )
    height, width = image_size
    coordinates, visible = keypoint_tensors.split_keypoints(keypoints)
    columns = _bumps(coordinates[..., 0], width, sigma_pixels)
    rows = _bumps(coordinates[..., 1], height, sigma_pixels) * visible[:, None, :]
    return rows[:, :, None, :] * columns[:, None, :, :]


def _bumps(centers, length, sigma_pixels):
    """`(batch, 18)` centres to `(batch, length, 18)` one-dimensional Gaussians."""
    offsets = tf.range(length, dtype=tf.float32)[:, None] - centers[:, None, :]
    return tf.exp(tf.square(offsets) * (-0.5 / sigma_pixels**2))
