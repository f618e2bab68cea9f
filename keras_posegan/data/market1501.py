"""Market-1501 in its own layout and names, with the field's keypoint annotations.

    data_dir/
      bounding_box_train/0002_c1s1_000451_03.jpg ...
      bounding_box_test/...
      market-annotation-train.csv
      market-annotation-test.csv

A name begins with the person's identity. `-1` (junk) and `0000` (distractors) are no
identities: many people share them.
"""

import os
import pathlib

from keras_posegan import input_error
from keras_posegan.data import annotated_pictures
from keras_posegan.pose import keypoint_files

SPLITS = ("train", "test")
_DISTRACTORS = ("-1", "0000")


def load(
    data_dir: str | os.PathLike, split: str
) -> annotated_pictures.AnnotatedPictures:
    """Loads the annotated pictures of one split; the pictures stay on disk.

    Pictures without a row in the annotations are left out: `dataset_check` reports
    them.

    Args:
        data_dir: the data set's folder.
        split: "train" or "test".

    Returns:
        The pictures, in the order of the annotation file.

    Raises:
        InputError: if the folder or the annotations are missing, malformed or empty,
            or an annotated picture does not exist.
    """
    folder = picture_folder(data_dir, split)
    if not folder.is_dir():
        raise input_error.InputError(f"no folder of pictures {folder}")
    annotations = annotation_file(data_dir, split)
    names, keypoints = keypoint_files.read_annotations(annotations)
    if not names:
        raise input_error.InputError(f"empty data set: no rows in {annotations}")
    present = {path.name for path in folder.iterdir()}
    absent = [name for name in names if name not in present]
    if absent:
        more = f" (and {len(absent) - 1} more)" if absent[1:] else ""
        raise input_error.InputError(
            f"{annotations} annotates {absent[0]!r}{more}, which is not in {folder}"
        )
    return annotated_pictures.AnnotatedPictures(folder, tuple(names), keypoints)


def picture_folder(data_dir: str | os.PathLike, split: str) -> pathlib.Path:
    """Where a split's pictures lie."""
    _check_split(split)
    return pathlib.Path(data_dir) / f"bounding_box_{split}"


def annotation_file(data_dir: str | os.PathLike, split: str) -> pathlib.Path:
    """Where a split's keypoints stand."""
    _check_split(split)
    return pathlib.Path(data_dir) / f"market-annotation-{split}.csv"


def identity(name: str) -> str:
    """Who a picture shows: its name up to the first underscore."""
    return name.split("_", 1)[0]


def is_distractor(name: str) -> bool:
    """Whether a picture shows no identity of the data set."""
    return identity(name) in _DISTRACTORS


def _check_split(split: str) -> None:
    if split not in SPLITS:
        raise ValueError(f"`split` must be one of {SPLITS}. Received: split={split!r}")
