"""The one place where grey levels become network input and output."""

import tensorflow as tf


def to_network_range(image):
    """Maps uint8 grey levels to float32 in [-1, 1]: x / 127.5 - 1."""
    return tf.cast(image, tf.float32) / 127.5 - 1.0


def to_grey_levels(image):
    """Maps [-1, 1] to uint8 by uint8(255 * (x + 1) / 2), truncated.

    Truncation, not rounding, because the field's evaluation does so (Siarohin et
    al.'s code); what lies outside [-1, 1] is clipped first.
    """
    image = tf.clip_by_value(tf.cast(image, tf.float32), -1.0, 1.0)
    return tf.cast(255.0 * (image + 1.0) / 2.0, tf.uint8)
