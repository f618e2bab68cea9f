"""A transposed 2-D convolution, its kernel divided by its largest singular value."""

import keras
import tensorflow as tf

from keras_posegan.layers import spectral_norm


@keras.saving.register_keras_serializable(package="keras_posegan")
class SpectralConv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose` under spectral normalisation.

    Computes activation(conv_transpose(x, W / σ(W)) + b), where σ(W) is the largest
    singular value of the kernel as a matrix (filters, everything else): the
    kernel, which Keras keeps as (height, width, filters, input channels), is
    flattened on its *output* axis, as in `SpectralConv2D`.

    `kernel` is W, free and trained; `left_vector`, not trained, is the running
    estimate of its first left singular vector. Each call with `training=True`
    advances `left_vector` by one step of the power method and never touches
    `kernel`; inference changes nothing.

    Args: those of `keras.layers.Conv2DTranspose`.

    Input shape, output shape: those of `keras.layers.Conv2DTranspose`.

    Example:
    >>> layer = SpectralConv2DTranspose(32, 4, strides=2, padding="same")
    >>> layer(np.zeros((2, 16, 8, 3), "float32"), training=True).shape
    TensorShape([2, 32, 16, 32])

    Reference: see `spectral_norm.spectral_norm`.
    """

    def build(self, input_shape):
        """Creates `kernel`, `bias` and `left_vector`."""
        super().build(input_shape)
        self.left_vector = spectral_norm.add_left_vector(self)

    def add_weight(self, *args, **kwargs):
        """Adds a weight that keeps its precision in a mixed precision call."""
        # Autocast would round the kernel before its norm is taken.
        return super().add_weight(*args, autocast=False, **kwargs)

    def spectral_norm(self, training: bool = False):
        """σ(W), a float32 scalar; `left_vector` is advanced if `training`."""
        return spectral_norm.spectral_norm(
            self.kernel, self.left_vector, output_axis=-2, training=training
        )

    def normalized_kernel(self):
        """W / σ(W) in the kernel's dtype: what a plain layer needs to equal this."""
        kernel = tf.convert_to_tensor(self.kernel)
        return kernel / tf.cast(self.spectral_norm(), kernel.dtype)

    def convolution_op(self, inputs, kernel):
        """Convolves with a kernel that is not normalized."""
        return keras.ops.conv_transpose(
            inputs,
            kernel,
            strides=self.strides,
            padding=self.padding,
            output_padding=self.output_padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )

    def call(self, inputs, training=False):
        """See the class; `left_vector` is advanced if `training`."""
        kernel = keras.ops.cast(self.kernel, self.compute_dtype)
        outputs = spectral_norm.divide(
            self.convolution_op(inputs, kernel), self.spectral_norm(training)
        )
        return spectral_norm.add_bias_and_activate(self, outputs)
