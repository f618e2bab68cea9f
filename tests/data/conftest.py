"""Fixtures of the tests of the data path."""

import pathlib

import pytest

from tests.data import drawn_dataset


@pytest.fixture
def data_dir(tmp_path) -> pathlib.Path:
    """A small sound data set, free to be damaged."""
    return drawn_dataset.write(tmp_path / "drawn")
