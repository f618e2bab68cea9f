"""Tests of the function that is converted: grey levels in, grey levels out, no NaN."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.phone import frozen_graph


@pytest.fixture(scope="module")
def draw(tmp_path_factory):
    """A network that draws the root of a picture: NaN where it is dark."""
    source_image = keras.Input((4, 2, 3), name="source_image")
    keypoints = [
        keras.Input((18, 3), name=f"{person}_keypoints")
        for person in ("source", "target")
    ]
    network = keras.Model(
        {each.name: each for each in (source_image, *keypoints)},
        keras.layers.Dense(3, use_bias=False)(keras.ops.sqrt(source_image)),
    )
    network.layers[-1].set_weights([np.eye(3)])
    folder = tmp_path_factory.mktemp("frozen") / "model"
    frozen_graph.save(network, folder)
    function = tf.saved_model.load(str(folder)).signatures["generate"]
    assert not function.variables
    return function


def _draw(draw, image):
    keypoints = tf.ones((1, 18, 3))
    return draw(
        image=tf.constant(image), source_keypoints=keypoints, target_keypoints=keypoints
    )


def test_grey_levels_are_the_networks(draw):
    image = np.full((1, 4, 2, 3), 150, np.uint8)
    drawn = _draw(draw, image)
    level = int(255 * (np.sqrt(150 / 127.5 - 1) + 1) / 2)
    assert drawn["generated_image"].dtype == tf.uint8
    np.testing.assert_array_equal(drawn["generated_image"], level)
    np.testing.assert_array_equal(drawn["status"], [0])


def test_nan_is_black_and_told(draw):
    image = np.full((1, 4, 2, 3), 200, np.uint8)
    image[0, 1, 1] = 20
    drawn = _draw(draw, image)
    expected = np.zeros((4, 2, 3), bool)
    expected[1, 1] = True
    np.testing.assert_array_equal(drawn["generated_image"][0] == 0, expected)
    np.testing.assert_array_equal(drawn["status"], [16])
