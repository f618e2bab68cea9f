"""A spectrally normalized transposed convolution as a product of matrices."""

import keras

from keras_posegan.layers import patch_products, spectral_conv_2d_transpose


@keras.saving.register_keras_serializable(package="keras_posegan")
class SpectralProductConv2DTranspose(
    spectral_conv_2d_transpose.SpectralConv2DTranspose
):
    """`SpectralConv2DTranspose`, computed as `ProductConv2DTranspose` is.

    Args, input shape, output shape, errors: those of `ProductConv2DTranspose`.

    Example:
    >>> layer = SpectralProductConv2DTranspose(512, 4, strides=2, padding="same")
    >>> layer(np.zeros((2, 4, 2, 512), "float32"), training=True).shape
    TensorShape([2, 8, 4, 512])
    """

    def __init__(self, filters: int, kernel_size: int | tuple[int, int], **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        patch_products.check(self)

    def convolution_op(self, inputs, kernel):
        """Convolves with a kernel that is not normalized."""
        return patch_products.convolve_transposed(inputs, kernel, self.strides[0])
