"""The training algorithm of the paper, eq. 9: nothing but one step of it."""

from collections.abc import Callable

import keras
import tensorflow as tf

from keras_posegan.losses import adversarial, nearest_neighbor
from keras_posegan.models import pixels


@keras.saving.register_keras_serializable(package="keras_posegan")
class PoseGAN(keras.Model):
    """A generator and a discriminator that train each other.

    One step on a batch of pairs (paper, eq. 9):

        generated = G(source, source pose, target pose)
        D descends  lambda2 * L_D(D(target), D(generated))
        G descends  L_NN(generated, target) + lambda1 * L_G(D(target), D(generated))

    The generator's update sees the discriminator just updated. The paper's is a
    min-min problem: real logits take part in L_G too (eq. 8).

    Deviation: by default both updates use the same generated batch, which saves a
    pass of the generator; Deformable GAN draws two. `share_generated=False` lets
    the generator's update draw its own dropout noise.

    Args:
        generator: see `build_generator`.
        discriminator: see `build_discriminator`.
        perceptual_features: maps pictures (B, H, W, 3) in [-1, 1] to the feature
            maps C_x of eq. 1.
        **kwargs: forwarded to `keras.Model`.

    A batch is a dict of exactly `source_image`, `target_image`, uint8
    (B, H, W, 3), and `source_keypoints`, `target_keypoints`, float32 (B, 18, 3).
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        perceptual_features: Callable,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.perceptual_features = perceptual_features

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer,
        discriminator_optimizer: keras.optimizers.Optimizer,
        *,
        adversarial_loss: str = "relativistic_average_hinge",
        generator_adversarial_weight: float,
        discriminator_adversarial_weight: float,
        nearest_neighbor_weight: float = 1.0,
        neighborhood: int = 3,
        neighbor_anchor: str = "target",
        share_generated: bool = True,
    ) -> None:
        """Says how to train.

        Args:
            generator_optimizer: of G's weights; Keras's callbacks see this one as
                `model.optimizer`.
            discriminator_optimizer: of D's weights.
            adversarial_loss: see `adversarial.adversarial_losses`.
            generator_adversarial_weight: lambda 1 of eq. 9; the paper's 50 fits
                VGG19's features as Keras has them.
            discriminator_adversarial_weight: lambda 2 of eq. 9.
            nearest_neighbor_weight: of L_NN; eq. 9 has none. Adam does not see a
                factor of the whole objective, so with smaller features a larger
                weight here is the same as smaller lambdas.
            neighborhood, neighbor_anchor: see `nearest_neighbor_loss`.
            share_generated: see the class.
        """
        # Keras callbacks that set a learning rate set the generator's.
        super().compile(optimizer=generator_optimizer)
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        self.discriminator_loss, self.generator_loss = adversarial.adversarial_losses(
            adversarial_loss
        )
        self.generator_adversarial_weight = generator_adversarial_weight
        self.discriminator_adversarial_weight = discriminator_adversarial_weight
        self.nearest_neighbor_weight = nearest_neighbor_weight
        self.neighborhood = neighborhood
        self.neighbor_anchor = neighbor_anchor
        self.share_generated = share_generated

    def call(self, inputs, training=None):
        """The generated picture, in [-1, 1]."""
        return self.generator(inputs, training=training)

    def train_step(self, batch):
        """One update of each network; returns every loss term of this step by name.

        Runs under `fit` on one device and under `strategy.run` on many, where the
        values returned are this replica's shares: their mean is the whole batch's.
        """
        real, conditions = self._unpack(batch)
        if not self.share_generated:
            generated = self.generator(conditions, training=True)
            discriminator_loss = self._update_discriminator(real, generated, conditions)
        with tf.GradientTape() as tape:
            generated = self.generator(conditions, training=True)
            if self.share_generated:
                with tape.stop_recording():
                    discriminator_loss = self._update_discriminator(
                        real, generated, conditions
                    )
            adversarial_loss = self.generator_loss(
                *self._logits(real, generated, conditions, training=False)
            )
            neighbor_loss = self._nearest_neighbor_loss(real, generated)
            objective = _replica_share(
                self.nearest_neighbor_weight * neighbor_loss
                + self.generator_adversarial_weight * adversarial_loss
            )
        weights = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(objective, weights), weights)
        return {
            "discriminator_loss": discriminator_loss,
            "generator_adversarial_loss": adversarial_loss,
            "nearest_neighbor_loss": neighbor_loss,
        }

    def test_step(self, batch):
        """The losses on a batch, and L1 on [-1, 1], without dropout or updates."""
        real, conditions = self._unpack(batch)
        generated = self.generator(conditions, training=False)
        logits = self._logits(real, generated, conditions, training=False)
        return {
            "discriminator_loss": self.discriminator_loss(*logits),
            "generator_adversarial_loss": self.generator_loss(*logits),
            "nearest_neighbor_loss": self._nearest_neighbor_loss(real, generated),
            "l1": tf.reduce_mean(tf.abs(real - generated)),
        }

    def _update_discriminator(self, real, generated, conditions):
        """One update of D; the only place where its power iteration advances."""
        with tf.GradientTape() as tape:
            logits = self._logits(real, generated, conditions, training=True)
            loss = self.discriminator_loss(*logits)
            objective = _replica_share(self.discriminator_adversarial_weight * loss)
        weights = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(objective, weights), weights)
        return loss

    def _logits(self, real, generated, conditions, *, training):
        """D's logits of the real and of the generated pictures, in one pass."""
        inputs = {name: tf.concat([c, c], axis=0) for name, c in conditions.items()}
        inputs["image"] = tf.concat([real, generated], axis=0)
        logits = self.discriminator(inputs, training=training)
        return tf.split(logits, 2, axis=0)

    def _nearest_neighbor_loss(self, real, generated):
        """L_NN of eq. 1 between perceptual features."""
        return nearest_neighbor.nearest_neighbor_loss(
            self.perceptual_features(real),
            self.perceptual_features(generated),
            neighborhood=self.neighborhood,
            anchor=self.neighbor_anchor,
        )

    def _unpack(self, batch):
        """The real target pictures, and what both networks are conditioned on."""
        conditions = {
            "source_image": pixels.to_network_range(batch["source_image"]),
            "source_keypoints": batch["source_keypoints"],
            "target_keypoints": batch["target_keypoints"],
        }
        return pixels.to_network_range(batch["target_image"]), conditions


def _replica_share(objective):
    """The part of an objective that this replica's gradient stands for.

    Optimizers sum gradients over replicas; the objective is the mean.
    """
    return objective / tf.distribute.get_strategy().num_replicas_in_sync
