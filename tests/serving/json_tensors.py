"""TensorFlow Serving's JSON of tensors (its api_rest.md and util/json_tensor.cc)."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2

from tests.serving import status_error

ROW, COLUMNAR = "instances", "inputs"


def read_request(
    body: bytes, signature_inputs: Callable
) -> tuple[predict_pb2.PredictRequest, str]:
    """A `:predict` request's body to the message that gRPC would have brought.

    Args:
        body: JSON with `signature_name`, and `instances` or `inputs`.
        signature_inputs: a signature's name to its `TensorInfo`s by name; raises
            StatusError.

    Returns:
        The request and its format, `ROW` or `COLUMNAR`; the answer has the same.

    Raises:
        status_error.StatusError: INVALID_ARGUMENT, if it is not what is documented.
    """
    content = _parse(body)
    signature = content.get("signature_name", "")
    if not isinstance(signature, str):
        raise status_error.invalid_argument(
            "not formatted correctly. 'signature_name' key must be a string value."
        )
    infos = signature_inputs(signature or "serving_default")
    if ROW in content and COLUMNAR in content:
        raise status_error.invalid_argument(
            "Not formatted correctly expecting only one of 'inputs' or 'instances' "
            "keys to exist"
        )
    if ROW in content:
        kind, columns = ROW, _columns(content[ROW], infos)
    elif COLUMNAR in content:
        kind, columns = COLUMNAR, _by_name(content[COLUMNAR], infos, "inputs")
    else:
        raise status_error.invalid_argument("Missing 'inputs' or 'instances' key")
    request = predict_pb2.PredictRequest()
    request.model_spec.signature_name = signature
    for name, value in columns.items():
        array = _to_array(value, tf.as_dtype(infos[name].dtype))
        request.inputs[name].CopyFrom(
            tf.make_tensor_proto(array, infos[name].dtype, array.shape)
        )
    return request, kind


def write_response(outputs: Mapping[str, np.ndarray], kind: str) -> bytes:
    """Arrays by name to the body of an answer.

    A string output whose name ends in `_bytes` is written as `{"b64": ...}`; the name
    of an output that is the only one is left out.

    Raises:
        status_error.StatusError: if rows are asked for, and there are not equally
            many of every output.
    """
    columns = {
        name: _to_json(array, name.endswith("_bytes"))
        for name, array in outputs.items()
    }
    ((_, only), *more) = columns.items()
    if kind == COLUMNAR:
        return _dump({"outputs": columns if more else only})
    if len({len(column) for column in columns.values()}) > 1:
        raise status_error.invalid_argument("outputs have inconsistent batch sizes")
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    return _dump({"predictions": rows if more else only})


def _parse(body):
    if not body:
        raise status_error.invalid_argument("JSON Parse error: The document is empty")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise status_error.invalid_argument(
            f"JSON Parse error: Invalid value. {error}"
        ) from error
    if not isinstance(content, dict):
        raise status_error.invalid_argument("JSON Value: Is not object")
    return content


def _columns(instances, infos):
    """The row format: a list of one example each."""
    if not isinstance(instances, list):
        raise status_error.invalid_argument("Excepting 'instances' to be an list/array")
    if not instances:
        raise status_error.invalid_argument("No values in 'instances' array")
    rows = [_by_name(row, infos, "instances") for row in instances]
    for number, row in enumerate(rows):
        if set(row) != set(infos):
            raise status_error.invalid_argument(
                f"Failed to process element: {number} of 'instances' list. JSON object "
                f"keys must be equal to: {','.join(sorted(infos))}"
            )
    return {name: [row[name] for row in rows] for name in infos}


def _by_name(value, infos, place):
    """`value` by the inputs' names; a plain value is the only input's."""
    if isinstance(value, dict) and not _is_base64(value):
        missing = sorted(set(infos) - set(value))
        if missing:
            raise status_error.invalid_argument(
                f"Missing named input: {missing[0]} in '{place}' object."
            )
        # More than are asked for: rows refuse them, columns pass them over.
        return value if place == ROW else {name: value[name] for name in infos}
    if len(infos) > 1:
        raise status_error.invalid_argument(
            f"{place} is a plain value/list, but expecting an object as multiple input "
            "tensors required as per tensorinfo_map"
        )
    return dict.fromkeys(infos, value)


def _is_base64(value):
    return list(value) == ["b64"] and isinstance(value["b64"], str)


def _to_array(value, dtype):
    try:
        if dtype == tf.string:
            return np.array(_decode(value), object)
        array = np.array(value)
    except (ValueError, binascii.Error) as error:
        raise status_error.invalid_argument(f"JSON Value: {error}") from error
    kinds = "iuf" if dtype.is_floating else "b" if dtype == tf.bool else "iu"
    if array.size and array.dtype.kind not in kinds:
        raise status_error.invalid_argument(
            f"JSON Value: {str(value)[:60]} is not of expected type: {dtype.name}"
        )
    return array.astype(dtype.as_numpy_dtype)


def _decode(value):
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict) and _is_base64(value):
        return base64.b64decode(value["b64"], validate=True)
    if isinstance(value, str):
        return value.encode()
    raise ValueError(f"{str(value)[:60]} is not of expected type: string")


def _to_json(value, is_bytes):
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list) and value and isinstance(value[0], list | bytes):
        return [_to_json(item, is_bytes) for item in value]
    if isinstance(value, bytes):
        return (
            {"b64": base64.b64encode(value).decode()}
            if is_bytes
            else value.decode(errors="replace")
        )
    return value


def _dump(content):
    return json.dumps(content).encode()
