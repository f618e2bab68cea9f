"""The project's fast parts compute what the straightforward ones do."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import self_attention_2d
from keras_posegan.losses import nearest_neighbor
from tools.benchmarks import people, straightforward
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import networks

SIZE = size_lib.Size(batch_size=2, width=0.125, image_height=32, image_width=16)
LEARNING_RATE = 0.1
WEIGHTS = {
    "generator_adversarial_weight": 50.0,
    "discriminator_adversarial_weight": 50.0,
}


@pytest.fixture(scope="module")
def models():
    """The project's model and its straightforward copy, weights alike, undropped."""
    keras.utils.set_random_seed(0)
    fast = networks.pose_gan_of(SIZE)
    assert networks.run_config(SIZE).model.warp_kernel == "sparse"
    attentions = [
        layer
        for network in (fast.generator, fast.discriminator)
        for layer in network.layers
        if isinstance(layer, self_attention_2d.SelfAttention2D)
    ]
    assert len(attentions) == 4
    for layer in attentions:
        layer.gamma.assign(0.5)  # A new layer's 0 would hide everything.
        # Three chunks and a shorter one, or a whole number of them.
        layer.query_chunk = math.prod(layer.output.shape[1:3]) // 3
    simple = straightforward.StraightforwardPoseGAN(
        straightforward.straightforward(fast.generator, exact_gradient=True),
        straightforward.straightforward(fast.discriminator, exact_gradient=True),
        fast.perceptual_features,
    )
    for model in (fast, simple):
        for layer in model.generator.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        optimizers = [keras.optimizers.SGD(LEARNING_RATE) for _ in range(2)]
        model.compile(*optimizers, share_generated=True, **WEIGHTS)
        for optimizer, network in zip(
            optimizers, (model.generator, model.discriminator), strict=True
        ):
            optimizer.build(network.trainable_variables)
    return fast, simple


def _step(model):
    """The loss terms of a step, and each network's gradient as one vector."""
    trained = (model.generator, model.discriminator)
    before = [_flat_weights(network) for network in trained]
    terms = tf.function(model.train_step)(people.batch(SIZE))
    after = [_flat_weights(network) for network in trained]
    gradients = [
        (old - new) / LEARNING_RATE for old, new in zip(before, after, strict=True)
    ]
    return {name: float(term) for name, term in terms.items()}, gradients


def _flat_weights(network):
    values = [weight.numpy() for weight in network.trainable_variables]
    return np.concatenate([value.astype("float64").ravel() for value in values])


def test_a_step_agrees_in_losses_and_gradients(models):
    (fast_terms, fast_gradients), (terms, gradients) = map(_step, models)
    assert len(terms) == 3
    assert fast_terms == pytest.approx(terms, rel=1e-4)
    for ours, theirs in zip(fast_gradients, gradients, strict=True):
        lengths = np.linalg.norm(ours), np.linalg.norm(theirs)
        assert min(lengths) > 1e-3
        assert lengths[0] == pytest.approx(lengths[1], rel=1e-3)
        assert ours @ theirs / np.prod(lengths) >= 0.9999


def test_the_copy_is_of_the_straightforward_layers_and_shares_nothing(models):
    fast, simple = models
    kinds = {type(layer) for layer in simple.generator.layers}
    assert {straightforward.TiledSkip, straightforward.WholeAttention} <= kinds
    assert not {type(fast.generator.get_layer(f"attention_{s}")) for s in (1, 2)} & (
        kinds
    )
    owned = {id(weight) for weight in simple.generator.weights}
    assert not owned & {id(weight) for weight in fast.generator.weights}


@pytest.mark.parametrize("neighborhood", [1, 3, 5])
@pytest.mark.parametrize("anchor", ["target", "generated"])
def test_the_stacked_loss_is_the_projects(neighborhood, anchor):
    maps = np.random.default_rng(0).normal(size=(2, 2, 6, 5, 4)).astype("float32")
    target, generated = map(tf.constant, maps)
    results = []
    for module in (straightforward, nearest_neighbor):
        with tf.GradientTape() as tape:
            tape.watch(generated)
            loss = module.nearest_neighbor_loss(
                target, generated, neighborhood=neighborhood, anchor=anchor
            )
        results.append((loss.numpy(), tape.gradient(loss, generated).numpy()))
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)
