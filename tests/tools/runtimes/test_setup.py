"""Tests of what sets a runtime up, and of what is said where that fails."""

import shutil
import subprocess
import sys

import pytest

from keras_posegan import input_error
from tools.runtimes import arm64, browser, external_command, fresh_folder


def test_a_program_goes_by_several_names():
    found = external_command.find("any", ("no_such_program", "sh"), "dash")
    assert found == shutil.which("sh")


@pytest.mark.parametrize(
    ("runtime", "missing"), [(arm64, "qemu-aarch64"), (browser, "chromium or .*")]
)
def test_a_missing_program_is_named(runtime, missing, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        input_error.InputError, match=f"--runtimes=.*: {missing} is not installed"
    ):
        runtime.prepare(tmp_path)


@pytest.mark.parametrize("runtime", [arm64, browser])
def test_a_failed_download_is_told_and_leaves_nothing(runtime, tmp_path, monkeypatch):
    monkeypatch.setattr(external_command, "find", lambda *_: "/usr/bin/false")
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(
            command, 1, "", "no such host"
        ),
    )
    monkeypatch.setattr(arm64, "_KEYS", tmp_path)
    with pytest.raises(input_error.InputError, match=r"is there a network\? no such"):
        runtime.prepare(tmp_path / "work")
    assert not list((tmp_path / "work").iterdir())


def test_a_command_runs_in_its_folder(tmp_path):
    code = "import pathlib; pathlib.Path('here').touch()"
    external_command.run("any", [sys.executable, "-c", code], tmp_path)
    assert (tmp_path / "here").exists()


def test_a_folder_is_filled_once(tmp_path):
    def fill(folder):
        filled.append(folder)
        (folder / "content").touch()

    filled = []
    for _ in range(2):
        folder = fresh_folder.once(tmp_path / "deep" / "packages", fill)
        assert [path.name for path in folder.iterdir()] == ["content"]
    assert len(filled) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["packages"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(input_error.InputError, match=r"--work_dir=.*file"):
        fresh_folder.once(tmp_path / "file" / "packages", lambda _: None)
