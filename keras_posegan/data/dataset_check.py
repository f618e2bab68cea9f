"""Finds what is wrong with a data set before a training run does, hours later."""

import os
import pathlib
from collections.abc import Iterable
from concurrent import futures

import numpy as np
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import annotated_pictures, market1501
from keras_posegan.pose import keypoint_files

_SUFFIXES = (".jpg", ".jpeg", ".png")
_FORMATS = ("JPEG", "PNG")  # What the pipeline decodes, whatever the suffix says.
# Threads wait for the disk and for Pillow, which decodes outside Python's lock.
_THREADS = 8


def read_picture(path: str | os.PathLike, image_size: tuple[int, int]) -> np.ndarray:
    """Reads a picture to its last byte.

    Args:
        path: a JPEG or PNG file.
        image_size: `(height, width)` that it must have.

    Returns:
        uint8 `(height, width, 3)`, the grey levels that `pipeline.decode_picture`
        gives too.

    Raises:
        InputError: if the file is missing, damaged, truncated, of another format or
            of another size.
    """
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            # The size is compared first: a picture of a gigapixel is not decoded.
            _check_size(path, picture.size[::-1], image_size)
            if picture.mode == "P":  # Pillow warns of see-through palettes otherwise.
                picture = picture.convert("RGBA")
            return np.asarray(picture.convert("RGB"))
    except input_error.InputError:
        raise
    except FileNotFoundError as error:
        raise input_error.InputError(f"no picture {path}") from error
    except Exception as error:  # A damaged file makes Pillow raise nearly anything.
        reason = " ".join(str(error).split())
        raise input_error.InputError(f"cannot read picture {path}: {reason}") from error


def check_pictures(
    pictures: annotated_pictures.AnnotatedPictures, image_size: tuple[int, int]
) -> None:
    """Makes sure that every picture can be read and has the right size.

    Args:
        pictures: the pictures; 13,000 of Market-1501 take some seconds.
        image_size: `(height, width)` that they must have.

    Raises:
        InputError: naming the first bad picture and how many more there are.
    """
    problems = _picture_problems(pictures.paths, image_size)
    if problems:
        more = f" (and {len(problems) - 1} more bad pictures)" if problems[1:] else ""
        raise input_error.InputError(problems[0] + more)


def check_dataset(
    data_dir: str | os.PathLike, image_size: tuple[int, int]
) -> list[str]:
    """Looks through a data set in Market-1501's layout.

    Reported are: missing folders and files, malformed rows, annotated pictures that
    do not exist, pictures without annotation, unreadable, truncated and wrong-sized
    pictures, and people with pictures in both splits. Files of the picture folders
    that are no pictures by their suffix are left alone.

    Args:
        data_dir: the data set's folder (layout: see `market1501`).
        image_size: `(height, width)` that all pictures must have.

    Returns:
        One line for each problem; empty if the data set is sound.
    """
    if not pathlib.Path(data_dir).is_dir():
        return [f"no folder {data_dir}"]
    problems = []
    people = {}
    for split in market1501.SPLITS:
        names, split_problems = _check_split(data_dir, split, image_size)
        problems += split_problems
        people[split] = {
            market1501.identity(name): name
            for name in names
            if not market1501.is_distractor(name)
        }
    train, test = people["train"], people["test"]
    problems += [
        f"person {person!r} is in both splits: {train[person]} in train, "
        f"{test[person]} in test"
        for person in sorted(train.keys() & test.keys())
    ]
    return problems


def _check_split(
    data_dir: str | os.PathLike, split: str, image_size: tuple[int, int]
) -> tuple[list[str], list[str]]:
    """The names of all pictures of one split, and what is wrong with it."""
    problems = []
    annotations = market1501.annotation_file(data_dir, split)
    try:
        annotated, _, problems = keypoint_files.scan_annotations(annotations)
        if not annotated:
            problems.append(f"no sound rows in {annotations}")
    except input_error.InputError as error:
        annotated = None
        problems.append(str(error))
    folder = market1501.picture_folder(data_dir, split)
    if not folder.is_dir():
        problems.append(f"no folder of pictures {folder}")
        return annotated or [], problems
    present = sorted(
        path.name for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES
    )
    if not present:
        problems.append(f"no pictures in {folder}")
    names = sorted({*present, *(annotated or [])})
    problems += _picture_problems([str(folder / name) for name in names], image_size)
    if annotated is not None:
        problems += [
            f"no annotation of {folder / name} in {annotations}"
            for name in sorted(set(present) - set(annotated))
        ]
    return names, problems


def _picture_problems(paths: Iterable[str], image_size: tuple[int, int]) -> list[str]:
    def problem(path: str) -> str | None:
        try:
            read_picture(path, image_size)
        except input_error.InputError as error:
            return str(error)
        return None

    with futures.ThreadPoolExecutor(_THREADS) as threads:
        return [found for found in threads.map(problem, paths) if found]


def _check_size(
    path: str | os.PathLike, received: tuple[int, int], image_size: tuple[int, int]
) -> None:
    if tuple(received) != tuple(image_size):
        height, width = image_size
        raise input_error.InputError(
            f"picture {path} must be {height} pixels high and {width} wide. "
            f"Received: {received[0]} high, {received[1]} wide"
        )
