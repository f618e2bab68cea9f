"""A whole training step: both updates."""

import functools

import keras

from tools.benchmarks import candidate, people, straightforward
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import networks


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {
        "straightforward": functools.partial(_build, size, _straightforward),
        **{
            precision: functools.partial(
                _build, size, networks.pose_gan_of, precision=precision
            )
            for precision in networks.PRECISIONS
        },
    }


def _build(size, build_model, precision="float32"):
    model = build_model(size, precision)
    return candidate.traced(
        model.train_step, people.batch(size), precision=networks.short(precision)
    )


def _straightforward(size, precision):
    """Two passes of the generator, Keras's Adam, and the layers of that folder."""
    run = networks.run_config(size, precision)
    model = networks.pose_gan_of(size, precision)
    simple = straightforward.StraightforwardPoseGAN(
        straightforward.straightforward(model.generator),
        straightforward.straightforward(model.discriminator),
        model.perceptual_features,
    )
    generator_optimizer, discriminator_optimizer = (
        keras.optimizers.Adam(
            run.train.learning_rate, run.train.beta_1, run.train.beta_2
        )
        for _ in range(2)
    )
    generator_optimizer.build(simple.generator.trainable_variables)
    discriminator_optimizer.build(simple.discriminator.trainable_variables)
    simple.compile(
        generator_optimizer,
        discriminator_optimizer,
        adversarial_loss=run.loss.adversarial,
        nearest_neighbor_weight=run.loss.nearest_neighbor_weight,
        generator_adversarial_weight=run.loss.generator_adversarial_weight,
        discriminator_adversarial_weight=run.loss.discriminator_adversarial_weight,
        neighborhood=run.loss.neighborhood,
        neighbor_anchor=run.loss.neighbor_anchor,
        share_generated=False,
    )
    return simple
