"""Tests of the sigmoid cross-entropy losses of the baseline."""

import math

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import losses


@pytest.mark.parametrize("shape", [(6,), (2, 7, 3, 1)])
def test_equals_the_cross_entropy(shape):
    random = np.random.default_rng(1)
    real, generated = random.normal(0.5, 2, shape), random.normal(-0.5, 2, shape)
    discriminator = -np.mean([math.log(_sigmoid(logit)) for logit in real.flat])
    discriminator -= np.mean([math.log(1 - _sigmoid(z)) for z in generated.flat])
    generator = -np.mean([math.log(_sigmoid(logit)) for logit in generated.flat])
    loss = losses.non_saturating_discriminator_loss(real, generated)
    np.testing.assert_allclose(loss, discriminator, atol=1e-5)
    loss = losses.non_saturating_generator_loss(real, generated)
    np.testing.assert_allclose(loss, generator, atol=1e-5)


def test_extreme_logits_keep_a_finite_loss_and_their_gradient():
    real, generated = tf.constant([-300.0]), tf.constant([300.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, generated])
        discriminator = losses.non_saturating_discriminator_loss(real, generated)
        # A generator that is seen through: where log(1 - D) would be flat.
        generator = losses.non_saturating_generator_loss(generated, real)
    assert float(discriminator) == 600.0
    assert float(generator) == 300.0
    gradient = tape.gradient(discriminator, [real, generated])
    np.testing.assert_allclose(gradient, [[-1.0], [1.0]])
    np.testing.assert_allclose(tape.gradient(generator, real), [-1.0])


def test_losses_are_float32_scalars_of_half_precision_logits():
    logits = tf.cast([[1.0], [2.0]], tf.bfloat16)
    for loss in (
        losses.non_saturating_discriminator_loss,
        losses.non_saturating_generator_loss,
    ):
        assert loss(logits, logits).dtype == tf.float32
        assert loss(logits, logits).shape == ()


def _sigmoid(logit):
    return 1.0 / (1.0 + math.exp(-logit))
