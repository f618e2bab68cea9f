"""Tests of one person in many poses: equal to as many calls, encoded once."""

import keras
import numpy as np
import pytest

from keras_posegan.models import folding, generator, reposing

SIZE = (32, 16)


@pytest.fixture(scope="module", params=["whole", "folded"])
def network(request):
    keras.utils.set_random_seed(0)
    built = generator.build_generator(SIZE, width=0.1, attention_strides=(2,))
    return built if request.param == "whole" else folding.fold(built)


def test_each_pose_is_drawn_as_the_generator_draws_it(network):
    random = np.random.default_rng(0)
    image = random.uniform(-1, 1, (2, *SIZE, 3)).astype("float32")
    source, targets = _keypoints(random, 2), _keypoints(random, 2, 3)
    encoder, painter = reposing.split(network)
    drawn = reposing.repose(encoder, painter, image, source, targets).numpy()
    assert drawn.shape == (2, 3, *SIZE, 3)
    for pose in range(3):
        inputs = {
            "source_image": image,
            "source_keypoints": source,
            "target_keypoints": targets[:, pose],
        }
        expected = network(inputs, training=False).numpy()
        np.testing.assert_allclose(drawn[:, pose], expected, atol=1e-5)
    assert np.abs(drawn[:, 0] - drawn[:, 1]).max() > 1e-3


def test_the_painter_holds_no_layer_of_the_appearance_encoder(network):
    encoder, painter = reposing.split(network)
    encoding = {layer.name for layer in encoder.layers if layer.weights}
    painting = {layer.name for layer in painter.layers if layer.weights}
    assert encoding == {n for n in encoding if n.startswith("appearance_")} != set()
    assert not encoding & painting
    weighty = {layer.name for layer in network.layers if layer.weights}
    assert encoding | painting == weighty


def test_another_network_is_refused():
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)], name="other")
    with pytest.raises(ValueError, match="Received: 'other'"):
        reposing.split(other)


def _keypoints(random, *counts):
    keypoints = np.ones((*counts, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (*counts, 18, 2))
    return keypoints
