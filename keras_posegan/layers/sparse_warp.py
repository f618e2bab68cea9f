"""The deformable skip's formula, computed only where masks are not zero."""

import tensorflow as tf

# Far outside any picture, yet small enough for integers.
_OUTSIDE = -2.0


def sparse_warp_maximum(features, transforms, masks, interpolation: str):
    """Computes max over p of m_p[y, x] * f[T_p(x, y)], p-th parts where m_p > 0.

    Equal to warping the whole map by each part's transform (`projective_warp`),
    multiplying by the masks and taking the maximum; but the limbs' masks cover a
    few per cent of the picture, and only those pixels are read here. A gather of
    the taps, a product with their weights and a maximum over each pixel's parts:
    the gradient of these is the exact adjoint by itself.

    Args:
        features: float32 (B, h, w, C), h and w known.
        transforms: float32 (B, P, 8), affine, from output to input pixels.
        masks: float32 (B, h, w, P) in [0, 1].
        interpolation: "bilinear" or "nearest" (halves away from zero, as the op).

    Returns: float32 (B, h, w, C).
    """
    _, height, width, channels = features.shape
    num_parts = masks.shape[-1]
    where = tf.cast(tf.where(masks > 0.0), tf.int32)
    example, y, x, part = tf.unstack(where, axis=-1)
    pixel = (example * height + y) * width + x
    source_x, source_y = _source_points(
        tf.gather_nd(transforms, tf.stack([example, part], axis=-1)), x, y
    )
    flat = tf.reshape(features, (-1, channels))
    first_pixel = example * (height * width)
    values = 0.0
    for tap_x, tap_y, weight in _taps(source_x, source_y, interpolation):
        inside = (tap_x >= 0) & (tap_x < width) & (tap_y >= 0) & (tap_y < height)
        index = tf.where(inside, first_pixel + tap_y * width + tap_x, 0)
        weight = tf.where(inside, weight, 0.0)
        values += tf.gather(flat, index) * weight[:, None]
    values *= tf.gather_nd(masks, where)[:, None]
    maximum = tf.math.unsorted_segment_max(values, pixel, tf.shape(flat)[0])
    maximum = tf.reshape(maximum, tf.shape(features))
    # Where a part's mask is 0, its product, 0, takes part in the maximum.
    covered = tf.math.count_nonzero(masks, axis=-1, keepdims=True) == num_parts
    return tf.where(covered, maximum, tf.maximum(maximum, 0.0))


def _source_points(transforms, x, y):
    """Where each output pixel reads; outside, where that is not a finite number."""
    x, y = tf.cast(x, tf.float32), tf.cast(y, tf.float32)
    a0, a1, a2, b0, b1, b2, _, _ = tf.unstack(transforms, axis=-1)
    points = a0 * x + a1 * y + a2, b0 * x + b1 * y + b2
    # Comparisons with NaN are false, so that NaN goes outside too.
    usable = (tf.abs(points[0]) < 1e6) & (tf.abs(points[1]) < 1e6)
    return tuple(tf.where(usable, point, _OUTSIDE) for point in points)


def _taps(x, y, interpolation):
    """The pixels that a point reads, (x, y, weight), x and y int32."""
    if interpolation == "nearest":
        column, row = (
            tf.cast(tf.sign(point) * tf.floor(tf.abs(point) + 0.5), tf.int32)
            for point in (x, y)
        )
        return [(column, row, tf.ones_like(x))]
    left, top = tf.floor(x), tf.floor(y)
    return [
        (tf.cast(column, tf.int32), tf.cast(row, tf.int32), row_weight * column_weight)
        for row, row_weight in ((top, top + 1.0 - y), (top + 1.0, y - top))
        for column, column_weight in ((left, left + 1.0 - x), (left + 1.0, x - left))
    ]
