"""Tests of the checksum of a classifier against the programs that print it."""

import subprocess

import pytest

from keras_posegan import input_error
from tools.ablations import classifier_checksum


def _shell(folder, command):
    return subprocess.run(
        command, shell=True, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[0]


def test_it_is_what_sha256sum_prints(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("a.pb", "B", "b/z", "b/c/y", "b.txt"):
        (tmp_path / name).write_text(name)
    expected = _shell(
        tmp_path, "find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"
    )
    assert classifier_checksum.classifier_checksum(str(tmp_path)) == expected
    expected = _shell(tmp_path, "sha256sum a.pb")
    assert classifier_checksum.classifier_checksum(str(tmp_path / "a.pb")) == expected


def test_none_is_none_and_a_wrong_path_is_named(tmp_path):
    assert classifier_checksum.classifier_checksum("") is None
    with pytest.raises(input_error.InputError, match="--classifier=/nowhere: no such"):
        classifier_checksum.classifier_checksum("/nowhere")
