"""Keypoints on disk: the field's annotation CSV, and one figure from any file.

The CSV has a header and one row a picture, separated by `: `, with the y and x of the
18 joints and -1 for a missing joint (the -1 exists in this file alone):

    name:keypoints_y:keypoints_x
    0001_c1s1_001051_00.jpg: [12, 25, ..., -1]: [38, 29, ..., -1]
"""

import json
import math
import os
import pathlib
import re
from collections.abc import Iterable, Sequence

import numpy as np

from keras_posegan import input_error
from keras_posegan.pose import keypoint_json, skeleton

HEADER = "name:keypoints_y:keypoints_x"
_FARTHEST = 1e6  # No picture is so large; nor could some integers become floats.
_MISSING = -1
# `type`, not `isinstance`: true is no coordinate, although it is an int.
_NUMBERS = {int, float}


def read_annotations(path: str | os.PathLike) -> tuple[list[str], np.ndarray]:
    """Reads an annotation CSV.

    Args:
        path: the CSV (format: see the module).

    Returns:
        `(names, keypoints)`: the pictures' names in the file's order, and float32
        `(pictures, 18, 3)`: x, y in pixels and visible in {0, 1}.

    Raises:
        InputError: if the file cannot be read, or at its first malformed row.
    """
    names, keypoints, errors = scan_annotations(path)
    if errors:
        more = f" (and {len(errors) - 1} more malformed rows)" if errors[1:] else ""
        raise input_error.InputError(errors[0] + more)
    return names, keypoints


def scan_annotations(
    path: str | os.PathLike,
) -> tuple[list[str], np.ndarray, list[str]]:
    """Reads an annotation CSV to its end, collecting what is wrong with it.

    Args:
        path: the CSV (format: see the module).

    Returns:
        `(names, keypoints, errors)`: the sound rows as `read_annotations` returns
        them, and one line `FILE:LINE: what was received` for every other row.

    Raises:
        InputError: if the file cannot be read at all.
    """
    path = pathlib.Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise input_error.InputError(
            f"cannot read annotations {path}: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise input_error.InputError(f"{path} is not a text file: {error}") from error

    errors = []
    has_header = bool(lines) and re.sub(r"\s", "", lines[0]) == HEADER
    if not has_header:
        received = repr(lines[0][:60]) if lines else "an empty file"
        errors.append(f"{path}:1: needs the header {HEADER!r}. Received: {received}")
    rows = {}
    for number, line in enumerate(lines[has_header:], start=1 + has_header):
        if not line.strip():
            continue
        try:
            name, coordinates = _parse_row(line)
            if name in rows:
                raise ValueError(f"picture {name!r} stands in an earlier row too")
        except ValueError as error:
            errors.append(f"{path}:{number}: {error}")
        else:
            rows[name] = coordinates
    coordinates = np.array(list(rows.values()), np.float32)
    coordinates = coordinates.reshape(len(rows), 2, skeleton.NUM_JOINTS)
    visible = np.all(coordinates != _MISSING, axis=1)
    keypoints = np.stack([coordinates[:, 1], coordinates[:, 0], visible], axis=-1)
    keypoints[~visible] = 0.0
    return list(rows), keypoints, errors


def write_annotations(
    path: str | os.PathLike, names: Sequence[str], keypoints: np.ndarray
) -> None:
    """Writes an annotation CSV, to a thousandth of a pixel.

    As -1 in the file means a missing joint, a visible coordinate of -1 is written as
    -0.999.

    Args:
        path: the CSV to write; what was there is replaced.
        names: see `format_rows`.
        keypoints: see `format_rows`.

    Raises:
        ValueError: see `format_rows`.
    """
    lines = [HEADER, *format_rows(names, keypoints)]
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def format_rows(names: Sequence[str], keypoints: np.ndarray) -> list[str]:
    """The rows of an annotation CSV (`write_annotations`), without line ends.

    Args:
        names: the pictures' names.
        keypoints: `(pictures, 18, 3)`: x, y in pixels and visible.

    Raises:
        ValueError: if there is not one figure a name, or a visible coordinate is not
            a finite number.
    """
    keypoints = np.asarray(keypoints, np.float64)
    expected = (len(names), skeleton.NUM_JOINTS, 3)
    if keypoints.shape != expected:
        raise ValueError(
            f"`keypoints` must have shape {expected}, one figure a name. "
            f"Received: shape={keypoints.shape}"
        )
    visible = keypoints[..., 2:] > 0
    coordinates = np.round(np.where(visible, keypoints[..., :2], 0.0), 3)
    if not np.all(np.isfinite(coordinates)):
        raise ValueError("`keypoints` must be finite where visible.")
    coordinates = np.where(coordinates == _MISSING, _MISSING + 0.001, coordinates)
    coordinates = np.where(visible, coordinates, _MISSING)
    return [
        f"{name}: {_format(figure[:, 1])}: {_format(figure[:, 0])}"
        for name, figure in zip(names, coordinates, strict=True)
    ]


def read_keypoints(
    spec: str | os.PathLike, picture_name: str | None = None
) -> np.ndarray:
    """Reads one figure from whatever kind of keypoint file it stands in.

    Args:
        spec: an annotation CSV, `FILE.csv:NAME.jpg` for one of its rows, or a JSON
            of any form that `keypoint_json.parse` knows: OpenPose's, COCO's, or
            `{"nose": [x, y], ...}`.
        picture_name: which picture's figure is meant, where the file holds several
            pictures and `spec` names no row. A CSV of one row needs none.

    Returns:
        float32 `(18, 3)`: x, y in pixels and visible in {0, 1}.

    Raises:
        InputError: if the file cannot be read, has another number of joints, an
            unknown joint name, or no figure for the picture.
    """
    spec = os.fspath(spec)
    row = re.fullmatch(r"(.+\.csv)(?::(.+))?", spec, flags=re.IGNORECASE | re.DOTALL)
    if row:
        return _read_row(row[1], row[2] or picture_name)
    try:
        text = pathlib.Path(spec).read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except OSError as error:
        raise input_error.InputError(
            f"cannot read keypoints {spec}: {error.strerror}"
        ) from error
    except ValueError as error:
        raise input_error.InputError(
            f"{spec} is neither a keypoint CSV (FILE.csv or FILE.csv:NAME.jpg) nor "
            f"JSON: {error}"
        ) from error
    try:
        return keypoint_json.parse(content, picture_name)
    except ValueError as error:
        raise input_error.InputError(f"{spec}: {error}") from error


def _read_row(path: str, name: str | None) -> np.ndarray:
    names, keypoints = read_annotations(path)
    if name is None and len(names) == 1:
        return keypoints[0]
    if name is None:
        raise input_error.InputError(
            f"{path} has {len(names)} rows: name one as {path}:NAME.jpg"
        )
    if name not in names:
        raise input_error.InputError(f"{path} has no row for picture {name!r}")
    return keypoints[names.index(name)]


def _parse_row(line: str) -> tuple[str, list[list[float]]]:
    """One row to its name and `[y's, x's]`; ValueError says what is wrong."""
    fields = line.split(":")
    if len(fields) != 3:
        raise ValueError(
            f"needs 3 fields as in {HEADER!r}. Received: {len(fields)} in {line[:60]!r}"
        )
    name = fields[0].strip()
    if not name:
        raise ValueError("has no picture name")
    return name, [
        _parse_list("keypoints_y", fields[1]),
        _parse_list("keypoints_x", fields[2]),
    ]


def _parse_list(field: str, text: str) -> list[float]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if type(values) is not list or not {type(value) for value in values} <= _NUMBERS:
        raise ValueError(f"{field} must be a list of numbers. Received: {text[:60]!r}")
    if len(values) != skeleton.NUM_JOINTS:
        raise ValueError(
            f"{field} must have {skeleton.NUM_JOINTS} joints. Received: {len(values)}"
        )
    if not all(abs(value) < _FARTHEST for value in values):
        raise ValueError(
            f"{field} must be finite and below a million. Received: {text[:60]!r}"
        )
    return values


def _format(values: Iterable[float]) -> str:
    texts = (str(int(v)) if v == math.floor(v) else repr(float(v)) for v in values)
    return "[" + ", ".join(texts) + "]"
