"""Tests of the nearest-neighbour loss against equation 1."""

import itertools
import pathlib

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import losses

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "nearest_neighbour.npz"


def _reference(target, generated, neighborhood, anchor):
    """Equation 1, one position at a time, and its gradient for both maps."""
    anchored, searched = (
        (target, generated) if anchor == "target" else (generated, target)
    )
    radius = neighborhood // 2
    batch, height, width, _ = target.shape
    total = 0.0
    gradients = np.zeros_like(anchored), np.zeros_like(searched)
    for b, y, x in itertools.product(range(batch), range(height), range(width)):
        best = np.inf
        for v in range(max(0, y - radius), min(height, y + radius + 1)):
            for u in range(max(0, x - radius), min(width, x + radius + 1)):
                distance = np.abs(anchored[b, y, x] - searched[b, v, u]).sum()
                if distance < best:
                    best, place = distance, (b, v, u)
        total += best
        sign = np.sign(anchored[b, y, x] - searched[place])
        gradients[0][b, y, x] += sign
        gradients[1][place] -= sign
    positions = batch * height * width
    gradients = [gradient / positions for gradient in gradients]
    return total / positions, gradients if anchor == "target" else gradients[::-1]


def _maps(shape=(2, 6, 4, 3), seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=shape), random.normal(size=shape)


@pytest.mark.parametrize("anchor", ["target", "generated"])
@pytest.mark.parametrize("neighborhood", [3, 5])
def test_equals_the_golden_numbers(neighborhood, anchor):
    golden = np.load(GOLDEN)
    loss = losses.nearest_neighbor_loss(
        golden["target"], golden["generated"], neighborhood, anchor
    )
    expected = golden[f"anchor_{anchor}_{neighborhood}"].mean()
    np.testing.assert_allclose(loss, expected, atol=1e-5)


@pytest.mark.parametrize("anchor", ["target", "generated"])
@pytest.mark.parametrize("neighborhood", [1, 3, 5, 9])
def test_loss_and_gradients_equal_the_equation(neighborhood, anchor):
    target, generated = _maps()
    with tf.GradientTape() as tape:
        maps = [tf.constant(m, tf.float32) for m in (target, generated)]
        tape.watch(maps)
        loss = losses.nearest_neighbor_loss(*maps, neighborhood, anchor)
    expected, gradients = _reference(target, generated, neighborhood, anchor)
    np.testing.assert_allclose(loss, expected, atol=1e-5)
    np.testing.assert_allclose(tape.gradient(loss, maps), gradients, atol=1e-6)


def test_defaults_are_the_paper_s():
    target, generated = _maps()
    loss = losses.nearest_neighbor_loss(target, generated)
    np.testing.assert_allclose(
        loss, _reference(target, generated, 3, "target")[0], 1e-5
    )


def test_a_neighborhood_of_one_is_the_l1_distance():
    target, generated = _maps()
    loss = losses.nearest_neighbor_loss(target, generated, 1)
    np.testing.assert_allclose(loss, np.abs(target - generated).sum(-1).mean(), 1e-5)


def test_a_shift_within_the_neighborhood_costs_only_at_the_border():
    target, _ = _maps((1, 8, 8, 3))
    generated = np.roll(target, (1, -1), axis=(1, 2))
    inner = (slice(None), slice(0, -1), slice(1, None))
    shifted_in = np.abs(target[inner] - np.roll(generated, (-1, 1), (1, 2))[inner])
    assert shifted_in.sum() == 0.0
    loss = float(losses.nearest_neighbor_loss(target, generated, 3))
    whole = float(losses.nearest_neighbor_loss(target, generated, 1))
    assert loss < 0.2 * whole


def test_nan_features_are_not_hidden_by_their_neighbors():
    target, generated = _maps()
    generated[0, 2, 2, 1] = np.nan
    for anchor in ("target", "generated"):
        assert np.isnan(losses.nearest_neighbor_loss(target, generated, 3, anchor))


def test_works_in_a_graph_with_unknown_size():
    features = tf.TensorSpec([None, None, None, 3])
    graph = tf.function(losses.nearest_neighbor_loss, input_signature=[features] * 2)
    target, generated = _maps()
    eager = losses.nearest_neighbor_loss(target, generated)
    np.testing.assert_allclose(
        graph(target.astype("float32"), generated.astype("float32")), eager, rtol=1e-6
    )


def test_half_precision_features_give_a_float32_loss():
    features = tf.ones((1, 4, 4, 2), tf.bfloat16)
    loss = losses.nearest_neighbor_loss(features, features)
    assert loss.dtype == tf.float32
    assert float(loss) == 0.0


@pytest.mark.parametrize("neighborhood", [-1, 0, 2])
def test_rejects_a_neighborhood_without_a_middle(neighborhood):
    with pytest.raises(ValueError, match=f"neighborhood={neighborhood}"):
        losses.nearest_neighbor_loss(*_maps(), neighborhood)


def test_rejects_an_unknown_anchor():
    with pytest.raises(ValueError, match="anchor='source'"):
        losses.nearest_neighbor_loss(*_maps(), anchor="source")


def test_rejects_maps_that_would_broadcast():
    target, generated = _maps()
    with pytest.raises(ValueError, match="incompatible"):
        losses.nearest_neighbor_loss(
            tf.constant(target), tf.constant(generated[..., :1])
        )
