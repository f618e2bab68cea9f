"""Tests of the comparison of where runs ended."""

import json
import subprocess
import sys

import pytest

from keras_posegan import config, input_error
from tools import compare_runs


def _run(folder, losses):
    """A run's folder that logged these losses, one a step."""
    folder.mkdir()
    config.write(config.RunConfig(), folder / "config.json")
    rows = [
        {"step": step, "a_loss": loss, "gamma/x": 1.0}
        for step, loss in enumerate(losses, start=1)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "metrics.jsonl").write_text(lines)
    return str(folder)


def test_the_last_steps_of_all_runs_count_and_no_others(tmp_path):
    runs = [_run(tmp_path / "a", [9.0, 1.0, 2.0]), _run(tmp_path / "b", [7.0, 5.0])]
    assert compare_runs.end_means(runs, 1) == {"a_loss": 3.5}
    assert compare_runs.end_means(runs, 2) == {"a_loss": (1.0 + 2.0 + 7.0 + 5.0) / 4}


def test_a_run_without_rows_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match=r"a/metrics\.jsonl: holds no"):
        compare_runs.end_means([_run(tmp_path / "a", [])], 1)


def test_both_groups_and_their_difference_are_printed(tmp_path):
    one, other = _run(tmp_path / "a", [2.0, -4.0]), _run(tmp_path / "b", [1.0, -5.0])
    flags = [f"--runs={one}", f"--others={other}", "--last_steps=1"]
    done = subprocess.run(
        [sys.executable, "-m", "tools.compare_runs", *flags],
        check=True,
        capture_output=True,
        text=True,
    )
    *_, line = done.stdout.splitlines()
    assert line.split() == ["a_loss", "-4.0000", "-5.0000", "-25.0%"]
