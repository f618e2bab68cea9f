"""Turns TensorFlow.js graph models back into TensorFlow graphs, and into TFLite."""

from typing import Any

import numpy as np
import tensorflow as tf
from ai_edge_litert import interpreter
from google.protobuf import json_format
from tensorflow.core.framework import graph_pb2, node_def_pb2

# What TensorFlow.js fuses with the operations after it.
_CONVOLUTIONS = {
    "_FusedConv2D": "Conv2D",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
}
_CONVOLUTION_ATTRIBUTES = (
    "T",
    "strides",
    "padding",
    "explicit_paddings",
    "dilations",
    "data_format",
)
_TOLERANCE = 1e-4


def rebuild(model: dict[str, Any], weights: bytes) -> graph_pb2.GraphDef:
    """Rebuilds the graph that a TensorFlow.js graph model was made from.

    Its JSON is a GraphDef without the constants' values; those lie end to end in a
    second file, in the order of the JSON's manifest, perhaps as float16. Fused
    convolutions are split into operations that TensorFlow and its converter know.

    Args:
        model: the `.json` file's content.
        weights: the `.bin` file's bytes.

    Returns:
        The graph, with the names of the JSON.

    Raises:
        ValueError: if the weights' length is not what the manifest says.
    """
    values = _values(model["weightsManifest"][0]["weights"], weights)
    graph = graph_pb2.GraphDef()
    for node in json_format.ParseDict(
        model["modelTopology"], graph_pb2.GraphDef()
    ).node:
        if node.op == "Const":
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values[node.name]))
        graph.node.extend(_split(node) if node.op in _CONVOLUTIONS else [node])
    return graph


def to_tflite(model: dict[str, Any], weights: bytes, example: np.ndarray) -> bytes:
    """Converts a TensorFlow.js graph model of one input and one output.

    Args:
        model: the `.json` file's content, with its signature.
        weights: the `.bin` file's bytes.
        example: an input on which both must agree.

    Returns:
        A `.tflite` file's bytes.

    Raises:
        ValueError: see `rebuild`.
        RuntimeError: if the rebuilt graph, run by TensorFlow, and the converted model,
            run by LiteRT, differ on the example by more than 1e-4.
    """
    graph = rebuild(model, weights)
    (source,), (result,) = model["signature"]["inputs"], model["signature"]["outputs"]
    function = tf.compat.v1.wrap_function(
        lambda: tf.graph_util.import_graph_def(graph, name=""), []
    ).prune(source, result)
    converted = tf.lite.TFLiteConverter.from_concrete_functions(
        [function], tf.Module()
    ).convert()
    runner = interpreter.Interpreter(
        model_content=converted,
        experimental_op_resolver_type=(
            interpreter.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        ),
    )
    runner.allocate_tensors()
    runner.set_tensor(runner.get_input_details()[0]["index"], example)
    runner.invoke()
    received = runner.get_tensor(runner.get_output_details()[0]["index"])
    difference = np.abs(received - function(tf.constant(example)).numpy()).max()
    if not difference <= _TOLERANCE:
        raise RuntimeError(f"the converted model differs by {difference}")
    return converted


def _values(manifest, weights):
    """Name to array, of the type that the graph computes in."""
    values, start = {}, 0
    for entry in manifest:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = int(np.prod(entry["shape"], dtype=int))
        if start + count * stored.itemsize > len(weights):
            raise ValueError(f"the weights end within {entry['name']!r}")
        array = np.frombuffer(weights, stored, count, start).reshape(entry["shape"])
        values[entry["name"]] = array.astype(entry["dtype"])
        start += count * stored.itemsize
    if start != len(weights):
        raise ValueError(f"{len(weights) - start} bytes of weights are left over")
    return values


def _split(fused):
    """A fused convolution as a chain of nodes; the last has its name."""
    inputs = list(fused.input)
    nodes = [
        node_def_pb2.NodeDef(
            name=f"{fused.name}/convolution",
            op=_CONVOLUTIONS[fused.op],
            input=[inputs.pop(0), inputs.pop(0)],
        )
    ]
    for name in _CONVOLUTION_ATTRIBUTES:
        nodes[0].attr[name].CopyFrom(fused.attr[name])
    for operation in fused.attr["fused_ops"].list.s:
        operation = operation.decode()
        node = node_def_pb2.NodeDef(
            name=f"{fused.name}/{operation}", op=operation, input=[nodes[-1].name]
        )
        if operation == "BiasAdd":
            node.input.append(inputs.pop(0))
            node.attr["data_format"].CopyFrom(fused.attr["data_format"])
        node.attr["T"].CopyFrom(fused.attr["T"])
        nodes.append(node)
    if inputs:
        raise ValueError(f"{fused.name} has inputs left over: {inputs}")
    nodes[-1].name = fused.name
    return nodes
