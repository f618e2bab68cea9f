"""Tests of the main that draws attention and parts."""

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from tests.data import drawn_dataset
from tools import visualize

FIRST, SECOND = (name.removesuffix(".jpg") for name in drawn_dataset.NAMES["test"])


@pytest.mark.slow
def test_both_sheets_of_the_runs_sample_pairs_are_written(tiny_run_dir, tmp_path):
    paths = visualize.visualize(str(tiny_run_dir), str(tmp_path / "new" / "folder"))
    assert sorted(path.name for path in paths) == sorted(
        f"{pair}_{sheet}.png"
        for pair in (f"{FIRST}_to_{SECOND}", f"{SECOND}_to_{FIRST}")
        for sheet in ("attention", "parts")
    )
    for path in paths:
        with Image.open(path) as sheet:
            assert sheet.format == "PNG"
            assert np.array(sheet).std() > 10


@pytest.mark.slow
def test_points_and_pairs_are_those_asked_for(tiny_run_dir, tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(f"from,to\n{SECOND}.jpg,{FIRST}.jpg\n")
    paths = visualize.visualize(
        str(tiny_run_dir), str(tmp_path), str(pairs), [(3, 4), (9.5, 20)]
    )
    assert [path.name for path in paths] == [
        f"{SECOND}_to_{FIRST}_attention.png",
        f"{SECOND}_to_{FIRST}_parts.png",
    ]
    with Image.open(paths[0]) as sheet:  # The generated picture and two points.
        assert sheet.size[0] == 2 * 16 + 3 * (128 + 6) - 6


def test_a_pair_of_no_picture_is_named(tiny_run_dir, tmp_path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(f"from,to\n{FIRST}.jpg,none.jpg\n")
    with pytest.raises(input_error.InputError, match=r"pairs\.csv:2: .*'none\.jpg'"):
        visualize.visualize(str(tiny_run_dir), str(tmp_path), str(pairs))


def test_points_are_read_in_order():
    assert visualize.parse_points("1,2;15,31.0;0.5,0", (32, 16)) == [
        (1, 2),
        (15, 31),
        (0.5, 0),
    ]
    assert visualize.parse_points("", (32, 16)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1", "Received: '1'"),
        ("1,2;", "Received: ''"),
        ("1,2,3", "Received: '1,2,3'"),
        ("a,2", "Received: 'a,2'"),
        ("1,2;16,3", "16,3 lies outside"),
        ("1,32", "1,32 lies outside"),
        ("-1,3", "-1,3 lies outside"),
        ("nan,3", "nan,3 lies outside"),
    ],
)
def test_wrong_points_are_named(text, message):
    with pytest.raises(input_error.InputError, match=f"^--points={text}.*{message}"):
        visualize.parse_points(text, (32, 16))
