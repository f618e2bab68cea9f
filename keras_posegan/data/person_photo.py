"""A user's photo of a person, cut to what the generator takes, and put back."""

import dataclasses
import os
import pathlib

import numpy as np
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import picture_files
from keras_posegan.pose import crop_box, keypoint_files, people


@dataclasses.dataclass(frozen=True)
class PersonPhoto:
    """A person as the generator takes them, and where in the photo they stand.

    Args:
        photo: uint8 (H, W, 3), the whole photo.
        picture: uint8, of the generator's size: the photo itself if it has that
            size, else the resized cut of `box`.
        keypoints: float32 (18, 3), in pixels of `picture`.
        box: the cut; None where `picture` is the photo.
    """

    photo: np.ndarray
    picture: np.ndarray
    keypoints: np.ndarray
    box: crop_box.CropBox | None

    def paste_back(self, picture: np.ndarray) -> np.ndarray:
        """The photo with `picture`, of the generator's size, in the cut's place."""
        if self.box is None:
            return picture
        pasted = Image.fromarray(self.photo)
        size = (self.box.width, self.box.height)
        cut = Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)
        pasted.paste(cut, (self.box.left, self.box.top))  # Pillow drops what is over.
        return np.asarray(pasted)


def read_person(
    path: str | os.PathLike,
    keypoints: str,
    image_size: tuple[int, int],
    estimate: people.Estimate,
) -> PersonPhoto:
    """Reads a photo of a person.

    Args:
        path: of the photo, see `picture_files.read_any_picture`.
        keypoints: the person's pose in the photo's pixels, see
            `keypoint_files.read_keypoints`; empty: estimated.
        image_size: (height, width) of the generator's pictures. A photo of this size
            is taken as it is; any other is cut around the person, see
            `crop_box.person_box`, its edge pixels repeated where the cut reaches
            over them.
        estimate: finds the pose. Of several people the largest and most central one
            is taken, and a line says so: `people.find_people`.

    Raises:
        InputError: if a file cannot be read, or shows nobody.
    """
    photo = picture_files.read_any_picture(path)
    pose = _pose_in(photo, path, keypoints, estimate)
    return cut_person(photo, pose, image_size, path)


def cut_person(
    photo: np.ndarray,
    keypoints: np.ndarray,
    image_size: tuple[int, int],
    name: str | os.PathLike,
) -> PersonPhoto:
    """Cuts a person out of a photo, as `read_person` does.

    Args:
        photo: uint8 (H, W, 3).
        keypoints: float32 (18, 3), in the photo's pixels.
        image_size: (height, width) of the generator's pictures.
        name: what an error calls the photo.

    Raises:
        InputError: if no joint is visible, or the joints lie outside the photo: one
            of them farther than the photo's own size, or their whole cut.
    """
    _check_near(photo, keypoints, name)
    if photo.shape[:2] == tuple(image_size):
        return PersonPhoto(photo, photo, keypoints, None)
    box = _box(keypoints, image_size, photo.shape[:2], name)
    picture = _cut(photo, box, image_size, name)
    return PersonPhoto(photo, picture, box.to_crop(keypoints, image_size), box)


def read_pose(
    picture: str,
    keypoints: str,
    image_size: tuple[int, int],
    estimate: people.Estimate,
) -> np.ndarray:
    """Reads the pose to draw, in pixels of the generator's picture.

    Args:
        picture: a photo of somebody in that pose, treated as in `read_person`; empty:
            there are keypoints alone. They are taken as pixels of the generator's
            picture if three quarters of the joints lie in it, and else cut out as
            from a photo.
        keypoints: see `keypoint_files.read_keypoints`; empty: estimated.
        image_size: (height, width) of the generator's pictures.
        estimate: finds the pose.

    Returns:
        float32 (18, 3).

    Raises:
        InputError: if a file cannot be read, or shows nobody.
    """
    if not picture:
        pose = keypoint_files.read_keypoints(keypoints)
        return to_generator_pixels(pose, image_size, keypoints)
    photo = picture_files.read_any_picture(picture)
    pose = _pose_in(photo, picture, keypoints, estimate)
    name = keypoints or picture
    return to_generator_pixels(pose, image_size, name, photo.shape[:2])


def to_generator_pixels(
    keypoints: np.ndarray,
    image_size: tuple[int, int],
    name: str,
    picture_size: tuple[int, int] | None = None,
) -> np.ndarray:
    """Moves poses to pixels of the generator's picture; `read_pose` has the rule.

    Args:
        keypoints: (..., 18, 3); of several poses one cut is made.
        image_size: (height, width) of the generator's pictures.
        name: what an error calls the keypoints.
        picture_size: (height, width) of their own picture; None if unknown.

    Returns:
        float32 (..., 18, 3).

    Raises:
        InputError: if no joint is visible.
    """
    if picture_size is None:
        is_moved = crop_box.lies_within(keypoints, image_size)
    else:
        is_moved = tuple(picture_size) == tuple(image_size)
    if is_moved:
        return np.asarray(keypoints, np.float32)
    box = _box(keypoints, image_size, picture_size, name)
    return box.to_crop(keypoints, image_size)


def _pose_in(photo, path, keypoints, estimate):
    if keypoints:
        return keypoint_files.read_keypoints(keypoints, pathlib.Path(path).name)
    found = people.find_people(photo, estimate)
    if not found:
        raise input_error.InputError(f"no person found in {path}")
    if len(found) > 1:
        print(
            f"{path}: {len(found)} people; taken is the largest and most central one",
            flush=True,
        )
    return found[0].keypoints


def _box(pose, image_size, picture_size, name):
    try:
        return crop_box.person_box(pose, image_size, picture_size)
    except ValueError as error:
        raise input_error.InputError(f"{name}: no joint is visible") from error


def _check_near(photo, keypoints, path):
    """The servers' rule; it also bounds the cut."""
    extent = np.array(photo.shape[1::-1])
    points = keypoints[keypoints[:, 2] > 0, :2]
    if not np.all((points >= -extent) & (points <= 2 * extent)):
        raise _outside(photo, path)


def _outside(photo, path):
    height, width = photo.shape[:2]
    return input_error.InputError(
        f"{path} is {width} pixels wide and {height} high; the keypoints lie outside "
        "of it"
    )


def _cut(photo, box, image_size, path):
    """The box's pixels, resized."""
    rows = np.arange(box.top, box.top + box.height)
    columns = np.arange(box.left, box.left + box.width)
    height, width = photo.shape[:2]
    if not (
        np.any((rows >= 0) & (rows < height))
        and np.any((columns >= 0) & (columns < width))
    ):
        raise _outside(photo, path)
    rows, columns = rows.clip(0, height - 1), columns.clip(0, width - 1)
    cut = Image.fromarray(photo[rows[:, None], columns])
    # Pillow's bicubic averages over what it makes smaller.
    return np.asarray(cut.resize(image_size[::-1], Image.Resampling.BICUBIC))
