"""The paper's method as simple Keras code has it: what the benchmark measures against.

Every part is written as the formula reads, as fast as that allows, and no worse: whole
tensors, TensorFlow's own operations and their registered gradients. The networks, the
weights and the losses are the project's own; only what follows differs.
"""

import keras
import tensorflow as tf

from keras_posegan.layers import deformable_skip, self_attention_2d
from keras_posegan.models import pose_gan


class TiledSkip(deformable_skip.DeformableSkip):
    """Copies the features once a part, warps the copies, masks them, takes the maximum.

    The gradient of the warp is TensorFlow's registered one, which is fast but not the
    op's adjoint, unless `exact_gradient`, as agreement with the project's needs.
    """

    exact_gradient = False

    def call(self, features, transforms, masks):
        """See `DeformableSkip`."""
        if self.exact_gradient:
            return super().call(features, transforms, masks)
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


class WholeAttention(self_attention_2d.SelfAttention2D):
    """Equations 5 and 6 with the N x N attention as one tensor."""

    def call(self, inputs):
        """See `SelfAttention2D`."""
        shape = tf.shape(inputs)
        x = tf.reshape(inputs, (shape[0], -1, inputs.shape[-1]))
        scores = tf.matmul(x @ self.query, x @ self.key, transpose_b=True)
        summary = tf.nn.softmax(scores) @ (x @ self.value)
        return inputs + tf.convert_to_tensor(self.gamma) * tf.reshape(summary, shape)


def nearest_neighbor_loss(
    target_features, generated_features, neighborhood: int = 3, anchor: str = "target"
):
    """Equation 1: all shifted copies in one tensor, then the minimum over them."""
    anchored, searched = target_features, generated_features
    if anchor == "generated":
        anchored, searched = searched, anchored
    radius = neighborhood // 2
    border = [[0, 0], [radius, radius], [radius, radius], [0, 0]]
    padded = tf.pad(searched, border, constant_values=1e9)
    height, width = searched.shape[1:3]
    shifted = tf.stack(
        [
            padded[:, y : y + height, x : x + width]
            for y in range(neighborhood)
            for x in range(neighborhood)
        ],
        axis=1,
    )
    distances = tf.reduce_sum(tf.abs(anchored[:, None] - shifted), axis=-1)
    return tf.reduce_mean(tf.reduce_min(distances, axis=1))


class StraightforwardPoseGAN(pose_gan.PoseGAN):
    """`PoseGAN` with the stacked loss; see `share_generated` for its two passes."""

    def _nearest_neighbor_loss(self, real, generated):
        return nearest_neighbor_loss(
            self.perceptual_features(real),
            self.perceptual_features(generated),
            neighborhood=self.neighborhood,
            anchor=self.neighbor_anchor,
        )


def straightforward(network: keras.Model, exact_gradient: bool = False) -> keras.Model:
    """A copy of a network, weights and all, made of this file's layers.

    Args:
        network: the project's generator or discriminator, in float32.
        exact_gradient: see `TiledSkip`.

    Returns:
        The copy; it shares no weight with the original.
    """
    replacements = {
        deformable_skip.DeformableSkip: TiledSkip,
        self_attention_2d.SelfAttention2D: WholeAttention,
    }

    def copy(layer):
        kind = replacements.get(type(layer), type(layer))
        new = kind.from_config(layer.get_config())
        if kind is TiledSkip:
            new.exact_gradient = exact_gradient
            new.kernel = "projective"
        return new

    clone = keras.models.clone_model(network, clone_function=copy)
    clone.set_weights(network.get_weights())
    return clone
