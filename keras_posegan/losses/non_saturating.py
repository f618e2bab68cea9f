"""The adversarial losses of the Deformable GAN baseline: sigmoid cross-entropy."""

import tensorflow as tf


def non_saturating_discriminator_loss(real_logits, generated_logits):
    """Binary cross-entropy of telling real pictures from generated ones.

        -mean(log sigmoid(real_logits)) - mean(log(1 - sigmoid(generated_logits)))

    computed as softplus(-real_logits) and softplus(generated_logits), which
    neither overflow nor lose their gradient.

    Args:
        real_logits: (batch, ...), the discriminator's answer to real pictures,
            before any squashing.
        generated_logits: the same for generated pictures.

    Returns:
        float32 scalar >= 0.

    Reference:
        Horiuchi et al., MVA 2019, eq. 2 with its sign turned: the paper
        maximises. Goodfellow et al., "Generative Adversarial Nets",
        arXiv 1406.2661.
    """
    real_logits = tf.cast(real_logits, tf.float32)
    generated_logits = tf.cast(generated_logits, tf.float32)
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
        tf.nn.softplus(generated_logits)
    )


def non_saturating_generator_loss(real_logits, generated_logits):
    """Cross-entropy of generated pictures being taken for real ones.

        -mean(log sigmoid(generated_logits))

    Args:
        real_logits: not used; all generator losses are called alike.
        generated_logits: (batch, ...), the discriminator's answer to generated
            pictures, before any squashing.

    Returns:
        float32 scalar >= 0.

    Reference:
        As for `non_saturating_discriminator_loss`, with the generator loss that
        Goodfellow et al. train with (section 3) and the Deformable GAN too:
        eq. 2's own log(1 - D) has no gradient while D is sure.
    """
    del real_logits
    return tf.reduce_mean(tf.nn.softplus(-tf.cast(generated_logits, tf.float32)))
