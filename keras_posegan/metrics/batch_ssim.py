"""Structural similarity of whole batches in TensorFlow, for use while training."""

import numpy as np
import tensorflow as tf

_RADIUS = 5  # scikit-image truncates a Gaussian at 3.5 sigma.
_SIGMA = 1.5
_CHUNK = 8  # Pictures at a time, which then stay in the processor's cache.


def batch_ssim(reference, generated):
    """`ssim.ssim` of each pair of pictures, many times faster.

    The same definition: 11x11 Gaussian windows that lie in the picture, the data
    range that of the generated picture, and for a generated picture of a single value
    1 if the reference equals it, else 0. Computed in float64: a picture of little
    contrast has variances that drown in the rounding of float32.

    Pictures go through in chunks, each as one compiled loop (XLA); memory beyond the
    arguments does not grow with the batch. The first call with pictures of a new size
    compiles for a second or two.

    Args:
        reference: uint8 or float (B, H, W, C), the real pictures in grey levels, 0 to
            255; H and W >= 11. Any other scale that keeps black at 0 gives the same
            numbers; [-1, 1] does not.
        generated: of the same type and shape.

    Returns:
        float32 (B,), each in [-1, 1].

    Raises:
        ValueError: if an argument is not four-dimensional or smaller than the window,
            or types or shapes differ.

    Reference:
        As `ssim.ssim`, of which scikit-image's is the reference form; the two agree
        to 1e-6.
    """
    reference, generated = map(tf.convert_to_tensor, (reference, generated))
    received = (
        f"Received: {reference.dtype.name} {reference.shape} and "
        f"{generated.dtype.name} {generated.shape}"
    )
    if reference.dtype != generated.dtype or not reference.shape.is_compatible_with(
        generated.shape
    ):
        raise ValueError(
            f"`reference` and `generated` must have one type and shape. {received}"
        )
    window = 2 * _RADIUS + 1
    if reference.shape.rank != 4 or min(reference.shape[1:3]) < window:
        raise ValueError(
            f"`reference` and `generated` must be (B, H, W, C), at least {window} "
            f"pixels high and wide. {received}"
        )
    return _in_chunks(reference, generated)


@tf.function
def _in_chunks(reference, generated):
    """The similarities (B,), a chunk at a time; black pictures fill the last one."""
    count = tf.shape(reference)[0]

    def chunks(pictures):
        filled = tf.pad(pictures, [[0, -count % _CHUNK], [0, 0], [0, 0], [0, 0]])
        return tf.reshape(filled, (-1, _CHUNK, *pictures.shape[1:]))

    similarities = tf.map_fn(
        lambda pair: _chunk_ssim(*pair),
        (chunks(reference), chunks(generated)),
        fn_output_signature=tf.TensorSpec((_CHUNK,), tf.float32),
    )
    return tf.reshape(similarities, (-1,))[:count]


@tf.function(jit_compile=True)
def _chunk_ssim(reference, generated):
    """The similarities of a chunk, whose shape is known."""
    # Channels before rows and columns: the compiled loops run along the last axis.
    x, y = (
        tf.cast(tf.transpose(pictures, (0, 3, 1, 2)), tf.float64)
        for pictures in (reference, generated)
    )
    picture = (1, 2, 3)
    data_range = tf.reduce_max(y, picture, keepdims=True) - tf.reduce_min(
        y, picture, keepdims=True
    )
    c1, c2 = tf.square(0.01 * data_range), tf.square(0.03 * data_range)
    # Of the variances the sum is enough. As one tensor: apart, XLA would compute the
    # first sum of a blur anew for each of the terms of the second.
    moments = tf.concat([x, y, x * x + y * y, x * y], axis=0)
    mean_x, mean_y, squares, product = tf.split(_blurred(moments), 4)
    variances = squares - mean_x * mean_x - mean_y * mean_y
    covariance = product - mean_x * mean_y
    similarity = tf.math.divide_no_nan(
        (2 * mean_x * mean_y + c1) * (2 * covariance + c2),
        (mean_x * mean_x + mean_y * mean_y + c1) * (variances + c2),
    )
    is_equal = tf.reduce_all(x == y, picture)
    return tf.where(
        tf.reshape(data_range, (-1,)) > 0,
        tf.cast(tf.reduce_mean(similarity, picture), tf.float32),
        tf.cast(is_equal, tf.float32),
    )


def _blurred(maps):
    """Gaussian means (B, C, H - 10, W - 10) over the windows that lie inside."""
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    weights = np.exp(-(offsets**2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    height, width = (size - 2 * _RADIUS for size in maps.shape[2:])
    maps = tf.add_n(
        [weight * maps[..., i : i + width] for i, weight in enumerate(weights)]
    )
    return tf.add_n(
        [weight * maps[..., i : i + height, :] for i, weight in enumerate(weights)]
    )
