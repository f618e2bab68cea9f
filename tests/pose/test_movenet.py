"""Tests of loading MoveNet's file."""

import os

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.pose import movenet
from tests.pose import stand_in_movenet


def test_loading_says_nothing(tmp_path, capfd):
    model = movenet.load(stand_in_movenet.write(tmp_path / "model.tflite"), threads=2)
    model.set_tensor(
        model.get_input_details()[0]["index"], np.zeros((1, 192, 192, 3), np.int32)
    )
    model.invoke()
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_errors_are_still_seen_afterwards(tmp_path, capfd):
    movenet.load(stand_in_movenet.write(tmp_path / "model.tflite"))
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_a_missing_file_says_how_to_get_it(tmp_path):
    with pytest.raises(input_error.InputError, match=r"tools\.fetch_movenet gets it"):
        movenet.load(tmp_path / "absent.tflite")


def test_a_file_of_another_kind_is_named(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"<html>no model</html>" * 9)
    with pytest.raises(input_error.InputError, match="cannot load") as caught:
        movenet.load(path)
    assert str(path) in str(caught.value)


def test_a_model_of_other_shapes_is_named(tmp_path):
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((1, 256, 256, 3), tf.int32)])
    def thunder(pixels):
        return tf.cast(pixels[:, :1, :17, :], tf.float32)

    path = tmp_path / "thunder.tflite"
    path.write_bytes(
        tf.lite.TFLiteConverter.from_concrete_functions(
            [thunder.get_concrete_function()], thunder
        ).convert()
    )
    with pytest.raises(input_error.InputError, match=r"Received: from \(1, 256") as e:
        movenet.load(path)
    assert str(path) in str(e.value)
