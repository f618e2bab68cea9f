"""Tests of the main that trains the classifier of synthetic people."""

import json
import pathlib
import subprocess
import sys

import pytest

from keras_posegan.data.synthetic_people import dataset
from keras_posegan.metrics import classifiers

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def people_dir(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people"
    dataset.write_dataset(path, 2, 1, 2, image_size=(64, 32))
    return path


def _run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.train_classifier", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_classifier_is_trained_measured_and_written(people_dir, tmp_path):
    folder = tmp_path / "classifier"
    done = _run(
        f"--data_dir={people_dir}",
        f"--output_dir={folder}",
        "--people=4",
        "--pictures_per_person=2",
        "--epochs=1",
        "--batch_size=4",
    )
    assert done.returncode == 0, done.stderr
    assert "right about people never seen, 6 pictures: class " in done.stdout
    assert classifiers.load(folder).name == "synthetic people"
    description = json.loads((folder / "assets.extra/classifier.json").read_text())
    assert len(description["classes"]) == 36
    measured = description["accuracy_on_people_never_seen"]
    assert set(measured) == {"class", "top", "bottom", "person"}
    assert all(0 <= share <= 1 for share in measured.values())
    assert description["pictures_of_people_never_seen"] == 6
    assert description["judged_people"]["image_height"] == 64
    assert description["training"]["people"] == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data_dir=/nowhere",), "--data_dir=/nowhere"),
        (("--output_dir=",), "--output_dir="),
        (("--output_dir=.",), "does not exist"),
        (("--epochs=0",), "epochs"),
        (("people",), "people"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    people_dir, tmp_path, arguments, message
):
    done = _run(
        f"--data_dir={people_dir}", f"--output_dir={tmp_path / 'new'}", *arguments
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert message in done.stderr
    assert not (tmp_path / "new").exists()
