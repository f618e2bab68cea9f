"""Tests of the warp against its formula, and of its gradient against the adjoint."""

import warnings

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import projective_warp
from keras_posegan.pose import body_parts

HEIGHT, WIDTH, CHANNELS = 7, 5, 3
INTERPOLATIONS = ("bilinear", "nearest")
IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0]


def _random_maps(seed=0):
    """Affine maps of every kind, (2, 16, 8): moderate, zooms, singular, far away."""
    random = np.random.default_rng(seed)
    maps = np.zeros((2, 16, 8))
    maps[..., :6] = IDENTITY[:6] + 0.3 * random.normal(size=(2, 16, 6))
    maps[..., [2, 5]] *= 4.0
    maps[:, 4:6, [0, 1, 3, 4]] *= 0.2  # Zoom in: many outputs read one pixel.
    maps[:, 6:8, [0, 1, 3, 4]] *= 3.0  # Zoom out: most pixels are skipped.
    maps[:, 8, 3:5] = 2.0 * maps[:, 8, 0:2]  # Rank 1.
    maps[:, 9, [0, 1, 3, 4]] = 0.0  # Rank 0: one pixel fills the picture.
    maps[:, 9, [2, 5]] = 1.3
    maps[:, 10] = body_parts.NO_POINT
    maps[:, 11, :6] *= 1e5
    maps[:, 12] = IDENTITY
    maps[:, 13] = [1, 0, 0.5, 0, 1, -0.25, 0, 0]  # Half a pixel over two borders.
    maps[:, 14:, 6:] = 0.05 * random.normal(size=(2, 2, 2))  # Projective.
    return maps.astype("float32")


def _features(seed=1):
    shape = (2, HEIGHT, WIDTH, CHANNELS)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _reference(features, transforms, interpolation):
    """The docstring's formula, one output pixel at a time, in NumPy."""
    batch, height, width, channels = features.shape
    outputs = np.zeros((batch, transforms.shape[1], height, width, channels))
    for b, p, y, x in np.ndindex(outputs.shape[:-1]):
        a0, a1, a2, b0, b1, b2, c0, c1 = map(np.float32, transforms[b, p])
        k = c0 * x + c1 * y + 1
        source_x, source_y = (a0 * x + a1 * y + a2) / k, (b0 * x + b1 * y + b2) / k
        if interpolation == "nearest":
            # Halves go away from zero, as C's round has it.
            column = np.sign(source_x) * np.floor(abs(source_x) + 0.5)
            row = np.sign(source_y) * np.floor(abs(source_y) + 0.5)
            taps = [(row, column, 1.0)]
        else:
            taps = [
                (row, column, (1 - abs(source_y - row)) * (1 - abs(source_x - column)))
                for row in (np.floor(source_y), np.floor(source_y) + 1)
                for column in (np.floor(source_x), np.floor(source_x) + 1)
            ]
        for row, column, weight in taps:
            if 0 <= row < height and 0 <= column < width:
                outputs[b, p, y, x] += weight * features[b, int(row), int(column)]
    return outputs


def _inner_products(features, transforms, interpolation, warp):
    """⟨warp(x), y⟩ and ⟨x, gradient(y)⟩ of each map, and their natural scale."""
    rows = []
    for part in range(transforms.shape[1]):
        x = tf.constant(features)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = warp(
                x, tf.constant(transforms[:, part : part + 1]), interpolation
            )
        y = np.random.default_rng(part).normal(size=outputs.shape).astype("float32")
        adjoint = tape.gradient(outputs, x, output_gradients=tf.constant(y))
        left = np.sum(np.asarray(outputs, "float64") * y)
        right = np.sum(np.asarray(adjoint, "float64") * features)
        scale = np.linalg.norm(outputs) * np.linalg.norm(y)
        rows.append((left, right, scale))
    return np.array(rows).T


def _registered_warp(features, transforms, interpolation):
    """The op with TensorFlow's own gradient."""
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=features,
        transforms=transforms[:, 0],
        output_shape=features.shape[1:3],
        fill_value=0.0,
        interpolation=interpolation.upper(),
        fill_mode="CONSTANT",
    )[:, None]


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_equals_the_formula(interpolation):
    features, maps = _features(), _random_maps()
    expected = _reference(features, maps, interpolation)
    outputs = projective_warp.projective_warp(features, maps, interpolation)
    assert outputs.shape == (2, 16, HEIGHT, WIDTH, CHANNELS)
    np.testing.assert_allclose(outputs, expected, atol=2e-5)


def test_equals_tensorflow_addons():
    with warnings.catch_warnings():
        # It announces its end of life, and untested versions, on import.
        warnings.simplefilter("ignore")
        addons = pytest.importorskip(
            "tensorflow_addons.image",
            reason="tensorflow-addons has no wheels for this Python",
            exc_type=ImportError,
        )
    features, maps = _features(), _random_maps()
    outputs = projective_warp.projective_warp(features, maps)
    for part in range(maps.shape[1]):
        expected = addons.transform(features, maps[:, part], interpolation="bilinear")
        np.testing.assert_allclose(outputs[:, part], expected, atol=1e-6)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("seed", range(3))
def test_gradient_is_the_exact_adjoint(interpolation, seed):
    left, right, scale = _inner_products(
        _features(seed),
        _random_maps(seed),
        interpolation,
        projective_warp.projective_warp,
    )
    assert np.count_nonzero(scale) >= 13  # The check is not of zeros alone.
    np.testing.assert_array_less(np.abs(left - right), 1e-5 * scale + 1e-12)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_the_registered_gradient_is_not_the_adjoint(interpolation):
    features = _features()
    singular = _random_maps()[:, 8:9]
    with pytest.raises(tf.errors.InvalidArgumentError, match="not invertible"):
        _inner_products(features, singular, interpolation, _registered_warp)
    zooms = _random_maps()[:, 4:8]
    left, right, scale = _inner_products(
        features, zooms, interpolation, _registered_warp
    )
    assert np.all(np.abs(left - right) > 1e-3 * scale)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_gradient_is_the_adjoint_in_a_graph_with_an_open_batch(interpolation):
    @tf.function(
        input_signature=[
            tf.TensorSpec((None, HEIGHT, WIDTH, CHANNELS)),
            tf.TensorSpec((None, 16, 8)),
        ]
    )
    def gradients(features, maps):
        with tf.GradientTape() as tape:
            tape.watch(features)
            outputs = projective_warp.projective_warp(features, maps, interpolation)
        return outputs, tape.gradient(outputs, features, output_gradients=outputs)

    features, maps = _features(), _random_maps()
    outputs, gradient = gradients(features, maps)
    np.testing.assert_allclose(
        np.sum(np.square(outputs)), np.sum(gradient * features), rtol=1e-5
    )


def test_nearest_gradient_follows_the_ops_ties():
    features = np.ones((1, 4, 4, 1), "float32")
    ties = np.float32([[[1, 0, 0.5, 0, 1, 0.5, 0, 0], [0.5, 0, 0, 0, 0.5, 0, 0, 0]]])
    left, right, scale = _inner_products(
        features, ties, "nearest", projective_warp.projective_warp
    )
    np.testing.assert_allclose(left, right, atol=1e-5 * scale.max())


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
def test_transforms_that_are_not_finite_read_zeros(interpolation, bad):
    features = tf.constant(_features())
    maps = np.tile(np.float32(IDENTITY), (2, 6, 1))
    for entry in range(6):
        maps[:, entry, entry] = bad
    with tf.GradientTape() as tape:
        tape.watch(features)
        outputs = projective_warp.projective_warp(features, maps, interpolation)
    np.testing.assert_array_equal(outputs, 0.0)
    np.testing.assert_array_equal(tape.gradient(outputs, features), 0.0)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_points_at_infinity_read_zeros(interpolation):
    features = tf.constant(_features())
    # k is 0 at x = 2, where the first map has 1 / 0 and the second 0 / 0.
    maps = np.zeros((2, 2, 8), "float32")
    maps[:, 0] = [1, 0, 1, 0, 1, 1, -0.5, 0]
    maps[:, 1] = [1, 0, -2, 0, 0, 0, -0.5, 0]
    with tf.GradientTape() as tape:
        tape.watch(features)
        outputs = projective_warp.projective_warp(features, maps, interpolation)
    np.testing.assert_array_equal(outputs[:, :, :, 2], 0.0)
    gradient = tape.gradient(outputs, features)
    np.testing.assert_allclose(
        tf.reduce_sum(gradient * features), tf.reduce_sum(outputs), rtol=1e-5
    )


def test_huge_maps_are_finite():
    features = tf.constant(_features())
    maps = np.tile(np.float32(IDENTITY), (2, 1, 1)) * np.float32(1e29)
    with tf.GradientTape() as tape:
        tape.watch(features)
        outputs = projective_warp.projective_warp(features, maps)
    assert np.all(np.isfinite(outputs))
    assert np.all(np.isfinite(tape.gradient(outputs, features)))


def test_transforms_have_no_gradient():
    maps = tf.constant(_random_maps())
    with tf.GradientTape() as tape:
        tape.watch(maps)
        outputs = projective_warp.projective_warp(_features(), maps)
    assert tape.gradient(outputs, maps) is None


def test_rejects_an_unknown_interpolation():
    with pytest.raises(ValueError, match="interpolation='cubic'"):
        projective_warp.projective_warp(_features(), _random_maps(), "cubic")


def test_rejects_transforms_of_another_shape():
    with pytest.raises(ValueError, match="transforms of shape"):
        projective_warp.projective_warp(_features(), _random_maps()[:, 0])


def test_rejects_an_unknown_height():
    @tf.function(input_signature=[tf.TensorSpec((2, None, WIDTH, 3))])
    def warp(features):
        return projective_warp.projective_warp(features, _random_maps())

    with pytest.raises(ValueError, match="known height"):
        warp.get_concrete_function()
