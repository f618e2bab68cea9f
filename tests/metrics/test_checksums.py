"""Tests of checksums against the program that prints them."""

import subprocess

from keras_posegan.metrics import checksums


def _shell(folder, command):
    return subprocess.run(
        command, shell=True, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[0]


def test_it_is_what_sha256sum_prints(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("a.pb", "B", "b/z", "b/c/y", "b.txt"):
        (tmp_path / name).write_text(name)
    assert checksums.sha256(tmp_path / "a.pb") == _shell(tmp_path, "sha256sum a.pb")
    assert checksums.sha256(tmp_path) == _shell(
        tmp_path,
        r"find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum",
    )
