"""Tests of the data set check: each fault is planted and must be named."""

import shutil

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import dataset_check, market1501
from tests.data import drawn_dataset

IMAGE_SIZE = drawn_dataset.IMAGE_SIZE
TRAIN = drawn_dataset.NAMES["train"]


def _picture(data_dir, row, split="train"):
    return data_dir / f"bounding_box_{split}" / drawn_dataset.NAMES[split][row]


def test_a_sound_data_set_has_no_problems(data_dir):
    assert dataset_check.check_dataset(data_dir, IMAGE_SIZE) == []
    dataset_check.check_pictures(market1501.load(data_dir, "train"), IMAGE_SIZE)


def test_every_fault_is_reported_in_one_pass(data_dir):
    _picture(data_dir, 0).unlink()
    truncated = _picture(data_dir, 1)
    truncated.write_bytes(truncated.read_bytes()[:-60])
    _picture(data_dir, 2).write_bytes(b"no picture at all")
    Image.new("RGB", (17, 32)).save(_picture(data_dir, 4))
    shutil.copy(_picture(data_dir, 5), _picture(data_dir, 5).with_name("0009_new.png"))
    (_picture(data_dir, 5).with_name("Thumbs.db")).write_bytes(b"left alone")
    shutil.copy(
        _picture(data_dir, 0, "test"),
        _picture(data_dir, 0, "test").with_name("0007_c9.jpg"),
    )
    csv = data_dir / "market-annotation-test.csv"
    sound = csv.read_text()
    csv.write_text(sound + f"0007_c9.jpg: {[1] * 17}: {[1] * 18}\nnonsense\n")

    problems = dataset_check.check_dataset(data_dir, IMAGE_SIZE)

    expected = [
        (TRAIN[0], "no picture"),
        (TRAIN[1], "cannot read picture"),
        (TRAIN[2], "cannot read picture"),
        (TRAIN[4], "must be 32 pixels high and 16 wide. Received: 32 high, 17 wide"),
        ("0009_new.png", "no annotation"),
        (f"{csv}:4:", "17"),
        (f"{csv}:5:", "nonsense"),
        ("0007_c9.jpg", "no annotation"),
        ("person '0007'", "in both splits"),
    ]
    for name, message in expected:
        assert any(name in line and message in line for line in problems), name
    assert len(problems) == len(expected), "\n".join(problems)
    assert not any("\n" in line for line in problems)


def test_distractors_may_be_in_both_splits(data_dir):
    name = "-1_c1s1_000007_00.jpg"
    shutil.copy(_picture(data_dir, 6), data_dir / "bounding_box_test" / name)
    train, test = (data_dir / f"market-annotation-{s}.csv" for s in ("train", "test"))
    row = next(line for line in train.read_text().splitlines() if name in line)
    test.write_text(test.read_text() + row + "\n")
    assert dataset_check.check_dataset(data_dir, IMAGE_SIZE) == []


def test_missing_and_empty_parts_are_reported(data_dir):
    assert dataset_check.check_dataset(data_dir / "absent", IMAGE_SIZE) == [
        f"no folder {data_dir / 'absent'}"
    ]
    shutil.rmtree(data_dir / "bounding_box_train")
    (data_dir / "market-annotation-train.csv").unlink()
    for name in drawn_dataset.NAMES["test"]:
        (data_dir / "bounding_box_test" / name).unlink()
    (data_dir / "market-annotation-test.csv").write_text("")
    problems = dataset_check.check_dataset(data_dir, IMAGE_SIZE)
    for part in (
        "cannot read annotations",
        "no folder of pictures",
        "Received: an empty file",
        "no sound rows",
        "no pictures in",
    ):
        assert sum(part in line for line in problems) == 1, part
    assert len(problems) == 5


def test_the_first_bad_picture_and_the_number_of_others_are_named(data_dir):
    pictures = market1501.load(data_dir, "train")
    for row in (2, 4, 5):
        _picture(data_dir, row).write_bytes(b"")
    with pytest.raises(input_error.InputError) as caught:
        dataset_check.check_pictures(pictures, IMAGE_SIZE)
    assert TRAIN[2] in str(caught.value)
    assert "and 2 more bad pictures" in str(caught.value)


def test_reads_a_picture_as_rgb(tmp_path):
    Image.new("L", (16, 32), 7).save(tmp_path / "grey.png")
    picture = dataset_check.read_picture(tmp_path / "grey.png", IMAGE_SIZE)
    np.testing.assert_array_equal(picture, np.full((32, 16, 3), 7, np.uint8))


def test_formats_that_the_pipeline_cannot_decode_are_refused(tmp_path):
    path = tmp_path / "bitmap.jpg"
    Image.new("RGB", (16, 32)).save(path, format="TIFF")
    with pytest.raises(input_error.InputError, match="cannot read picture"):
        dataset_check.read_picture(path, IMAGE_SIZE)


def test_any_damage_gives_a_picture_or_one_line(data_dir, tmp_path):
    generator = np.random.default_rng(0)
    with Image.open(_picture(data_dir, 0)) as picture:
        picture.save(tmp_path / "sound.png")
    for source in (_picture(data_dir, 0), tmp_path / "sound.png"):
        sound = source.read_bytes()
        for _ in range(150):
            damaged = bytearray(sound[: generator.integers(len(sound) + 1)])
            for _ in range(generator.integers(4) if damaged else 0):
                damaged[generator.integers(len(damaged))] = generator.integers(256)
            path = tmp_path / "damaged.jpg"
            path.write_bytes(damaged)
            try:
                outcome = dataset_check.read_picture(path, IMAGE_SIZE)
            except input_error.InputError as error:
                outcome = str(error)
            if isinstance(outcome, str):
                assert str(path) in outcome
                assert "\n" not in outcome
            else:
                assert outcome.shape == (*IMAGE_SIZE, 3)


def test_a_gigantic_picture_is_refused_by_its_size_undecoded(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (15_000, 15_000)).save(path)
    with pytest.raises(input_error.InputError, match=r"15000|cannot read picture"):
        dataset_check.read_picture(path, IMAGE_SIZE)
