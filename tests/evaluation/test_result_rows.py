"""Tests of what a row says of its origin, and of the file of rows."""

import hashlib
import json
import pathlib
import subprocess

import pytest

from keras_posegan import input_error
from keras_posegan.evaluation import measures, result_rows
from tests.evaluation import stand_ins

NAMES = [("a.jpg", "b.jpg"), ("b.jpg", "a.jpg")]


def test_a_row_says_where_its_numbers_come_from():
    measured = measures.Measures(stand_ins.protocol(), stand_ins.Classifier())
    assert result_rows.origin(measured, NAMES, "pairs.csv") == {
        "protocol": "test",
        "reference": "Nobody, 2026.",
        "left_out": [],
        "pairs": 2,
        "pairs_file": "pairs.csv",
        "pairs_sha256": hashlib.sha256(b"a.jpg,b.jpg\nb.jpg,a.jpg\n").hexdigest(),
        "classifier": "mean colour",
        "classifier_sha256": "c0ffee",
        "commit": result_rows.commit(),
    }


def test_without_classifier_there_is_no_name_of_one():
    row = result_rows.origin(measures.Measures(stand_ins.protocol()), NAMES, "")
    assert row["classifier"] is None
    assert row["classifier_sha256"] is None


def test_the_order_of_pairs_counts():
    assert result_rows.pairs_sha256(NAMES) != result_rows.pairs_sha256(NAMES[::-1])


def test_the_commit_is_that_of_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")  # As inside a hook.
    tmp_path = tmp_path.resolve()
    assert result_rows.commit(tmp_path) is None
    _git(tmp_path, "init", "--quiet")
    assert result_rows.commit(tmp_path) is None  # No commit yet.
    (tmp_path / "code.py").write_text("1")
    (tmp_path / "inner").mkdir()
    _git(tmp_path, "add", "code.py")
    _git(tmp_path, "commit", "--quiet", "-m", "one")
    head = _git(tmp_path, "rev-parse", "HEAD")
    assert result_rows.commit(tmp_path) == head
    (tmp_path / "data.csv").write_text("not git's")
    assert result_rows.commit(tmp_path) == head
    (tmp_path / "code.py").write_text("2")
    assert result_rows.commit(tmp_path) == f"{head}+changes"
    # A package installed inside somebody's checkout is not of that checkout.
    assert result_rows.commit(tmp_path / "inner") is None


def test_rows_are_appended_and_read_back(tmp_path):
    path = tmp_path / "results.jsonl"
    for number in (1, 2):
        result_rows.append(path, _row(number))
    assert result_rows.read(path) == [_row(1), _row(2)]
    assert path.read_text().endswith("}\n")


def test_a_line_cut_short_does_not_take_the_next_with_it(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps(_row(1)) + '\n{"protocol": "dg')
    result_rows.append(path, _row(2))
    lines = path.read_text().splitlines()
    assert lines[1] == '{"protocol": "dg'
    assert json.loads(lines[2]) == _row(2)


def test_a_row_that_is_no_json_is_not_written(tmp_path):
    path = tmp_path / "results.jsonl"
    result_rows.append(path, _row(1))
    with pytest.raises(ValueError, match="not JSON compliant"):
        result_rows.append(path, _row(float("nan")))
    assert result_rows.read(path) == [_row(1)]


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match=r"cannot write .*results\.jsonl"):
        result_rows.append(tmp_path / "nowhere" / "results.jsonl", _row(1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"step": 4}\n', r"results\.jsonl:1: not a row of evaluation"),
        (json.dumps({"protocol": "p", "generated": {}}) + "\n{", r":2: not a row"),
        ("[]\n", r":1: not a row"),
        ('{"protocol": "dgan"}\n', r":1: not a row"),
        ("", "holds no rows"),
    ],
)
def test_what_are_no_rows_is_named(tmp_path, text, message):
    path = tmp_path / "results.jsonl"
    path.write_text(text)
    with pytest.raises(input_error.InputError, match=message):
        result_rows.read(path)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match=r"results .*none\.jsonl"):
        result_rows.read(tmp_path / "none.jsonl")


def _row(number):
    return {"protocol": "dgan", "generated": {"l1": number}}


def _git(folder: pathlib.Path, *arguments):
    return subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
