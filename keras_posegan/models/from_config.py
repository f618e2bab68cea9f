"""Networks and their training algorithm, as a run's config describes them."""

import keras

from keras_posegan import config, input_error
from keras_posegan.losses import perceptual_features
from keras_posegan.models import blocks, discriminator, fused_adam, generator, pose_gan


def generator_from_config(run: config.RunConfig) -> keras.Model:
    """The untrained generator of a run.

    Raises:
        input_error.InputError: if an attention stride names no level.
    """
    try:
        with blocks.precision(run.model.precision):
            return generator.build_generator(
                run.data.image_size,
                width=run.model.width,
                spectral_norm=run.model.generator_spectral_norm,
                attention_strides=config.parse_strides(
                    run.model.generator_attention_strides
                ),
                attention_reduction=run.model.attention_reduction,
                attention_key_pooling=run.model.attention_key_pooling,
                warp_interpolation=run.model.warp_interpolation,
                warp_centre_aligned=run.model.warp_centre_aligned,
                warp_kernel=run.model.warp_kernel,
                convolution_kernel=run.model.convolution_kernel,
                heatmap_sigma_pixels=run.model.heatmap_sigma_pixels,
            )
    except ValueError as error:
        flag = "--model_generator_attention_strides"
        raise input_error.InputError(f"{flag}: {error}") from error


def discriminator_from_config(run: config.RunConfig) -> keras.Model:
    """The untrained discriminator of a run.

    Raises:
        input_error.InputError: if an attention stride names no level.
    """
    try:
        with blocks.precision(run.model.precision):
            return discriminator.build_discriminator(
                run.data.image_size,
                width=run.model.width,
                spectral_norm=run.model.discriminator_spectral_norm,
                instance_norm=run.model.discriminator_instance_norm,
                attention_strides=config.parse_strides(
                    run.model.discriminator_attention_strides
                ),
                attention_reduction=run.model.attention_reduction,
                attention_key_pooling=run.model.attention_key_pooling,
                heatmap_sigma_pixels=run.model.heatmap_sigma_pixels,
            )
    except ValueError as error:
        flag = "--model_discriminator_attention_strides"
        raise input_error.InputError(f"{flag}: {error}") from error


def pose_gan_from_config(run: config.RunConfig) -> pose_gan.PoseGAN:
    """The compiled, untrained PoseGAN of a run, optimizers built.

    Raises:
        input_error.InputError: if an attention stride names no level, or the
            perceptual features cannot be had.
    """
    source = run.loss.perceptual_features
    try:
        features = perceptual_features.build_perceptual_features(source)
    except input_error.InputError as error:
        raise input_error.InputError(
            f"--loss_perceptual_features={source}: {error}"
        ) from error
    model = pose_gan.PoseGAN(
        generator_from_config(run), discriminator_from_config(run), features
    )
    model.compile(
        generator_optimizer=_adam(run.train, model.generator),
        discriminator_optimizer=_adam(run.train, model.discriminator),
        adversarial_loss=run.loss.adversarial,
        nearest_neighbor_weight=run.loss.nearest_neighbor_weight,
        generator_adversarial_weight=run.loss.generator_adversarial_weight,
        discriminator_adversarial_weight=run.loss.discriminator_adversarial_weight,
        neighborhood=run.loss.neighborhood,
        neighbor_anchor=run.loss.neighbor_anchor,
        share_generated=run.train.share_generated,
    )
    return model


def _adam(train, network):
    """The optimizer of one network, its moments created at once.

    A checkpoint can only be restored into variables that exist.
    """
    optimizer = fused_adam.FusedAdam(train.learning_rate, train.beta_1, train.beta_2)
    optimizer.build(network.trainable_variables)
    return optimizer
