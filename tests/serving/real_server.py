"""TensorFlow Serving itself, where a machine has it."""

import contextlib
import json
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

_COMPOSE = pathlib.Path(__file__).parents[2] / "export/serving/docker-compose.yml"
IMAGE = re.search(r"image: (\S+)", _COMPOSE.read_text())[1]
_SECONDS_TO_START = 120


@contextlib.contextmanager
def binary(base_path):
    """Runs `tensorflow_model_server`; yields its gRPC and its REST port."""
    path = shutil.which("tensorflow_model_server")
    if not path:
        pytest.skip("no tensorflow_model_server on PATH")
    ports = _free_ports()
    command = [
        path,
        f"--port={ports[0]}",
        f"--rest_api_port={ports[1]}",
        "--model_name=posegan",
        f"--model_base_path={base_path}",
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait(ports[1])
        yield ports
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def docker(base_path):
    """Runs the server's image; yields its gRPC and its REST port."""
    if not shutil.which("docker") or _run("docker", "info").returncode:
        pytest.skip("no Docker daemon answers")
    if _run("docker", "image", "inspect", IMAGE).returncode:
        pull = _run("docker", "pull", IMAGE)
        if pull.returncode:
            pytest.skip(f"Docker cannot pull {IMAGE}: {pull.stderr.strip()}")
    ports = _free_ports()
    publish = [
        f"--publish=127.0.0.1:{outside}:{inside}"
        for outside, inside in zip(ports, (8500, 8501), strict=True)
    ]
    volume = f"--volume={base_path}:/models/posegan:ro"
    flags = [*publish, volume, "--env=MODEL_NAME=posegan"]
    started = _run("docker", "run", "--rm", "--detach", *flags, IMAGE)
    assert started.returncode == 0, started.stderr
    try:
        _wait(ports[1])
        yield ports
    finally:
        _run("docker", "stop", started.stdout.strip())


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _free_ports():
    with (
        socket.create_server(("localhost", 0)) as one,
        socket.create_server(("localhost", 0)) as other,
    ):
        return one.getsockname()[1], other.getsockname()[1]


def _wait(rest_port):
    """Until the model is loaded."""
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            url = f"http://localhost:{rest_port}/v1/models/posegan"
            with urllib.request.urlopen(url, timeout=5) as response:
                (status,) = json.load(response)["model_version_status"]
            if status["state"] == "AVAILABLE":
                return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass  # It does not listen yet.
        assert time.monotonic() < end, "TensorFlow Serving has not loaded the model"
        time.sleep(0.5)
