"""Tests of files of one JSON object a line."""

import pathlib

import pytest

from keras_posegan.training import step_rows


def test_rows_come_back_in_order(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [{"step": 1, "a": 0.1}, {"step": 2, "name": "x"}]
    for row in rows:
        step_rows.append(path, row)
    assert step_rows.read(path) == rows


def test_no_file_is_no_rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    step_rows.cut(path, 3)
    assert step_rows.read(path) == []
    assert not path.exists()


def test_later_rows_and_a_torn_one_are_cut(tmp_path):
    path = tmp_path / "rows.jsonl"
    for step in (1, 2, 3, 4):
        step_rows.append(path, {"step": step})
    path.write_text(path.read_text()[:-4])
    assert [row["step"] for row in step_rows.read(path)] == [1, 2, 3]
    step_rows.cut(path, 2)
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n'
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_while_cutting_loses_nothing(tmp_path, monkeypatch):
    path = tmp_path / "rows.jsonl"
    for step in (1, 2):
        step_rows.append(path, {"step": step})

    def kill(self, text):
        with self.open("w"):
            raise KeyboardInterrupt

    monkeypatch.setattr(pathlib.Path, "write_text", kill)
    with pytest.raises(KeyboardInterrupt):
        step_rows.cut(path, 1)
    assert [row["step"] for row in step_rows.read(path)] == [1, 2]
