"""Spectrally normalized convolutions that divide their kernel."""

import keras
import tensorflow as tf

from keras_posegan.layers import (
    spectral_conv_2d,
    spectral_conv_2d_transpose,
    spectral_norm,
)


class PlainSpectralConv2D(spectral_conv_2d.SpectralConv2D):
    """Convolves with W / σ; TensorFlow derives the gradient."""

    def call(self, inputs, training=False):
        """See `SpectralConv2D`."""
        kernel = _divided(self.kernel, self.left_vector, (3, 0, 1, 2), training)
        outputs = self.convolution_op(inputs, kernel)
        return spectral_norm.add_bias_and_activate(self, outputs)


class PlainSpectralConv2DTranspose(spectral_conv_2d_transpose.SpectralConv2DTranspose):
    """Convolves with W / σ; TensorFlow derives the gradient."""

    def call(self, inputs, training=False):
        """See `SpectralConv2DTranspose`."""
        kernel = _divided(self.kernel, self.left_vector, (2, 0, 1, 3), training)
        outputs = keras.ops.conv_transpose(
            inputs, kernel, strides=self.strides, padding=self.padding
        )
        return spectral_norm.add_bias_and_activate(self, outputs)


def _divided(kernel, left_vector, filters_first, training):
    """W / σ(W), after a step of the power method; see `spectral_norm`."""
    kernel = tf.convert_to_tensor(kernel)
    u = tf.convert_to_tensor(left_vector.value)
    matrix = tf.reshape(tf.transpose(kernel, filters_first), (u.shape[0], -1))
    v = tf.linalg.l2_normalize(tf.linalg.matvec(matrix, u, transpose_a=True))
    if training:
        u = tf.linalg.l2_normalize(tf.linalg.matvec(matrix, v))
        left_vector.assign(u)
    u, v = tf.stop_gradient(u), tf.stop_gradient(v)
    return kernel / tf.tensordot(u, tf.linalg.matvec(matrix, v), 1)
