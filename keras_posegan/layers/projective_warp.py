"""Warps feature maps by many maps at once, with an exact gradient."""

import tensorflow as tf

from keras_posegan.pose import body_parts

INTERPOLATIONS = ("bilinear", "nearest")
# Far outside any picture, yet far from overflow.
_FAR = 1e30


def projective_warp(features, transforms, interpolation: str = "bilinear"):
    """Reads each feature map at the points that each of its P maps names.

    For an output pixel (x, y) and a transform [a0, a1, a2, b0, b1, b2, c0, c1]

        k = c0 x + c1 y + 1
        source point = ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)

    The value there is interpolated from the pixels around; pixels outside the
    map count as 0, each tap for itself, so that values fade over one pixel
    beyond the border. 0 is the centre of the first pixel. A transform with an
    entry that is not finite (or beyond 1e30) reads outside everywhere.

    The gradient with respect to `features` is the exact adjoint of this linear
    map, for singular maps and zooms too. (TensorFlow's registered gradient warps
    by the inverse matrix instead: wrong under a zoom, an error for a singular
    map.) There is no gradient with respect to `transforms`: they come from
    keypoints, which are data.

    Args:
        features: float32 (B, h, w, C), h and w known.
        transforms: float32 (B, P, 8), P known, from output to input pixels.
        interpolation: "bilinear" or "nearest".

    Returns: float32 (B, P, h, w, C).

    Raises:
        ValueError: if `interpolation` is another word, or a shape does not fit.
    """
    check_interpolation(interpolation)
    features = tf.convert_to_tensor(features)
    transforms = tf.convert_to_tensor(transforms)
    _, height, width, channels = features.shape
    if height is None or width is None:
        raise ValueError(
            "`features` must have a known height and width. "
            f"Received: features of shape {features.shape}"
        )
    if transforms.shape.rank != 3 or transforms.shape[1] is None:
        raise ValueError(
            "`transforms` must have shape (batch, P, 8) with P known. "
            f"Received: transforms of shape {transforms.shape}"
        )
    parts = transforms.shape[1]
    usable = tf.reduce_all(tf.abs(transforms) < _FAR, axis=-1, keepdims=True)
    # What the custom gradient closes over would be differentiated by TensorFlow's own.
    transforms = tf.stop_gradient(tf.where(usable, transforms, body_parts.NO_POINT))
    flat_transforms = tf.reshape(transforms, (-1, 8))

    @tf.custom_gradient
    def warp(features):
        outputs = tf.raw_ops.ImageProjectiveTransformV3(
            images=tf.repeat(features, parts, axis=0),
            transforms=flat_transforms,
            output_shape=(height, width),
            fill_value=0.0,
            interpolation=interpolation.upper(),
            fill_mode="CONSTANT",
        )
        shape = (-1, parts, height, width, channels)

        def gradient(upstream):
            taps = _taps(transforms, height, width, interpolation)
            return _adjoint(upstream, taps, tf.shape(features))

        return tf.reshape(outputs, shape), gradient

    return warp(features)


def check_interpolation(interpolation: str) -> None:
    """Raises ValueError unless there is such an interpolation."""
    if interpolation not in INTERPOLATIONS:
        raise ValueError(
            f"`interpolation` must be one of {INTERPOLATIONS}. "
            f"Received: interpolation={interpolation!r}"
        )


def _adjoint(upstream, taps, features_shape):
    """Adds what arrives at each output pixel to the pixels it was read from."""
    batch, height, width, _ = tf.unstack(features_shape)
    first_pixel = (tf.range(batch) * height * width)[:, None, None, None]
    total = 0.0
    for weights, indices in taps:
        values = upstream if weights is None else upstream * weights[..., None]
        # A negative segment is dropped: that tap fell outside and read a 0.
        segments = tf.where(indices < 0, -1, first_pixel + indices)
        total += tf.math.unsorted_segment_sum(
            values, segments, num_segments=batch * height * width
        )
    return tf.reshape(total, features_shape)


def _taps(transforms, height: int, width: int, interpolation: str):
    """The pixels that each output pixel reads, and their weights.

    Returns: pairs of weights (B, P, h, w), None for 1, and int32 indices
        y * width + x of the same shape, -1 for outside.
    """
    if interpolation == "nearest":
        return [(None, _nearest_indices(transforms, height, width))]
    x, y = _source_points(transforms, height, width)
    left, top = tf.floor(x), tf.floor(y)
    taps = []
    for row, row_weight in ((top, top + 1.0 - y), (top + 1.0, y - top)):
        for column, column_weight in ((left, left + 1.0 - x), (left + 1.0, x - left)):
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            index = tf.where(inside, row * width + column, -1.0)
            taps.append((row_weight * column_weight, tf.cast(index, tf.int32)))
    return taps


def _nearest_indices(transforms, height: int, width: int):
    """Which pixel the op takes: it is asked itself, so that ties fall the same way."""
    parts = transforms.shape[1]
    numbers = tf.range(1.0, height * width + 1.0)
    batch = tf.shape(transforms)[0]
    chosen = tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.tile(
            tf.reshape(numbers, (1, height, width, 1)), (batch * parts, 1, 1, 1)
        ),
        transforms=tf.reshape(transforms, (-1, 8)),
        output_shape=(height, width),
        fill_value=0.0,
        interpolation="NEAREST",
        fill_mode="CONSTANT",
    )
    return tf.cast(tf.reshape(chosen, (-1, parts, height, width)), tf.int32) - 1


def _source_points(transforms, height: int, width: int):
    """Where each output pixel reads: x and y of shape (B, P, h, w)."""
    x = tf.range(width, dtype=tf.float32)
    y = tf.range(height, dtype=tf.float32)[:, None]
    a0, a1, a2, b0, b1, b2, c0, c1 = (
        entry[..., None, None] for entry in tf.unstack(transforms, axis=-1)
    )
    k = c0 * x + c1 * y + 1.0
    # Where k is 0 the op reads a 0; no tap of an infinite point is inside either.
    return (a0 * x + a1 * y + a2) / k, (b0 * x + b1 * y + b2) / k
