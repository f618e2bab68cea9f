"""Tests of the reference server against what TensorFlow Serving documents."""

import base64
import json
import pathlib
import subprocess
import sys
import types
import urllib.error
import urllib.request

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from tests.serving import reference_server, stand_in_model

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def channel(server):
    with grpc.insecure_channel(f"localhost:{server.grpc_port}") as channel:
        yield channel


def _rest(server, path, body=None):
    """Status and parsed JSON of a GET, or of a POST of `body`."""
    data = None if body is None else body if isinstance(body, bytes) else _json(body)
    url = f"http://localhost:{server.rest_port}{path}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data)) as response:
            assert response.headers["Content-Type"] == "application/json"
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def _json(body):
    return json.dumps(body).encode()


def _row(inputs):
    return {
        "image": inputs.image.tolist(),
        "source_keypoints": inputs.source.tolist(),
        "target_keypoints": inputs.target.tolist(),
    }


def _request(inputs, **model_spec):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "posegan"
    for name, value in model_spec.items():
        if name == "version":
            request.model_spec.version.value = value
        else:
            setattr(request.model_spec, name, value)
    for name, value in _row(inputs).items():
        dtype = tf.uint8 if name == "image" else tf.float32
        request.inputs[name].CopyFrom(tf.make_tensor_proto([value], dtype))
    return request


@pytest.mark.parametrize(
    ("chosen", "version"),
    [
        ({}, 2),
        ({"version": 1}, 1),
        ({"version": 2}, 2),
        ({"version_label": "stable"}, 1),
    ],
)
def test_predict_over_grpc(channel, inputs, chosen, version):
    service = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    response = service.Predict(_request(inputs, **chosen), 10)
    assert response.model_spec.version.value == version
    assert response.model_spec.signature_name == "serving_default"
    generated = tf.make_ndarray(response.outputs["generated_image"])
    expected = stand_in_model.expected(
        inputs.image, inputs.source, inputs.target, version
    )
    np.testing.assert_array_equal(generated, expected[None])


@pytest.mark.parametrize(
    ("chosen", "version"), [("", 2), ("/versions/1", 1), ("/labels/stable", 1)]
)
def test_predict_over_rest_by_rows_and_by_columns(server, inputs, chosen, version):
    path = f"/v1/models/posegan{chosen}:predict"
    expected = stand_in_model.expected(
        inputs.image, inputs.source, inputs.target, version
    ).tolist()
    row = _row(inputs)
    status, answer = _rest(server, path, {"instances": [row, row]})
    assert (status, answer) == (200, {"predictions": [expected, expected]})
    columns = {name: [value] for name, value in row.items()}
    body = {"signature_name": "serving_default", "inputs": columns}
    assert _rest(server, path, body) == (200, {"outputs": [expected]})


def test_bytes_are_base64_in_json_both_ways(server, inputs):
    png = tf.io.encode_png(inputs.image).numpy()
    row = _row(inputs)
    del row["image"]
    row["image_bytes"] = {"b64": base64.b64encode(png).decode()}
    body = {"signature_name": "generate_encoded", "instances": [row]}
    status, answer = _rest(server, "/v1/models/posegan:predict", body)
    assert status == 200
    ((name, text),) = answer["predictions"][0].items()
    assert name == "b64"
    np.testing.assert_array_equal(
        tf.io.decode_png(base64.b64decode(text)),
        stand_in_model.expected(inputs.image, inputs.source, inputs.target, 2),
    )


def _without(inputs, name):
    row = _row(inputs)
    del row[name]
    return {"instances": [row]}


def _with(inputs, **changed):
    return {"instances": [{**_row(inputs), **changed}]}


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        (":predict", lambda _: b"", 400, "The document is empty"),
        (":predict", lambda _: b"instances = [1]", 400, "JSON Parse error"),
        (":predict", lambda _: b"[" * 100_000, 400, "JSON Parse error"),
        (":predict", lambda _: [], 400, "Is not object"),
        (":predict", lambda _: {}, 400, "Missing 'inputs' or 'instances' key"),
        (":predict", lambda _: {"instances": []}, 400, "No values in 'instances'"),
        (":predict", lambda _: {"instances": 1}, 400, "to be an list/array"),
        (":predict", lambda _: {"instances": [1]}, 400, "expecting an object"),
        (":predict", lambda _: {"inputs": [1]}, 400, "expecting an object"),
        (":predict", lambda _: {"instances": [], "inputs": []}, 400, "only one of"),
        (":predict", lambda _: {"signature_name": 1}, 400, "must be a string"),
        (":predict", lambda _: {"signature_name": "x"}, 400, '"x" not found'),
        (":predict", lambda i: _without(i, "image"), 400, "input: image"),
        (":predict", lambda i: _with(i, extra=1), 400, "keys must be equal to"),
        (":predict", lambda i: _with(i, image=[0.5]), 400, "type: uint8"),
        (":predict", lambda i: _with(i, image=["a"]), 400, "type: uint8"),
        (":predict", lambda i: _with(i, image=None), 400, "type: uint8"),
        (":predict", lambda i: _with(i, image=[1, [2]]), 400, "JSON Value"),
        (":classify", lambda _: {}, 400, "Malformed request: POST"),
        ("x:predict", lambda _: {"instances": [1]}, 404, "Latest(poseganx)"),
        ("/versions/9:predict", lambda _: {"inputs": 1}, 404, "Specific(posegan, 9)"),
        ("/versions/x:predict", lambda _: {}, 400, "Malformed"),
        (f"/versions/{2**63}:predict", lambda _: {}, 400, "convert version"),
        ("/labels/x:predict", lambda _: {"inputs": 1}, 400, "label: x"),
        ("/labels/gone:predict", lambda _: {"inputs": 1}, 404, "Specific(posegan, 3)"),
    ],
)
def test_a_bad_rest_request_gets_an_error_and_the_next_good_one_an_answer(
    server, inputs, path, body, status, message
):
    received, answer = _rest(server, f"/v1/models/posegan{path}", body(inputs))
    assert received == status
    assert list(answer) == ["error"]
    assert message in answer["error"]
    body = {"instances": [_row(inputs)]}
    assert _rest(server, "/v1/models/posegan:predict", body)[0] == 200


def _change(request, name, value):
    request.inputs[name].CopyFrom(tf.make_tensor_proto(value))


def _torn(request):
    request.inputs["image"].tensor_content = b"123"
    del request.inputs["image"].int_val[:]


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (lambda r: r.model_spec.ClearField("name"), "NOT_FOUND", "Latest()"),
        (
            lambda r: setattr(r.model_spec.version, "value", 9),
            "NOT_FOUND",
            "Specific(posegan, 9)",
        ),
        (
            lambda r: setattr(r.model_spec, "version_label", "x"),
            "INVALID_ARGUMENT",
            "Unrecognized servable version label: x",
        ),
        (
            lambda r: setattr(r.model_spec, "signature_name", "x"),
            "FAILED_PRECONDITION",
            'Serving signature key "x" not found.',
        ),
        (
            lambda r: r.inputs.pop("image"),
            "INVALID_ARGUMENT",
            "Missing but required: {image}.",
        ),
        (
            lambda r: r.inputs["x"].CopyFrom(r.inputs.pop("image")),
            "INVALID_ARGUMENT",
            "input tensor alias not found in signature: x.",
        ),
        (_torn, "INVALID_ARGUMENT", "tensor parsing error: image"),
        (
            lambda r: r.output_filter.append("x"),
            "INVALID_ARGUMENT",
            "output tensor alias not found in signature: x",
        ),
        # What the original leaves to the runtime and the graph.
        (
            lambda r: _change(r, "image", np.zeros((1, 8, 4, 3), np.float64)),
            "INVALID_ARGUMENT",
            "Expects arg[0] to be uint8 but double is provided",
        ),
        (
            lambda r: _change(r, "source_keypoints", np.full((1, 18, 3), 7, "f4")),
            "INVALID_ARGUMENT",
            "Input `source_keypoints` must have visibility 0 or 1.",
        ),
        (
            lambda r: _change(r, "target_keypoints", np.float32(7)),
            "INVALID_ARGUMENT",
            "",
        ),
    ],
)
def test_a_bad_grpc_request_gets_a_code_and_the_next_good_one_an_answer(
    channel, inputs, spoil, code, message
):
    service = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    request = _request(inputs)
    spoil(request)
    with pytest.raises(grpc.RpcError) as caught:
        service.Predict(request, 10)
    assert caught.value.code().name == code
    assert message in caught.value.details()
    service.Predict(_request(inputs), 10)


def test_status_over_grpc_and_rest(server, channel):
    service = model_service_pb2_grpc.ModelServiceStub(channel)
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "posegan"
    response = service.GetModelStatus(request, 10)
    assert [status.version for status in response.model_version_status] == [2, 1]
    state = get_model_status_pb2.ModelVersionStatus.AVAILABLE
    assert {status.state for status in response.model_version_status} == {state}

    versions = [
        {
            "version": version,
            "state": "AVAILABLE",
            "status": {"error_code": "OK", "error_message": ""},
        }
        for version in ("2", "1")
    ]
    expected = {"model_version_status": versions}
    assert _rest(server, "/v1/models/posegan") == (200, expected)
    expected = {"model_version_status": versions[1:]}
    assert _rest(server, "/v1/models/posegan/versions/1") == (200, expected)
    assert _rest(server, "/v1/models/posegan/labels/stable") == (200, expected)


def test_status_of_what_is_not_there(server, channel):
    status, answer = _rest(server, "/v1/models/x")
    assert status == 404
    assert answer == {"error": "Could not find any versions of model x"}
    status, answer = _rest(server, "/v1/models/posegan/versions/3")
    assert status == 404
    assert answer == {"error": "Could not find version 3 of model posegan"}
    assert _rest(server, "/v1/models")[0] == 400
    service = model_service_pb2_grpc.ModelServiceStub(channel)
    request = get_model_status_pb2.GetModelStatusRequest()
    with pytest.raises(grpc.RpcError) as caught:
        service.GetModelStatus(request, 10)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


def test_metadata_over_grpc_and_rest(server, channel):
    service = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    request = get_model_metadata_pb2.GetModelMetadataRequest()
    request.model_spec.name = "posegan"
    with pytest.raises(grpc.RpcError, match="at least one metadata_field"):
        service.GetModelMetadata(request, 10)
    request.metadata_field.append("signature_def")
    response = service.GetModelMetadata(request, 10)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    names = {"serving_default", "generate_encoded", "repose"}
    assert names <= set(signatures.signature_def)

    status, answer = _rest(server, "/v1/models/posegan/labels/stable/metadata")
    assert status == 200
    assert answer["model_spec"]["name"] == "posegan"
    assert answer["model_spec"]["version"] == "1"
    image = answer["metadata"]["signature_def"]["signature_def"]["serving_default"][
        "inputs"
    ]["image"]
    assert image["dtype"] == "DT_UINT8"
    sizes = [dimension["size"] for dimension in image["tensor_shape"]["dim"]]
    assert sizes == ["-1", "8", "4", "3"]


def test_the_newest_version_is_the_usual_policy(model_config, inputs):
    config = type(model_config)(name="posegan", base_path=model_config.base_path)
    with reference_server.ReferenceServer(config) as server:
        _, answer = _rest(server, "/v1/models/posegan")
    assert [entry["version"] for entry in answer["model_version_status"]] == ["2"]


@pytest.mark.slow
def test_it_runs_as_a_process_with_the_servers_own_configuration(
    stand_in_dir, tmp_path, inputs
):
    models = tmp_path / "models.config"
    models.write_text(
        'model_config_list { config { name: "posegan" base_path: "/models/posegan"\n'
        "model_version_policy { latest { num_versions: 2 } }\n"
        'version_labels { key: "stable" value: 1 } } }'
    )
    batching = tmp_path / "batching.config"
    batching.write_text("max_batch_size { value: 8 } num_batch_threads { value: 1 }")
    command = [
        sys.executable,
        "-m",
        "tests.serving.reference_server",
        f"--model_config_file={models}",
        f"--model_base_path={stand_in_dir}",
        f"--batching_parameters_file={batching}",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            words = process.stdout.readline().split()
            ports = {name: int(port) for name, port in (w.split("=") for w in words)}
            path = "/v1/models/posegan/labels/stable:predict"
            running = types.SimpleNamespace(**ports)
            status, answer = _rest(running, path, {"instances": [_row(inputs)]})
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert process.returncode == 0
    expected = stand_in_model.expected(inputs.image, inputs.source, inputs.target, 1)
    assert (status, answer) == (200, {"predictions": [expected.tolist()]})
