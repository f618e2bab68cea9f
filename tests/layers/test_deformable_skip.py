"""Tests of the deformable skip against its formula."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import deformable_skip
from keras_posegan.pose import body_parts
from tests import layer_checks

IMAGE_SIZE = (16, 8)
KERNELS = deformable_skip.KERNELS
# One of them compiled.
WAYS = (("projective", False), ("sparse", False), ("sparse", True), ("plain", False))


def _transforms(seed=0, parts=10):
    random = np.random.default_rng(seed)
    maps = np.zeros((2, parts, 8))
    maps[..., :6] = [1, 0, 0, 0, 1, 0] + 0.2 * random.normal(size=(2, parts, 6))
    maps[..., [2, 5]] *= 10.0
    maps[1, 1] = body_parts.NO_POINT  # Not in both: its zeros hide negative values.
    return maps.astype("float32")


def _masks(seed=0, parts=10):
    random = np.random.default_rng(seed)
    masks = random.integers(0, 2, size=(2, *IMAGE_SIZE, parts)).astype("float32")
    masks[..., 0] = 1.0
    # Where all masks are 1, negative values get through.
    masks[:, :6] = 1.0
    return masks


def _features(size, seed=1):
    shape = (2, *size, 3)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _reference(features, transforms, masks, centre_aligned=True):
    """The docstring's formula with bilinear reading, pixel by pixel, in NumPy."""
    batch, height, width, channels = features.shape
    strides = np.array([masks.shape[2] / width, masks.shape[1] / height])
    shift = 0.5 if centre_aligned else 0.0
    outputs = np.zeros(features.shape)
    for b, y, x in np.ndindex(batch, height, width):
        products = []
        # The feature pixel's place in the picture, there mapped, and back.
        picture = (np.array([x, y]) + shift) * strides - shift
        mask_y, mask_x = int((y + shift) * strides[1]), int((x + shift) * strides[0])
        for p in range(transforms.shape[1]):
            a0, a1, a2, b0, b1, b2 = transforms[b, p, :6].astype("float64")
            mapped = np.array([[a0, a1], [b0, b1]]) @ picture + [a2, b2]
            source_x, source_y = (mapped + shift) / strides - shift
            value = np.zeros(channels)
            for row, column in np.ndindex(height, width):
                weight = max(0, 1 - abs(source_y - row)) * max(
                    0, 1 - abs(source_x - column)
                )
                value += weight * features[b, row, column]
            products.append(value * masks[b, mask_y, mask_x, p])
        outputs[b, y, x] = np.max(products, axis=0)
    return outputs


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("centre_aligned", [True, False])
def test_contract(centre_aligned, kernel):
    features = _features((8, 4))
    layer_checks.check_layer(
        deformable_skip.DeformableSkip,
        {
            "image_size": IMAGE_SIZE,
            "interpolation": "bilinear" if centre_aligned else "nearest",
            "centre_aligned": centre_aligned,
            "kernel": kernel,
        },
        inputs=(features, _transforms(), _masks()),
        output_shape=features.shape,
        data_inputs=(1, 2),
    )


# The picture's own size, stride 2, stride 4, and strides of 16/3 and 8/3.
@pytest.mark.parametrize("size", [(16, 8), (8, 4), (4, 2), (3, 3)])
@pytest.mark.parametrize("centre_aligned", [True, False])
def test_matches_the_formula(size, centre_aligned):
    inputs = _features(size), _transforms(), _masks()
    expected = _reference(*inputs, centre_aligned)
    for kernel in KERNELS:
        layer = deformable_skip.DeformableSkip(
            IMAGE_SIZE, centre_aligned=centre_aligned, kernel=kernel
        )
        np.testing.assert_allclose(layer(*inputs), expected, atol=1e-5)


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_kernels_agree_in_value_and_gradient(interpolation):
    random = np.random.default_rng(2)
    features = tf.constant(_features((8, 4)))
    masks = (_masks() * random.uniform(size=(2, *IMAGE_SIZE, 10))).astype("float32")
    masks[:, 3, 2] = 0.0  # No part at all: 0, not the least of numbers.
    maps = np.concatenate([_transforms(), np.full((2, 1, 8), np.nan, "float32")], 1)
    masks = np.concatenate([masks, masks[..., 1:2]], axis=-1)
    results = []
    for kernel, training in WAYS:
        layer = deformable_skip.DeformableSkip(
            IMAGE_SIZE, interpolation=interpolation, kernel=kernel
        )
        with tf.GradientTape() as tape:
            tape.watch(features)
            outputs = layer(features, maps, masks, training=training)
            loss = tf.reduce_sum(tf.sin(outputs + 1.0))
        results.append((outputs, tape.gradient(loss, features)))
    expected, *others = results
    for found in others:
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(
                tf.convert_to_tensor(ours), tf.convert_to_tensor(theirs), atol=1e-5
            )


def test_scaled_maps_follow_the_printed_formula():
    layer = deformable_skip.DeformableSkip((16, 8))
    theirs = deformable_skip.DeformableSkip((16, 8), centre_aligned=False)
    transforms, stride = _transforms(), 4
    matrix = transforms[..., [0, 1, 3, 4]].reshape(2, 10, 2, 2)
    offset = transforms[..., [2, 5]] / stride
    centred = offset + 0.5 * (1 - 1 / stride) * (matrix.sum(axis=-1) - 1)
    scaled = layer._scale_transforms(transforms, 4, 2)
    np.testing.assert_allclose(tf.gather(scaled, [2, 5], axis=-1), centred, atol=1e-5)
    np.testing.assert_allclose(
        tf.gather(theirs._scale_transforms(transforms, 4, 2), [2, 5], axis=-1),
        offset,
        atol=1e-6,
    )
    np.testing.assert_array_equal(
        tf.gather(scaled, [0, 1, 3, 4], axis=-1), transforms[..., [0, 1, 3, 4]]
    )


def test_identity_with_full_masks_returns_the_features():
    features = _features((8, 4))
    maps = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0]), (2, 10, 1))
    masks = np.ones((2, *IMAGE_SIZE, 10), "float32")
    layer = deformable_skip.DeformableSkip(IMAGE_SIZE)
    np.testing.assert_allclose(layer(features, maps, masks), features, atol=1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_negative_value_becomes_zero_where_a_mask_is_empty(kernel):
    features = -np.abs(_features((8, 4)))
    maps = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0]), (2, 10, 1))
    masks = np.ones((2, *IMAGE_SIZE, 10), "float32")
    masks[..., 3] = 0.0
    layer = deformable_skip.DeformableSkip(IMAGE_SIZE, kernel=kernel)
    np.testing.assert_array_equal(layer(features, maps, masks), 0.0)


@pytest.mark.parametrize(("kernel", "training"), WAYS)
def test_parts_that_win_together_share_the_gradient(kernel, training):
    features = tf.constant(_features((8, 4)))
    maps = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0]), (2, 10, 1))
    layer = deformable_skip.DeformableSkip(IMAGE_SIZE, kernel=kernel)
    masks = np.ones((2, *IMAGE_SIZE, 10), "float32")
    with tf.GradientTape() as tape:
        tape.watch(features)
        outputs = layer(features, maps, masks, training=training)
    np.testing.assert_allclose(tape.gradient(outputs, features), 1.0, rtol=1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
def test_gradient_equals_the_differences(kernel):
    layer = deformable_skip.DeformableSkip(IMAGE_SIZE, kernel=kernel)
    transforms, masks = _transforms(), _masks()
    features = _features((4, 2))
    upstream = _features((4, 2), seed=5)
    tensor = tf.constant(features)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        outputs = layer(tensor, transforms, masks)
    gradient = tape.gradient(outputs, tensor, output_gradients=upstream).numpy()
    step = 1e-3
    for place in np.ndindex(features.shape):
        change = np.zeros(features.shape)
        change[place] = step
        slope = np.sum(
            upstream
            * (
                _reference(features + change, transforms, masks)
                - _reference(features - change, transforms, masks)
            )
        ) / (2 * step)
        np.testing.assert_allclose(gradient[place], slope, atol=1e-3)


def test_mixed_precision_leaves_the_transforms_exact():
    # 301.7 has no bfloat16 near it: a rounded map would read elsewhere.
    maps = np.tile(np.float32([1, 0, 301.7, 0, 1, 0, 0, 0]), (1, 2, 1))
    features = np.zeros((1, 4, 320, 1), "float32")
    features[..., 302, 0] = 1.0
    masks = np.ones((1, 4, 320, 2), "float32")
    layer = deformable_skip.DeformableSkip((4, 320), dtype="mixed_bfloat16")
    outputs = layer(features, maps, masks)
    assert outputs.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(outputs[0, 0, 0, 0], tf.float32), 0.7, atol=4e-3)


def test_there_is_no_xla_kernel():
    assert not deformable_skip.DeformableSkip(IMAGE_SIZE).supports_jit


@pytest.mark.parametrize("image_size", [(16,), (0, 8), (16, 8.5)])
def test_rejects_an_invalid_image_size(image_size):
    with pytest.raises(ValueError, match="image_size="):
        deformable_skip.DeformableSkip(image_size)


def test_rejects_an_unknown_interpolation():
    with pytest.raises(ValueError, match="interpolation='cubic'"):
        deformable_skip.DeformableSkip(IMAGE_SIZE, interpolation="cubic")


def test_rejects_an_unknown_kernel():
    with pytest.raises(ValueError, match="kernel='dense'"):
        deformable_skip.DeformableSkip(IMAGE_SIZE, kernel="dense")


def test_rejects_masks_of_another_size():
    layer = deformable_skip.DeformableSkip((16, 16))
    with pytest.raises(ValueError, match="masks of shape"):
        layer(_features((4, 2)), _transforms(), _masks())


def test_rejects_masks_of_another_number():
    layer = deformable_skip.DeformableSkip(IMAGE_SIZE)
    with pytest.raises(ValueError, match="as many parts"):
        layer(_features((4, 2)), _transforms(), _masks(parts=9))
