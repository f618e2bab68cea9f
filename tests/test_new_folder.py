"""Tests of a new folder: whole or not at all, and over nothing."""

import pytest

from keras_posegan import input_error, new_folder


def test_it_appears_at_the_end_alone(tmp_path):
    target = tmp_path / "deep" / "data"
    with new_folder.written(str(target), "output_dir") as partial:
        assert not partial.exists()
        partial.mkdir()
        (partial / "file").write_text("x")
        assert not target.exists()
        assert partial.parent.parent == target.parent  # One disk: moving is at once.
    assert (target / "file").read_text() == "x"
    assert [path.name for path in target.parent.iterdir()] == ["data"]


def test_an_exception_leaves_nothing(tmp_path):
    def fill_the_disk():
        with new_folder.written(str(tmp_path / "data"), "output_dir") as partial:
            partial.mkdir()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fill_the_disk()
    assert not any(tmp_path.iterdir())


def test_a_name_that_is_taken_or_empty_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in ("", str(tmp_path), str(tmp_path / "file")):
        with pytest.raises(input_error.InputError, match=f"--output_dir={path}: must"):
            new_folder.check(path, "output_dir")
    new_folder.check(str(tmp_path / "new"), "output_dir")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    path = str(tmp_path / "file" / "data")
    with (
        pytest.raises(input_error.InputError, match=f"--output_dir={path}: "),
        new_folder.written(path, "output_dir"),
    ):
        pass
