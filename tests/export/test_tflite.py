"""Tests of the .tflite files: signature, parity, bad input, nothing half-written."""

import hashlib
import json

import numpy as np
import pytest
from ai_edge_litert import interpreter as litert

from export import tflite
from export.phone import flatbuffer, frozen_graph, variants
from keras_posegan import inference, input_error

pytestmark = pytest.mark.slow  # Each conversion takes seconds.


@pytest.fixture(scope="module")
def exported(tiny_run_dir, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "deep" / "tflite"
    rows = tflite.export_tflite(str(tiny_run_dir), str(path), pairs=2)
    # Nothing but the finished folder stands there.
    assert [child.name for child in path.parent.iterdir()] == ["tflite"]
    assert rows == json.loads((path / "parity.json").read_text())["variants"]
    return path


@pytest.fixture(scope="module")
def draw(exported):
    """The float32 file's signature."""
    model = litert.Interpreter(str(exported / "posegan_float32.tflite"))
    return model.get_signature_runner("generate")


@pytest.mark.parametrize("variant", tflite.VARIANTS)
def test_grey_levels_are_near_kerass(exported, tiny_run_dir, variant):
    image, source, target = _inputs(4)
    expected = inference.TrainedGenerator(str(tiny_run_dir))(image, source, target)
    path = exported / f"posegan_{variant}.tflite"
    draw = litert.Interpreter(str(path)).get_signature_runner("generate")
    errors = []
    for row in range(4):
        drawn = draw(
            image=image[row : row + 1],
            source_keypoints=source[row : row + 1],
            target_keypoints=target[row : row + 1],
        )
        assert drawn["status"] == [0]
        errors.append(np.abs(drawn["generated_image"][0].astype(int) - expected[row]))
    which, bound = variants.BOUNDS[variant]
    error = np.max(errors) if which == "max_error" else np.mean(errors)
    assert error <= bound
    row = json.loads((exported / "parity.json").read_text())["variants"][variant]
    assert row["written"]
    assert row[which] <= bound
    assert row["megabytes"] == path.stat().st_size / 1e6
    assert row["milliseconds"] > 0
    flatbuffer.check_builtins(path.read_bytes())


def test_the_files_shrink(exported):
    sizes = [
        (exported / f"posegan_{variant}.tflite").stat().st_size
        for variant in tflite.VARIANTS
    ]
    assert sizes[0] > sizes[1] > sizes[2]
    assert sizes[0] > sizes[3]


def test_integers_are_the_convolutions_alone(exported):
    model = flatbuffer.read((exported / "posegan_int8.tflite").read_bytes())
    kinds = {
        name
        for name, operator, subgraph in flatbuffer.operations(model)
        for tensor in [*operator.inputs, *operator.outputs]
        if tensor >= 0 and subgraph.tensors[tensor].type == 9  # INT8.
    }
    assert kinds == {"CONV_2D", "TRANSPOSE_CONV", "QUANTIZE", "DEQUANTIZE"}


def test_the_documents_say_what_is_there(exported, draw):
    signature = json.loads((exported / "signature.json").read_text())
    for which, details in (
        ("inputs", draw.get_input_details()),
        ("outputs", draw.get_output_details()),
    ):
        assert {
            name: (each["type"], each["shape"])
            for name, each in signature[which].items()
        } == {
            name: (np.dtype(each["dtype"]).name, list(each["shape"]))
            for name, each in details.items()
        }
    skeleton = json.loads((exported / "skeleton.json").read_text())
    assert len(skeleton["joints"]) == 18
    for left, right in skeleton["flip_pairs"]:
        names = {skeleton["joints"][joint] for joint in (left, right)}
        assert len({name.split("_")[1] for name in names}) == 1
    assert len(skeleton["flip_pairs"]) == 8
    assert "step 4 of" in (exported / "MODEL_CARD.md").read_text()
    sums = dict(
        line.split("  ")[::-1]
        for line in (exported / "SHA256SUMS").read_text().splitlines()
    )
    files = {path.name: path for path in exported.iterdir()}
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_a_joint_that_is_nowhere_counts_as_absent(draw, value):
    image, source, target = _inputs(1)
    expected = []
    for absent in (True, False):
        keypoints = target.copy()
        keypoints[0, 4] = (0.0, 0.0, 0.0) if absent else (value, 3.0, 1.0)
        drawn = draw(image=image, source_keypoints=source, target_keypoints=keypoints)
        assert drawn["status"] == [0 if absent else 2]
        expected.append(drawn["generated_image"])
    np.testing.assert_array_equal(*expected)


def test_a_figure_without_joints_still_draws(draw):
    image, source, target = _inputs(1)
    nothing = np.full((1, 18, 3), np.nan, "float32")
    drawn = draw(image=image, source_keypoints=nothing, target_keypoints=target)
    assert drawn["status"] == [1 + 4]
    nothing[..., 2] = 0.0
    drawn = draw(image=image, source_keypoints=source, target_keypoints=nothing)
    assert drawn["status"] == [8]
    assert drawn["generated_image"].shape == image.shape


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("image", lambda x: x[:, :-1]),
        ("image", lambda x: x[..., :1]),
        ("image", lambda x: x.astype("float32")),
        ("source_keypoints", lambda x: x[:, :17]),
    ],
)
def test_litert_refuses_another_shape_or_type(exported, name, change):
    # An interpreter of its own: a refused input may leave one resized.
    model = litert.Interpreter(str(exported / "posegan_float32.tflite"))
    names = ("image", "source_keypoints", "target_keypoints")
    inputs = dict(zip(names, _inputs(1), strict=True))
    inputs[name] = change(inputs[name])
    with pytest.raises((ValueError, RuntimeError)):
        model.get_signature_runner("generate")(**inputs)


def test_a_missed_bound_is_not_written(exported, tiny_run_dir, tmp_path, monkeypatch):
    content = (exported / "posegan_float32.tflite").read_bytes()
    monkeypatch.setattr(frozen_graph, "save", lambda *_: None)
    monkeypatch.setattr(variants, "convert", lambda *_: content)
    monkeypatch.setitem(variants.BOUNDS, "float32", ("max_error", -1.0))
    path = tmp_path / "tflite"
    rows = tflite.export_tflite(
        str(tiny_run_dir), str(path), variants=["float32"], pairs=1
    )
    assert not rows["float32"]["written"]
    assert "exceeds -1 grey levels" in rows["float32"]["reason"]
    assert not list(path.glob("*.tflite"))
    assert "not written: max_error" in (path / "MODEL_CARD.md").read_text()


def test_a_broken_export_leaves_nothing(tiny_run_dir, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(frozen_graph, "save", fail)
    with pytest.raises(OSError, match="No space left"):
        tflite.export_tflite(str(tiny_run_dir), str(tmp_path / "tflite"), pairs=1)
    assert not any(tmp_path.iterdir())


def test_a_folder_that_exists_is_left_alone(tiny_run_dir, tmp_path):
    (tmp_path / "precious").write_text("x")
    for output_dir in (str(tmp_path), ""):
        with pytest.raises(input_error.InputError, match=f"--output_dir={output_dir}"):
            tflite.export_tflite(str(tiny_run_dir), output_dir)
    assert (tmp_path / "precious").read_text() == "x"


def test_more_pairs_than_there_are_is_refused(tiny_run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match=r"--pairs=3: .* has 2 test pairs"):
        tflite.export_tflite(str(tiny_run_dir), str(tmp_path / "tflite"), pairs=3)
    assert not any(tmp_path.iterdir())


def test_the_data_may_have_moved(tiny_run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match="nowhere"):
        tflite.export_tflite(
            str(tiny_run_dir), str(tmp_path / "tflite"), data_dir="/nowhere"
        )


def _inputs(count):
    random = np.random.default_rng(0)
    keypoints = np.ones((2, count, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (2, count, 18, 2))
    image = random.integers(0, 256, (count, 32, 16, 3), dtype=np.uint8)
    return image, keypoints[0], keypoints[1]
