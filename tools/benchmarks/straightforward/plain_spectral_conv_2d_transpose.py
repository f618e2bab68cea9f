"""A spectrally normalized transposed convolution that divides its kernel."""

from keras_posegan.layers import spectral_conv_2d_transpose, spectral_norm
from tools.benchmarks.straightforward import plain_spectral_norm


class PlainSpectralConv2DTranspose(spectral_conv_2d_transpose.SpectralConv2DTranspose):
    """Convolves with W / σ; TensorFlow derives the gradient."""

    def call(self, inputs, training=False):
        """See `SpectralConv2DTranspose`."""
        kernel = plain_spectral_norm.divided(
            self.kernel, self.left_vector, (2, 0, 1, 3), training
        )
        outputs = self.convolution_op(inputs, kernel)
        return spectral_norm.add_bias_and_activate(self, outputs)
