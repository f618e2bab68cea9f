"""Pictures of synthetic people, with what they wear and who they are."""

import dataclasses
import json
import pathlib

import numpy as np
from PIL import Image

from keras_posegan import input_error, progress_line
from keras_posegan.data import market1501
from keras_posegan.data.synthetic_people import dataset, person, studio
from tools.people_classifier import garments

_SETTINGS = ("identities", "test_identities", "image_height", "image_width", "seed")


@dataclasses.dataclass(frozen=True)
class LabelledPeople:
    """Pictures and their labels, row by row.

    Args:
        pictures: uint8 (N, H, W, 3).
        people: int32 (N,), 0 for the first person, 1 for the next, ...
        tops: int32 (N,), indices of `garments.TOPS`.
        bottoms: int32 (N,), indices of `garments.BOTTOMS`.
    """

    pictures: np.ndarray
    people: np.ndarray
    tops: np.ndarray
    bottoms: np.ndarray


def read_settings(data_dir: str) -> dict[str, int]:
    """The arguments that `tools.synthesize_people` made a folder with.

    Raises:
        InputError: if it made no such folder: only of its people is it known what
            they wear.
    """
    path = pathlib.Path(data_dir) / dataset.MARKER
    try:
        settings = json.loads(path.read_text())
        return {name: int(settings[name]) for name in _SETTINGS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise input_error.InputError(
            f"--data_dir={data_dir}: must be a folder that tools.synthesize_people "
            f"wrote; its {dataset.MARKER} cannot be read ({error!r})."
        ) from error


def read_people(data_dir: str) -> LabelledPeople:
    """All pictures of a folder that `tools.synthesize_people` wrote, both splits.

    Raises:
        InputError: if the folder is no such one, or a picture is not of its size.
    """
    settings = read_settings(data_dir)
    shape = (settings["image_height"], settings["image_width"], 3)
    paths = sorted(
        path
        for split in market1501.SPLITS
        for path in market1501.picture_folder(data_dir, split).glob("*.jpg")
    )
    if not paths:
        raise input_error.InputError(f"--data_dir={data_dir}: no pictures in it.")
    pictures = []
    for path in paths:
        with Image.open(path) as image:
            pictures.append(np.asarray(image.convert("RGB")))
        if pictures[-1].shape != shape:
            raise input_error.InputError(
                f"{path}: must have the shape {shape}. Received: {pictures[-1].shape}"
            )
    numbers = [int(market1501.identity(path.name)) for path in paths]
    looks = {
        number: person.create_person(settings["seed"], number).appearance
        for number in set(numbers)
    }
    return _labelled(pictures, numbers, looks)


def draw_people(
    settings: dict[str, int], people: int, pictures_per_person: int
) -> LabelledPeople:
    """Draws other people before the same cameras.

    Args:
        settings: of `read_settings`. The people drawn are those that come after the
            people of that folder, so that nobody is in both.
        people: int >= 1.
        pictures_per_person: int >= 1.
    """
    size = settings["image_height"], settings["image_width"]
    cameras = studio.Studio(size, settings["seed"])
    first = settings["identities"] + settings["test_identities"] + 1
    line = progress_line.ProgressLine("people drawn", people)
    pictures, numbers, looks = [], [], {}
    for number in range(first, first + people):
        drawn = person.create_person(settings["seed"], number)
        looks[number] = drawn.appearance
        for index in range(pictures_per_person):
            pictures.append(cameras.picture(drawn, number, index).image)
            numbers.append(number)
        line.advance()
    return _labelled(pictures, numbers, looks)


def _labelled(pictures, numbers, looks) -> LabelledPeople:
    """Pictures with the labels that follow from who they show."""
    order = {number: index for index, number in enumerate(sorted(looks))}

    def column(label):
        return np.array([label(number) for number in numbers], "int32")

    return LabelledPeople(
        pictures=np.stack(pictures),
        people=column(order.get),
        tops=column(lambda number: garments.top(looks[number])),
        bottoms=column(lambda number: garments.bottom(looks[number])),
    )
