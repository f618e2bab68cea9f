"""Tests of the ablation as a whole, on runs of two steps."""

import json
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_posegan import config, input_error
from keras_posegan.data import market1501
from tests import tiny_run
from tests.data import drawn_dataset
from tests.tools.ablations import fake_runs
from tools import ablate, result_table
from tools.ablations import outcome, processes, seed_run

ROOT = pathlib.Path(__file__).parents[2]
_BASE = """
--data_image_height=32
--data_image_width=16
--model_width=0.125
--model_discriminator_attention_strides=2,4
--model_generator_attention_strides=2
--loss_perceptual_features=pixels
--train_steps=2
--train_batch_size=2
--train_log_steps=1
--train_sample_pairs=2
"""


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "tiny.flags"
    path.write_text(_BASE)
    return str(path)


@pytest.fixture
def tables(monkeypatch):
    """What the table is asked to hold: (label, row) of each row of every call."""
    calls = []

    def markdown(rows, paper_rows=True, label=None):
        assert paper_rows
        calls.append([(label(row), row) for row in rows])
        return "| a table |\n"

    monkeypatch.setattr(result_table, "markdown", markdown)
    return calls


def test_runs_are_planned_seed_by_seed_and_their_flagfiles_written(base, tmp_path):
    out = tmp_path / "out"
    runs = ablate.plan(str(out), ["sn", "rh"], [0, 4], base, "people")
    assert [run.name for run in runs] == [
        "sn/seed_0",
        "rh/seed_0",
        "sn/seed_4",
        "rh/seed_4",
    ]
    assert [run.config.train.seed for run in runs] == [0, 0, 4, 4]
    assert sorted(path.name for path in out.iterdir()) == ["rh.flags", "sn.flags"]
    lines = (out / "sn.flags").read_text().splitlines()
    assert f"--flagfile={base}" in lines
    assert "--flagfile=flags/market1501.flags" not in lines
    assert lines[-1] == "--data_dir=people"
    assert len(ablate.plan(str(out), base=base, data_dir="people")) == 6 * 3


def test_a_folder_with_another_run_is_refused_before_anything_is_written(
    base, tmp_path
):
    out = tmp_path / "out"
    (run,) = ablate.plan(str(out), ["sn"], [0], base, "people")
    run.folder.path.mkdir(parents=True)
    config.write(run.config, run.folder.config)
    before = (out / "sn.flags").read_text()
    assert ablate.plan(str(out), ["sn"], [0], base, "people") == [run]
    with pytest.raises(input_error.InputError, match="another config: --data_dir"):
        ablate.plan(str(out), ["sn", "rh"], [0], base, "others")
    assert (out / "sn.flags").read_text() == before
    assert not (out / "rh.flags").exists()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ((), "--output_dir is missing"),
        (("--output_dir=OUT", "--seeds=0,x"), "--seeds: must be whole numbers"),
        (("--output_dir=OUT", "--seeds=1,1"), "--seeds: must be different"),
        (("--output_dir=OUT", "--seeds="), "--seeds: must be different"),
        (("--output_dir=OUT", "--variants=sn,sm"), "no variant 'sm'"),
        (("--output_dir=OUT", "--variants=sn,sn"), "--variants: must be different"),
        (("--output_dir=OUT", "--base=none.flags"), "none.flags"),
        (("--output_dir=OUT",), "--data_dir is empty"),
        (("--output_dir=OUT", "--classifier=/nowhere"), "--classifier=/nowhere"),
        (("--output_dir=OUT", "--parallel=0"), "parallel"),
    ],
)
def test_wrong_flags_are_one_line_and_write_nothing(tmp_path, flags, message):
    out = tmp_path / "out"
    done = _ablate(*(flag.replace("OUT", str(out)) for flag in flags))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not out.exists()


@pytest.mark.slow
def test_a_variant_is_trained_by_its_flagfile_and_drawn(
    base, tiny_data_dir, tmp_path, monkeypatch, tables
):
    out = tmp_path / "out"
    runs = ablate.plan(str(out), ["sn"], [3], base, str(tiny_data_dir))
    training = seed_run.SeedRun.command.fget
    fake_runs.fake_runs(monkeypatch, out, {"sn/seed_3": "work"})
    evaluation = seed_run.SeedRun.command.fget
    monkeypatch.setattr(
        seed_run.SeedRun,
        "command",
        property(
            lambda run: {
                **evaluation(run),
                seed_run.TRAINING: training(run)[seed_run.TRAINING],
            }
        ),
    )
    assert processes.run_all(runs) == ([], False), runs[0].log.read_text()
    assert fake_runs.started(runs[0]) == ["evaluation"]
    assert config.read(runs[0].folder.config) == runs[0].config
    paths = ablate.write_outcome(runs, str(out))
    assert [path.name for path in paths] == ["table.md", "grid.png", "curves.png"]
    assert [label for label, _ in tables[0]] == ["sn"]
    assert "Seeds: sn 3. Each run was trained for 2 steps." in paths[0].read_text()


def test_the_outcome_is_that_of_the_runs_that_are_done(
    tiny_run_dir, tiny_data_dir, tmp_path, tables
):
    tiny = tiny_run.tiny_config(tiny_data_dir)
    runs = [
        seed_run.SeedRun(tmp_path, variant, seed, tiny, "dgan")
        for variant, seed in (("sn", 0), ("rh", 0), ("rh", 1), ("sa", 0))
    ]
    for run in runs[:3]:
        shutil.copytree(tiny_run_dir, run.folder.path)
        row = {
            "protocol": "dgan",
            "step": 4,
            "data_dir": str(tiny_data_dir),
            "pairs_file": "",
            "run_dir": str(run.folder.path),
        }
        (run.folder.path / "results.jsonl").write_text(json.dumps(row) + "\n")
    paths = ablate.write_outcome(runs, str(tmp_path))
    assert [label for label, _ in tables[0]] == ["sn", "rh", "rh"]
    assert "Seeds: sn 0; rh 0, 1. Each run" in paths[0].read_text()
    with Image.open(tmp_path / "grid.png") as grid:
        # Source, target pose, two variants, real: 32x16 pictures 8 times as large.
        assert grid.size[0] == 2 * 16 + 5 * (128 + 6) - 6
        sheet = np.array(grid)
    # Below the margin and the titles, one of the 8x8 pixels each.
    pictures = [sheet[36:292:8, 16 + 134 * number :][:, :128:8] for number in range(5)]
    source, _, first, second, real = pictures
    np.testing.assert_array_equal(first, second)  # Of copies of one run.
    assert np.abs(first.astype(int) - real).mean() > 5
    folder = market1501.picture_folder(tiny_data_dir, "test")
    for shown, name in zip((source, real), drawn_dataset.NAMES["test"], strict=True):
        with Image.open(folder / name) as picture:
            np.testing.assert_allclose(shown.astype(int), np.array(picture), atol=1)
    assert ablate.write_outcome(runs[3:], str(tmp_path)) == []
    assert list(outcome.by_variant(runs)) == ["sn", "rh", "sa"]


def _ablate(*flags):
    return subprocess.run(
        [sys.executable, "-m", "tools.ablate", *flags],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
