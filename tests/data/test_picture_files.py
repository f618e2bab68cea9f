"""Tests of reading users' photos: every kind that is accepted, and each refusal."""

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import picture_files

# 24 wide, 20 high, a colour a quadrant: turning and mirroring it can be seen.
COLOURS = np.array([[[250, 10, 20], [20, 240, 30]], [[30, 40, 230], [245, 235, 60]]])
PIXELS = COLOURS.astype(np.uint8).repeat(10, axis=0).repeat(12, axis=1)


@pytest.fixture
def picture():
    return Image.fromarray(PIXELS)


@pytest.mark.parametrize("suffix", ["png", "webp", "bmp", "tiff", "ppm"])
def test_reads_lossless_kinds_exactly(picture, tmp_path, suffix):
    path = tmp_path / f"photo.{suffix}"
    picture.save(path, **({"lossless": True} if suffix == "webp" else {}))
    read = picture_files.read_any_picture(path)
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, PIXELS)


@pytest.mark.parametrize("suffix", ["jpg", "avif"])
def test_reads_lossy_kinds_nearly(picture, tmp_path, suffix):
    picture.save(tmp_path / f"photo.{suffix}", quality=95)
    read = picture_files.read_any_picture(tmp_path / f"photo.{suffix}")
    assert (
        np.abs(
            read[[3, 3, 16, 16], [3, 20, 3, 20]].astype(int)
            - PIXELS[[3, 3, 16, 16], [3, 20, 3, 20]]
        ).max()
        < 12
    )


# What a viewer does to pixels stored with each EXIF orientation.
ORIENTATIONS = {
    1: lambda x: x,
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.transpose(1, 0, 2),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: x[::-1, ::-1].transpose(1, 0, 2),
    8: lambda x: np.rot90(x, 1),
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_rotation_is_applied(picture, tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(tmp_path / "photo.png", exif=exif)
    np.testing.assert_array_equal(
        picture_files.read_any_picture(tmp_path / "photo.png"),
        ORIENTATIONS[orientation](PIXELS),
    )


def test_the_photo_of_a_phones_mpo_file_is_taken(picture, tmp_path):
    preview = Image.new("RGB", (16, 16))
    picture.save(
        tmp_path / "photo.jpg",
        format="MPO",
        save_all=True,
        append_images=[preview],
        quality=95,
    )
    read = picture_files.read_any_picture(tmp_path / "photo.jpg")
    assert read.shape == PIXELS.shape
    assert read[3, 3, 0] > 200


def test_grey_palette_and_cmyk_become_rgb(picture, tmp_path):
    picture.convert("L").save(tmp_path / "grey.png")
    grey = picture_files.read_any_picture(tmp_path / "grey.png")
    assert grey.shape == PIXELS.shape
    assert np.all(grey == grey[..., :1])

    picture.quantize(4).save(tmp_path / "palette.png")
    np.testing.assert_array_equal(
        picture_files.read_any_picture(tmp_path / "palette.png"), PIXELS
    )

    Image.fromarray(PIXELS).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    printed = picture_files.read_any_picture(tmp_path / "print.jpg").astype(int)
    assert np.abs(printed[3, 3] - PIXELS[3, 3]).max() < 12

    picture.convert("1").save(tmp_path / "fax.png")
    assert set(np.unique(picture_files.read_any_picture(tmp_path / "fax.png"))) == {
        0,
        255,
    }


def test_what_is_see_through_shows_white(tmp_path):
    alpha = np.zeros((20, 24, 1), np.uint8)
    alpha[:10] = 255
    alpha[10:, :12] = 51  # A fifth of the colour, four fifths of the paper.
    rgba = np.concatenate([PIXELS, alpha], axis=-1)
    expected = np.round(PIXELS * (alpha / 255) + 255 * (1 - alpha / 255))
    Image.fromarray(rgba).save(tmp_path / "alpha.png")
    read = picture_files.read_any_picture(tmp_path / "alpha.png")
    assert np.abs(read - expected).max() <= 1

    palette = Image.fromarray(PIXELS).quantize(4)
    index = palette.getpixel((0, 0))
    palette.save(tmp_path / "palette.png", transparency=index)
    read = picture_files.read_any_picture(tmp_path / "palette.png")
    np.testing.assert_array_equal(read[0, 0], [255, 255, 255])
    np.testing.assert_array_equal(read[19, 23], PIXELS[19, 23])


@pytest.mark.parametrize("suffix", ["png", "tiff", "pgm"])
def test_16_bits_are_scaled_to_8(tmp_path, suffix):
    values = np.linspace(0, 65535, 20 * 24).round().astype(np.uint16).reshape(20, 24)
    Image.fromarray(values).save(tmp_path / f"deep.{suffix}")
    read = picture_files.read_any_picture(tmp_path / f"deep.{suffix}")
    expected = np.round(values / 65535 * 255)
    np.testing.assert_array_equal(read, np.stack([expected] * 3, axis=-1))


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tiff"])
def test_an_animation_is_refused(picture, tmp_path, suffix):
    path = tmp_path / f"moving.{suffix}"
    other = Image.new("RGB", picture.size)
    picture.save(path, save_all=True, append_images=[other, picture])
    with pytest.raises(input_error.InputError, match="of 3 pictures") as caught:
        picture_files.read_any_picture(path)
    assert str(path) in str(caught.value)


def test_a_gif_of_one_picture_is_read(picture, tmp_path):
    picture.save(tmp_path / "still.gif")
    read = picture_files.read_any_picture(tmp_path / "still.gif")
    np.testing.assert_array_equal(read, PIXELS)


def _save_half(path):
    noise = np.random.default_rng(0).integers(0, 256, (20, 24, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:700])


def _save_huge(path):
    Image.new("1", (30_000, 10_000)).save(path)


def _save_large(path):  # Where Pillow warns only.
    Image.new("1", (10_000, 10_000)).save(path)


@pytest.mark.parametrize(
    ("save", "message"),
    [
        (lambda path: None, "no picture"),
        (lambda path: path.mkdir(), "cannot read picture"),
        (
            lambda path: path.write_bytes(b"%PDF-1.4 no picture"),
            "no picture of a known",
        ),
        (lambda path: path.write_bytes(b""), "no picture of a known"),
        (_save_half, "cannot read picture"),
        (_save_huge, "89,478,485 pixels"),
        (_save_large, "89,478,485 pixels"),
        (
            lambda path: Image.new("RGB", (40, 15)).save(path),
            "at least 16 pixels wide and high. Received: 40 wide, 15 high",
        ),
        (
            lambda path: Image.new("F", (24, 20)).save(path, format="TIFF"),
            "floating point",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, save, message):
    path = tmp_path / "photo.png"
    save(path)
    with pytest.raises(input_error.InputError, match=message) as caught:
        picture_files.read_any_picture(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
