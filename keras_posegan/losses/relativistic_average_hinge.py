"""The relativistic average hinge losses (paper, eq. 7 and 8)."""

import tensorflow as tf


def relativistic_average_hinge_discriminator_loss(real_logits, generated_logits):
    """Asks real pictures to look more real than the average generated one.

    With the relativistic logits (paper, eq. 7)

        r[i] = real_logits[i] - mean(generated_logits)
        g[i] = generated_logits[i] - mean(real_logits)

    the loss is (eq. 8, first line)

        mean(max(0, 1 - r)) + mean(max(0, 1 + g))

    The means of eq. 7 are over the global batch: inside a replica of a
    `tf.distribute` strategy they are all-reduced, and gradients flow through
    the reduction. The outer means are the replica's own, so that the mean of
    the losses over the replicas (which must hold equal batches) is the loss of
    the global batch. The gradient of that mean is the sum over the replicas of
    the gradients of loss / number of replicas.

    Args:
        real_logits: (batch, ...), the discriminator's answer to real pictures,
            before any squashing.
        generated_logits: the same for generated pictures; need not have the
            same shape.

    Returns:
        float32 scalar >= 0.

    Reference:
        Horiuchi et al., MVA 2019, section 3.4, eq. 7 and 8. Jolicoeur-Martineau,
        "The relativistic discriminator", arXiv 1807.00734. No deviations.
    """
    real, generated = _relativistic_logits(real_logits, generated_logits)
    return _hinge(real) + _hinge(-generated)


def relativistic_average_hinge_generator_loss(real_logits, generated_logits):
    """Asks generated pictures to look more real than the average real one.

    With the relativistic logits r and g of
    `relativistic_average_hinge_discriminator_loss` (eq. 7) the loss is (eq. 8,
    second line)

        mean(max(0, 1 - g)) + mean(max(0, 1 + r))

    Unlike in other adversarial losses the real logits matter here: the
    generator is told through mean(generated_logits) in r too.

    Args:
        real_logits: as there.
        generated_logits: as there.

    Returns:
        float32 scalar >= 0.

    Reference:
        As there.
    """
    real, generated = _relativistic_logits(real_logits, generated_logits)
    return _hinge(generated) + _hinge(-real)


def _relativistic_logits(real_logits, generated_logits):
    """Equation 7 for the real and for the generated pictures."""
    real_logits = tf.cast(real_logits, tf.float32)
    generated_logits = tf.cast(generated_logits, tf.float32)
    real_mean, generated_mean = _global_means(real_logits, generated_logits)
    return real_logits - generated_mean, generated_logits - real_mean


def _global_means(real_logits, generated_logits):
    """Both means over the global batch, in one collective if there are replicas."""
    means = tf.stack([tf.reduce_mean(real_logits), tf.reduce_mean(generated_logits)])
    # None outside the replicas of a strategy, where there is nothing to reduce.
    replica = tf.distribute.get_replica_context()
    if replica is not None and replica.num_replicas_in_sync > 1:
        means = replica.all_reduce(tf.distribute.ReduceOp.MEAN, means)
    return tf.unstack(means)


def _hinge(logits):
    """Zero where the logits are beyond the margin of 1."""
    return tf.reduce_mean(tf.nn.relu(1.0 - logits))
