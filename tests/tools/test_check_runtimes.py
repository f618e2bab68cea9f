"""Tests of the check of runtimes, on a signature that needs no training."""

import json

import numpy as np
import pytest
import tensorflow as tf

from export.phone import converter_output, documents
from keras_posegan import input_error
from tests.data import drawn_dataset
from tools import check_runtimes
from tools.runtimes import compiled_model, drawing_process


@pytest.fixture(scope="module")
def tflite_dir(tmp_path_factory):
    """A file whose picture depends on all inputs."""
    folder = tmp_path_factory.mktemp("tflite")
    height, width = drawn_dataset.IMAGE_SIZE
    keypoints = tf.TensorSpec((1, 18, 3), tf.float32)

    @tf.function
    def generate(image, source_keypoints, target_keypoints):
        moved = tf.reduce_sum(source_keypoints - 2.0 * target_keypoints, (1, 2))
        drawn = tf.abs(tf.sin(tf.cast(image, tf.float32) + moved[:, None, None, None]))
        return {
            "generated_image": tf.cast(250.0 * drawn, tf.uint8),
            "status": tf.cast(moved, tf.int32),
        }

    function = generate.get_concrete_function(
        image=tf.TensorSpec((1, height, width, 3), tf.uint8),
        source_keypoints=keypoints,
        target_keypoints=keypoints,
    )
    module = tf.Module()
    with converter_output.hidden():
        tf.saved_model.save(module, str(folder / "saved"), {"generate": function})
        converter = tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved"))
        content = converter.convert()
    (folder / "posegan_float32.tflite").write_bytes(content)
    signature = documents._signature((height, width))
    (folder / "signature.json").write_text(json.dumps(signature))
    return folder


def test_the_compiled_model_draws_as_the_interpreter(tflite_dir, tiny_data_dir, capfd):
    draws = {"compiled_model": compiled_model.prepare(tflite_dir)}
    (row,) = check_runtimes.run(tflite_dir, draws, str(tiny_data_dir), pairs=2)
    assert (row["variant"], row["runtime"]) == ("float32", "compiled_model")
    assert row["fault"] is None
    assert row["max_difference"] <= 1
    assert row["milliseconds"] > 0
    assert row["interpreter_milliseconds"] > 0
    assert capfd.readouterr().out.rstrip().endswith("passes")


def test_every_fault_is_told(tflite_dir, tiny_data_dir, capfd):
    def off(model, inputs, outputs):
        same(model, inputs, outputs)
        with np.load(outputs) as arrays:
            found = dict(arrays)
        found["generated_image"][1, 3, 4, 1] += np.uint8(2)
        np.savez(outputs, **found)
        return 5.0

    def fails(*paths):
        code = "echo no >&2; echo kernel >&2; exit 3"
        return drawing_process.run(["sh", "-c", code], *paths)

    same = compiled_model.prepare(tflite_dir)
    rows = check_runtimes.run(
        tflite_dir, {"off": off, "fails": fails}, str(tiny_data_dir), pairs=2
    )
    assert [row["runtime"] for row in rows] == ["off", "fails"]
    assert rows[0]["max_difference"] == 2
    assert rows[0]["fault"] == "max_difference exceeds 1 grey level"
    assert rows[1]["fault"] == "does not run: status 3: no kernel"
    assert capfd.readouterr().out.count("FAILS: ") == 2


def test_a_folder_without_files_is_refused(tmp_path, tiny_data_dir):
    with pytest.raises(input_error.InputError, match=r"--tflite_dir=.*no \.tflite"):
        check_runtimes.run(tmp_path, {}, str(tiny_data_dir))
    (tmp_path / "posegan_int8.tflite").touch()
    with pytest.raises(input_error.InputError, match=r"signature\.json: cannot be"):
        check_runtimes.run(tmp_path, {}, str(tiny_data_dir))
