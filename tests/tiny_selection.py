"""A tiny run that selects its checkpoint, with people to select it on."""

import dataclasses
import pathlib

import numpy as np

from keras_posegan import config
from keras_posegan.data import market1501, pairs
from tests import tiny_run
from tests.data import drawn_dataset

# All ordered pairs of them are twelve.
VALIDATION_NAMES = tuple(f"0003_c{camera}s1_000001_00.jpg" for camera in range(1, 5))
# The training pictures are those of `tiny_data_dir`, to the byte.
NAMES = {
    **drawn_dataset.NAMES,
    "test": (*drawn_dataset.NAMES["test"], *VALIDATION_NAMES),
}


class FakeClassifier:
    """Three classes, by colour; two features, by position."""

    name = "fake"
    checksum = "0"

    def __init__(self):
        self.batches = []

    def __call__(self, pictures):
        self.batches.append(len(pictures))
        pictures = np.asarray(pictures) / 255
        exponents = np.exp(5 * pictures.mean((1, 2)))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        features = pictures[:, :2, 0, 0]
        return probabilities.astype("float32"), features.astype("float32")


def write(folder: pathlib.Path, select_by: str = "ssim", **train) -> config.RunConfig:
    """Draws the pictures, lists the pairs, and says how to train on them."""
    data_dir = drawn_dataset.write(folder / "data", NAMES)
    pictures = market1501.load(data_dir, "test")
    found = pairs.all_pairs(pictures.names, pictures.keypoints)
    is_validation = found[:, 0] >= len(drawn_dataset.NAMES["test"])
    # Not in the order of the pictures, which a score must keep.
    lists = {"validation": found[is_validation][::-1], "test": found[~is_validation]}
    for name, chosen in lists.items():
        pairs.write_pairs(folder / f"{name}.csv", pictures.names, chosen)
    run = tiny_run.tiny_config(data_dir)
    data = dataclasses.replace(
        run.data,
        test_pairs=str(folder / "test.csv"),
        validation_pairs=str(folder / "validation.csv"),
    )
    options = {
        "select_by": select_by,
        "select_steps": 1,
        "select_classifier": "fake.pb",
        **train,
    }
    return dataclasses.replace(
        run, data=data, train=dataclasses.replace(run.train, **options)
    )
