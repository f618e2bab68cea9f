"""Instance normalization in operations on maps."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="keras_posegan")
class PlainInstanceNorm(keras.layers.GroupNormalization):
    """`keras.layers.GroupNormalization(groups=-1)`, of (batch, H, W, C) throughout.

    Keras's puts an axis for the groups in between, and TFLite's XNNPACK leaves maps of
    five axes to slower code.

        y = (x - mean) * gamma / sqrt(variance + epsilon) + beta

    Args: those of `keras.layers.GroupNormalization`, channels last; every channel is a
        group. Weights are those of that layer.

    Input shape: (batch, H, W, C).
    Output shape: the input shape.

    Example:
    >>> PlainInstanceNorm(groups=-1)(np.zeros((2, 8, 4, 3), "float32")).shape
    TensorShape([2, 8, 4, 3])
    """

    def call(self, inputs):
        """See the class."""
        features = tf.cast(inputs, tf.float32)
        mean = tf.reduce_mean(features, axis=(1, 2), keepdims=True)
        centred = features - mean
        variance = tf.reduce_mean(tf.square(centred), axis=(1, 2), keepdims=True)
        gamma, beta = (
            tf.cast(weight, tf.float32) for weight in (self.gamma, self.beta)
        )
        scale = tf.math.rsqrt(variance + self.epsilon) * gamma
        return tf.cast(centred * scale + beta, self.compute_dtype)
