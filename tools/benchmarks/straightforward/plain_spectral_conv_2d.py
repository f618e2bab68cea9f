"""A spectrally normalized convolution that divides its kernel."""

from keras_posegan.layers import spectral_conv_2d, spectral_norm
from tools.benchmarks.straightforward import plain_spectral_norm


class PlainSpectralConv2D(spectral_conv_2d.SpectralConv2D):
    """Convolves with W / σ; TensorFlow derives the gradient."""

    def call(self, inputs, training=False):
        """See `SpectralConv2D`."""
        kernel = plain_spectral_norm.divided(
            self.kernel, self.left_vector, (3, 0, 1, 2), training
        )
        outputs = self.convolution_op(inputs, kernel)
        return spectral_norm.add_bias_and_activate(self, outputs)
