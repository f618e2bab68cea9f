"""The plain hinge losses, an alternative to the relativistic average ones."""

import tensorflow as tf


def hinge_discriminator_loss(real_logits, generated_logits):
    """Asks for logits above 1 on real pictures and below -1 on generated ones.

        mean(max(0, 1 - real_logits)) + mean(max(0, 1 + generated_logits))

    Args:
        real_logits: (batch, ...), the discriminator's answer to real pictures,
            before any squashing.
        generated_logits: the same for generated pictures.

    Returns:
        float32 scalar >= 0.

    Reference:
        Miyato et al., "Spectral Normalization for Generative Adversarial
        Networks", arXiv 1802.05957, eq. 16. Not used by the paper; it separates
        the hinge from the relativism of eq. 8.
    """
    real_logits = tf.cast(real_logits, tf.float32)
    generated_logits = tf.cast(generated_logits, tf.float32)
    return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(
        tf.nn.relu(1.0 + generated_logits)
    )


def hinge_generator_loss(real_logits, generated_logits):
    """Raises the logits of generated pictures, without a margin.

        -mean(generated_logits)

    Args:
        real_logits: not used; all generator losses are called alike.
        generated_logits: (batch, ...), the discriminator's answer to generated
            pictures, before any squashing.

    Returns:
        float32 scalar, of either sign.

    Reference:
        As for `hinge_discriminator_loss`, eq. 17.
    """
    del real_logits
    return -tf.reduce_mean(tf.cast(generated_logits, tf.float32))
