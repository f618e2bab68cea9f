"""What a served model asks of its inputs, checked in the graph.

A server feeds a graph whatever it is sent: it compares neither shapes nor values with
the signature. Each check here ends a bad request with INVALID_ARGUMENT and a message
that names the input, before anything is computed from it.
"""

import tensorflow as tf

# One request must not take the server's memory: a paper-size generator needs 13 MB of
# one feature map a picture.
MAX_PICTURES = 128


def checked_shape(value, name: str, shape: tuple[int | None, ...]):
    """Passes a tensor on if it has a shape, whatever was fed.

    Args:
        value: a tensor of unknown rank.
        name: the input's name in the signature.
        shape: the sizes asked for. None is a number of examples B, and after it of
            poses T, each from 1 to `MAX_PICTURES`.

    Returns: the tensor, its shape known as far as `shape` says.
    """
    letters = ["B", "T"][: shape.count(None)]
    limit = f"{' and '.join(letters)} from 1 to {MAX_PICTURES}"
    sizes = ", ".join(str(size or letters.pop(0)) for size in shape)
    wanted = f"Input `{name}` must have shape ({sizes}), {limit}."
    received = tf.shape(value)
    value = _checked(value, tf.equal(tf.size(received), len(shape)), wanted, received)
    # Only now is it safe to compare size by size.
    received = tf.shape(value)
    is_free = tf.constant([size is None for size in shape])
    fixed = tf.constant([size or 0 for size in shape])
    is_some = is_free & (received >= 1) & (received <= MAX_PICTURES)
    is_right = tf.reduce_all(is_some | (~is_free & tf.equal(received, fixed)))
    value = _checked(value, is_right, wanted, received)
    return tf.ensure_shape(value, shape)


def checked_batch(value, name: str, other, other_name: str):
    """Passes a tensor on if it has as many examples as another."""
    received, wanted = tf.shape(value)[0], tf.shape(other)[0]
    message = f"Input `{name}` must have as many examples as `{other_name}`."
    sizes = tf.stack([received, wanted])
    return _checked(value, tf.equal(received, wanted), message, sizes)


def checked_poses(keypoints, name: str, image_size: tuple[int, int]):
    """Passes keypoints on if a pose can be computed from each.

    `visible` is 0 or 1, and a visible joint is a point of the picture or near it: at
    most the picture's own width or height beyond its border. What stands at an
    invisible joint does not matter, NaN included. A pose without a torso, or without
    any joint, is fine: parts that cannot be mapped contribute nothing.

    Args:
        keypoints: float32 (..., 18, 3), x and y in pixels of the model's picture.
        name: the input's name in the signature.
        image_size: (height, width) of the model's picture.
    """
    height, width = image_size
    points, visible = keypoints[..., :2], keypoints[..., 2]
    is_flag = tf.equal(visible, 0.0) | tf.equal(visible, 1.0)
    keypoints = _checked(
        keypoints,
        tf.reduce_all(is_flag),
        f"Input `{name}` must have visibilities (third numbers) of 0 or 1.",
        _first(visible, ~is_flag),
    )
    extent = tf.constant([width, height], tf.float32)
    # A comparison with NaN is false.
    is_near = tf.reduce_all((points >= -extent) & (points <= 2.0 * extent), axis=-1)
    is_usable = is_near | tf.equal(visible, 0.0)
    return _checked(
        keypoints,
        tf.reduce_all(is_usable),
        f"Input `{name}` must have every visible joint at most one width or height "
        f"outside the picture ({width} x {height} after resizing).",
        _first(points, ~is_usable),
    )


def without_padding(keypoints):
    """Makes the poses invisible that a batching server has added to shorter requests.

    It repeats one number of the request (TensorFlow Serving's `batching_util.cc`), as
    coordinates and as visibility; a request's own first pose is never of its making.

    Args:
        keypoints: float32 (B, T, 18, 3).
    """
    first = keypoints[..., :1, :1]
    both_nan = tf.math.is_nan(keypoints) & tf.math.is_nan(first)
    is_same = tf.equal(keypoints, first) | both_nan
    is_padding = tf.reduce_all(is_same, axis=[-2, -1], keepdims=True)
    is_later = tf.range(tf.shape(keypoints)[1])[:, tf.newaxis, tf.newaxis] > 0
    return tf.where(is_padding & is_later, 0.0, keypoints)


def _checked(value, condition, message, received):
    """The value, once the condition holds."""
    # All of a shape is shown, not its first three sizes.
    check = tf.debugging.Assert(
        condition, [f"{message} Received:", received], summarize=8
    )
    with tf.control_dependencies([check]):
        return tf.identity(value)


def _first(values, is_bad):
    """The first of the values that are bad, to be shown."""
    return tf.boolean_mask(values, is_bad)[:1]
