"""Tests of picture files in the graph: size and keypoints follow, headers are read."""

import io
import struct

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from export import encoded_pictures

SIZE = (32, 16)


@pytest.mark.parametrize(("kind", "bound"), [("PNG", 1), ("JPEG", 3)])
def test_a_picture_of_another_size_is_resized_as_pillow_does(kind, bound):
    # Smooth, so that JPEG keeps it.
    y, x = np.mgrid[:90, :60]
    picture = np.stack([2 * y, 4 * x, 255 - y - x], axis=-1).astype(np.uint8)
    (found,) = encoded_pictures.decode(_file(picture, kind), [], SIZE, "image_bytes")
    expected = Image.fromarray(picture).resize(SIZE[::-1], Image.Resampling.BILINEAR)
    assert found.dtype == tf.uint8
    assert found.shape == (*SIZE, 3)
    assert np.abs(found.numpy().astype(int) - np.asarray(expected)).max() <= bound


def test_a_joint_stays_on_what_it_marks():
    picture = np.zeros((96, 80, 3), np.uint8)
    picture[30:33, 60:65] = 255  # Six by three pixels of the model's 32x16.
    joints = np.array([[62.0, 31.0, 1.0], [np.nan, 7.0, 0.0]], np.float32)
    image, moved = encoded_pictures.decode(
        _file(picture, "PNG"), [joints], SIZE, "image_bytes"
    )
    brightest = np.unravel_index(image.numpy().sum(axis=-1).argmax(), SIZE)
    np.testing.assert_allclose(moved[0], [*brightest[::-1], 1.0], atol=1e-5)
    # By hand: (62 + 0.5) * 16 / 80 - 0.5 and (31 + 0.5) * 32 / 96 - 0.5.
    np.testing.assert_allclose(moved[0], [12.0, 10.0, 1.0], atol=1e-5)
    assert moved[1, 2] == 0.0


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK"])
def test_grey_palette_alpha_and_cmyk_become_rgb(mode):
    picture = Image.new("RGB", (20, 40), (200, 100, 50))
    # Of the palette's own colours, and not mixed from others.
    picture = picture.quantize(4) if mode == "P" else picture.convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    (found,) = encoded_pictures.decode(_file(picture, kind), [], SIZE, "image_bytes")
    expected = picture.convert("RGB").getpixel((0, 0))
    assert np.abs(found.numpy().astype(int) - expected).max() <= 3


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"", "`image_bytes` must hold JPEG or PNG"),
        (b"GIF89a", "`image_bytes` must hold JPEG or PNG"),
        (b"\x89PNG\r\n\x1a\n", "`image_bytes` must hold JPEG or PNG"),
        ((30000, 30000), "`image_bytes` must have 1 to 64000000 pixels"),
        ((2**31 - 1, 2**31 - 1), "`image_bytes` must have 1 to 64000000 pixels"),
        ((-1, -1), "`image_bytes` must have 1 to 64000000 pixels"),
        ((0, 8), "`image_bytes` must have 1 to 64000000 pixels"),
        ((8, 8), "decode_image_bytes"),
        (b"\xff\xd8\xff", "header_of_image_bytes"),
        # A chunk of its own that tells of 10x10 pixels, before the header.
        (
            b"\x89PNG\r\n\x1a\n"
            + struct.pack(">I4sII", 8, b"abCd", 10, 10)
            + struct.pack(">II4sii", 0, 13, b"IHDR", 9000, 9000),
            "`image_bytes` must hold JPEG or PNG",
        ),
    ],
)
def test_a_broken_file_is_refused_by_the_inputs_name(contents, message):
    if isinstance(contents, tuple):  # A header, and nothing behind it.
        width, height = contents
        header = struct.pack(">I4sii5B", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
        contents = b"\x89PNG\r\n\x1a\n" + header + b"0000"
    decode = tf.function(
        lambda file: encoded_pictures.decode(file, [], SIZE, "image_bytes")
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        decode(tf.constant(contents))


def _file(picture, kind):
    buffer = io.BytesIO()
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(buffer, kind, **({"quality": 98} if kind == "JPEG" else {}))
    return tf.constant(buffer.getvalue())
