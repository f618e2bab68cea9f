"""Reads films frame by frame: GIF and WebP with Pillow, all others with ffmpeg."""

import contextlib
import logging
import os
import pathlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from keras_posegan import input_error
from keras_posegan.data import picture_files

_OF_PILLOW = (".gif", ".webp", ".png", ".apng")
# ffmpeg's own figures of length and rate are rounded; this much less is not.
_COMPLETE = 0.95


def read_film(path: str | os.PathLike) -> Iterator[tuple[np.ndarray, float]]:
    """Yields a film's frames.

    Args:
        path: a GIF, WebP or PNG, animated or not, or anything that ffmpeg reads.

    Yields:
        `(frame, seconds)`: uint8 (H, W, 3), and how long it is shown; 0 if the file
        does not say.

    Raises:
        InputError: if the file is missing, damaged or truncated, is no film, or needs
            the package imageio-ffmpeg.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise input_error.InputError(f"no film {path}")
    is_pillows = path.suffix.lower() in _OF_PILLOW
    read = _read_with_pillow if is_pillows else _read_with_ffmpeg
    try:
        yield from read(path)
    except (input_error.InputError, GeneratorExit):
        raise
    except Exception as error:  # A damaged file makes both raise nearly anything.
        reason = " ".join(str(error).split())[-300:]
        raise input_error.InputError(
            f"film {path}: damaged, truncated or no film: {reason}"
        ) from error


def load_ffmpeg(needed_for: str):
    """The module imageio_ffmpeg, or an InputError that says how to get it."""
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise input_error.InputError(
            f"{needed_for}: needs ffmpeg: pip install imageio-ffmpeg"
        ) from error
    # It warns of films that are stored turned, as those of phones.
    logging.getLogger("imageio_ffmpeg").setLevel(logging.ERROR)
    return imageio_ffmpeg


def _read_with_pillow(path):
    with Image.open(path) as film:
        # Cut off between two frames, Pillow would not notice.
        if film.format == "GIF" and not path.read_bytes().rstrip(b"\0").endswith(b";"):
            raise ValueError("a GIF needs its end mark")
        for frame in ImageSequence.Iterator(film):
            pixels = picture_files.to_rgb(ImageOps.exif_transpose(frame))
            # Known once the frame is decoded.
            yield pixels, frame.info.get("duration", 0) / 1000


def _read_with_ffmpeg(path):
    ffmpeg = load_ffmpeg(f"film {path}")
    with contextlib.closing(ffmpeg.read_frames(path)) as look:
        rate = next(look)["fps"]
    # At a steady rate: phones film at a varying one.
    frames = ffmpeg.read_frames(path, output_params=["-r", str(rate)] if rate else [])
    properties = next(frames)
    width, height = properties["size"]
    count = 0
    for frame in frames:
        count += 1
        frame = np.frombuffer(frame, np.uint8).reshape(height, width, 3)
        yield frame, 1 / rate if rate else 0.0
    expected = properties["duration"] * rate
    if not count or count + 1 < _COMPLETE * expected:
        raise input_error.InputError(
            f"film {path}: truncated: {count} of about {round(expected)} frames can "
            "be read"
        )
