"""Tests of the lists of pairs that `tools.make_pairs` writes."""

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.data import market1501, pair_lists, pairs
from keras_posegan.pose import keypoint_files
from tests.data import drawn_dataset


@pytest.fixture
def annotations(data_dir):
    return market1501.annotation_file(data_dir, "train")


def _read(path):
    return pairs.read_pairs(path, drawn_dataset.NAMES["train"]).tolist()


def test_all_pairs_are_listed(annotations, tmp_path):
    output = tmp_path / "pairs.csv"
    counts = pair_lists.write_pair_lists(annotations, output)
    assert counts == {str(output): 8}
    assert _read(output) == [list(pair) for pair in drawn_dataset.TRAIN_PAIRS]


def test_a_sample_is_the_seeds(annotations, tmp_path):
    output = tmp_path / "pairs.csv"
    pair_lists.write_pair_lists(annotations, output, sample=5, sample_seed=3)
    expected = pairs.sample_pairs(np.array(drawn_dataset.TRAIN_PAIRS), 5, 3)
    assert _read(output) == expected.tolist()


def test_validation_pairs_are_of_other_people(annotations, tmp_path):
    output, validation = tmp_path / "pairs.csv", tmp_path / "validation.csv"
    counts = pair_lists.write_pair_lists(
        annotations, output, validation_output=validation, validation_pairs=3
    )
    assert counts == {str(output): 6, str(validation): 2}
    assert _read(validation) == [[1, 4], [4, 1]]


def test_the_fields_test_list_is_reproduced_byte_for_byte(shared_dir, tmp_path):
    folder = shared_dir / "market1501" / "annotations"
    output = tmp_path / "pairs.csv"
    pair_lists.write_pair_lists(
        folder / "market-annotation-test.csv", output, sample=12_000
    )
    expected = (folder / "market-pairs-test.csv").read_text().split()
    assert output.read_text().split() == expected


def test_an_existing_file_is_only_replaced_on_demand(annotations, tmp_path):
    output, validation = tmp_path / "pairs.csv", tmp_path / "validation.csv"
    for existing in (output, validation):
        existing.write_text("precious")
        with pytest.raises(input_error.InputError, match=f"{existing} exists"):
            pair_lists.write_pair_lists(
                annotations, output, validation_output=validation, validation_pairs=2
            )
        assert existing.read_text() == "precious"
        existing.unlink()
    output.write_text("replaceable")
    pair_lists.write_pair_lists(annotations, output, overwrite=True)
    assert len(_read(output)) == 8


def test_wrong_requests_write_nothing(annotations, tmp_path):
    output = tmp_path / "pairs.csv"
    wrong = [
        ({"sample": 9}, "--sample=9: .* has only 8 pairs"),
        ({"validation_output": output, "validation_pairs": 2}, "both lists"),
        (
            {
                "validation_output": tmp_path / "v.csv",
                "validation_pairs": 1,
                "sample": 1,
            },
            "cannot split the pairs",
        ),
    ]
    for arguments, message in wrong:
        with pytest.raises(input_error.InputError, match=message):
            pair_lists.write_pair_lists(annotations, output, **arguments)
    assert not output.exists()
    assert not (tmp_path / "v.csv").exists()


def test_annotations_without_pairs_are_named(tmp_path):
    path = tmp_path / "annotations.csv"
    keypoint_files.write_annotations(path, ["1_a.jpg"], np.ones((1, 18, 3)))
    with pytest.raises(input_error.InputError, match=f"no pairs in {path}"):
        pair_lists.write_pair_lists(path, tmp_path / "pairs.csv")


def test_an_unwritable_output_is_named(annotations, tmp_path):
    output = tmp_path / "absent" / "pairs.csv"
    with pytest.raises(input_error.InputError, match=f"cannot write {output}"):
        pair_lists.write_pair_lists(annotations, output)
