"""Tests of the main that writes synthetic people, as its user runs it."""

import pathlib
import subprocess
import sys

import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.synthesize_people", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


SMALL = ("--identities=2", "--test_identities=1", "--pictures_per_identity=2")


@pytest.mark.parametrize("overlay", ["false", "true"])
def test_a_data_set_and_a_contact_sheet_are_written(tmp_path, overlay):
    sheet = tmp_path / "sheet.png"
    folder = tmp_path / "set"
    done = run(
        f"--output_dir={folder}",
        *SMALL,
        f"--contact_sheet={sheet}",
        f"--contact_sheet_keypoints={overlay}",
    )
    assert done.returncode == 0, done.stderr
    assert len(list(folder.glob("bounding_box_train/*.jpg"))) == 4
    assert len(list(folder.glob("bounding_box_test/*.jpg"))) == 2
    with Image.open(sheet) as image:
        assert image.size == (2 * 64 * 3, 2 * 128 * 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--contact_sheet=sheet.jpg",), "must end in .png"),
        (("--contact_sheet=no/such/folder/sheet.png",), "no/such/folder"),
        (("--identities=9000", "--test_identities=1000"), "10000 people"),
        (("people",), "people"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path, arguments, message):
    folder = tmp_path / "set"
    done = run(f"--output_dir={folder}", *SMALL, *arguments)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert message in done.stderr
    assert not folder.exists()


def test_a_full_folder_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("")
    done = run(f"--output_dir={tmp_path}", *SMALL)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert len(list(tmp_path.iterdir())) == 1


def test_it_runs_without_tensorflow():
    code = (
        "import sys; from keras_posegan.data.synthetic_people import "
        "animation, contact_sheet, dataset; "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
