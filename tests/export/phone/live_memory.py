"""What a .tflite file needs at once when its operations run in their order."""

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
