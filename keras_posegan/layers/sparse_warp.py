"""The deformable skip's formula, computed only where masks are not zero."""

import tensorflow as tf

# Far outside any picture, yet small enough for integers.
_OUTSIDE = -2.0


def sparse_warp_maximum(
    features, transforms, masks, interpolation: str, compiled: bool = False
):
    """Computes max over p of m_p[y, x] * f[T_p(x, y)], p-th parts where m_p > 0.

    Equal to warping the whole map by each part's transform (`projective_warp`),
    multiplying by the masks and taking the maximum. But only the first part, the
    body, is read everywhere; the others' masks cover a few per cent of the picture,
    and only those pixels are read. Reading is a gather of up to four taps times
    their weights; its exact adjoint adds what arrives to the same taps.

    In training the two are compiled by XLA for the body, which fuses them into one
    pass. The other parts' pixels are of another number in every batch, which XLA
    would compile again and again; and so, for inference, are pictures.

    Args:
        features: float32 (B, h, w, C), h and w known.
        transforms: float32 (B, P, 8), affine, from output to input pixels.
        masks: float32 (B, h, w, P) in [0, 1].
        interpolation: "bilinear" or "nearest" (halves away from zero, as the op).
        compiled: whether to compile the body's part.

    Returns: float32 (B, h, w, C).
    """
    _, height, width, channels = features.shape
    size = height, width
    batch = tf.shape(features)[0]
    pixel = tf.range(batch * height * width)
    example = pixel // (height * width)
    y, x = pixel % (height * width) // width, pixel % width
    body = _taps(
        tf.gather(transforms[:, 0], example), example, y, x, size, interpolation
    )
    body = _masked(body, tf.reshape(masks[..., 0], [-1]))

    where = tf.cast(tf.where(masks[..., 1:] > 0.0), tf.int32)
    example, y, x, part = tf.unstack(where, axis=-1)
    part_transforms = tf.gather_nd(transforms[:, 1:], tf.stack([example, part], -1))
    limbs = _taps(part_transforms, example, y, x, size, interpolation)
    limbs = _masked(limbs, tf.gather_nd(masks[..., 1:], where))
    limb_pixels = (example * height + y) * width + x

    # Where any part's mask is 0, its product, 0, takes part in the maximum.
    is_covered = tf.reduce_min(masks, axis=-1) > 0.0
    least = tf.where(tf.reshape(is_covered, (-1, 1)), -float("inf"), 0.0)
    flat = tf.reshape(features, (-1, channels))
    maximum = _maximum(flat, body, limbs, limb_pixels, least, compiled)
    return tf.reshape(maximum, tf.shape(features))


def _maximum(flat, body, limbs, limb_pixels, least, compiled):
    """The maximum over parts, (B * h * w, C); each winner has an equal share of the
    gradient, as in `tf.reduce_max`.
    """
    read_body, share_body = _COMPILED if compiled else (_read, _share)

    @tf.custom_gradient
    def maximum(flat):
        body_values = read_body(flat, *body)
        limb_values = _read(flat, *limbs)
        outputs = tf.tensor_scatter_nd_max(
            tf.maximum(body_values, least), limb_pixels[:, None], limb_values
        )

        def gradient(upstream):
            body_wins = tf.cast(body_values == outputs, upstream.dtype)
            limb_wins = limb_values == tf.gather(outputs, limb_pixels)
            limb_wins = tf.cast(limb_wins, upstream.dtype)
            winners = tf.tensor_scatter_nd_add(
                body_wins, limb_pixels[:, None], limb_wins
            )
            count = tf.shape(flat)[0]
            limb_upstream, limb_winners = (
                tf.gather(each, limb_pixels) for each in (upstream, winners)
            )
            return share_body(upstream, body_wins, winners, *body, count) + _share(
                limb_upstream, limb_wins, limb_winners, *limbs, count
            )

        return outputs, gradient

    return maximum(flat)


def _read(flat, indices, weights):
    """Sum over taps t of flat[indices[t]] * weights[t]."""
    return sum(
        tf.gather(flat, index) * weight[:, None]
        for index, weight in zip(tf.unstack(indices), tf.unstack(weights), strict=True)
    )


def _share(upstream, wins, winners, indices, weights, count):
    """The adjoint of `_read`, of an equal share for each of the winners.

    Adds values * weights[t] to the rows indices[t].
    """
    # Where `least` alone wins there are none.
    values = upstream * wins / tf.maximum(winners, 1.0)
    shares = tf.concat([values * w[:, None] for w in tf.unstack(weights)], axis=0)
    return tf.math.unsorted_segment_sum(shares, tf.reshape(indices, [-1]), count)


_COMPILED = (
    tf.function(_read, jit_compile=True),
    tf.function(_share, jit_compile=True),
)


def _taps(transforms, example, y, x, size, interpolation):
    """The rows of the flat map that K pixels read, (T, K) int32, and their weights."""
    height, width = size
    source_x, source_y = _source_points(transforms, x, y)
    first_pixel = example * (height * width)
    indices, weights = [], []
    for column, row, weight in _neighbors(source_x, source_y, interpolation):
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        indices.append(tf.where(inside, first_pixel + row * width + column, 0))
        weights.append(tf.where(inside, weight, 0.0))
    return tf.stack(indices), tf.stack(weights)


def _masked(taps, mask):
    """The same taps, their weights multiplied by the mask."""
    indices, weights = taps
    return indices, weights * mask


def _source_points(transforms, x, y):
    """Where each output pixel reads; outside, where that is not a finite number."""
    x, y = tf.cast(x, tf.float32), tf.cast(y, tf.float32)
    a0, a1, a2, b0, b1, b2, _, _ = tf.unstack(transforms, axis=-1)
    points = a0 * x + a1 * y + a2, b0 * x + b1 * y + b2
    # Comparisons with NaN are false, so that NaN goes outside too.
    usable = (tf.abs(points[0]) < 1e6) & (tf.abs(points[1]) < 1e6)
    return tuple(tf.where(usable, point, _OUTSIDE) for point in points)


def _neighbors(x, y, interpolation):
    """The pixels that a point reads, (column, row, weight), the first two int32."""
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
