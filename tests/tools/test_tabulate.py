"""Tests of the program that writes tables of results."""

import json
import pathlib
import subprocess
import sys

import pytest

from tests.tools import test_result_table

ROOT = pathlib.Path(__file__).parents[2]


def test_files_become_one_table_and_no_file_is_replaced(tmp_path):
    paths = [tmp_path / name for name in ("a.jsonl", "b.jsonl")]
    for seed, path in enumerate(paths):
        row = test_result_table._row(f"runs/{path.stem}", seed, 0.2 + 0.2 * seed, 0.5)
        path.write_text(json.dumps(row) + "\n")
    flags = [f"--results={paths[0]},{paths[1]}", f"--output={tmp_path / 'table.md'}"]
    result = _run(*flags)
    assert result.returncode == 0, result.stderr
    table = (tmp_path / "table.md").read_text()
    assert "| a, b | measured | 2 |" in table
    assert "0.3000 ± 0.1414" in table
    assert "| the paper |" in table
    result = _run(*flags)
    assert result.returncode == 1
    assert "exists; see --overwrite" in result.stderr
    assert _run(f"--results={paths[0]}", "--nopaper").stdout.startswith("### Protocol")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--results is missing"),
        (["--results=/nowhere.jsonl"], "/nowhere.jsonl"),
    ],
)
def test_a_bad_flag_is_one_line(flags, message):
    result = _run(*flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


def _run(*flags):
    return subprocess.run(
        [sys.executable, "-m", "tools.tabulate", *flags],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
