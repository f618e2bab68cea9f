"""Tests of the look into .tflite files."""

import pytest
import tensorflow as tf

from export.phone import flatbuffer


def _converted(function, custom=False):
    function = tf.function(
        function, input_signature=[tf.TensorSpec((2, 2), tf.float32)]
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    )
    converter.allow_custom_ops = custom
    return converter.convert()


def test_operations_are_named():
    content = _converted(lambda x: tf.tanh(x) * 2.0)
    model = flatbuffer.read(content)
    assert [name for name, _, _ in flatbuffer.operations(model)] == ["TANH", "MUL"]
    flatbuffer.check_builtins(content)
    written = flatbuffer.read(flatbuffer.write(model))
    assert [name for name, _, _ in flatbuffer.operations(written)] == ["TANH", "MUL"]


def test_an_operation_that_is_not_builtin_is_refused():
    content = _converted(tf.linalg.inv, custom=True)
    with pytest.raises(ValueError, match="CUSTOM"):
        flatbuffer.check_builtins(content)
