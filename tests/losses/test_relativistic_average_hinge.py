"""Tests of the relativistic average hinge losses against equations 7 and 8."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import losses

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "relativistic_hinge.npz"
REPOSITORY = pathlib.Path(__file__).parents[2]


def _reference(real, generated):
    """Equations 7 and 8, one logit at a time: (discriminator, generator) losses."""
    real, generated = np.ravel(real).tolist(), np.ravel(generated).tolist()
    mean_real, mean_generated = sum(real) / len(real), sum(generated) / len(generated)
    discriminator = generator = 0.0
    for logit in real:
        relativistic = logit - mean_generated
        discriminator += max(0.0, 1.0 - relativistic) / len(real)
        generator += max(0.0, 1.0 + relativistic) / len(real)
    for logit in generated:
        relativistic = logit - mean_real
        discriminator += max(0.0, 1.0 + relativistic) / len(generated)
        generator += max(0.0, 1.0 - relativistic) / len(generated)
    return discriminator, generator


def _losses(real, generated):
    return (
        losses.relativistic_average_hinge_discriminator_loss(real, generated),
        losses.relativistic_average_hinge_generator_loss(real, generated),
    )


def test_equals_the_golden_numbers():
    golden = np.load(GOLDEN)
    discriminator, generator = _losses(golden["real_logits"], golden["fake_logits"])
    np.testing.assert_allclose(discriminator, golden["discriminator_loss"], atol=1e-5)
    np.testing.assert_allclose(generator, golden["generator_loss"], atol=1e-5)


@pytest.mark.parametrize("shape", [(6,), (2, 3), (2, 7, 3, 1)])
def test_equals_the_equations_for_logits_of_any_shape(shape):
    random = np.random.default_rng(1)
    real, generated = random.normal(0.5, 2, shape), random.normal(-0.5, 2, shape)
    np.testing.assert_allclose(
        _losses(real, generated), _reference(real, generated), atol=1e-5
    )


def test_losses_are_float32_scalars_of_half_precision_logits():
    logits = tf.cast([[1.0], [2.0]], tf.bfloat16)
    for loss in _losses(logits, logits):
        assert loss.dtype == tf.float32
        assert loss.shape == ()


def test_discriminator_and_generator_pull_in_opposite_directions():
    real = tf.constant([0.2, -0.3, 0.1])
    generated = tf.constant([0.1, 0.3, -0.2])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, generated])
        discriminator, generator = _losses(real, generated)
    gradient = tape.gradient(discriminator, [real, generated])
    assert np.all(gradient[0] < 0)
    assert np.all(gradient[1] > 0)
    gradient = tape.gradient(generator, [real, generated])
    assert np.all(gradient[0] > 0)
    assert np.all(gradient[1] < 0)


def test_gradients_flow_through_the_means():
    """Each real logit also moves every generated term: numeric differences see it."""
    random = np.random.default_rng(2)
    real, generated = random.normal(size=5), random.normal(size=4)
    for index, loss in enumerate(
        [
            losses.relativistic_average_hinge_discriminator_loss,
            losses.relativistic_average_hinge_generator_loss,
        ]
    ):
        with tf.GradientTape() as tape:
            logits = tf.constant(real, tf.float32)
            tape.watch(logits)
            value = loss(logits, generated)
        numeric = []
        for step in 1e-6 * np.eye(5):
            above = _reference(real + step, generated)[index]
            below = _reference(real - step, generated)[index]
            numeric.append((above - below) / 2e-6)
        np.testing.assert_allclose(tape.gradient(value, logits), numeric, atol=1e-4)


@pytest.fixture(scope="module")
def replicas():
    """What two replicas on two logical CPUs compute, in a process of their own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.losses.relativistic_replicas"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("side", ["discriminator", "generator"])
def test_mean_over_replicas_is_the_loss_of_the_global_batch(replicas, side):
    single, mirrored = replicas[side]["single"], replicas[side]["mirrored"]
    # The replicas hold different halves; a local mean would give another loss.
    assert abs(replicas[side]["of_local_means"] - single["loss"]) > 1e-2
    np.testing.assert_allclose(mirrored["loss"], single["loss"], rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("side", ["discriminator", "generator"])
def test_gradients_of_replicas_add_up_to_that_of_the_global_batch(replicas, side):
    single, mirrored = replicas[side]["single"], replicas[side]["mirrored"]
    assert np.max(np.abs(single["weight_gradient"])) > 0.1
    for name in ("weight_gradient", "logit_gradient"):
        np.testing.assert_allclose(mirrored[name], single[name], rtol=1e-5, atol=1e-7)
