"""The deformable skip, with a copy of the features for every part."""

import tensorflow as tf

from keras_posegan.layers import deformable_skip


class TiledSkip(deformable_skip.DeformableSkip):
    """Copies the features once a part, warps the copies, masks them, takes the maximum.

    The gradient of the warp is TensorFlow's registered one, which is fast but not the
    op's adjoint, unless `exact_gradient`, as agreement with the project's needs.
    """

    exact_gradient = False

    def call(self, features, transforms, masks, training=False):
        """See `DeformableSkip`."""
        if self.exact_gradient:
            return super().call(features, transforms, masks, training)
        _, height, width, channels = features.shape
        parts = masks.shape[-1]
        transforms = self._scale_transforms(transforms, height, width)
        masks = self._resize_masks(masks, height, width)
        warped = tf.raw_ops.ImageProjectiveTransformV3(
            images=tf.repeat(features, parts, axis=0),
            transforms=tf.reshape(transforms, (-1, 8)),
            output_shape=(height, width),
            fill_value=0.0,
            interpolation=self.interpolation.upper(),
            fill_mode="CONSTANT",
        )
        warped = tf.reshape(warped, (-1, parts, height, width, channels))
        parts_first = tf.transpose(masks, (0, 3, 1, 2))[..., None]
        return tf.reduce_max(warped * parts_first, axis=1)
