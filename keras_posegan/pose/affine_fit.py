"""Weighted least squares for an affine map of the plane, in closed form."""

import tensorflow as tf

# Joints that stray less than this from a common line (root mean square) say nothing
# about the direction across it: no annotation is more exact than a pixel.
_SMALLEST_SPREAD_PIXELS = 1.0
# The same as a share of the joints' own extent: below it float32 sees only rounding.
_SMALLEST_SPREAD_SHARE = 1e-2


def fit_affine(points, images, weights):
    """Fits `images ~ matrix @ points + offset` by weighted least squares.

    With p and q the points and images minus their weighted means, the normal
    equations are 2x2 and are solved by Cramer's rule (`tf.linalg` does not convert
    to TFLite's own operations):

        C = sum w p p^T,  D = sum w q p^T,  matrix = D C^-1

    Three points in line leave the map across the line open, and nearly in line let
    it run to any size. Therefore, where the smaller eigenvalue of C lies below the
    floor m (points within 1 px of their line), the fit is drawn towards S, the best
    map that only turns and scales alike in both directions:

        matrix = S + (D - S C) (C + r I)^-1,   r = max(0, m - smallest eigenvalue)

    At r = 0 this is D C^-1 whatever S is: well-placed points get ordinary least
    squares, the change between the two is continuous, and (C + r I)^-1 is at most
    1 / m. Along the line r hardly counts; across it S takes over. S itself goes to
    the identity where the points come together, so that a single point is moved.

    Args:
        points: float32 `(batch, n, 2)`, finite.
        images: float32 `(batch, n, 2)`, finite.
        weights: float32 `(batch, n)`, in {0, 1}.

    Returns:
        `(matrix, offset)`: float32 `(batch, 2, 2)` and `(batch, 2)`, finite; the
        identity where all weights are 0.
    """
    weights = weights[..., None]
    count = tf.maximum(tf.reduce_sum(weights, axis=1, keepdims=True), 1.0)
    points_mean = tf.reduce_sum(weights * points, axis=1, keepdims=True) / count
    images_mean = tf.reduce_sum(weights * images, axis=1, keepdims=True) / count
    # A weight of 0 must also take out the mean, which is now in every row.
    p = weights * (points - points_mean)
    q = weights * (images - images_mean)
    px, py, qx, qy = p[..., 0], p[..., 1], q[..., 0], q[..., 1]

    def total(values):
        return tf.reduce_sum(values, axis=1)

    xx, xy, yy = total(px * px), total(px * py), total(py * py)
    trace = xx + yy
    gap = tf.sqrt(tf.square(xx - yy) + 4.0 * tf.square(xy))
    smallest = 0.5 * (trace - gap)
    floor = tf.maximum(
        count[:, 0, 0] * _SMALLEST_SPREAD_PIXELS**2,
        trace * _SMALLEST_SPREAD_SHARE**2,
    )
    ridge = tf.nn.relu(floor - smallest)

    # S = [[c, -s], [s, c]].
    prior = tf.nn.relu(floor - trace)
    c = (total(px * qx + py * qy) + prior) / (trace + prior)
    s = total(px * qy - py * qx) / (trace + prior)

    # The rows of E = D - S C.
    e_xx = total(qx * px) - (c * xx - s * xy)
    e_xy = total(qx * py) - (c * xy - s * yy)
    e_yx = total(qy * px) - (s * xx + c * xy)
    e_yy = total(qy * py) - (s * xy + c * yy)

    xx, yy = xx + ridge, yy + ridge
    determinant = xx * yy - xy * xy
    matrix = tf.stack(
        [
            c + (e_xx * yy - e_xy * xy) / determinant,
            -s + (e_xy * xx - e_xx * xy) / determinant,
            s + (e_yx * yy - e_yy * xy) / determinant,
            c + (e_yy * xx - e_yx * xy) / determinant,
        ],
        axis=-1,
    )
    matrix = tf.reshape(matrix, [-1, 2, 2])
    offset = images_mean[:, 0] - apply_matrix(matrix, points_mean[:, 0])
    return matrix, offset


def apply_matrix(matrix, vectors):
    """`(..., 2, 2)` times `(..., 2)`, written out: it stays a plain product."""
    return tf.reduce_sum(matrix * vectors[..., None, :], axis=-1)
