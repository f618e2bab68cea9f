"""Looks into a .tflite file."""

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

_NAMES = {
    value: name
    for name, value in vars(schema.BuiltinOperator).items()
    if isinstance(value, int)
}
# FLEX operations of TensorFlow are custom ones, too.
_NOT_BUILTIN = {"CUSTOM", "STABLEHLO_CUSTOM_CALL"}


def read(content: bytes) -> schema.ModelT:
    """The model as objects that can be changed."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))


def write(model: schema.ModelT) -> bytes:
    """What `read` read."""
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def operations(model: schema.ModelT):
    """(name, operator, subgraph) of all operations, such as "CONV_2D"."""
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            code = model.operatorCodes[operator.opcodeIndex]
            number = max(code.builtinCode, code.deprecatedBuiltinCode)
            yield _NAMES[number], operator, subgraph


def check_builtins(content: bytes) -> None:
    """Raises ValueError if any operation is not one of TFLite's own."""
    found = {name for name, _, _ in operations(read(content))} & _NOT_BUILTIN
    if found:
        raise ValueError(
            f"The converted model must hold builtin operations alone, not {found}."
        )
