"""The body parts of a pair of poses, inside a model."""

import keras

from keras_posegan.layers import image_sizes
from keras_posegan.pose import body_parts


@keras.saving.register_keras_serializable(package="keras_posegan")
class BodyParts(keras.layers.Layer):
    """`part_transforms` and `part_masks` of `keras_posegan.pose` as a layer.

    Finds for each of the ten body parts where it comes from (an affine map from
    target to source pixels) and where it goes to (a mask in the target picture):
    what `DeformableSkip` takes. Computed and returned in float32 whatever the
    dtype policy.

    Args:
        image_size: (height, width) in pixels of the masks.
        **kwargs: forwarded to `keras.layers.Layer`.

    Call arguments:
        source_keypoints: (batch, 18, 3): x, y in pixels and visible.
        target_keypoints: as `source_keypoints`.

    Returns: transforms (batch, 10, 8) and masks (batch, height, width, 10).

    Raises:
        ValueError: if `image_size` is not positive.

    Example:
    >>> keypoints = np.zeros((2, 18, 3), "float32")
    >>> transforms, masks = BodyParts(image_size=(128, 64))(keypoints, keypoints)
    >>> transforms.shape, masks.shape
    (TensorShape([2, 10, 8]), TensorShape([2, 128, 64, 10]))

    Reference: see `keras_posegan.pose.body_parts`.
    """

    def __init__(self, image_size: tuple[int, int], **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.image_size = image_sizes.checked(image_size)

    def call(self, source_keypoints, target_keypoints):
        """See the class."""
        return (
            body_parts.part_transforms(source_keypoints, target_keypoints),
            body_parts.part_masks(target_keypoints, self.image_size),
        )

    def compute_output_shape(self, source_keypoints_shape, target_keypoints_shape):
        """Shapes of transforms and masks."""
        batch = source_keypoints_shape[0]
        return (
            (batch, body_parts.NUM_PARTS, 8),
            (batch, *self.image_size, body_parts.NUM_PARTS),
        )

    def compute_output_spec(self, source_keypoints, target_keypoints):
        """Shapes and types of transforms and masks: float32 under any dtype policy."""
        shapes = self.compute_output_shape(
            source_keypoints.shape, target_keypoints.shape
        )
        return tuple(keras.KerasTensor(shape, "float32") for shape in shapes)

    def get_config(self):
        """The constructor's arguments."""
        return {**super().get_config(), "image_size": self.image_size}
