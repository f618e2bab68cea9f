"""Tests that the export needs nothing but what TensorFlow's own library registers.

A server links TensorFlow's C++ library: no Python, no custom operations, maybe no
XLA. What that library registers by itself, `load_saved_model.c` writes down in a
process of its own. Being registered is not enough: the library knows `PyFunc` by
name, but its kernel is in Python.
"""

import copy

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import kernel_def_pb2, op_def_pb2
from tensorflow.core.protobuf import saved_model_pb2

from tests.serving import c_program


@pytest.fixture(scope="module")
def stock(c_loader, tmp_path_factory):
    """Names of the operations that TensorFlow registers with a kernel for the CPU."""
    folder = tmp_path_factory.mktemp("operations")
    c_program.call(c_loader, "operations", folder)
    known = op_def_pb2.OpList.FromString((folder / "operations.pb").read_bytes())
    kernels = kernel_def_pb2.KernelList.FromString((folder / "kernels.pb").read_bytes())
    # DEFAULT: a kernel for any device.
    runnable = {k.op for k in kernels.kernel if k.device_type in ("CPU", "DEFAULT")}
    return {operation.name for operation in known.op} & runnable


@pytest.fixture(scope="module")
def exported(tiny_export_dir):
    return _read(tiny_export_dir / "1")


def test_every_operation_is_tensorflows_own(exported, stock):
    operations = {node.op for node in _nodes(exported)}
    # The graph, and what only its functions hold.
    assert {"Placeholder", "StatefulPartitionedCall", "Conv2D"} <= operations
    assert not list(_faults(exported, stock))


def test_an_unknown_operation_is_found(exported, stock):
    broken = copy.deepcopy(exported)
    node = next(n for n in _nodes(broken) if n.op == "Conv2D")
    node.op = "CustomConv2D"
    assert list(_faults(broken, stock)) == [f"{node.name}: CustomConv2D is not stock"]


def test_python_in_the_graph_is_found(tmp_path, stock):
    def double(x):
        return tf.numpy_function(lambda x: 2 * x, [x], tf.float32)

    (fault,) = _faults(_save(double, tmp_path), stock)
    assert "Func is not stock" in fault


def test_a_need_of_xla_is_found(tmp_path, stock):
    compiled = tf.function(lambda x: 2 * x, jit_compile=True)
    faults = list(_faults(_save(lambda x: compiled(x), tmp_path), stock))
    assert faults
    assert all("needs XLA" in fault for fault in faults)


def test_a_plain_model_is_without_fault(tmp_path, stock):
    assert not list(_faults(_save(lambda x: 2 * x, tmp_path), stock))


def _faults(model, stock):
    (graph,) = model.meta_graphs
    library = graph.graph_def.library
    allowed = stock | {function.signature.name for function in library.function}
    for node in _nodes(model):
        if node.op not in allowed:
            yield f"{node.name}: {node.op} is not stock"
        if node.attr["_XlaMustCompile"].b:
            yield f"{node.name}: needs XLA"
    for function in library.function:
        if function.attr["_XlaMustCompile"].b:
            yield f"{function.signature.name}: needs XLA"


def _nodes(model):
    (graph,) = model.meta_graphs
    yield from graph.graph_def.node
    for function in graph.graph_def.library.function:
        yield from function.node_def


def _save(function, folder):
    """A model of one signature around a function of one float32 vector."""
    spec = tf.TensorSpec((None,), tf.float32, name="x")
    traced = tf.function(lambda x: {"y": function(x)}, input_signature=[spec])
    traced(np.ones(2, "float32"))
    tf.saved_model.save(tf.Module(), str(folder), signatures=traced)
    return _read(folder)


def _read(folder):
    return saved_model_pb2.SavedModel.FromString(
        (folder / "saved_model.pb").read_bytes()
    )
