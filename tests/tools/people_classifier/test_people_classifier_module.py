"""Tests of the exported classifier: its signatures, and that it is what was trained."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.losses import perceptual_features
from keras_posegan.metrics import classifiers
from tools.people_classifier import garments, network, people_classifier_module

SIZE = (64, 32)


@pytest.fixture(scope="module")
def trained():
    """A network whose weights, moving statistics included, are all different."""
    keras.utils.set_random_seed(3)
    classifier = network.build_network(SIZE, people=5)
    random = np.random.default_rng(3)
    for weight in classifier.weights:
        weight.assign(weight + random.uniform(0, 0.1, weight.shape))
    return classifier


@pytest.fixture(scope="module")
def folder(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "deep" / "classifier"
    module = people_classifier_module.PeopleClassifierModule(trained)
    assert module.write(str(path), {"name": "a name", "more": 1}) == path
    # Nothing but the finished folder stands there.
    assert [child.name for child in path.parent.iterdir()] == ["classifier"]
    return path


def _pictures(count, height, width):
    random = np.random.default_rng(count)
    return random.integers(0, 256, (count, height, width, 3)).astype("uint8")


def _softmax(logits):
    exponentials = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def test_evaluation_loads_it_under_its_name(folder):
    assert classifiers.load(folder).name == "a name"
    description = json.loads((folder / "assets.extra/classifier.json").read_text())
    assert description == {"name": "a name", "more": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_probabilities_are_products_of_the_heads(folder, trained, count):
    pictures = _pictures(count, *SIZE)
    probabilities, features = classifiers.load(folder)(pictures)
    logits = trained(pictures / 127.5 - 1, training=False)
    top, bottom = _softmax(logits["top"]), _softmax(logits["bottom"])
    assert probabilities.shape == (count, len(garments.CLASSES))
    for i in range(len(garments.TOPS)):
        for j in range(len(garments.BOTTOMS)):
            np.testing.assert_allclose(
                probabilities[:, garments.joined(i, j)],
                top[:, i] * bottom[:, j],
                atol=1e-5,
            )
    layers = keras.Model(trained.input, trained.get_layer("features").output)
    expected = layers(pictures / 127.5 - 1, training=False)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_pictures_of_another_size_are_resized(folder):
    pictures = _pictures(2, *SIZE)
    doubled = pictures.repeat(2, axis=1).repeat(2, axis=2)
    classifier = classifiers.load(folder)
    for values, expected in zip(classifier(doubled), classifier(pictures), strict=True):
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-4)


def test_its_first_block_serves_as_perceptual_features(folder, trained):
    features = perceptual_features.build_perceptual_features(str(folder))
    picture = np.random.default_rng(0).uniform(-1, 1, (2, 9, 7, 3)).astype("float32")
    expected = trained.get_layer("first_block")(picture, training=False)
    np.testing.assert_allclose(features(picture), expected, rtol=1e-5, atol=1e-5)
    assert np.ptp(expected) > 0.1


def test_the_gradient_of_the_first_block_is_the_networks(folder, trained):
    loaded = tf.saved_model.load(str(folder))
    picture = tf.constant(
        np.random.default_rng(0).uniform(-1, 1, (2, 9, 7, 3)), "float32"
    )
    gradients = []
    for block in (
        lambda x: loaded.first_block(x)["features"],
        lambda x: loaded.signatures["first_block"](image=x)["features"],
        lambda x: trained.get_layer("first_block")(x, training=False),
    ):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            total = tf.reduce_sum(block(picture) ** 2)
        gradients.append(tape.gradient(total, picture))
    assert np.all(np.any(gradients[2] != 0, axis=(0, 1, 2)))
    for gradient in gradients[:2]:
        np.testing.assert_allclose(gradient, gradients[2], rtol=1e-4, atol=1e-4)


def test_it_holds_neither_dropout_nor_the_head_of_the_training_people(folder):
    loaded = tf.saved_model.load(str(folder))
    graphs = [s.graph.as_graph_def() for s in loaded.signatures.values()]
    operations = {
        node.op
        for graph in graphs
        for nodes in (graph.node, *(f.node_def for f in graph.library.function))
        for node in nodes
    }
    assert "Conv2D" in operations
    assert not [name for name in operations if "Random" in name or "Py" in name]
    variables = tf.train.list_variables(str(folder / "variables" / "variables"))
    shapes = [tuple(shape) for _, shape in variables]
    assert (network.FEATURES, len(garments.TOPS)) in shapes
    assert (network.FEATURES, 5) not in shapes


def test_a_folder_that_cannot_be_made_is_refused(trained, tmp_path):
    (tmp_path / "file").write_text("")
    module = people_classifier_module.PeopleClassifierModule(trained)
    with pytest.raises(input_error.InputError, match=r"--output_dir=.*file/deep"):
        module.write(str(tmp_path / "file" / "deep"), {})
