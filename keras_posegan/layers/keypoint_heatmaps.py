"""Draws keypoints as heatmaps, inside a model."""

import keras

from keras_posegan.layers import image_sizes
from keras_posegan.pose import heatmaps, skeleton


@keras.saving.register_keras_serializable(package="keras_posegan")
class KeypointHeatmaps(keras.layers.Layer):
    """`keras_posegan.pose.heatmaps.keypoint_heatmaps` as a layer.

    Computed and returned in float32 whatever the dtype policy: a coordinate in half
    precision would be off by up to half a pixel.

    Args:
        image_size: (height, width) in pixels.
        sigma_pixels: float > 0. Standard deviation of the Gaussian around a joint.
        **kwargs: forwarded to `keras.layers.Layer`.

    Input shape: (batch, 18, 3): x, y in pixels and visible; see there.
    Output shape: (batch, height, width, 18), float32 in [0, 1].

    Raises:
        ValueError: if `image_size` or `sigma_pixels` is not positive.

    Example:
    >>> layer = KeypointHeatmaps(image_size=(128, 64))
    >>> layer(np.zeros((2, 18, 3), "float32")).shape
    TensorShape([2, 128, 64, 18])
    """

    def __init__(
        self, image_size: tuple[int, int], sigma_pixels: float = 6.0, **kwargs
    ):
        super().__init__(autocast=False, **kwargs)
        self.image_size = image_sizes.checked(image_size)
        if sigma_pixels <= 0:
            raise ValueError(
                f"`sigma_pixels` must be positive. Received: {sigma_pixels=}"
            )
        self.sigma_pixels = sigma_pixels

    def call(self, keypoints):
        """See the class."""
        return heatmaps.keypoint_heatmaps(keypoints, self.image_size, self.sigma_pixels)

    def compute_output_shape(self, input_shape):
        """The shape of the output."""
        return (input_shape[0], *self.image_size, skeleton.NUM_JOINTS)

    def compute_output_spec(self, keypoints):
        """Shape and type of the output: float32 under any dtype policy."""
        return keras.KerasTensor(self.compute_output_shape(keypoints.shape), "float32")

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "sigma_pixels": self.sigma_pixels,
        }
