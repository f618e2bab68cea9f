"""A 2-D convolution computed as a product of matrices."""

import keras

from keras_posegan.layers import patch_products


@keras.saving.register_keras_serializable(package="keras_posegan")
class ProductConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`, the same numbers, faster on a CPU where maps are small.

    See `patch_products`. Weights are those of `keras.layers.Conv2D`.

    Args: those of `keras.layers.Conv2D`, padding "same", without groups, dilation
        and channels first; the kernel square and a multiple of the stride.

    Input shape: (batch, H, W, C), H and W known multiples of the stride.
    Output shape: that of `keras.layers.Conv2D`.

    Raises:
        ValueError: for other arguments.

    Example:
    >>> layer = ProductConv2D(512, 4, strides=2, padding="same")
    >>> layer(np.zeros((2, 16, 8, 512), "float32")).shape
    TensorShape([2, 8, 4, 512])
    """

    def __init__(self, filters: int, kernel_size: int | tuple[int, int], **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        patch_products.check(self)

    def convolution_op(self, inputs, kernel):
        """Convolves; Keras's layer does the rest."""
        return patch_products.convolve(inputs, kernel, self.strides[0])
