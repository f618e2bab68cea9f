"""Pictures with the poses that were found in them, as one picture."""

import os
import pathlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from keras_posegan.data import picture_files
from keras_posegan.pose import drawing, keypoint_files
from tools import picture_sheet

_MOST = 48  # Pictures, and as many again without a person.
_COLUMNS = 12
_CELL = (256, 160)  # Height and width.
_PAPER = (255, 255, 255)


def annotation_sheet(
    folder: str | os.PathLike,
    annotations: str | os.PathLike,
    nobody: Sequence[str] = (),
) -> np.ndarray:
    """Draws a sample of a folder's annotated pictures with their skeletons.

    Args:
        folder: of the pictures.
        annotations: the CSV; of its rows 48 are taken, evenly spread.
        nobody: names of pictures in which no person was found; likewise.

    Returns:
        uint8 (height, width, 3).

    Raises:
        InputError: if the annotations or a picture cannot be read.
        ValueError: if there is no picture at all.
    """
    folder = pathlib.Path(folder)
    names, keypoints = keypoint_files.read_annotations(annotations)
    sections = (
        (f"A person found in {len(names)}", list(zip(names, keypoints, strict=True))),
        (f"No person found in {len(nobody)}", [(name, None) for name in nobody]),
    )
    rows = []
    for heading, figures in sections:
        cells = [
            (name, _cell(picture_files.read_any_picture(folder / name), figure))
            for name, figure in figures[:: max(1, -(-len(figures) // _MOST))]
        ]
        for start in range(0, len(cells), _COLUMNS):
            rows.append((heading if start == 0 else "", cells[start:][:_COLUMNS]))
    return picture_sheet.picture_sheet(rows)


def _cell(picture, keypoints):
    """The picture, as large as fits into the cell, with its skeleton."""
    height, width = picture.shape[:2]
    scale = min(_CELL[0] / height, _CELL[1] / width)
    size = (max(1, round(scale * height)), max(1, round(scale * width)))
    small = np.asarray(
        Image.fromarray(picture).resize(size[::-1], Image.Resampling.BICUBIC)
    )
    if keypoints is not None:
        keypoints = keypoints.copy()
        keypoints[:, :2] = (keypoints[:, :2] + 0.5) * scale - 0.5
        small = drawing.draw_skeleton(keypoints, size, small)
    cell = np.full((*_CELL, 3), _PAPER, np.uint8)
    top, left = (_CELL[0] - size[0]) // 2, (_CELL[1] - size[1]) // 2
    cell[top : top + size[0], left : left + size[1]] = small
    return cell
