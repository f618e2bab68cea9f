"""Tests of Market-1501's layout, names and annotations."""

import shutil

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.data import annotated_pictures, market1501
from keras_posegan.pose import keypoint_files
from tests.data import drawn_dataset


def test_loads_a_split_in_the_order_of_its_annotations(data_dir):
    pictures = market1501.load(data_dir, "train")
    assert pictures.names == drawn_dataset.NAMES["train"]
    assert pictures.keypoints.shape == (8, 18, 3)
    folder = data_dir / "bounding_box_train"
    assert pictures.paths == tuple(str(folder / name) for name in pictures.names)


def test_a_picture_without_annotation_is_left_out(data_dir):
    folder = data_dir / "bounding_box_test"
    shutil.copy(folder / drawn_dataset.NAMES["test"][0], folder / "0009_x.jpg")
    assert market1501.load(data_dir, "test").names == drawn_dataset.NAMES["test"]


def test_an_annotation_without_picture_is_named(data_dir):
    (data_dir / "bounding_box_test" / drawn_dataset.NAMES["test"][1]).unlink()
    with pytest.raises(input_error.InputError, match="annotates '0001_c1s1_000010"):
        market1501.load(data_dir, "test")


def test_missing_parts_are_named(data_dir):
    (data_dir / "market-annotation-test.csv").unlink()
    with pytest.raises(input_error.InputError, match=r"market-annotation-test\.csv"):
        market1501.load(data_dir, "test")
    shutil.rmtree(data_dir / "bounding_box_train")
    with pytest.raises(input_error.InputError, match=r"no folder .*bounding_box_train"):
        market1501.load(data_dir, "train")
    with pytest.raises(input_error.InputError, match=r"no folder .*absent"):
        market1501.load(data_dir / "absent", "train")


def test_an_empty_data_set_is_an_error(data_dir):
    keypoint_files.write_annotations(
        data_dir / "market-annotation-train.csv", [], np.zeros((0, 18, 3))
    )
    with pytest.raises(input_error.InputError, match="empty data set"):
        market1501.load(data_dir, "train")


def test_only_train_and_test_are_splits(data_dir):
    with pytest.raises(ValueError, match="split='query'"):
        market1501.load(data_dir, "query")


def test_names_tell_identities_and_distractors():
    assert market1501.identity("0002_c1s1_000451_03.jpg") == "0002"
    assert market1501.is_distractor("-1_c1s1_000401_03.jpg")
    assert market1501.is_distractor("0000_c1s1_000401_03.jpg")
    assert not market1501.is_distractor("0001_c1s1_000401_03.jpg")


def test_loads_the_real_mini_set(shared_dir):
    pictures = market1501.load(shared_dir / "market1501" / "mini", "train")
    assert len(pictures.names) == 187
    assert len({market1501.identity(name) for name in pictures.names}) == 58


def test_pictures_need_one_figure_a_name(tmp_path):
    with pytest.raises(ValueError, match="1 and 2"):
        annotated_pictures.AnnotatedPictures(tmp_path, ("a",), np.zeros((2, 18, 3)))
