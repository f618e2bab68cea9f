"""Tests of the pairs that checkpoints are chosen on."""

import dataclasses
import pathlib

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.data import pair_sets
from tests import tiny_selection


@pytest.fixture
def run(tmp_path):
    return tiny_selection.write(tmp_path)


def test_validation_pairs_are_those_of_the_list(run):
    chosen = pair_sets.load_validation(run.data, *pair_sets.load(run.data, "test"))
    assert len(chosen) == 12
    assert chosen[:2].tolist() == [[5, 4], [5, 3]]


@pytest.mark.parametrize("in_list", [True, False])
def test_a_person_who_is_tested_on_is_named(run, in_list):
    data = run.data
    if in_list:
        name = tiny_selection.VALIDATION_NAMES[0]
        with pathlib.Path(data.test_pairs).open("a") as file:
            file.write(f"{name},{name}\n")
    else:
        data = dataclasses.replace(data, test_pairs="")  # All pairs.
    pictures, test_pairs = pair_sets.load(data, "test")
    where = data.test_pairs or "all test pairs"
    with pytest.raises(
        input_error.InputError, match=rf"validation\.csv: person '0003' is in {where}"
    ):
        pair_sets.load_validation(data, pictures, test_pairs)


def test_more_people_are_counted(run):
    pictures, _ = pair_sets.load(run.data, "test")
    with pathlib.Path(run.data.validation_pairs).open("a") as file:
        file.write(f"{pictures.names[0]},{pictures.names[1]}\n")
    everybody = np.array([[0, 1], [2, 3]])
    with pytest.raises(
        input_error.InputError, match=r"'0001' \(and 1 more people\) is"
    ):
        pair_sets.load_validation(run.data, pictures, everybody)
