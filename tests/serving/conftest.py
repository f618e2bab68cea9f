"""A served stand-in model, and inputs for it."""

import types

import numpy as np
import pytest
from tensorflow_serving.config import model_server_config_pb2

from tests.serving import reference_server, stand_in_model


@pytest.fixture(scope="session")
def stand_in_dir(tmp_path_factory):
    """A base path with versions 1 and 2, which draw differently."""
    base = tmp_path_factory.mktemp("served") / "posegan"
    for version in (1, 2):
        stand_in_model.write(base / str(version), version)
    return base


@pytest.fixture(scope="session")
def model_config(stand_in_dir):
    """Both versions, version 1 as `stable`; `gone` is not there."""
    config = model_server_config_pb2.ModelConfig(
        name="posegan",
        base_path=str(stand_in_dir),
        version_labels={"stable": 1, "gone": 3},
    )
    config.model_version_policy.all.SetInParent()
    return config


@pytest.fixture(scope="session")
def server(model_config):
    """A reference server of both versions; one for all tests."""
    with reference_server.ReferenceServer(model_config) as running:
        yield running


@pytest.fixture(scope="session", params=["grpc", "http"])
def address(request, server):
    """Its address over gRPC and over REST, as `--server` takes it."""
    port = server.grpc_port if request.param == "grpc" else server.rest_port
    return f"{request.param}://localhost:{port}"


@pytest.fixture
def inputs():
    """One picture of the stand-in's size and two figures."""
    rng = np.random.default_rng(0)
    source, target = rng.integers(0, 60, (2, 18, 3)).astype(np.float32)
    source[:, 2] = target[:, 2] = 1
    size = (stand_in_model.HEIGHT, stand_in_model.WIDTH, 3)
    return types.SimpleNamespace(
        image=rng.integers(0, 256, size, np.uint8), source=source, target=target
    )
