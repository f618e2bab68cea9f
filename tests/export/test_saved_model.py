"""Tests of the SavedModel: signatures, parity in grey levels, nothing half-written."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorflow_serving.apis import prediction_log_pb2

from export import saved_model, warmup
from keras_posegan import inference, input_error
from tests.export import served_model

SIZE = (32, 16)
SIGNATURES = ["generate_encoded", "repose", "serving_default"]


@pytest.fixture(scope="module")
def version(tiny_export_dir):
    return tiny_export_dir / "1"


@pytest.fixture(scope="module")
def unfolded(tiny_run_dir, tmp_path_factory):
    base = tmp_path_factory.mktemp("unfolded")
    return saved_model.export_saved_model(str(tiny_run_dir), str(base), folded=False)


@pytest.fixture(scope="module")
def served(version):
    return served_model.ServedModel(version)


@pytest.fixture(scope="module")
def keras_generator(tiny_run_dir):
    return inference.TrainedGenerator(str(tiny_run_dir))


def test_the_servers_loader_and_keras_draw_the_same(served, keras_generator):
    for seed, batch in enumerate((1, 3)):
        random = np.random.default_rng(seed)
        inputs = served_model.random_inputs("serving_default", random, SIZE, batch)
        (generated,) = served("serving_default", inputs).values()
        assert generated.dtype == np.uint8
        expected = keras_generator(*inputs.values())
        assert _grey_levels_apart(generated, expected) <= 1
        assert expected.std() > 1  # Something was drawn.


def test_pythons_loader_finds_the_same(version, served):
    loaded = tf.saved_model.load(str(version))
    for signature in SIGNATURES:
        inputs = served_model.random_inputs(signature, np.random.default_rng(0), SIZE)
        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        (found,) = loaded.signatures[signature](**tensors).values()
        (expected,) = served(signature, inputs).values()
        if signature == "generate_encoded":
            found, expected = (_decoded(files) for files in (found.numpy(), expected))
        assert _grey_levels_apart(np.asarray(found), expected) <= 1


def test_encoded_pictures_are_drawn_as_decoded_ones(served):
    random = np.random.default_rng(0)
    inputs = served_model.random_inputs("serving_default", random, SIZE)
    files = [tf.io.encode_png(image).numpy() for image in inputs["image"]]
    expected = served("serving_default", inputs)["generated_image"]
    inputs["image_bytes"] = np.array(files, object)
    del inputs["image"]
    found = served("generate_encoded", inputs)["generated_bytes"]
    assert [file[:8] for file in found] == [b"\x89PNG\r\n\x1a\n"] * 2
    np.testing.assert_array_equal(_decoded(found), expected)


def test_reposing_draws_every_pose_as_a_call_of_its_own_does(served):
    random = np.random.default_rng(0)
    inputs = served_model.random_inputs("repose", random, SIZE, batch=2, targets=3)
    found = served("repose", inputs)["generated_images"]
    assert found.shape == (2, 3, *SIZE, 3)
    for target in range(3):
        one = {**inputs, "target_keypoints": inputs["target_keypoints"][:, target]}
        expected = served("serving_default", one)["generated_image"]
        assert _grey_levels_apart(found[:, target], expected) <= 1


def test_reposing_of_requests_joined_and_padded_by_a_server(served):
    random = np.random.default_rng(0)
    inputs = served_model.random_inputs("repose", random, SIZE, batch=2, targets=3)
    shorter = {name: value[1:] for name, value in inputs.items()}
    shorter["target_keypoints"] = shorter["target_keypoints"][:, :1]
    (expected,) = served("repose", shorter).values()
    inputs["target_keypoints"][1, 1:] = inputs["target_keypoints"][1, 0, 0, 0]
    (found,) = served("repose", inputs).values()
    assert _grey_levels_apart(found[1:, :1], expected) <= 1


def test_signatures_are_named_typed_and_dynamic_in_the_batch(served):
    assert sorted(set(served.signatures) - {"__saved_model_init_op"}) == SIGNATURES
    found = {
        signature: {
            name: (info.dtype, [dim.size for dim in info.tensor_shape.dim])
            for name, info in served.signatures[signature].inputs.items()
        }
        for signature in SIGNATURES
    }
    pose = (tf.float32, [-1, 18, 3])
    image = (tf.uint8, [-1, *SIZE, 3])
    assert found == {
        "serving_default": {
            "image": image,
            "source_keypoints": pose,
            "target_keypoints": pose,
        },
        "generate_encoded": {
            "image_bytes": (tf.string, [-1]),
            "source_keypoints": pose,
            "target_keypoints": pose,
        },
        "repose": {
            "image": image,
            "source_keypoints": pose,
            "target_keypoints": (tf.float32, [-1, -1, 18, 3]),
        },
    }


@pytest.mark.parametrize("folded", [True, False])
def test_folding_leaves_no_operation_or_weight_of_training(version, unfolded, folded):
    path = version if folded else unfolded
    variables = tf.train.list_variables(str(path / "variables" / "variables"))
    graph = served_model.ServedModel(path).session.graph.as_graph_def()
    handles = [node.name for node in graph.node if node.op == "VarHandleOp"]
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    saving = ("AssignVariableOp",)  # Of the function that restores the weights.
    operations = {node.op for node in nodes} - set(saving)
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
    # One set of weights, not Keras's and TensorFlow's of each.
    assert len(handles) == sum(name.startswith("weights/") for name, _ in variables)
    assert any("kernel" in name for name in handles)
    of_training = [name for name in handles if "left_vector" in name or "seed" in name]
    assert bool(of_training) != folded


def test_an_unfolded_export_draws_the_same(unfolded, served):
    random = np.random.default_rng(0)
    inputs = served_model.random_inputs("serving_default", random, SIZE)
    (found,) = served_model.ServedModel(unfolded)("serving_default", inputs).values()
    (expected,) = served("serving_default", inputs).values()
    assert _grey_levels_apart(found, expected) <= 1


def test_warmup_requests_are_answered(version, served):
    records = [
        prediction_log_pb2.PredictionLog.FromString(record.numpy()).predict_log.request
        for record in tf.data.TFRecordDataset(str(version / warmup.PLACE))
    ]
    assert [record.model_spec.name for record in records] == ["posegan"] * 3
    assert sorted(r.model_spec.signature_name for r in records) == SIGNATURES
    for record in records:
        inputs = {name: tf.make_ndarray(each) for name, each in record.inputs.items()}
        (outputs,) = served(record.model_spec.signature_name, inputs).values()
        assert len(outputs) == 1


def test_a_run_that_diverged_is_refused(tiny_run_dir, tmp_path, monkeypatch):
    class Diverged(inference.TrainedGenerator):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            weight = self.generator.get_layer("pose_1").bias
            weight.assign(weight * np.nan)

    monkeypatch.setattr(inference, "TrainedGenerator", Diverged)
    with pytest.raises(input_error.InputError, match=r"step 4 has NaN"):
        saved_model.export_saved_model(str(tiny_run_dir), str(tmp_path / "posegan"))
    assert not any(tmp_path.iterdir())


def test_the_best_checkpoint_is_exported_on_demand(tiny_run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match="no best checkpoint"):
        saved_model.export_saved_model(str(tiny_run_dir), str(tmp_path / "m"), "best")
    assert not any(tmp_path.iterdir())


def test_a_folder_without_run_writes_nothing(tmp_path):
    with pytest.raises(input_error.InputError, match="is this a run folder"):
        saved_model.export_saved_model(str(tmp_path / "run"), str(tmp_path / "model"))
    assert not list(tmp_path.iterdir())


def _decoded(files):
    return np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])


def _grey_levels_apart(some, others):
    return np.abs(np.asarray(some).astype(int) - others).max()
