"""Tests of how far a run of the ablation is, and of the commands that it needs."""

import json
import sys

import pytest

from keras_posegan import config
from tools.ablations import seed_run

CONFIG = config.RunConfig(
    data=config.DataConfig(dir="data", test_pairs="pairs.csv"),
    train=config.TrainConfig(steps=10),
)
ROW = {
    "protocol": "dgan",
    "classifier_sha256": "abc",
    "step": 10,
    "data_dir": "data",
    "pairs_file": "pairs.csv",
}


@pytest.fixture
def run(tmp_path):
    run = seed_run.SeedRun(tmp_path, "sn", 2, CONFIG, "dgan", "some/classifier", "abc")
    run.folder.checkpoints.mkdir(parents=True)
    return run


def _train(run, step):
    (run.folder.checkpoints / "checkpoint").write_text(
        f'model_checkpoint_path: "step-{step}"\nall_model_checkpoint_paths: "step-99"\n'
    )


def _evaluate(run, *rows):
    path = run.folder.path / "results.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_commands_are_those_that_a_user_would_type(run, tmp_path):
    assert run.command == {
        "training": [
            sys.executable,
            "-m",
            "keras_posegan.train",
            f"--flagfile={tmp_path}/sn.flags",
            "--train_seed=2",
            f"--run_dir={tmp_path}/sn/seed_2",
        ],
        "evaluation": [
            sys.executable,
            "-m",
            "keras_posegan.evaluate",
            f"--run_dir={tmp_path}/sn/seed_2",
            "--protocol=dgan",
            "--classifier=some/classifier",
        ],
    }
    without = seed_run.SeedRun(tmp_path, "sn", 2, CONFIG, "gfla")
    assert without.command["evaluation"][-1] == "--protocol=gfla"


def test_training_goes_on_until_the_last_steps_checkpoint(run):
    assert run.next_stage() == "training"
    _train(run, 9)
    assert run.next_stage() == "training"
    _train(run, 10)
    assert run.next_stage() == "evaluation"
    _train(run, 12)  # Trained for longer before.
    assert run.next_stage() == "evaluation"


def test_the_newest_row_of_this_evaluation_is_the_result(run):
    _train(run, 10)
    _evaluate(run, {**ROW, "x": 1}, {**ROW, "x": 2}, {**ROW, "step": 5, "x": 3})
    assert run.result() == {**ROW, "x": 2}
    assert run.next_stage() is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("protocol", "gfla"),
        ("classifier_sha256", "abd"),
        ("classifier_sha256", None),
        ("step", 9),
        ("data_dir", "other"),
        ("pairs_file", ""),
    ],
)
def test_a_row_of_another_evaluation_is_none(run, key, value):
    _train(run, 10)
    _evaluate(run, {**ROW, key: value})
    assert run.result() is None
    assert run.next_stage() == "evaluation"


def test_a_line_cut_short_is_none(run):
    _train(run, 10)
    _evaluate(run, ROW)
    path = run.folder.path / "results.jsonl"
    path.write_text(path.read_text()[:-20])
    assert run.result() is None
