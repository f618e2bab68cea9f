"""The skip connection that carries appearance from the source pose to the target's."""

import keras
import numpy as np
import tensorflow as tf

from keras_posegan.layers import image_sizes, plain_warp, projective_warp, sparse_warp

KERNELS = ("projective", "sparse", "plain")


@keras.saving.register_keras_serializable(package="keras_posegan")
class DeformableSkip(keras.layers.Layer):
    """Moves each body part of a feature map to where the target pose has it.

    With f the feature map, T_p the p-th part's map from target to source pixels
    and m_p its mask in the target picture:

        output[y, x, c] = max over p of m_p[y, x] * f[T_p(x, y), c]

    A product counts also where the mask is 0: features being of either sign, a
    negative value is replaced by 0 wherever any part's mask is 0.

    Transforms and masks are those of the picture; the layer scales them to the
    feature map. With s = picture size / feature map size, a = A (1, 1)ᵀ and
    `centre_aligned`, the map x' = A x + b becomes

        x' = A x + b / s + 0.5 (1 - 1 / s) (a - 1)

    (feature pixel i covers picture pixels s i to s i + s - 1, its centre lying at
    theirs), and each feature pixel takes the mask pixel floor(s (i + 0.5)).
    Otherwise it is x' = A x + b / s and mask pixel floor(s i): feature pixel i
    lies at the first picture pixel it covers, and content drifts by up to half a
    feature pixel. Where s differs between the axes, each axis has its own.

    Everything is computed in float32: the transforms would not survive another
    type, and neither does the op. The gradient is exact with respect to
    `features`; there is none with respect to transforms and masks, which are
    data. There is no XLA kernel for the op.

    Args:
        image_size: (height, width) in pixels of the picture that transforms and
            masks speak of.
        interpolation: "bilinear" or "nearest". With the latter, points halfway
            between two pixels may fall either way under rounding.
        centre_aligned: how pixels of picture and feature map correspond; see
            above.
        kernel: how the same numbers are computed. "projective" warps the whole map
            P times by `tf.raw_ops.ImageProjectiveTransformV3`, one large op for a
            GPU; "sparse" reads only where masks are not zero, several times faster
            on a CPU (`sparse_warp`; compiled by XLA in training); "plain" takes
            gathers and products alone, which TFLite's interpreters have, and no
            more memory for ten parts than for one (`plain_warp`).
        **kwargs: forwarded to `keras.layers.Layer`.

    Call arguments:
        features: (B, h, w, C), h and w known.
        transforms: (B, P, 8), affine, from target to source pixels of the picture,
            as `keras_posegan.pose.body_parts.part_transforms` gives them.
        masks: (B, H, W, P) in [0, 1], in the target picture.
        training: whether to compile for one size of batch.

    Output shape: that of `features`, in the layer's compute dtype.

    Raises:
        ValueError: if `image_size`, `interpolation` or `kernel` is invalid, or the
            masks are not of `image_size`, or masks and transforms differ in number.

    Example:
    >>> layer = DeformableSkip(image_size=(128, 64))
    >>> transforms = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0]), (2, 10, 1))
    >>> masks = np.ones((2, 128, 64, 10), "float32")
    >>> layer(np.zeros((2, 32, 16, 8), "float32"), transforms, masks).shape
    TensorShape([2, 32, 16, 8])

    Reference:
        Siarohin et al., "Deformable GANs for pose-based human image generation",
        CVPR 2018, section 3.2. Their code reads nearest pixels and scales
        translations by 1 / s; both stay selectable. The gradient is the op's
        exact adjoint (`projective_warp`), theirs is TensorFlow's registered one.
    """

    def __init__(
        self,
        image_size: tuple[int, int],
        interpolation: str = "bilinear",
        centre_aligned: bool = True,
        kernel: str = "projective",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        projective_warp.check_interpolation(interpolation)
        if kernel not in KERNELS:
            raise ValueError(
                f"`kernel` must be one of {KERNELS}. Received: kernel={kernel!r}"
            )
        self.image_size = image_sizes.checked(image_size)
        self.interpolation = interpolation
        self.centre_aligned = centre_aligned
        self.kernel = kernel
        self.supports_jit = False

    def build(self, features_shape, transforms_shape, masks_shape):
        """Checks that the shapes fit each other; there are no weights."""
        if None in features_shape[1:3]:
            raise ValueError(
                "`features` must have a known height and width. "
                f"Received: features of shape {features_shape}"
            )
        if tuple(masks_shape[1:3]) != self.image_size:
            raise ValueError(
                f"`masks` must be of image_size={self.image_size}. "
                f"Received: masks of shape {masks_shape}"
            )
        if masks_shape[-1] != transforms_shape[1]:
            raise ValueError(
                "`transforms` and `masks` must have as many parts. Received: "
                f"transforms of shape {transforms_shape}, masks of shape {masks_shape}"
            )

    def call(self, features, transforms, masks, training=False):
        """See the class."""
        height, width = features.shape[1:3]
        features = tf.cast(features, tf.float32)
        transforms = self._scale_transforms(
            tf.cast(transforms, tf.float32), height, width
        )
        masks = self._resize_masks(tf.cast(masks, tf.float32), height, width)
        if self.kernel == "sparse":
            outputs = sparse_warp.sparse_warp_maximum(
                features, transforms, masks, self.interpolation, compiled=training
            )
        elif self.kernel == "plain":
            outputs = plain_warp.plain_warp_maximum(
                features, transforms, masks, self.interpolation
            )
        else:
            warped = projective_warp.projective_warp(
                features, transforms, self.interpolation
            )
            parts_first = tf.transpose(masks, (0, 3, 1, 2))[..., None]
            outputs = tf.reduce_max(warped * parts_first, axis=1)
        return tf.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, features_shape, transforms_shape, masks_shape):
        """The shape of `features`."""
        return features_shape

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "interpolation": self.interpolation,
            "centre_aligned": self.centre_aligned,
            "kernel": self.kernel,
        }

    def _scale_transforms(self, transforms, height: int, width: int):
        """From pixels of the picture to pixels of the feature map."""
        y_stride, x_stride = self.image_size[0] / height, self.image_size[1] / width
        a0, a1, a2, b0, b1, b2, c0, c1 = tf.unstack(transforms, axis=-1)
        if self.centre_aligned:
            # Picture coordinates of feature pixel 0's centre.
            x_first, y_first = (x_stride - 1.0) / 2.0, (y_stride - 1.0) / 2.0
            a2 += a0 * x_first + a1 * y_first - x_first
            b2 += b0 * x_first + b1 * y_first - y_first
        return tf.stack(
            [
                a0,
                a1 * (y_stride / x_stride),
                a2 / x_stride,
                b0 * (x_stride / y_stride),
                b1,
                b2 / y_stride,
                c0,
                c1,
            ],
            axis=-1,
        )

    def _resize_masks(self, masks, height: int, width: int):
        """Takes one mask pixel for each feature pixel."""
        offset = 0.5 if self.centre_aligned else 0.0
        for axis, size in ((1, height), (2, width)):
            stride = masks.shape[axis] / size
            chosen = np.floor((np.arange(size) + offset) * stride).astype(np.int32)
            masks = tf.gather(masks, chosen, axis=axis)
        return masks
