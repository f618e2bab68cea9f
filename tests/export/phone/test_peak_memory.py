"""Tests that parts and chunks still wait for one another after the conversion."""

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import interpreter as litert

from keras_posegan.layers import deformable_skip, self_attention_2d
from tests import layer_checks
from tests.export.phone import live_memory
from tools.benchmarks.straightforward import gathered_skip, whole_attention

RANDOM = np.random.default_rng(0)


def _converted(layer, *inputs):
    """The layer as .tflite, checked against itself."""
    layer(*inputs)
    layer_checks.randomize_weights(layer)
    # Constants: the converter leaves the variables of custom gradients unset.
    values = [weight.value.numpy() for weight in layer.weights]
    for weight, value in zip(layer.weights, values, strict=True):
        setattr(layer, weight.name, tf.constant(value))
    specs = [tf.TensorSpec(array.shape, array.dtype) for array in inputs]
    function = tf.function(layer.call, input_signature=specs)
    content = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    ).convert()
    interpreter = litert.Interpreter(model_content=content)
    by_shape = {array.shape: array for array in inputs}
    interpreter.allocate_tensors()
    for detail in interpreter.get_input_details():
        interpreter.set_tensor(detail["index"], by_shape[tuple(detail["shape"])])
    interpreter.invoke()
    (detail,) = interpreter.get_output_details()
    np.testing.assert_allclose(
        interpreter.get_tensor(detail["index"]), layer.call(*inputs), atol=1e-4
    )
    return content


def test_attention_holds_one_chunk():
    inputs = RANDOM.normal(size=(1, 16, 16, 8)).astype("float32")
    chunked = _converted(self_attention_2d.SelfAttention2D(query_chunk=16), inputs)
    whole = _converted(whole_attention.WholeAttention(), inputs)
    assert live_memory.wait_for_each_other(chunked, "SOFTMAX")
    # Scores and rows of 16 of 256 queries; all of them.
    assert live_memory.largest_live_bytes(whole) >= 2 * 256 * 256 * 4
    chunk = 16 * 256 * 4
    assert live_memory.largest_live_bytes(chunked) <= 4 * chunk + 8 * inputs.nbytes


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_the_warp_holds_one_part(interpolation):
    features = RANDOM.normal(size=(1, 8, 8, 64)).astype("float32")
    transforms = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0]), (1, 10, 1))
    transforms[..., [2, 5]] += RANDOM.normal(size=(1, 10, 2))
    masks = RANDOM.integers(0, 2, (1, 8, 8, 10)).astype("float32")
    plain, gathered = (
        live_memory.largest_live_bytes(_converted(layer, features, transforms, masks))
        for layer in (
            deformable_skip.DeformableSkip((8, 8), interpolation, kernel="plain"),
            gathered_skip.GatheredSkip((8, 8), interpolation),
        )
    )
    assert gathered >= 10 * features.nbytes
    # The taps' rows and weights are as large as four copies of so few channels.
    assert plain <= 8 * features.nbytes
