"""Floating-point operations of a traced function."""

import math

_MATRIX_PRODUCTS = ("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3")


def floating_operations(function) -> int:
    """Counts the operations of all products of matrices and all convolutions.

    A multiply-add counts two, as is usual; everything else counts nothing, being
    small beside these. It is the graph as written: TensorFlow may still find that two
    products are one.

    The body of a loop counts once for every element of the first list it reads: the
    loops of this project are `tf.map_fn` over a batch.

    Args:
        function: a `tf.function`'s concrete function.

    Raises:
        ValueError: if the shapes of a product or the turns of a loop are unknown.
    """
    return _of_graph(function.graph)


def _of_graph(graph) -> int:
    return sum(_of_operation(operation) for operation in graph.get_operations())


def _of_operation(operation) -> int:
    kind = operation.type
    if kind in _MATRIX_PRODUCTS:
        transposed = "transpose_a" if kind == "MatMul" else "adj_x"
        inner = -2 if operation.get_attr(transposed) else -1
        summands = _sizes(operation.inputs[0])[inner]
        return 2 * math.prod(_sizes(operation.outputs[0])) * summands
    if kind == "Conv2D":
        return _of_convolution(operation.outputs[0], operation.inputs[1])
    if kind == "Conv2DBackpropInput":
        return _of_convolution(operation.inputs[2], operation.inputs[1])
    if kind == "Conv2DBackpropFilter":
        return _of_convolution(operation.inputs[2], operation.outputs[0])
    if kind in ("While", "StatelessWhile"):
        return _turns(operation) * _of_function(operation, "body")
    if kind in ("PartitionedCall", "StatefulPartitionedCall"):
        return _of_function(operation, "f")
    return 0


def _of_convolution(outputs, kernel) -> int:
    """Each output is a sum over the kernel's height, width and input channels."""
    return 2 * math.prod(_sizes(outputs)) * math.prod(_sizes(kernel)[:3])


def _of_function(operation, attribute: str) -> int:
    name = operation.get_attr(attribute).name
    return _of_graph(operation.graph._get_function(name).graph)


def _turns(loop) -> int:
    """The length of the first list that goes into a loop."""
    for tensor in loop.inputs:
        if tensor.op.type == "TensorListFromTensor":
            return _sizes(tensor.op.inputs[0])[0]
    raise ValueError(f"{loop.name}: a loop over no list of tensors")


def _sizes(tensor) -> list[int]:
    if not tensor.shape.is_fully_defined():
        raise ValueError(f"{tensor.name}: its shape is not known: {tensor.shape}")
    return tensor.shape.as_list()
