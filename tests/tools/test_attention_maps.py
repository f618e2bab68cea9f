"""Tests of attention maps as pictures."""

import keras
import numpy as np
import pytest

from keras_posegan.models import generator as generator_lib
from tools import attention_maps, attention_sheet
from tools.benchmarks import people
from tools.benchmarks import size as size_lib

SIZE = size_lib.Size(batch_size=1, width=0.125, image_height=32, image_width=16)


@pytest.fixture(scope="module")
def sample():
    return {name: np.array(value) for name, value in people.batch(SIZE).items()}


def _generator(**settings):
    keras.utils.set_random_seed(0)
    return generator_lib.build_generator((32, 16), width=0.125, **settings)


@pytest.mark.parametrize("pooling", [1, 2])
def test_rows_sum_to_one_and_have_their_layers_size(sample, pooling):
    generator = _generator(attention_key_pooling=pooling)
    points = [("a", (0, 0)), ("b", (15, 31)), ("c", (7.5, 12))]
    coarse, fine = attention_maps.attention_rows(generator, sample, points)
    assert coarse.shape == (3, 16 // pooling, 8 // pooling)
    assert fine.shape == (3, 32 // pooling, 16 // pooling)
    for rows in (coarse, fine):
        np.testing.assert_allclose(rows.sum(axis=(1, 2)), 1.0, rtol=1e-5)
        assert np.abs(rows[0] - rows[1]).max() > 0


def test_rows_are_those_that_the_layer_adds_up(sample):
    generator = _generator(attention_strides=(2,))
    (layer,) = attention_maps.attention_layers(generator)
    (rows,) = attention_maps.attention_rows(generator, sample, [("a", (5, 9))])
    layer.gamma.assign(1.0)
    inputs = keras.Model(generator.inputs, layer.input)(
        {
            "source_image": sample["source_image"] / np.float32(127.5) - 1,
            "source_keypoints": sample["source_keypoints"],
            "target_keypoints": sample["target_keypoints"],
        },
        training=False,
    )
    added = (layer(inputs) - inputs)[0, 9 // 2, 5 // 2]
    values = (inputs[0].numpy() @ layer.value.numpy()) * rows[0][..., None]
    np.testing.assert_allclose(added, values.sum(axis=(0, 1)), rtol=1e-3, atol=1e-5)


def test_only_visible_joints_are_points():
    keypoints = np.ones((18, 3), "float32")
    keypoints[:, 0] = np.arange(18)
    keypoints[3, 2] = 0
    points = attention_maps.joint_points(keypoints, (2, 3, 4))
    assert [name for name, _ in points] == ["right shoulder", "right wrist"]
    assert [point[0] for _, point in points] == [2, 4]


def test_the_largest_weight_is_the_brightest_and_the_cross_leaves_its_point_free():
    picture = np.full((32, 16, 3), 100, np.uint8)
    weights = np.zeros((16, 8))
    weights[3, 5] = 0.8
    weights[4, 5] = 0.2
    drawn = attention_maps.overlay(picture, weights, (4, 20)).astype(int)
    assert drawn[6, 10].tolist() == [252, 255, 164]  # Where inferno ends.
    assert (drawn[6:8, 10:12] == drawn[6, 10]).all()
    # Where it is half way, half over the picture: the square root of a quarter.
    expected = (25 + 0.5 * np.array([188, 55, 84])).tolist()
    np.testing.assert_allclose(drawn[8, 10], expected, atol=1)
    assert drawn[20, 4].tolist() == [50, 50, 50]
    assert drawn[20, 5].tolist() == [0, 255, 255]
    assert drawn[17, 4].tolist() == [0, 255, 255]
    assert (picture == 100).all()


def test_a_cross_at_the_edge_stays_inside():
    picture = np.zeros((32, 16, 3), np.uint8)
    drawn = attention_maps.crosses(picture, [(0, 0), (15, 31), (40, -9)])
    assert (drawn != 0).any(axis=-1).sum() == 12


def test_a_sheet_has_a_block_a_layer(sample):
    generated = np.zeros((32, 16, 3), np.uint8)
    points = [(str(number), (number, number)) for number in range(12)]
    sheets = [
        attention_sheet.attention_sheet(
            _generator(attention_strides=strides), sample, generated, points
        )
        for strides in ((2,), (2, 1))
    ]
    # 13 pictures in rows of 10.
    assert {sheet.shape[1] for sheet in sheets} == {2 * 16 + 10 * (128 + 6) - 6}
    assert len(sheets[1]) - 32 == 2 * (len(sheets[0]) - 32)
    assert (
        attention_sheet.attention_sheet(
            _generator(attention_strides=()), sample, generated, points
        )
        is None
    )
    with pytest.raises(ValueError, match="points"):
        attention_sheet.attention_sheet(
            _generator(attention_strides=(2,)), sample, generated, []
        )
