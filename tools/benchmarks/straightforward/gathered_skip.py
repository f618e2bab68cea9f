"""The deformable skip by gathers, with a copy of the features for every part."""

import tensorflow as tf

from keras_posegan.layers import deformable_skip, warp_taps


class GatheredSkip(deformable_skip.DeformableSkip):
    """`TiledSkip` in operations that TFLite has: all parts warped at once."""

    def call(self, features, transforms, masks, training=False):
        """See `DeformableSkip`."""
        _, height, width, channels = features.shape
        parts = masks.shape[-1]
        transforms = self._scale_transforms(transforms, height, width)
        masks = self._resize_masks(masks, height, width)
        example, y, x = warp_taps.pixels(tf.shape(features)[0], height, width)
        taps = warp_taps.taps(
            tf.gather(transforms, example),
            *(each[:, None] for each in (example, y, x)),
            (height, width),
            self.interpolation,
        )
        flat = tf.reshape(features, (-1, channels))
        warped = sum(
            tf.gather(flat, rows) * weights[..., None] for rows, weights in taps
        )
        warped = tf.reshape(warped, (-1, height, width, parts, channels))
        return tf.reduce_max(warped * masks[..., None], axis=3)
