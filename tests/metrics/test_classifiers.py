"""Tests that a path leads to the classifier that it names."""

import hashlib

import pytest

from keras_posegan import input_error
from keras_posegan.metrics import classifiers, inception_2015
from tests.metrics import tiny_classifier, tiny_inception


def test_a_graph_file_is_inception(tmp_path):
    path = tiny_inception.write(tmp_path / "graph.pb")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    classifier = classifiers.load(str(path), sha256)
    assert classifier.name == "Inception 2015"
    assert classifier.checksum == sha256


def test_without_a_checksum_only_the_real_inception_will_do(tmp_path):
    path = tiny_inception.write(tmp_path / "graph.pb")
    with pytest.raises(input_error.InputError, match=inception_2015.SHA256):
        classifiers.load(path)


def test_a_folder_is_a_saved_model(tmp_path):
    path = tiny_classifier.write(tmp_path / "folder")
    classifier = classifiers.load(str(path))
    assert classifier.name == "mean colour"
    assert classifiers.load(path, classifier.checksum).name == "mean colour"
    with pytest.raises(input_error.InputError, match=r"must be 00\. Received"):
        classifiers.load(path, "00")


@pytest.mark.parametrize("name", ["classifier.h5", "missing", ""])
def test_anything_else_is_told_the_choices(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classifier.h5").write_bytes(b"")
    with pytest.raises(input_error.InputError, match=r"\.pb, or the folder|no saved"):
        classifiers.load(name)


def test_a_missing_graph_file_is_told_where_to_get_it(tmp_path):
    with pytest.raises(input_error.InputError, match=r"inception-2015-12-05\.tgz"):
        classifiers.load(tmp_path / "missing.pb")
