"""Tests of the training step against eq. 9, written out once more."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import losses
from keras_posegan.data import market1501, pairs, pipeline
from keras_posegan.layers import self_attention_2d
from keras_posegan.models import from_config, pixels
from tests import tiny_run

LAMBDA_1, LAMBDA_2, NEIGHBOR_WEIGHT = 3.0, 7.0, 1.5


def test_a_step_is_equation_9():
    model, twin = _model(), _model()
    batch = _batch()
    logs = model.train_step(batch)

    conditions, real = _unpack(batch)
    generated = twin.generator(conditions, training=True)
    with tf.GradientTape() as tape:
        discriminator_loss = losses.relativistic_average_hinge_discriminator_loss(
            *_logits(twin, conditions, real, generated, training=True)
        )
        objective = LAMBDA_2 * discriminator_loss
    _descend(tape, objective, twin.discriminator)
    with tf.GradientTape() as tape:
        generated = twin.generator(conditions, training=False)
        adversarial = losses.relativistic_average_hinge_generator_loss(
            *_logits(twin, conditions, real, generated, training=False)
        )
        neighbor = losses.nearest_neighbor_loss(
            twin.perceptual_features(real), twin.perceptual_features(generated)
        )
        objective = NEIGHBOR_WEIGHT * neighbor + LAMBDA_1 * adversarial
    _descend(tape, objective, twin.generator)

    assert {name: float(value) for name, value in logs.items()} == pytest.approx(
        {
            "discriminator_loss": float(discriminator_loss),
            "generator_adversarial_loss": float(adversarial),
            "nearest_neighbor_loss": float(neighbor),
        },
        rel=1e-4,
    )
    for network in ("generator", "discriminator"):
        for mine, other in zip(
            getattr(model, network).trainable_variables,
            getattr(twin, network).trainable_variables,
            strict=True,
        ):
            np.testing.assert_allclose(mine, other, atol=2e-4, err_msg=mine.path)


def test_a_batch_of_its_own_for_each_update_descends_too():
    model = _model(share_generated=False)
    # A relativistic loss does not see what is added to all logits.
    weights = [w for w in model.trainable_variables if w.path != "patch_logits/bias"]
    before = [w.numpy() for w in weights]
    logs = model.train_step(_batch())
    assert all(np.isfinite(value) for value in logs.values())
    for old, new in zip(before, weights, strict=True):
        assert (old != new.numpy()).any(), new.path


def test_the_generators_update_leaves_the_power_iteration_alone():
    model = _model()
    layer = model.discriminator.get_layer("features_2")
    matrix = layer.kernel.numpy().reshape(-1, layer.kernel.shape[-1]).T
    # Far from convergence, where an iteration more or less is seen.
    start = np.random.default_rng(0).normal(size=len(matrix))
    layer.left_vector.assign(start / np.linalg.norm(start))
    right = matrix.T @ layer.left_vector.numpy()
    left = matrix @ (right / np.linalg.norm(right))
    model.train_step(_batch())
    # One iteration, that of the discriminator's update, and no more.
    np.testing.assert_allclose(
        layer.left_vector, left / np.linalg.norm(left), atol=1e-5
    )


def test_fit_runs_it():
    model = _model()
    data = tf.data.Dataset.from_tensors(_batch()).repeat(2)
    history = model.fit(data, verbose=0, shuffle=False).history
    assert set(history) >= {"discriminator_loss", "nearest_neighbor_loss"}
    assert history["nearest_neighbor_loss"][0] > 0.0


def test_evaluation_changes_nothing():
    model = _model()
    before = [w.numpy() for w in model.variables]
    logs = model.test_step(_batch())
    conditions, real = _unpack(_batch())
    picture = model.generator(conditions, training=False)
    assert float(logs["l1"]) == pytest.approx(np.abs(picture - real).mean(), rel=1e-5)
    for old, new in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.slow
def test_one_batch_can_be_learnt_by_heart(tiny_data_dir):
    run = tiny_run.tiny_config(tiny_data_dir, learning_rate=2e-3)
    keras.utils.set_random_seed(0)
    model = from_config.pose_gan_from_config(run)
    pictures = market1501.load(tiny_data_dir, "train")
    batches = pipeline.evaluation_batches(
        pictures, pairs.all_pairs(pictures.names, pictures.keypoints), (32, 16), 2
    )
    batch = next(iter(batches))
    step = tf.function(model.train_step)
    first = model.test_step(batch)
    for _ in range(200):
        step(batch)
    last = model.test_step(batch)
    assert float(last["l1"]) < 0.3 * float(first["l1"])


@pytest.mark.parametrize("kind", ["hinge", "non_saturating"])
def test_the_ablations_losses_train(kind):
    model = _model(adversarial_loss=kind)
    assert all(np.isfinite(v) for v in model.train_step(_batch()).values())


def test_low_precision_is_near_and_keeps_its_weights():
    exact, model = _model(), _model(precision="mixed_bfloat16")
    expected, logs = exact.train_step(_batch()), model.train_step(_batch())
    for name, value in logs.items():
        assert value.dtype == tf.float32
        # 8 bits of mantissa: a percent.
        assert float(value) == pytest.approx(float(expected[name]), rel=0.02), name
        assert float(value) != float(expected[name]), name
    for network in (model.generator, model.discriminator):
        assert {weight.dtype for weight in network.weights} == {"float32"}
        assert network.output.dtype == "float32"
    names = ("decoder_1", "deformable_skip_1", "attention_1", "appearance_4_norm")
    for name in names:
        assert model.generator.get_layer(name).compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == "float32"


def _model(
    share_generated=True,
    adversarial_loss="relativistic_average_hinge",
    precision="float32",
):
    keras.utils.set_random_seed(0)
    run = tiny_run.tiny_config("unused")
    run = dataclasses.replace(
        run, model=dataclasses.replace(run.model, precision=precision)
    )
    model = from_config.pose_gan_from_config(run)
    for layer in model.generator.layers + model.discriminator.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
        if isinstance(layer, self_attention_2d.SelfAttention2D):
            layer.gamma.assign(0.1)  # At 0 its kernels would have no gradient.
        if hasattr(layer, "left_vector"):
            _converge(layer)
    model.compile(
        keras.optimizers.SGD(1e-2),
        keras.optimizers.SGD(1e-2),
        adversarial_loss=adversarial_loss,
        generator_adversarial_weight=LAMBDA_1,
        discriminator_adversarial_weight=LAMBDA_2,
        nearest_neighbor_weight=NEIGHBOR_WEIGHT,
        share_generated=share_generated,
    )
    return model


def _converge(layer):
    """So that power iteration in training and in inference agree."""
    kernel = layer.kernel.numpy()
    is_transposed = "Transpose" in type(layer).__name__
    matrix = np.moveaxis(kernel, 2, -1) if is_transposed else kernel
    matrix = matrix.reshape(-1, matrix.shape[-1]).T
    left = np.linalg.svd(matrix)[0][:, 0]
    layer.left_vector.assign(left)


def _batch():
    random = np.random.default_rng(0)
    keypoints = np.ones((2, 2, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (2, 2, 18, 2))
    images = random.integers(0, 256, (2, 2, 32, 16, 3), dtype=np.uint8)
    return {
        "source_image": tf.constant(images[0]),
        "target_image": tf.constant(images[1]),
        "source_keypoints": tf.constant(keypoints[0]),
        "target_keypoints": tf.constant(keypoints[1]),
    }


def _unpack(batch):
    conditions = {
        "source_image": pixels.to_network_range(batch["source_image"]),
        "source_keypoints": batch["source_keypoints"],
        "target_keypoints": batch["target_keypoints"],
    }
    return conditions, pixels.to_network_range(batch["target_image"])


def _logits(model, conditions, real, generated, training):
    """One call for both: the power iteration advances once."""
    both = {name: tf.concat([value, value], 0) for name, value in conditions.items()}
    both["image"] = tf.concat([real, generated], 0)
    logits = model.discriminator(both, training=training)
    return logits[:2], logits[2:]


def _descend(tape, objective, network):
    weights = network.trainable_variables
    for weight, gradient in zip(
        weights, tape.gradient(objective, weights), strict=True
    ):
        weight.assign_sub(1e-2 * gradient)
