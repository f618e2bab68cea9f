"""What a .tflite file needs at once, and what in it must wait for what."""

from export.phone import flatbuffer

_SIZES = {0: 4, 2: 4}  # FLOAT32, INT32.


def largest_live_bytes(content: bytes) -> int:
    """The most bytes of tensors between their first and their last use."""
    model = flatbuffer.read(content)
    (subgraph,) = model.subgraphs
    last = {}
    for step, operator in enumerate(subgraph.operators):
        last.update({tensor: step for tensor in operator.inputs if tensor >= 0})
    live, largest = {}, 0
    for step, operator in enumerate(subgraph.operators):
        for tensor in operator.outputs:
            shape = subgraph.tensors[tensor].shape
            count = 1
            for size in shape if shape is not None else ():
                count *= int(size)
            live[tensor] = count * _SIZES.get(subgraph.tensors[tensor].type, 1)
        largest = max(largest, sum(live.values()))
        live = {
            tensor: size for tensor, size in live.items() if last.get(tensor, 0) > step
        }
    return largest


def wait_for_each_other(content: bytes, kind: str) -> bool:
    """Whether of two operations of a kind one is always computed from the other."""
    model = flatbuffer.read(content)
    before, found = {}, []
    for name, operator, _ in flatbuffer.operations(model):  # In topological order.
        sources = set().union(*(before.get(tensor, ()) for tensor in operator.inputs))
        if name == kind:
            found.append(set(sources))
            sources.add(len(found) - 1)
        before.update({tensor: sources for tensor in operator.outputs})
    return len(found) > 1 and all(
        sources == set(range(number)) for number, sources in enumerate(found)
    )
