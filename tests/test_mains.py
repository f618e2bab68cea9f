"""Tests of the programs as a user starts them."""

import json
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_posegan.data import market1501
from keras_posegan.evaluation import strip_folder
from keras_posegan.metrics import protocols
from tests.data import drawn_dataset

ROOT = pathlib.Path(__file__).parents[1]
MAINS = [
    "keras_posegan.train",
    "keras_posegan.evaluate",
    "keras_posegan.generate",
    "export.saved_model",
    "export.tflite",
    "tools.report",
    "tools.visualize",
]


@pytest.mark.parametrize("main", MAINS)
def test_help_lists_the_flags(main):
    result = _run(main, "--help")
    assert "--run_dir" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("main", MAINS)
def test_no_flags_at_all_is_one_line_and_status_1(main):
    result = _run(main)
    assert result.returncode == 1
    assert result.stderr.startswith("error: --")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--loss_neighborhood=4"], "--loss_neighborhood must be odd"),
        (["--data_dir=/nowhere"], "/nowhere"),
        (["train"], "Unknown argument 'train'"),
        (["--model_generator_attention_strides=3"], "strides must list"),
        (["--train_select_by=ssim"], "--data_validation_pairs is empty"),
        (
            ["--train_select_by=inception_score", "--data_validation_pairs=v.csv"],
            "--train_select_classifier must name",
        ),
    ],
)
def test_training_names_the_bad_flag(tmp_path, flags, message):
    result = _run("keras_posegan.train", f"--run_dir={tmp_path / 'run'}", *flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("main", "flag"),
    [
        ("keras_posegan.train", "--train_steps=many"),
        ("keras_posegan.train", "--flagfile=/nowhere.flags"),
        ("keras_posegan.train", "--train_stepps=3"),
        ("keras_posegan.evaluate", "--batch_size=0"),
        ("tools.make_pairs", "--sample=-1"),
    ],
)
def test_a_flag_that_absl_refuses_is_one_line_too(main, flag):
    result = _run(main, flag)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert flag.split("=")[0].lstrip("-") in line or "/nowhere.flags" in line


@pytest.mark.slow
def test_a_row_of_17_joints_is_named_with_its_line(tmp_path):
    data_dir = drawn_dataset.write(tmp_path / "data")
    annotations = market1501.annotation_file(data_dir, "train")
    lines = annotations.read_text().splitlines()
    lines[3] = re.sub(r"\[\S+, ", "[", lines[3], count=1)
    annotations.write_text("\n".join(lines) + "\n")
    result = _run(
        "keras_posegan.train", f"--data_dir={data_dir}", f"--run_dir={tmp_path / 'run'}"
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert f"{annotations}:4" in line
    assert "17" in line


@pytest.mark.slow
def test_evaluate_prints_one_row(tiny_run_dir):
    result = _run("keras_posegan.evaluate", f"--run_dir={tiny_run_dir}")
    assert result.returncode == 0, result.stderr
    assert not result.stderr
    row = json.loads(result.stdout.splitlines()[-1])
    assert row["protocol"] == "dgan"
    assert row["checkpoint"] == "newest"
    assert len(row["generated"]) >= 4


@pytest.mark.slow
def test_evaluate_needs_no_run_for_strips(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 1, 16, 16, 3), np.uint8)
    strip_folder.write(tmp_path, [("a.jpg", "b.jpg")], pictures)
    result = _run(
        "keras_posegan.evaluate",
        f"--strips={tmp_path}",
        "--strip_panels=generated,-,target",
    )
    assert result.returncode == 0, result.stderr
    assert "left out: masked measures" in result.stdout
    assert "copy_source" not in json.loads(result.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--run_dir=a", "--strips=b"], "--run_dir or --strips: give one"),
        (["--run_dir=a", "--annotations=b"], "--annotations is not for --run_dir"),
        (["--strips=a", "--save_pictures"], "--save_pictures is not for --strips"),
        (["--strips=/nowhere"], "--strips=/nowhere: no such folder"),
        (["--run_dir=/nowhere"], "/nowhere/config.json"),
        (["--run_dir=a", "--protocol=fid"], "protocol"),
    ],
)
def test_evaluate_names_the_bad_flag(flags, message):
    result = _run("keras_posegan.evaluate", *flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_evaluate_offers_every_protocol():
    result = _run("keras_posegan.evaluate", "--help")
    assert f"<{'|'.join(protocols.PROTOCOLS)}>" in result.stdout


@pytest.mark.slow
def test_generate_writes_a_picture_and_never_over_another(
    tiny_run_dir, tiny_data_dir, tmp_path
):
    folder = market1501.picture_folder(tiny_data_dir, "test")
    annotations = market1501.annotation_file(tiny_data_dir, "test")
    first, second = sorted(path.name for path in folder.iterdir())
    flags = [
        f"--run_dir={tiny_run_dir}",
        f"--source={folder / first}",
        f"--source_keypoints={annotations}",
        f"--target_keypoints={annotations}:{second}",
        f"--output={tmp_path / 'out.png'}",
    ]
    result = _run("keras_posegan.generate", *flags)
    assert result.returncode == 0, result.stderr
    assert np.array(Image.open(tmp_path / "out.png")).shape == (32, 16, 3)
    result = _run("keras_posegan.generate", *flags)
    assert result.returncode == 1
    assert "exists; see --overwrite" in result.stderr
    result = _run("keras_posegan.generate", *flags, "--overwrite", "--checkpoint=best")
    assert result.returncode == 1
    assert "no best checkpoint" in result.stderr


def _run(main, *flags):
    return subprocess.run(
        [sys.executable, "-m", main, *flags],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
