"""The deformable skip's formula, computed only where masks are not zero."""

import tensorflow as tf

from keras_posegan.layers import warp_taps


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
    example, y, x = warp_taps.pixels(batch, height, width)
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
    taps = zip(tf.unstack(indices), tf.unstack(weights), strict=True)
    return warp_taps.read(flat, taps)


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


def _taps(*arguments):
    """`warp_taps.taps` as two tensors, (T, K) each."""
    rows, weights = zip(*warp_taps.taps(*arguments), strict=True)
    return tf.stack(rows), tf.stack(weights)


def _masked(taps, mask):
    """The same taps, their weights multiplied by the mask."""
    indices, weights = taps
    return indices, weights * mask
