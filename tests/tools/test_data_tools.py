"""Tests of `tools.make_pairs` and `tools.check_dataset` as a user starts them."""

import pathlib
import subprocess
import sys
import time

import pytest

from tests.data import drawn_dataset

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def data_dir(tmp_path):
    return drawn_dataset.write(tmp_path / "drawn")


def _run(tool, *arguments):
    return subprocess.run(
        [sys.executable, "-m", f"tools.{tool}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_pairs_lists_pairs_and_keeps_them(data_dir, tmp_path):
    output = tmp_path / "pairs.csv"
    arguments = (f"--data_dir={data_dir}", "--split=train", f"--output={output}")
    done = _run("make_pairs", *arguments)
    assert (done.returncode, done.stdout) == (0, f"{output}: 8 pairs\n"), done.stderr
    again = _run("make_pairs", *arguments)
    assert again.returncode == 1
    assert again.stderr == f"error: {output} exists; --overwrite replaces it\n"


def test_make_pairs_splits_the_fields_list_within_five_seconds(shared_dir, tmp_path):
    folder = shared_dir / "market1501" / "annotations"
    start = time.monotonic()
    done = _run(
        "make_pairs",
        f"--annotations={folder / 'market-annotation-test.csv'}",
        f"--output={tmp_path / 'test.csv'}",
        f"--validation_output={tmp_path / 'validation.csv'}",
        "--sample=12000",
    )
    assert time.monotonic() - start < 5.0
    assert done.stdout.splitlines() == [
        f"{tmp_path / 'test.csv'}: 10000 pairs",
        f"{tmp_path / 'validation.csv'}: 2000 pairs",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --data_dir or --annotations"),
        (("--data_dir=a", "--annotations=b"), "give either"),
        (("--data_dir=a",), "--output is missing"),
        (("--data_dir=absent", "--output=x.csv"), "absent/market-annotation-test.csv"),
    ],
)
def test_make_pairs_refuses_wrong_flags_in_one_line(arguments, message):
    done = _run("make_pairs", *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_check_dataset_accepts_a_sound_data_set(data_dir):
    done = _run(
        "check_dataset",
        f"--data_dir={data_dir}",
        "--image_height=32",
        "--image_width=16",
    )
    assert (done.returncode, done.stdout) == (0, f"{data_dir}: no problems\n")


def test_check_dataset_prints_every_problem_and_fails(data_dir):
    done = _run("check_dataset", f"--data_dir={data_dir}")
    assert done.returncode == 1
    assert done.stdout.count("must be 128 pixels high and 64 wide") == 10
    assert done.stderr == f"error: {data_dir}: 10 problems\n"
