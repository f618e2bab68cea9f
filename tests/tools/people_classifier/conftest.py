"""A few synthetic people, small."""

import pathlib

import pytest

from keras_posegan.data.synthetic_people import dataset


@pytest.fixture(scope="package")
def people_dir(tmp_path_factory) -> pathlib.Path:
    """Three people to train on and one to test on, two pictures of each."""
    path = tmp_path_factory.mktemp("people") / "people"
    dataset.write_dataset(path, 3, 1, 2, image_size=(64, 32), seed=4)
    return path
