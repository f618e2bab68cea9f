"""Tests of the batched structural similarity against scikit-image's."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.metrics import batch_ssim, ssim

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "metrics.npz"


def _pictures(count=3, size=(14, 12), seed=0):
    random = np.random.default_rng(seed)
    shape = (count, *size, 3)
    reference = random.integers(0, 256, shape)
    generated = np.clip(reference + random.normal(0, 40, shape), 20, 220)
    return reference.astype("uint8"), generated.astype("uint8")


def test_equals_the_golden_numbers():
    golden = np.load(GOLDEN)
    values = batch_ssim.batch_ssim(golden["reference"], golden["generated"])
    assert values.dtype == tf.float32
    np.testing.assert_allclose(values, golden["ssim"], atol=1e-6)


@pytest.mark.parametrize("count", [1, 7, 8, 9, 20])
def test_equals_scikit_image_whatever_the_batch(count):
    pair = _pictures(count)
    values = batch_ssim.batch_ssim(*pair)
    np.testing.assert_allclose(values, ssim.ssim(*pair), atol=1e-6)
    assert len(np.unique(values)) == count


def test_equals_scikit_image_where_there_is_little_contrast():
    """As of a generator at the start of its training."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:40, :24]
    reference = np.repeat(255 * ((y // 8 + x // 8) % 2)[None, ..., None], 3, axis=-1)
    reference = np.repeat(reference, 5, axis=0).astype("uint8")
    for low, high in ((0, 2), (100, 103), (250, 256)):
        generated = random.integers(low, high, reference.shape, dtype=np.uint8)
        for pair in ((reference, generated), (generated, reference)):
            np.testing.assert_allclose(
                batch_ssim.batch_ssim(*pair), ssim.ssim(*pair), atol=1e-6
            )


def test_equals_scikit_image_where_all_but_a_spot_is_white():
    """As of a generator that has gone astray."""
    reference = np.zeros((1, 40, 24, 3), "uint8")
    reference[:, 20:] = 255
    for spot in (254, 250, 240):  # Not in one batch: one alone must be found out.
        generated = np.full_like(reference, 255)
        generated[0, 0, 0] = spot
        np.testing.assert_allclose(
            batch_ssim.batch_ssim(reference, generated),
            ssim.ssim(reference, generated),
            atol=1e-6,
        )


def test_agrees_to_a_thousandth_with_scikit_image_on_flat_pictures():
    random = np.random.default_rng(0)
    shape = (8, 30, 30, 3)
    reference = np.repeat(random.integers(0, 240, (8, 1, 1, 1)), 30, axis=1)
    reference = np.broadcast_to(reference, shape).astype("uint8")
    generated = reference + random.integers(0, 3, shape, dtype=np.uint8)
    reference, generated = reference.copy(), generated.copy()
    reference[:, :2], generated[:, 0] = 250, [0, 255, 128]
    values = batch_ssim.batch_ssim(reference, generated)
    assert 0.3 < np.mean(values) < 0.99
    np.testing.assert_allclose(values, ssim.ssim(reference, generated), atol=1e-3)


@pytest.mark.parametrize("value", [0, 77, 255])
def test_a_generated_picture_of_one_value_is_equal_or_not(value):
    reference, generated = _pictures(4)
    reference, generated = np.full_like(reference, value), generated.copy()
    generated[:3] = value
    reference[0, 0, 0, 0] ^= 1
    reference[1] ^= 1
    values = batch_ssim.batch_ssim(reference, generated)
    np.testing.assert_array_equal(values[:3], [0.0, 0.0, 1.0])
    np.testing.assert_allclose(values, ssim.ssim(reference, generated), atol=1e-6)


def test_equal_pictures_have_similarity_one():
    reference, _ = _pictures()
    np.testing.assert_allclose(
        batch_ssim.batch_ssim(reference, reference), 1.0, atol=1e-6
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_in_grey_levels_and_any_scale_from_black_give_the_same(dtype):
    pair = _pictures()
    expected = ssim.ssim(*pair)
    for scale in (1, 1 / 255):
        values = batch_ssim.batch_ssim(*(x.astype(dtype) * scale for x in pair))
        np.testing.assert_allclose(values, expected, atol=1e-5)


def test_can_be_part_of_a_graph_of_unknown_batch():
    @tf.function(input_signature=[tf.TensorSpec((None, 14, 12, 3), tf.uint8)] * 2)
    def graph(reference, generated):
        values = batch_ssim.batch_ssim(reference, generated)
        assert values.shape.as_list() == [None]
        return values

    for count in (2, 9):
        pair = _pictures(count)
        np.testing.assert_allclose(graph(*pair), ssim.ssim(*pair), atol=1e-6)


def test_an_empty_batch_has_no_values():
    assert batch_ssim.batch_ssim(*_pictures(0)).shape == (0,)


def test_rejects_pictures_that_are_no_pairs():
    reference, generated = _pictures()
    with pytest.raises(ValueError, match=r"uint8 \(3, 14, 12, 3\) and float32"):
        batch_ssim.batch_ssim(reference, generated.astype("float32"))
    with pytest.raises(ValueError, match=r"\(3, 14, 12, 3\) and uint8 \(1, 14, 12"):
        batch_ssim.batch_ssim(reference, generated[:1])


def test_rejects_single_pictures_and_small_ones():
    reference, generated = _pictures(size=(10, 20))
    with pytest.raises(ValueError, match=r"at least 11 .*\(3, 10, 20, 3\)"):
        batch_ssim.batch_ssim(reference, generated)
    with pytest.raises(ValueError, match=r"\(B, H, W, C\).*\(10, 20, 3\)"):
        batch_ssim.batch_ssim(reference[0], generated[0])
