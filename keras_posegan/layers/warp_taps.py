"""Which pixels a warped pixel reads, and with which weights: plain arithmetic."""

import tensorflow as tf

# Far outside any picture, yet small enough for integers.
_OUTSIDE = -2.0


def taps(transforms, example, y, x, size: tuple[int, int], interpolation: str):
    """Finds the rows of a flat map, (B * h * w, C), that K output pixels read.

    A tap outside its map has row 0 and weight 0; so has every tap of a point that is
    not a finite number.

    Args:
        transforms: float32 (K, 8) or (1, 8), affine, from output to input pixels.
        example, y, x: int32 (K,), whose pixel it is and where.
        size: (h, w) of a map.
        interpolation: "bilinear" or "nearest" (halves away from zero, as
            `tf.raw_ops.ImageProjectiveTransformV3`).

    Returns: T pairs (rows, weights), int32 and float32 (K,); T is 4 or 1.
    """
    height, width = size
    source_x, source_y = _source_points(transforms, x, y)
    first_pixel = example * (height * width)
    found = []
    for column, row, weight in _neighbors(source_x, source_y, interpolation):
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        found.append(
            (
                tf.where(inside, first_pixel + row * width + column, 0),
                tf.where(inside, weight, 0.0),
            )
        )
    return found


def read(flat, found):
    """Sum over the taps of flat[rows] * weights: (K, C)."""
    return sum(tf.gather(flat, rows) * weights[:, None] for rows, weights in found)


def pixels(batch, height: int, width: int):
    """The example, y and x of every pixel of a flat map, int32 (B * h * w,) each."""
    pixel = tf.range(batch * height * width)
    example = pixel // (height * width)
    return example, pixel % (height * width) // width, pixel % width


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
