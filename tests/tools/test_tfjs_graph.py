"""Tests of turning a TensorFlow.js graph model back; the model is a small one here."""

import base64

import numpy as np
import pytest
import tensorflow as tf

from tools import tfjs_graph

_SIDE = 6


def _attributes(fused_operations):
    return {
        "T": {"type": "DT_FLOAT"},
        "strides": {"list": {"i": ["1", "1", "1", "1"]}},
        "dilations": {"list": {"i": ["1", "1", "1", "1"]}},
        "explicit_paddings": {"list": {}},
        "padding": {"s": base64.b64encode(b"SAME").decode()},
        "data_format": {"s": base64.b64encode(b"NHWC").decode()},
        "num_args": {"i": "1"},
        "fused_ops": {
            "list": {"s": [base64.b64encode(op).decode() for op in fused_operations]}
        },
    }


def _constant(name, kind="DT_FLOAT"):
    return {
        "name": name,
        "op": "Const",
        "attr": {"dtype": {"type": kind}, "value": {"tensor": {"dtype": kind}}},
    }


def _model():
    """A model as TensorFlow.js's converter writes it, and its arrays."""
    rng = np.random.default_rng(0)
    arrays = {
        "kernel": rng.normal(size=(3, 3, 2, 4)).astype(np.float16),
        "bias": rng.normal(size=4).astype(np.float16),
        "shift": np.int32(3),
        "deep": rng.normal(size=(3, 3, 4, 1)).astype(np.float32),
        "offset": rng.normal(size=4).astype(np.float16),
    }
    manifest = []
    for name, array in arrays.items():
        entry = {"name": name, "shape": list(array.shape), "dtype": str(array.dtype)}
        if array.dtype == np.float16:
            entry |= {
                "dtype": "float32",
                "quantization": {"dtype": "float16", "original_dtype": "float32"},
            }
        manifest.append(entry)
    shape = {"dim": [{"size": str(size)} for size in (1, _SIDE, _SIDE, 2)]}
    nodes = [
        {
            "name": "input",
            "op": "Placeholder",
            "attr": {"dtype": {"type": "DT_INT32"}, "shape": {"shape": shape}},
        },
        *(_constant(name) for name in ("kernel", "bias", "deep", "offset")),
        _constant("shift", "DT_INT32"),
        {
            "name": "moved",
            "op": "Sub",
            "input": ["input", "shift"],
            "attr": {"T": {"type": "DT_INT32"}},
        },
        {
            "name": "numbers",
            "op": "Cast",
            "input": ["moved"],
            "attr": {"SrcT": {"type": "DT_INT32"}, "DstT": {"type": "DT_FLOAT"}},
        },
        {
            "name": "first",
            "op": "_FusedConv2D",
            "input": ["numbers", "kernel", "bias"],
            "attr": _attributes([b"BiasAdd", b"Relu6"]) | {"epsilon": {"f": 0}},
        },
        {
            "name": "second",
            "op": "FusedDepthwiseConv2dNative",
            "input": ["first", "deep", "offset"],
            "attr": _attributes([b"BiasAdd"]),
        },
        {
            "name": "Identity",
            "op": "Identity",
            "input": ["second"],
            "attr": {"T": {"type": "DT_FLOAT"}},
        },
    ]
    model = {
        "signature": {"inputs": {"input:0": {}}, "outputs": {"Identity:0": {}}},
        "modelTopology": {"node": nodes, "library": {}, "versions": {}},
        "weightsManifest": [{"paths": ["model.bin"], "weights": manifest}],
    }
    weights = b"".join(np.asarray(array).tobytes() for array in arrays.values())
    return model, weights, arrays


def _twin(picture, arrays):
    """The model, one output at a time."""
    padded = np.pad(picture[0] - 3.0, ((1, 1), (1, 1), (0, 0)))
    first = np.zeros((_SIDE, _SIDE, 4))
    for y, x, out in np.ndindex(first.shape):
        window = padded[y : y + 3, x : x + 3] * arrays["kernel"][..., out]
        first[y, x, out] = min(6.0, max(0.0, window.sum() + arrays["bias"][out]))
    padded = np.pad(first, ((1, 1), (1, 1), (0, 0)))
    second = np.zeros_like(first)
    for y, x, out in np.ndindex(second.shape):
        window = padded[y : y + 3, x : x + 3, out] * arrays["deep"][..., out, 0]
        second[y, x, out] = window.sum() + arrays["offset"][out]
    return second[None]


def _run(converted, picture):
    from ai_edge_litert import interpreter

    runner = interpreter.Interpreter(model_content=converted)
    runner.allocate_tensors()
    runner.set_tensor(runner.get_input_details()[0]["index"], picture)
    runner.invoke()
    return runner.get_tensor(runner.get_output_details()[0]["index"])


@pytest.fixture
def picture():
    rng = np.random.default_rng(1)
    return rng.integers(0, 9, (1, _SIDE, _SIDE, 2)).astype(np.int32)


def test_the_converted_model_is_the_formula(picture):
    model, weights, arrays = _model()
    converted = tfjs_graph.to_tflite(model, weights, picture)
    expected = _twin(picture, arrays)
    assert np.unique(expected).size > 20
    np.testing.assert_allclose(_run(converted, picture), expected, atol=1e-3)


def test_the_rebuilt_graph_has_stock_operations_and_the_old_names():
    model, weights, _ = _model()
    graph = tfjs_graph.rebuild(model, weights)
    names = {node.name: node.op for node in graph.node}
    assert names["first"] == "Relu6"
    assert names["second"] == "BiasAdd"
    assert not any("Fused" in operation for operation in names.values())


@pytest.mark.parametrize(
    ("change", "message"),
    [(lambda w: w[:-1], "end within 'offset'"), (lambda w: w + b"12", "2 bytes")],
)
def test_weights_of_another_length_are_refused(change, message):
    model, weights, _ = _model()
    with pytest.raises(ValueError, match=message):
        tfjs_graph.rebuild(model, change(weights))


def test_a_model_that_changed_in_the_conversion_is_not_returned(picture, monkeypatch):
    model, weights, _ = _model()
    other, other_weights, _ = _model()
    convert = tf.lite.TFLiteConverter.from_concrete_functions
    wrong = other_weights[:-2] + np.float16(9).tobytes()  # The last offset.

    def swap(functions, module):
        graph = tfjs_graph.rebuild(other, wrong)
        function = tf.compat.v1.wrap_function(
            lambda: tf.graph_util.import_graph_def(graph, name=""), []
        )
        return convert([function.prune("input:0", "Identity:0")], module)

    monkeypatch.setattr(tf.lite.TFLiteConverter, "from_concrete_functions", swap)
    with pytest.raises(RuntimeError, match="differs by"):
        tfjs_graph.to_tflite(model, weights, picture)
