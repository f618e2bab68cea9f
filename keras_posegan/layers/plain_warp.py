"""The deformable skip's formula in operations that every runtime has."""

import tensorflow as tf

from keras_posegan.layers import ordering, warp_taps


def plain_warp_maximum(features, transforms, masks, interpolation: str):
    """Computes max over p of m_p[y, x] * f[T_p(x, y)].

    Equal to warping by each part's transform (`projective_warp`), multiplying by the
    masks and taking the maximum; but of gathers, products and maxima alone, which
    TFLite's interpreters have, where they have no ImageProjectiveTransformV3. One
    part waits for the last (`ordering.after`), so that there is one warped copy at a
    time and not P of them.

    TensorFlow derives the gradient, which is the exact adjoint; where parts win
    together, it goes to the first of them.

    Args:
        features: float32 (B, h, w, C), h and w known.
        transforms: float32 (B, P, 8), affine, from output to input pixels.
        masks: float32 (B, h, w, P).
        interpolation: "bilinear" or "nearest" (halves away from zero, as the op).

    Returns: float32 (B, h, w, C).
    """
    _, height, width, channels = features.shape
    example, y, x = warp_taps.pixels(tf.shape(features)[0], height, width)
    # Taps of all parts at once, (P, B * h * w): they are small beside the features.
    taps = warp_taps.taps(
        tf.gather(tf.transpose(transforms, (1, 0, 2)), example, axis=1),
        *(each[None] for each in (example, y, x)),
        (height, width),
        interpolation,
    )
    parts = masks.shape[-1]
    masks = tf.transpose(tf.reshape(masks, (-1, parts)))
    taps = [(tf.unstack(rows), tf.unstack(weights * masks)) for rows, weights in taps]
    flat = tf.reshape(features, (-1, channels))
    maximum = None
    for part in range(parts):
        rows = [rows[part] for rows, _ in taps]
        if part:
            rows = ordering.after([maximum], *rows)
        weights = [weights[part] for _, weights in taps]
        warped = warp_taps.read(flat, zip(rows, weights, strict=True))
        maximum = tf.maximum(maximum, warped) if part else warped
    return tf.reshape(maximum, tf.shape(features))
