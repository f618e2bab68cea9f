"""Tests of the SavedModel: signatures, parity in grey levels, nothing half-written."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from export import saved_model
from keras_posegan import inference, input_error


@pytest.fixture(scope="module")
def exported(tiny_run_dir, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "deep" / "model"
    assert saved_model.export_saved_model(str(tiny_run_dir), str(path)) == path
    # Nothing but the finished folder stands there.
    assert [child.name for child in path.parent.iterdir()] == ["model"]
    return tf.saved_model.load(str(path))


@pytest.mark.parametrize("count", [1, 3])
def test_grey_levels_are_kerass_to_one(exported, tiny_run_dir, count):
    image, source, target = _inputs(count)
    expected = inference.TrainedGenerator(str(tiny_run_dir))(image, source, target)
    ((name, generated),) = exported.signatures["serving_default"](
        image=tf.constant(image),
        source_keypoints=tf.constant(source),
        target_keypoints=tf.constant(target),
    ).items()
    assert name == "generated_image"
    assert generated.dtype == tf.uint8
    assert np.abs(generated.numpy().astype(int) - expected).max() <= 1


def test_the_float_signature_agrees(exported):
    image, source, target = _inputs(2)
    keypoints = {
        "source_keypoints": tf.constant(source),
        "target_keypoints": tf.constant(target),
    }
    levels = exported.signatures["serving_default"](
        image=tf.constant(image), **keypoints
    )["generated_image"]
    exact = exported.signatures["generate_float"](
        image=tf.constant(image / 127.5 - 1, tf.float32), **keypoints
    )["generated_image"]
    expected = (255 * (exact.numpy() + 1) / 2).astype("uint8")
    assert np.abs(levels.numpy().astype(int) - expected).max() <= 1


def test_inputs_are_named_and_typed(exported):
    _, inputs = exported.signatures["serving_default"].structured_input_signature
    assert {name: (spec.dtype, spec.shape) for name, spec in inputs.items()} == {
        "image": (tf.uint8, tf.TensorShape((None, 32, 16, 3))),
        "source_keypoints": (tf.float32, tf.TensorShape((None, 18, 3))),
        "target_keypoints": (tf.float32, tf.TensorShape((None, 18, 3))),
    }


@pytest.mark.parametrize("signature", ["serving_default", "generate_float"])
def test_no_operation_of_training_is_exported(exported, signature):
    function = exported.signatures[signature]
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    operations = {node.op for node in nodes}
    assert {"Conv2D", "Conv2DBackpropInput", "ReadVariableOp"} <= operations
    faults = {
        operation
        for operation in operations
        if operation.startswith("Assign")
        or any(word in operation for word in ("Random", "Dropout"))
    }
    assert not faults
    # A server may have no XLA.
    assert not any(f.attr["_XlaMustCompile"].b for f in graph.library.function)
    # Of the weights read, none serves training alone.
    names = [variable.name for variable in function.variables]
    assert any("kernel" in name for name in names)
    assert not [name for name in names if "left_vector" in name or "seed" in name]


def test_no_weight_of_training_is_exported(tiny_run_dir, tmp_path):
    path = saved_model.export_saved_model(str(tiny_run_dir), str(tmp_path / "model"))
    reader = tf.train.load_checkpoint(str(path / "variables" / "variables"))
    names = list(reader.get_variable_to_shape_map())
    assert any("kernel" in name for name in names)
    assert not [name for name in names if "left_vector" in name or "seed" in name]


def test_a_broken_export_leaves_nothing(tiny_run_dir, tmp_path, monkeypatch):
    def fill_the_disk(_, path, **__):
        pathlib.Path(path).mkdir()
        raise OSError("No space left on device")

    monkeypatch.setattr(tf.saved_model, "save", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        saved_model.export_saved_model(str(tiny_run_dir), str(tmp_path / "model"))
    assert not any(tmp_path.iterdir())


def test_the_best_checkpoint_is_exported_on_demand(tiny_run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match="no best checkpoint"):
        saved_model.export_saved_model(str(tiny_run_dir), str(tmp_path / "m"), "best")
    assert not any(tmp_path.iterdir())


def test_a_folder_that_exists_is_left_alone(tiny_run_dir, tmp_path):
    (tmp_path / "precious").write_text("x")
    for export_dir in (str(tmp_path), ""):
        with pytest.raises(input_error.InputError, match=f"--export_dir={export_dir}"):
            saved_model.export_saved_model(str(tiny_run_dir), export_dir)
    assert (tmp_path / "precious").read_text() == "x"


def test_a_folder_without_run_writes_nothing(tmp_path):
    with pytest.raises(input_error.InputError, match="is this a run folder"):
        saved_model.export_saved_model(str(tmp_path / "run"), str(tmp_path / "model"))
    assert not list(tmp_path.iterdir())


def _inputs(count):
    random = np.random.default_rng(0)
    keypoints = np.ones((2, count, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (2, count, 18, 2))
    image = random.integers(0, 256, (count, 32, 16, 3), dtype=np.uint8)
    return image, keypoints[0], keypoints[1]
