"""The exported model behind a server: the same tests for the stand-in and the real one.

`tensorflow_model_server` is in no registry of packages; where it, or Docker, is found,
it is held to the same tests as the reference server that the clients are tested with.
"""

import contextlib
import io
import json
import types
import urllib.error
import urllib.request
from concurrent import futures

import grpc
import numpy as np
import pytest
from PIL import Image
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)
from tensorflow_serving.config import model_server_config_pb2

from export.serving import endpoint as endpoint_lib
from export.serving import posegan_client, serving_error
from tests.export import served_model
from tests.serving import batcher, real_server, reference_server

SIZE = (32, 16)  # The tiny run's.
SIGNATURES = {
    "serving_default": ("image", "generated_image"),
    "generate_encoded": ("image_bytes", "generated_bytes"),
    "repose": ("image", "generated_images"),
}


@contextlib.contextmanager
def _reference(base_path, batching=None):
    config = model_server_config_pb2.ModelConfig(
        name="posegan", base_path=str(base_path)
    )
    with reference_server.ReferenceServer(config, batching=batching) as server:
        yield server.grpc_port, server.rest_port


@pytest.fixture(
    scope="module", params=["reference", "tensorflow_model_server", "docker"]
)
def running(request, tiny_export_dir):
    """A server's two ports, and their addresses."""
    servers = {
        "reference": _reference,
        "tensorflow_model_server": real_server.binary,
        "docker": real_server.docker,
    }
    with servers[request.param](tiny_export_dir) as (grpc_port, rest_port):
        yield _running(grpc_port, rest_port)


def _running(grpc_port, rest_port):
    return types.SimpleNamespace(
        grpc=f"localhost:{grpc_port}",
        rest=f"http://localhost:{rest_port}/v1/models/posegan",
        addresses=(f"grpc://localhost:{grpc_port}", f"http://localhost:{rest_port}"),
    )


@pytest.fixture(params=[0, 1], ids=["grpc", "rest"])
def client(request, running):
    endpoint = endpoint_lib.Endpoint(running.addresses[request.param])
    with posegan_client.PoseGANClient(endpoint) as client:
        yield client


@pytest.fixture(scope="module")
def direct(tiny_export_dir):
    """The model without a server."""
    return served_model.ServedModel(tiny_export_dir / "1")


def _inputs(signature, seed=0, **shape):
    random = np.random.default_rng(seed)
    return served_model.random_inputs(signature, random, SIZE, **shape)


def _pictures(output):
    """Pictures of any signature's output as an array."""
    if output.dtype != object:
        return output.astype(int)
    pictures = []
    for file in output:
        with Image.open(io.BytesIO(file)) as picture:
            assert picture.format == "PNG"
            pictures.append(np.asarray(picture, int))
    return np.stack(pictures)


def _assert_same(found, expected):
    found, expected = _pictures(found), _pictures(expected)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_answers_as_without_a_server(client, direct, signature, batch):
    inputs = _inputs(signature, batch=batch)
    (expected,) = direct(signature, inputs).values()
    _assert_same(client.predict(signature, inputs), expected)


def test_the_client_asks_one_picture_at_a_time(client, direct):
    inputs = _inputs("generate_encoded", batch=1)
    (expected,) = direct("generate_encoded", inputs).values()
    png = client.generate(*(value[0] for value in inputs.values()))
    _assert_same(np.array([png], object), expected)
    inputs = _inputs("repose", batch=1, targets=4)
    (expected,) = direct("repose", inputs).values()
    drawn = client.repose(*(value[0] for value in inputs.values()))
    assert drawn.dtype == np.uint8
    _assert_same(drawn, expected[0])


def _spoiled(signature, name, change):
    """The inputs of one person with `change` made to a copy of one of them."""
    inputs = _inputs(signature, batch=1)
    inputs[name] = change(inputs[name].copy())
    return inputs


def _with(index, value):
    def change(array):
        array[index] = value
        return array

    return change


JOINT = (0, 3)


@pytest.mark.parametrize(
    ("signature", "name", "change"),
    [
        ("serving_default", "image", lambda value: value[:, :9]),
        ("serving_default", "source_keypoints", lambda value: value[0]),
        ("serving_default", "target_keypoints", lambda value: value[:, :17]),
        ("serving_default", "source_keypoints", lambda v: np.repeat(v, 2, axis=0)),
        ("serving_default", "source_keypoints", _with(JOINT, (np.nan, 1, 1))),
        ("serving_default", "target_keypoints", _with(JOINT, (1, np.inf, 1))),
        ("generate_encoded", "target_keypoints", _with(JOINT, (1e6, 1, 1))),
        ("generate_encoded", "source_keypoints", _with(JOINT, (1, 1, 0.5))),
        ("generate_encoded", "image_bytes", lambda v: np.array([v[0][:60]], object)),
        ("generate_encoded", "image_bytes", lambda _: np.array([b"x"], object)),
        ("repose", "target_keypoints", lambda value: value[:, 0]),
        ("repose", "image", lambda value: value[:0]),
    ],
)
def test_a_bad_request_names_its_input_and_the_next_good_one_is_answered(
    client, signature, name, change
):
    with pytest.raises(serving_error.ServingError, match=name) as caught:
        client.predict(signature, _spoiled(signature, name, change))
    assert caught.value.kind == "INVALID_ARGUMENT"
    assert client.predict(signature, _inputs(signature)) is not None


@pytest.mark.parametrize("options", [{"model_name": "other"}, {"version": 9}])
def test_what_is_not_there_is_not_found(running, options):
    for address in running.addresses:
        endpoint = endpoint_lib.Endpoint(address, **options)
        with (
            posegan_client.PoseGANClient(endpoint) as client,
            pytest.raises(serving_error.ServingError, match="no such model") as caught,
        ):
            client.predict("serving_default", _inputs("serving_default"))
        assert caught.value.kind == "NOT_FOUND"


def test_rows_and_columns_of_json(running, direct):
    inputs = _inputs("serving_default", batch=2)
    (expected,) = direct("serving_default", inputs).values()
    columns = {name: value.tolist() for name, value in inputs.items()}
    rows = [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    ((key, found),) = _rest(running, ":predict", {"instances": rows})[1].items()
    assert key == "predictions"
    _assert_same(np.array(found), expected)
    ((key, found),) = _rest(running, ":predict", {"inputs": columns})[1].items()
    assert key == "outputs"
    _assert_same(np.array(found), expected)


def test_an_error_of_rest_is_json(running):
    status, answer = _rest(running, ":predict", {"instances": [{"image": 1}]})
    assert status == 400
    assert list(answer) == ["error"]
    status, answer = _rest(running, "/versions/9")
    assert status == 404
    assert list(answer) == ["error"]


def test_status(running):
    status, answer = _rest(running, "")
    assert status == 200
    (version,) = answer["model_version_status"]
    assert version["version"] == "1"
    assert version["state"] == "AVAILABLE"
    assert version["status"] == {"error_code": "OK", "error_message": ""}
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "posegan"
    with grpc.insecure_channel(running.grpc) as channel:
        service = model_service_pb2_grpc.ModelServiceStub(channel)
        (version,) = service.GetModelStatus(request, 10).model_version_status
    assert version.version == 1
    assert version.state == get_model_status_pb2.ModelVersionStatus.AVAILABLE


def test_metadata(running):
    request = get_model_metadata_pb2.GetModelMetadataRequest()
    request.model_spec.name = "posegan"
    request.metadata_field.append("signature_def")
    with grpc.insecure_channel(running.grpc) as channel:
        service = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        packed = service.GetModelMetadata(request, 10).metadata["signature_def"]
    found = get_model_metadata_pb2.SignatureDefMap()
    assert packed.Unpack(found)
    status, answer = _rest(running, "/metadata")
    assert status == 200
    of_rest = answer["metadata"]["signature_def"]["signature_def"]
    for signature, (image, output) in SIGNATURES.items():
        inputs = {image, "source_keypoints", "target_keypoints"}
        assert set(found.signature_def[signature].inputs) == inputs
        assert set(found.signature_def[signature].outputs) == {output}
        assert set(of_rest[signature]["inputs"]) == inputs
        assert set(of_rest[signature]["outputs"]) == {output}
        dtype = of_rest[signature]["inputs"][image]["dtype"]
        assert dtype == ("DT_STRING" if image == "image_bytes" else "DT_UINT8")


def _rest(running, path, body=None):
    """Status and parsed JSON of a GET, or of a POST of `body`."""
    data = None if body is None else json.dumps(body).encode()
    try:
        request = urllib.request.Request(running.rest + path, data)
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture(scope="module")
def batching(tiny_export_dir):
    """The reference server, joining what arrives within a tenth of a second."""
    parameters = batcher.Parameters(max_batch_size=8, batch_timeout_micros=100_000)
    with _reference(tiny_export_dir, parameters) as ports:
        yield _running(*ports)


def test_requests_of_one_batch_are_answered_each_with_its_own(batching, direct):
    endpoint = endpoint_lib.Endpoint(batching.addresses[0])
    requests = [_inputs("generate_encoded", seed, batch=1) for seed in range(16)]
    with (
        posegan_client.PoseGANClient(endpoint) as client,
        futures.ThreadPoolExecutor(16) as pool,
    ):
        answers = list(
            pool.map(
                lambda inputs: client.predict("generate_encoded", inputs), requests
            )
        )
    for inputs, found in zip(requests, answers, strict=True):
        (expected,) = direct("generate_encoded", inputs).values()
        _assert_same(found, expected)


def test_reposing_with_different_numbers_of_poses_may_share_a_batch(batching, direct):
    endpoint = endpoint_lib.Endpoint(batching.addresses[0])
    requests = [_inputs("repose", count, batch=1, targets=count) for count in (1, 3, 2)]
    with (
        posegan_client.PoseGANClient(endpoint) as client,
        futures.ThreadPoolExecutor(3) as pool,
    ):
        answers = list(
            pool.map(
                lambda inputs: client.repose(*(v[0] for v in inputs.values())), requests
            )
        )
    for inputs, found in zip(requests, answers, strict=True):
        (expected,) = direct("repose", inputs).values()
        _assert_same(found, expected[0])
