"""Writes a data set of people who do not exist, in Market-1501's layout."""

import json
import pathlib
import shutil

import numpy as np
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import studio as studio_lib
from keras_posegan.pose import keypoint_files

MARKER = "synthetic_people.json"
MAX_IDENTITIES = 9999  # Names have four digits.


def write_dataset(
    output_dir: str | pathlib.Path,
    identities: int,
    test_identities: int,
    pictures_per_identity: int,
    image_size: tuple[int, int] = (128, 64),
    seed: int = 0,
) -> None:
    """Writes pictures and annotations; the same arguments give the same bytes.

    People 1 to `identities` are for training, the next `test_identities` for
    testing: nobody is in both. A folder that this function wrote with the same
    arguments may be written again; any other that is not empty is refused.

    Args:
        output_dir: gets `bounding_box_train/`, `bounding_box_test/`,
            `market-annotation-train.csv`, `market-annotation-test.csv` and
            `synthetic_people.json` (these arguments).
        identities: int >= 1.
        test_identities: int >= 0; both together at most 9999.
        pictures_per_identity: int >= 1.
        image_size: (height, width) in pixels, each >= 32.
        seed: int >= 0.

    Raises:
        ValueError: if an argument is out of its range.
        InputError: if `output_dir` holds something else.
    """
    settings = {
        "identities": identities,
        "test_identities": test_identities,
        "pictures_per_identity": pictures_per_identity,
        "image_height": image_size[0],
        "image_width": image_size[1],
        "seed": seed,
    }
    _check(settings)
    output_dir = pathlib.Path(output_dir)
    _claim(output_dir, settings)
    studio = studio_lib.Studio(image_size, seed)
    last = identities + test_identities
    for split, people in (
        ("train", range(1, identities + 1)),
        ("test", range(identities + 1, last + 1)),
    ):
        folder = output_dir / f"bounding_box_{split}"
        folder.mkdir(exist_ok=True)
        rows = [keypoint_files.HEADER]
        for identity in people:
            person = person_lib.create_person(seed, identity)
            for index in range(pictures_per_identity):
                picture = studio.picture(person, identity, index)
                Image.fromarray(picture.image).save(
                    folder / picture.name, quality=picture.jpeg_quality
                )
                rows.append(annotation_row(picture.name, picture.keypoints))
        annotations = output_dir / f"market-annotation-{split}.csv"
        annotations.write_text("\n".join(rows) + "\n")


def annotation_row(name: str, keypoints: np.ndarray) -> str:
    """The field's CSV row: `name: [18 y]: [18 x]`, integers, -1 for missing."""
    places = np.where(keypoints[:, 2:] > 0, np.floor(keypoints[:, :2] + 0.5), -1)
    x, y = places.astype(int).T.tolist()
    return f"{name}: {y}: {x}"


def _check(settings):
    """Refuses arguments that are out of range."""
    lowest = {
        "identities": 1,
        "test_identities": 0,
        "pictures_per_identity": 1,
        "image_height": 32,
        "image_width": 32,
        "seed": 0,
    }
    for name, low in lowest.items():
        if settings[name] < low:
            raise ValueError(
                f"`{name}` must be at least {low}. Received: {name}={settings[name]}"
            )
    people = settings["identities"] + settings["test_identities"]
    if people > MAX_IDENTITIES:
        raise ValueError(
            "`identities` and `test_identities` together must be at most "
            f"{MAX_IDENTITIES}. Received: {people}"
        )
    if settings["pictures_per_identity"] > 9999:
        raise ValueError(
            "`pictures_per_identity` must be at most 9999. Received: "
            f"pictures_per_identity={settings['pictures_per_identity']}"
        )


def _claim(output_dir, settings):
    """Makes the folder ours, or refuses it."""
    marker = output_dir / MARKER
    text = json.dumps(settings, indent=2) + "\n"
    if output_dir.exists() and not output_dir.is_dir():
        raise input_error.InputError(f"--output_dir={output_dir}: not a folder.")
    if marker.is_file():
        if marker.read_text() != text:
            raise input_error.InputError(
                f"--output_dir={output_dir} holds synthetic people made with other "
                f"settings ({MARKER}): choose another folder or remove this one."
            )
        for split in ("train", "test"):
            shutil.rmtree(output_dir / f"bounding_box_{split}", ignore_errors=True)
    elif output_dir.is_dir() and any(output_dir.iterdir()):
        raise input_error.InputError(
            f"--output_dir={output_dir} is not empty and was not written by this "
            "program: choose another folder."
        )
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
        marker.write_text(text)
    except OSError as error:
        raise input_error.InputError(
            f"--output_dir={output_dir} cannot be written: {error.strerror}."
        ) from error
