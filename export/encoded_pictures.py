"""JPEG and PNG files inside a served graph."""

import tensorflow as tf

# What phone cameras take at most; decoded, three bytes each.
MAX_PIXELS = 64_000_000
# The header chunk comes first, always: a decoder would find it later, too.
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_JPEG = b"\xff\xd8\xff"
# Signature, length and name of the first chunk, then width and height.
_PNG_SIZE_AT, _PNG_HEADER = 16, 24


def decode(contents, keypoints, image_size: tuple[int, int], name: str):
    """Reads one picture file of any size, and moves keypoints along with it.

    The picture is stretched to the model's size: what else should become of its
    shape is for the client to say, by a crop.

    Args:
        contents: string scalar, a JPEG or PNG file. The orientation that a camera may
            have noted in it is not applied: keypoints are of the pixels as stored.
        keypoints: a list of float32 (..., 3), pixels of that picture.
        image_size: (height, width) of the model.
        name: the input's name in the signature. A message about it has the name in
            it: ours in its text, the decoder's in that of the node.

    Returns: a list of uint8 (height, width, 3) and the keypoints in its pixels.
    """
    size = _checked_size(contents, name)
    with tf.control_dependencies([size]):
        # The decoder takes PNG too, whatever its name says.
        picture = tf.io.decode_jpeg(contents, channels=3, name=f"decode_{name}")
    resized = tf.image.resize(picture, image_size, antialias=True)
    resized = tf.cast(tf.round(resized), tf.uint8)
    factor = tf.cast(image_size, tf.float32) / tf.cast(size, tf.float32)
    # From (y, x) to the (x, y, visible) of keypoints.
    factor = tf.stack([factor[1], factor[0], 1.0])
    half = tf.constant([0.5, 0.5, 0.0])  # 0 is the centre of the first pixel.
    return [resized, *((each + half) * factor - half for each in keypoints)]


def _checked_size(contents, name):
    """Height and width, int32 (2,), from the header alone."""
    start = tf.strings.substr(contents, 0, len(_PNG))
    is_png = tf.equal(start, _PNG) & (tf.strings.length(contents) >= _PNG_HEADER)
    is_jpeg = tf.equal(tf.strings.substr(start, 0, len(_JPEG)), _JPEG)
    is_known = tf.debugging.Assert(
        is_png | is_jpeg,
        # The length alone: bytes that are no text would break the message's encoding.
        [
            f"Input `{name}` must hold JPEG or PNG files. Received other bytes:",
            tf.strings.length(contents),
        ],
    )
    with tf.control_dependencies([is_known]):
        size = tf.cond(
            is_png,
            lambda: _png_size(contents),
            lambda: tf.image.extract_jpeg_shape(contents, name=f"header_of_{name}")[:2],
        )
    pixels = tf.reduce_prod(tf.cast(size, tf.int64))
    is_small = tf.reduce_all(size > 0) & (pixels <= MAX_PIXELS)
    check = tf.debugging.Assert(
        is_small,
        [f"Input `{name}` must have 1 to {MAX_PIXELS} pixels. Received (h, w):", size],
    )
    with tf.control_dependencies([check]):
        return tf.identity(size)


def _png_size(contents):
    length = _PNG_HEADER - _PNG_SIZE_AT
    numbers = tf.strings.substr(contents, _PNG_SIZE_AT, length)
    return tf.io.decode_raw(numbers, tf.int32, little_endian=False)[::-1]
