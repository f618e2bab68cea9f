"""A transposed 2-D convolution computed as a product of matrices."""

import keras

from keras_posegan.layers import patch_products, spectral_norm


@keras.saving.register_keras_serializable(package="keras_posegan")
class ProductConv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on a CPU where maps are small.

    See `patch_products`. Weights are those of `keras.layers.Conv2DTranspose`.

    Args: those of `keras.layers.Conv2DTranspose`, padding "same", without output
        padding, dilation and channels first; the kernel square and a multiple of
        the stride.

    Input shape: (batch, h, w, C), h and w known.
    Output shape: that of `keras.layers.Conv2DTranspose`.

    Raises:
        ValueError: for other arguments.

    Example:
    >>> layer = ProductConv2DTranspose(512, 4, strides=2, padding="same")
    >>> layer(np.zeros((2, 4, 2, 512), "float32")).shape
    TensorShape([2, 8, 4, 512])
    """

    def __init__(self, filters: int, kernel_size: int | tuple[int, int], **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        patch_products.check(self)

    def call(self, inputs):
        """See the class."""
        outputs = patch_products.convolve_transposed(
            inputs, self.kernel, self.strides[0]
        )
        return spectral_norm.add_bias_and_activate(self, outputs)
