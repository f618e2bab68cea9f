"""Tests of numbered versions: the next free one, whole or not at all."""

import pathlib

import pytest

from export import versions
from keras_posegan import input_error


def test_the_first_is_1_in_a_folder_made_for_it(tmp_path):
    base = tmp_path / "deep" / "posegan"
    assert versions.write_next(str(base), _write) == base / "1"
    assert (base / "1" / "saved_model.pb").read_text() == "new"
    # Nothing but the finished folder stands there.
    assert [path.name for path in base.iterdir()] == ["1"]


def test_each_is_the_next(tmp_path):
    for name in ("2", "10", "notes", ".export_left_by_a_crash"):
        (tmp_path / name).mkdir()
    (tmp_path / "10" / "precious").write_text("x")
    assert versions.write_next(str(tmp_path), _write).name == "11"
    assert (tmp_path / "10" / "precious").read_text() == "x"


def test_no_number_is_seen_before_the_folder_is_whole(tmp_path):
    def write(folder):
        assert not [each for each in tmp_path.iterdir() if each.name.isdecimal()]
        _write(folder)

    assert versions.write_next(str(tmp_path), write).name == "1"


def test_a_number_taken_meanwhile_is_left_alone(tmp_path, monkeypatch):
    rename = pathlib.Path.rename

    def after_another(path, target):
        target.mkdir()
        (target / "precious").write_text("x")
        monkeypatch.setattr(pathlib.Path, "rename", rename)
        return rename(path, target)

    monkeypatch.setattr(pathlib.Path, "rename", after_another)
    assert versions.write_next(str(tmp_path), _write).name == "2"
    assert [path.name for path in (tmp_path / "1").iterdir()] == ["precious"]


def test_a_broken_one_leaves_nothing(tmp_path):
    def fill_the_disk(folder):
        _write(folder)
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        versions.write_next(str(tmp_path), fill_the_disk)
    assert not any(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    for export_dir in (str(tmp_path / "file"), ""):
        with pytest.raises(input_error.InputError, match="--export_dir"):
            versions.write_next(export_dir, _write)


def _write(folder):
    folder.mkdir()
    (folder / "saved_model.pb").write_text("new")
