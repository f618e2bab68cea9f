"""The nearest-neighbour loss, with a copy of the features for every shift."""

import tensorflow as tf


def nearest_neighbor_loss(
    target_features, generated_features, neighborhood: int = 3, anchor: str = "target"
):
    """Equation 1: all shifted copies in one tensor, then the minimum over them."""
    anchored, searched = target_features, generated_features
    if anchor == "generated":
        anchored, searched = searched, anchored
    radius = neighborhood // 2
    border = [[0, 0], [radius, radius], [radius, radius], [0, 0]]
    padded = tf.pad(searched, border, constant_values=1e9)
    height, width = searched.shape[1:3]
    shifted = tf.stack(
        [
            padded[:, y : y + height, x : x + width]
            for y in range(neighborhood)
            for x in range(neighborhood)
        ],
        axis=1,
    )
    distances = tf.reduce_sum(tf.abs(anchored[:, None] - shifted), axis=-1)
    return tf.reduce_mean(tf.reduce_min(distances, axis=1))
