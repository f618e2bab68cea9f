"""W / σ(W) as it is written."""

import tensorflow as tf


def divided(kernel, left_vector, filters_first: tuple[int, ...], training: bool):
    """W / σ(W), after a step of the power method; see `spectral_norm`.

    Args:
        kernel, left_vector, training: see there.
        filters_first: the kernel's axes, that of its output channels first.
    """
    kernel = tf.convert_to_tensor(kernel)
    u = tf.convert_to_tensor(left_vector.value)
    matrix = tf.reshape(tf.transpose(kernel, filters_first), (u.shape[0], -1))
    v = tf.linalg.l2_normalize(tf.linalg.matvec(matrix, u, transpose_a=True))
    if training:
        u = tf.linalg.l2_normalize(tf.linalg.matvec(matrix, v))
        left_vector.assign(u)
    u, v = tf.stop_gradient(u), tf.stop_gradient(v)
    return kernel / tf.tensordot(u, tf.linalg.matvec(matrix, v), 1)
