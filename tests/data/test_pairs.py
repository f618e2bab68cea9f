"""Tests of the pairs: the field's own numbers, and the rules one by one."""

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.data import market1501, pairs
from keras_posegan.pose import keypoint_files, skeleton
from tests.data import drawn_dataset


def test_real_training_pairs_are_263632(shared_dir):
    names, keypoints = _real_annotations(shared_dir, "train")
    assert len(pairs.all_pairs(names, keypoints)) == 263_632


def test_a_sample_of_real_test_pairs_is_the_fields_list_row_for_row(shared_dir):
    names, keypoints = _real_annotations(shared_dir, "test")
    sample = pairs.sample_pairs(pairs.all_pairs(names, keypoints), 12_000, seed=0)
    path = shared_dir / "market1501/annotations/market-pairs-test.csv"
    np.testing.assert_array_equal(sample, pairs.read_pairs(path, names))


def test_mini_set_has_the_stated_pairs(shared_dir):
    for split, count in (("train", 522), ("test", 146)):
        pictures = market1501.load(shared_dir / "market1501/mini", split)
        assert len(pairs.all_pairs(pictures.names, pictures.keypoints)) == count


def test_pairs_are_of_one_person_with_a_torso_in_the_fields_order(data_dir):
    pictures = market1501.load(data_dir, "train")
    found = pairs.all_pairs(pictures.names, pictures.keypoints)
    assert found.dtype == np.int32
    assert found.tolist() == [list(pair) for pair in drawn_dataset.TRAIN_PAIRS]


@pytest.mark.parametrize("joint", range(skeleton.NUM_JOINTS))
def test_the_torsos_four_joints_and_no_others_are_needed(joint):
    keypoints = np.ones((2, 18, 3), "float32")
    keypoints[1, joint, 2] = 0.0
    found = pairs.all_pairs(["1_a.jpg", "1_b.jpg"], keypoints)
    assert len(found) == (0 if joint in skeleton.TORSO else 2)


def test_no_pictures_give_no_pairs():
    assert pairs.all_pairs([], np.zeros((0, 18, 3))).shape == (0, 2)


def test_a_sample_is_seeded_and_without_repetition():
    everything = np.stack([np.arange(50), np.arange(50) + 1], axis=1)
    sample = pairs.sample_pairs(everything, 20, seed=3)
    np.testing.assert_array_equal(sample, pairs.sample_pairs(everything, 20, seed=3))
    assert len({tuple(pair) for pair in sample.tolist()}) == 20
    assert not np.array_equal(sample, pairs.sample_pairs(everything, 20, seed=4))


@pytest.mark.parametrize("count", [-1, 51])
def test_a_sample_cannot_be_larger_than_all(count):
    with pytest.raises(ValueError, match=f"between 0 and 50.* count={count}"):
        pairs.sample_pairs(np.zeros((50, 2)), count, seed=0)


def test_written_pairs_are_read_back(tmp_path):
    names = ["a.jpg", "b.jpg", 'odd, "name".jpg']
    chosen = np.array([[2, 0], [0, 1], [1, 2]], np.int32)
    pairs.write_pairs(tmp_path / "pairs.csv", names, chosen)
    read = pairs.read_pairs(tmp_path / "pairs.csv", names)
    assert read.dtype == np.int32
    np.testing.assert_array_equal(read, chosen)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from,to\na,b\na,c\n", r":3: no annotated picture 'c'"),
        ("from,to\n\na,b,a\n", r":3: needs two names. Received: 3 fields"),
        ("a,b\n", r":1: needs the header 'from,to'. Received: 'a,b'"),
        ("", r":1: needs the header 'from,to'. Received: 'an empty file'"),
        ("from,to\n", "no pairs in"),
    ],
)
def test_a_malformed_list_is_named_by_file_and_line(tmp_path, text, message):
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(input_error.InputError, match=message) as caught:
        pairs.read_pairs(path, ["a", "b"])
    assert str(path) in str(caught.value)


def test_an_unreadable_list_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match=r"absent\.csv: No such file"):
        pairs.read_pairs(tmp_path / "absent.csv", [])
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(input_error.InputError, match="not a text file"):
        pairs.read_pairs(tmp_path / "bytes.csv", [])


def _real_annotations(shared_dir, split):
    folder = shared_dir / "market1501" / "annotations"
    return keypoint_files.read_annotations(folder / f"market-annotation-{split}.csv")
