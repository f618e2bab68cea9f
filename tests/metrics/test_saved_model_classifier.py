"""Tests of classifiers kept as SavedModels: names, checksums, what is refused."""

import shutil
import subprocess

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.metrics import saved_model_classifier
from tests.metrics import tiny_classifier

SavedModelClassifier = saved_model_classifier.SavedModelClassifier


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_classifier.write(tmp_path_factory.mktemp("classifier") / "folder")


@pytest.fixture
def copied(folder, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(folder, tmp_path / "copied")


@pytest.mark.parametrize("shape", [(1, 6, 4, 3), (3, 5, 7, 3)])
def test_pictures_of_any_number_and_size_are_classified(folder, shape):
    pictures = np.random.default_rng(0).integers(0, 256, shape).astype("uint8")
    results = SavedModelClassifier(folder)(pictures)
    for values, expected in zip(
        results, tiny_classifier.reference(pictures), strict=True
    ):
        assert isinstance(values, np.ndarray)
        assert values.dtype == np.float32
        np.testing.assert_allclose(values, expected, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_anything_but_uint8_is_refused(folder, dtype):
    with pytest.raises(ValueError, match=rf"`pictures` must be uint8.*{dtype}"):
        SavedModelClassifier(folder)(np.zeros((1, 4, 4, 3), dtype))


def test_the_name_is_the_one_in_the_description(folder):
    assert SavedModelClassifier(folder).name == "mean colour"


def test_without_a_description_it_is_the_folders(tmp_path, monkeypatch):
    tiny_classifier.write(tmp_path / "colours", name=None)
    assert SavedModelClassifier(tmp_path / "colours").name == "colours"
    monkeypatch.chdir(tmp_path / "colours")
    assert SavedModelClassifier(".").name == "colours"


def test_the_checksum_is_that_of_sha256sum(folder):
    command = (
        "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum "
        "| sha256sum | cut -c -64"
    )
    output = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, check=True
    )
    assert SavedModelClassifier(folder).checksum == output.stdout.strip()


def test_a_copy_has_the_same_checksum_and_a_changed_one_another(folder, copied):
    checksum = SavedModelClassifier(folder).checksum
    assert SavedModelClassifier(copied).checksum == checksum
    (copied / "assets.extra" / "more.txt").write_text("")
    assert SavedModelClassifier(copied).checksum != checksum
    with pytest.raises(input_error.InputError, match=f"must be {checksum}. Received"):
        SavedModelClassifier(copied, checksum)
    SavedModelClassifier(folder, checksum.upper())


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": 3}', '{"name": ""}'])
def test_a_description_without_a_name_is_refused(copied, text):
    (copied / "assets.extra" / "classifier.json").write_text(text)
    _assert_refused(copied, "classifier.json: ")


def test_a_folder_without_a_saved_model_is_refused(tmp_path):
    _assert_refused(tmp_path, "no saved_model.pb")
    _assert_refused(tmp_path / "missing", "no saved_model.pb")


@pytest.mark.parametrize("content", [b"404 not found", b""])
def test_a_broken_saved_model_is_refused(copied, content):
    (copied / "saved_model.pb").write_bytes(content)
    _assert_refused(copied, "cannot be loaded")


def test_a_saved_model_without_its_weights_is_refused(copied):
    shutil.rmtree(copied / "variables")
    _assert_refused(copied, "cannot be loaded")


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({"signature": "serving_default"}, r"no signature 'classify'.*serving_default"),
        ({"dtype": tf.float32}, r"image \(uint8\) .*Received: .*float32"),
        ({"outputs": ("probabilities", "logits")}, r"features\. Received.*logits"),
    ],
)
def test_another_signature_is_refused(tmp_path, options, received):
    path = tiny_classifier.write(tmp_path / "other", **options)
    _assert_refused(path, received)


def _assert_refused(path, pattern):
    with pytest.raises(input_error.InputError, match=pattern) as caught:
        SavedModelClassifier(path)
    assert str(caught.value).startswith(str(path))
