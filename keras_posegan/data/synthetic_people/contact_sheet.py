"""One picture of many: rows of identities, columns of their pictures."""

import pathlib

import numpy as np
from PIL import Image, ImageDraw

from keras_posegan import input_error
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import studio as studio_lib
from keras_posegan.pose import skeleton

_ZOOM = 3


def check_path(path: str | pathlib.Path) -> None:
    """Raises `InputError` unless `path` is a new `.png` in an existing folder."""
    path = pathlib.Path(path)
    if path.suffix != ".png":
        raise input_error.InputError(f"--contact_sheet={path}: must end in .png.")
    if path.exists():
        raise input_error.InputError(f"--contact_sheet={path} exists already.")
    if not path.parent.is_dir():
        raise input_error.InputError(
            f"--contact_sheet={path}: there is no folder {path.parent}."
        )


def write_contact_sheet(
    path: str | pathlib.Path,
    people: int,
    pictures: int,
    image_size: tuple[int, int] = (128, 64),
    seed: int = 0,
    keypoints: bool = False,
) -> None:
    """Writes the first pictures of the first people of a seed, three times as large.

    Args:
        path: the PNG file.
        people: how many rows.
        pictures: how many columns.
        image_size: (height, width) of a picture.
        seed: of the data set.
        keypoints: whether to draw the joints and limbs that are annotated.
    """
    studio = studio_lib.Studio(image_size, seed)
    rows = []
    for identity in range(1, people + 1):
        person = person_lib.create_person(seed, identity)
        row = [studio.picture(person, identity, index) for index in range(pictures)]
        rows.append(np.concatenate([_enlarge(p, keypoints) for p in row], axis=1))
    Image.fromarray(np.concatenate(rows)).save(path)


def _enlarge(picture, keypoints):
    """The picture at three times its size, perhaps with its skeleton."""
    height, width, _ = picture.image.shape
    image = Image.fromarray(picture.image).resize(
        (width * _ZOOM, height * _ZOOM), Image.Resampling.BICUBIC
    )
    if keypoints:
        draw = ImageDraw.Draw(image)
        at = (picture.keypoints[:, :2] + 0.5) * _ZOOM
        seen = picture.keypoints[:, 2] > 0
        for a, b in skeleton.LIMBS:
            if seen[a] and seen[b]:
                draw.line((*at[a], *at[b]), fill=(0, 255, 255))
        for (x, y), visible, name in zip(at, seen, skeleton.JOINT_NAMES, strict=True):
            if visible:
                colour = (255, 0, 0) if name.startswith("right") else (0, 255, 0)
                draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=colour)
    return np.asarray(image)
