"""Tests of the plain hinge losses."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import losses


@pytest.mark.parametrize("shape", [(6,), (2, 7, 3, 1)])
def test_equals_the_formula(shape):
    random = np.random.default_rng(1)
    real, generated = random.normal(0.5, 2, shape), random.normal(-0.5, 2, shape)
    expected = np.mean([max(0.0, 1.0 - logit) for logit in real.flat])
    expected += np.mean([max(0.0, 1.0 + logit) for logit in generated.flat])
    loss = losses.hinge_discriminator_loss(real, generated)
    np.testing.assert_allclose(loss, expected, atol=1e-5)
    loss = losses.hinge_generator_loss(real, generated)
    np.testing.assert_allclose(loss, -np.mean(generated), atol=1e-5)


def test_discriminator_ignores_logits_beyond_the_margin():
    loss = losses.hinge_discriminator_loss([1.5, 3.0], [-1.5, -4.0])
    assert float(loss) == 0.0


def test_discriminator_and_generator_pull_in_opposite_directions():
    real, generated = tf.constant([0.2, -0.3]), tf.constant([0.1, 0.3])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, generated])
        discriminator = losses.hinge_discriminator_loss(real, generated)
        generator = losses.hinge_generator_loss(real, generated)
    gradient = tape.gradient(discriminator, [real, generated])
    assert np.all(gradient[0] < 0)
    assert np.all(gradient[1] > 0)
    assert np.all(tape.gradient(generator, generated) < 0)


def test_losses_are_float32_scalars_of_half_precision_logits():
    logits = tf.cast([[1.0], [2.0]], tf.bfloat16)
    for loss in (losses.hinge_discriminator_loss, losses.hinge_generator_loss):
        assert loss(logits, logits).dtype == tf.float32
        assert loss(logits, logits).shape == ()
