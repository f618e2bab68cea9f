"""Writes films: GIF and WebP with Pillow, MP4 with ffmpeg."""

import itertools
import os
import pathlib
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image

from keras_posegan import input_error
from keras_posegan.animation import films

SUFFIXES = (".gif", ".webp", ".mp4")
_TICKS = {".gif": 10, ".webp": 1}  # Milliseconds in which a format counts.
_FASTEST = 50  # Frames per second; a GIF of less than 20 ms a frame plays slowly.
_WEBP_QUALITY = 90
_MP4_QUALITY = 8  # Of imageio-ffmpeg's 1 to 10; 5, its default, smears small pictures.


def check_path(path: str | os.PathLike) -> None:
    """Raises InputError if this film could not be written, before anything is drawn."""
    path = pathlib.Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise input_error.InputError(
            f"--output={path}: needs a name in {', '.join(SUFFIXES)}."
        )
    if not path.parent.is_dir():
        raise input_error.InputError(f"--output={path}: no folder {path.parent}.")
    if path.suffix.lower() == ".mp4":
        films.load_ffmpeg(f"--output={path}")


def enlarge(picture: np.ndarray, times: int) -> np.ndarray:
    """uint8 (H, W, 3) so many times as large, bicubic."""
    if times == 1:
        return picture
    size = (times * picture.shape[1], times * picture.shape[0])
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def write_film(
    path: str | os.PathLike, frames: Iterable[np.ndarray], frames_per_second: float
) -> None:
    """Writes a film that starts over at its end (an MP4 where the player says so).

    The file appears when it is complete.

    Args:
        path: `.gif`, `.webp` or `.mp4`; what was there is replaced.
        frames: uint8 (H, W, 3), all of one size, even in an MP4; at least one.
        frames_per_second: up to 50 in a GIF. A GIF counts in hundredths of a second:
            frames last one more or less, and are right on average.

    Raises:
        InputError: if the film cannot be written.
    """
    path = pathlib.Path(path)
    check_path(path)
    suffix = path.suffix.lower()
    # With the suffix at the end, by which both writers know the format.
    part = path.with_name(f"{path.stem}.part{suffix}")
    try:
        if suffix == ".mp4":
            _write_mp4(part, iter(frames), frames_per_second)
        else:
            _write_with_pillow(part, iter(frames), frames_per_second, suffix)
        part.replace(path)
    except OSError as error:
        raise input_error.InputError(f"--output={path}: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _write_with_pillow(
    path: pathlib.Path, frames: Iterator[np.ndarray], rate: float, suffix: str
) -> None:
    pictures = [Image.fromarray(frame) for frame in frames]
    if suffix == ".gif":
        rate = min(rate, _FASTEST)
    tick = _TICKS[suffix]
    ends = [round(1000 / tick * n / rate) * tick for n in range(len(pictures) + 1)]
    durations = [end - start for start, end in itertools.pairwise(ends)]
    options = {"quality": _WEBP_QUALITY} if suffix == ".webp" else {}
    pictures[0].save(
        path,
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        loop=0,
        **options,
    )


def _write_mp4(path: pathlib.Path, frames: Iterator[np.ndarray], rate: float) -> None:
    first = next(frames)
    writer = films.load_ffmpeg(f"--output={path}").write_frames(
        str(path),
        first.shape[1::-1],
        fps=float(rate),
        quality=_MP4_QUALITY,
        macro_block_size=2,
        ffmpeg_log_level="error",
        output_params=["-movflags", "+faststart"],
    )
    writer.send(None)
    try:
        for frame in itertools.chain([first], frames):
            writer.send(np.ascontiguousarray(frame))
    finally:
        writer.close()  # Waits for ffmpeg.
