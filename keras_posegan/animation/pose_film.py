"""The poses of a moving person, from whatever they stand in."""

import dataclasses
import json
import math
import os
import pathlib
import re

import numpy as np

from keras_posegan import input_error, progress_line
from keras_posegan.animation import films
from keras_posegan.data import picture_files
from keras_posegan.pose import keypoint_files, keypoint_json, people, skeleton

SLOWEST = 0.1  # Frames per second; no frame of a GIF lasts for over 11 minutes.


@dataclasses.dataclass(frozen=True)
class PoseFilm:
    """One person's pose, frame by frame.

    Args:
        keypoints: float32 (frames, 18, 3), in pixels of the frames.
        is_known: bool (frames,): whether the frame's pose is known; the keypoints of
            the others mean nothing.
        faults: one line for each frame whose pose is not known.
        frames_per_second: 0 if unknown.
        frame_size: (height, width) of the frames, of the highest if they differ; None
            if unknown.
    """

    keypoints: np.ndarray
    is_known: np.ndarray
    faults: tuple[str, ...]
    frames_per_second: float
    frame_size: tuple[int, int] | None = None


def read(path: str | os.PathLike, estimate: people.Estimate) -> PoseFilm:
    """Reads the poses of a film.

    A frame that cannot be read or shows nobody becomes one of the faults. A progress
    line is shown while poses are estimated.

    Args:
        path: one of
            - a folder of pictures, or of OpenPose's JSON files, one a frame, in the
              order of their names (numbers in them count as numbers); if it holds
              both, the JSON files are taken;
            - a film, see `films.read_film`;
            - a JSON file: a list of poses, or `{"frames_per_second": 25, "poses":
              [...]}`; a pose is whatever `keypoint_json.parse` takes, or null where
              there is none;
            - an annotation CSV, one row a frame, in its order.
        estimate: finds the pose in a picture; one of one person, as nothing ties
            the people of a frame to those of the next.

    Raises:
        InputError: if nothing can be read, or no frame has a pose.
    """
    path = pathlib.Path(path)
    suffix = path.suffix.lower()
    rate, size = 0.0, None
    if path.is_dir():
        poses, size = _of_folder(path, estimate)
    elif suffix == ".csv":
        names, figures = keypoint_files.read_annotations(path)
        poses = [
            _visible(f"{path}, {name}", figure)
            for name, figure in zip(names, figures, strict=True)
        ]
    elif suffix == ".json":
        poses, rate = _of_json(path)
    else:
        poses, rate, size = _of_film(path, estimate)
    if not poses:
        raise input_error.InputError(f"{path} has no frames")
    is_known = np.array([not isinstance(pose, str) for pose in poses])
    faults = [pose for pose in poses if isinstance(pose, str)]
    if not is_known.any():
        more = f" (and {len(faults) - 1} more bad frames)" if faults[1:] else ""
        raise input_error.InputError(faults[0] + more)
    nobody = np.zeros((skeleton.NUM_JOINTS, 3), np.float32)
    keypoints = [nobody if isinstance(pose, str) else pose for pose in poses]
    return PoseFilm(np.float32(keypoints), is_known, tuple(faults), rate, size)


def write(
    path: str | os.PathLike, keypoints: np.ndarray, frames_per_second: float
) -> None:
    """Writes a JSON file that `read` reads, to a thousandth of a pixel.

    Args:
        path: the file; what was there is replaced.
        keypoints: (frames, 18, 3): x, y in pixels, visible.
        frames_per_second: how fast they follow each other.
    """
    lines = ",\n".join(
        json.dumps(
            {
                name: [round(float(joint[0]), 3), round(float(joint[1]), 3)]
                for name, joint in zip(skeleton.JOINT_NAMES, pose, strict=True)
                if joint[2] > 0
            }
        )
        for pose in keypoints
    )
    pathlib.Path(path).write_text(
        f'{{"frames_per_second": {frames_per_second:g}, "poses": [\n{lines}\n]}}\n',
        encoding="utf-8",
    )


def _of_folder(folder, estimate):
    """A pose or the line of a fault for each file, and the pictures' size or None."""
    files = sorted((file for file in folder.iterdir() if file.is_file()), key=_by_name)
    figures = [file for file in files if file.suffix.lower() == ".json"]
    if figures:
        return [_read(file) for file in figures], None
    files = [file for file in files if file.suffix.lower() in picture_files.SUFFIXES]
    progress = progress_line.ProgressLine("pose", len(files))
    poses, sizes = [], set()
    for file in files:
        try:
            picture = picture_files.read_any_picture(file)
        except input_error.InputError as error:
            poses.append(str(error))
        else:
            poses.append(_estimated(file, picture, estimate))
            sizes.add(picture.shape[:2])
        progress.advance()
    return poses, max(sizes, default=None)


def _by_name(file):
    """`frame10` after `frame9`."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", file.name)
    ]


def _of_film(path, estimate):
    """Poses or faults, the frames per second or 0, and the frames' size."""
    progress = progress_line.ProgressLine("pose", math.inf)
    poses, seconds, size = [], 0.0, None
    for number, (frame, duration) in enumerate(films.read_film(path), start=1):
        poses.append(_estimated(f"{path}, frame {number}", frame, estimate))
        seconds += duration
        size = frame.shape[:2]
        progress.advance()
    progress.finish()
    return poses, len(poses) / seconds if seconds else 0.0, size


def _of_json(path):
    """Poses or faults, and the frames per second or 0."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise input_error.InputError(f"no poses {path}: {error.strerror}") from error
    except ValueError as error:
        raise input_error.InputError(f"{path} is not JSON: {error}") from error
    poses, rate = content, 0.0
    if isinstance(content, dict):
        poses, rate = content.get("poses"), content.get("frames_per_second", 0.0)
    if not isinstance(poses, list):
        raise input_error.InputError(
            f'{path}: needs a list of poses, or {{"frames_per_second": 25, "poses": '
            f"[...]}}. Received: {str(content)[:60]}"
        )
    if type(rate) not in (int, float) or not (rate == 0 or SLOWEST <= rate <= 1000):
        raise input_error.InputError(
            f"{path}: frames_per_second must be {SLOWEST} to 1000, or 0 if unknown. "
            f"Received: {rate!r}"
        )
    return [
        _parsed(f"{path}, pose {number}", pose)
        for number, pose in enumerate(poses, start=1)
    ], float(rate)


def _read(file):
    """The pose in a JSON file, or the line of its fault."""
    try:
        return _visible(file, keypoint_files.read_keypoints(file))
    except input_error.InputError as error:
        return str(error)


def _parsed(name, pose):
    if pose is None:
        return f"{name}: no person"
    try:
        return _visible(name, keypoint_json.parse(pose))
    except ValueError as error:
        return f"{name}: {error}"


def _estimated(name, picture, estimate):
    found = estimate(picture)
    return f"{name}: no person found" if found is None else found.keypoints


def _visible(name, pose):
    return pose if np.any(pose[:, 2] > 0) else f"{name}: no joint is visible"
