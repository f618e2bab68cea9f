"""Tests of the affine fit against NumPy's least squares, and where that fails."""

import numpy as np

from keras_posegan.pose import affine_fit


def _fit(points, images, weights=None):
    points = np.array([points], "float32")
    images = np.array([images], "float32")
    if weights is None:
        weights = np.ones(points.shape[:2])
    weights = np.reshape(np.asarray(weights, "float32"), points.shape[:2])
    matrix, offset = affine_fit.fit_affine(points, images, weights)
    return matrix.numpy()[0], offset.numpy()[0]


def test_equals_numpy_least_squares():
    generator = np.random.default_rng(0)
    for _ in range(100):
        points = generator.uniform(0, 60, size=(6, 2))
        images = generator.uniform(0, 60, size=(6, 2))
        weights = np.array([1, 1, 1, 1, 0, 1])
        kept = weights > 0
        design = np.column_stack([points, np.ones(6)])[kept]
        expected = np.linalg.lstsq(design, images[kept], rcond=None)[0]
        matrix, offset = _fit(points, images, weights)
        np.testing.assert_allclose(matrix, expected[:2].T, atol=1e-3)
        np.testing.assert_allclose(offset, expected[2], atol=1e-3)


def test_keeps_a_reflection():
    """Someone who turns round shows the right shoulder on the other side."""
    points = np.array([[10.0, 20.0], [30.0, 20.0], [12.0, 60.0], [28.0, 60.0]])
    matrix, offset = _fit(points, points * [-1.0, 1.0])
    np.testing.assert_allclose(matrix, [[-1.0, 0.0], [0.0, 1.0]], atol=1e-4)
    np.testing.assert_allclose(offset, [0.0, 0.0], atol=1e-3)


def test_points_in_line_are_turned_and_scaled_alike_in_both_directions():
    points = np.array([[0.0, 0.0], [0.0, 10.0], [0.0, 40.0]])
    images = points[:, ::-1] * [2.0, -2.0] + [5.0, 7.0]  # Twice as large, turned.
    matrix, offset = _fit(points, images)
    np.testing.assert_allclose(matrix, [[0.0, 2.0], [-2.0, 0.0]], atol=1e-4)
    np.testing.assert_allclose(offset, [5.0, 7.0], atol=1e-3)


def test_noise_across_a_line_does_not_blow_the_map_up():
    generator = np.random.default_rng(1)
    for _ in range(100):
        points = np.array([[20.0, y] for y in (5.0, 12.0, 20.0, 30.0)])
        points[:, 0] += generator.normal(scale=1e-3, size=4)
        images = generator.uniform(0, 20, size=(4, 2)) + points
        matrix, _ = _fit(points, images)
        assert np.linalg.norm(matrix, ord=2) < 3.0


def test_changes_continuously_where_the_ridge_sets_in():
    images = np.array([[0.0, 0.0], [3.0, 10.0], [-4.0, 21.0], [6.0, 30.0]])
    previous = None
    for spread in np.linspace(0.0, 3.0, 301):
        points = np.array([[spread * s, 10.0 * i] for i, s in enumerate((1, -1) * 2)])
        matrix, _ = _fit(points, images)
        if previous is not None:
            assert np.abs(matrix - previous).max() < 0.1
        previous = matrix


def test_a_single_point_is_moved():
    matrix, offset = _fit([[3.0, 4.0], [9.0, 9.0]], [[10.0, 20.0], [0.0, 0.0]], [1, 0])
    np.testing.assert_allclose(matrix, np.eye(2), atol=1e-6)
    np.testing.assert_allclose(offset, [7.0, 16.0], atol=1e-5)


def test_no_points_give_the_identity():
    matrix, offset = _fit([[3.0, 4.0]], [[10.0, 20.0]], [0])
    np.testing.assert_array_equal(matrix, np.eye(2))
    np.testing.assert_array_equal(offset, [0.0, 0.0])
