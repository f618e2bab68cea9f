"""Tests of the Inception of 2015 on a tiny graph of the same names and age."""

import hashlib

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.metrics import inception_2015
from tests.metrics import tiny_inception

SIDE = tiny_inception.SIDE


@pytest.fixture(scope="module")
def graph_file(tmp_path_factory):
    return tiny_inception.write(tmp_path_factory.mktemp("graph") / "graph.pb")


@pytest.fixture(scope="module")
def classifier(graph_file):
    return inception_2015.Inception2015(graph_file, _sha256(graph_file))


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _pictures(count, height, width):
    random = np.random.default_rng(count)
    return random.integers(0, 256, (count, height, width, 3)).astype("uint8")


@pytest.mark.parametrize("count", [1, 4])
def test_a_batch_of_any_size_equals_the_written_out_network(classifier, count):
    pictures = _pictures(count, SIDE, SIDE)
    probabilities, features = classifier(pictures)
    expected_probabilities, expected_features = tiny_inception.reference(pictures)
    assert probabilities.dtype == features.dtype == np.float32
    # A bias, if it were added, would show.
    np.testing.assert_allclose(probabilities, expected_probabilities, atol=1e-6)
    np.testing.assert_allclose(features, expected_features, atol=1e-6)


def test_no_static_shape_says_that_the_batch_is_one(classifier):
    # TensorFlow may rewrite a graph by what its shapes say.
    assert [output.shape[0] for output in classifier._outputs] == [None, None]


def test_pictures_go_in_at_their_native_size(classifier):
    # The graph's own resizing, TensorFlow 1's, reads every other pixel of a double.
    pictures = _pictures(2, 2 * SIDE, 2 * SIDE)
    _, features = classifier(pictures)
    _, expected = tiny_inception.reference(pictures[:, ::2, ::2])
    np.testing.assert_allclose(features, expected, atol=1e-6)


def test_it_has_a_name_and_the_files_checksum(classifier, graph_file):
    assert classifier.name == "Inception 2015"
    assert classifier.checksum == _sha256(graph_file)


@pytest.mark.parametrize(
    "pictures",
    [
        np.full((1, 8, 8, 3), np.nan, "float32"),
        np.zeros((1, 8, 8, 3), "int32"),
        np.zeros((8, 8, 3), "uint8"),
        np.zeros((1, 8, 8, 1), "uint8"),
        np.zeros((0, 8, 8, 3), "uint8"),
    ],
    ids=["NaN", "int32", "one picture", "grey", "none"],
)
def test_anything_but_uint8_pictures_is_refused(classifier, pictures):
    with pytest.raises(ValueError, match=r"`pictures` must be uint8 .*Received") as e:
        classifier(pictures)
    assert str(pictures.dtype) in str(e.value)
    assert str(pictures.shape) in str(e.value)


def test_another_file_is_refused_by_its_checksum(graph_file):
    _assert_refused(
        graph_file,
        inception_2015.SHA256,
        f"must be {inception_2015.SHA256}",
        f"Received: {_sha256(graph_file)}",
    )


def test_a_checksum_may_be_written_in_capitals(graph_file):
    inception_2015.Inception2015(graph_file, _sha256(graph_file).upper())


def test_a_missing_file_is_told_where_to_get_it(tmp_path):
    _assert_refused(tmp_path / "no.pb", inception_2015.SHA256, "cannot be read")


def test_a_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "page.pb"
    path.write_text("404 not found")
    _assert_refused(path, _sha256(path), "not a frozen graph")


@pytest.mark.parametrize("missing", ["pool_3", "softmax/logits", "ExpandDims"])
def test_a_graph_without_an_operation_is_refused(missing, tmp_path):
    path = tiny_inception.write(tmp_path / "part.pb", without=missing)
    _assert_refused(path, _sha256(path), f"no operation {missing}")


def test_a_broken_graph_is_refused(tmp_path):
    path = tiny_inception.write(tmp_path / "broken.pb", without="conv/kernel")
    _assert_refused(path, _sha256(path), "not the Inception of 2015")


def _assert_refused(path, sha256, *parts):
    with pytest.raises(input_error.InputError) as caught:
        inception_2015.Inception2015(path, sha256)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "models/image/imagenet/inception-2015-12-05.tgz" in message
    for part in parts:
        assert part in message
