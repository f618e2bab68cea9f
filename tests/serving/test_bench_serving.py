"""Tests of the load tool: what it counts, and that it loads a server."""

import io
import json
import pathlib
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image

from export.serving import serving_error
from keras_posegan.data.synthetic_people import person, studio
from tools import bench_serving

ROOT = pathlib.Path(__file__).parents[2]


def test_latencies_errors_and_throughput_are_those_of_the_requests():
    """Request n of 20 takes n ms, but every fifth fails at once."""
    lock = threading.Lock()
    now, most, sent = 0, 0, []

    def send(number):
        nonlocal now, most
        with lock:
            sent.append(number)
            now += 1
            most = max(most, now)
        try:
            if number % 5 == 0:
                raise serving_error.ServingError("here", "NOT_FOUND", "nothing")
            time.sleep(number / 1000)
        finally:
            with lock:
                now -= 1

    start = time.perf_counter()
    result = bench_serving.measure(send, requests=20, concurrency=3)
    seconds = time.perf_counter() - start
    assert sorted(sent) == list(range(20))
    assert most == 3
    assert result["succeeded"] == 16
    assert result["errors"] == {"NOT_FOUND": 4}
    slept = sorted(number for number in range(20) if number % 5)
    assert sum(slept) / 1000 / 3 <= result["seconds"] <= seconds
    assert result["requests_per_second"] == 16 / result["seconds"]
    latency = result["latency_ms"]
    assert list(latency) == ["p50", "p90", "p99", "max"]
    # Nearest ranks from below; how late a thread wakes depends on the machine.
    for name, rank in (("p50", 7), ("p90", 13), ("p99", 14), ("max", 15)):
        assert slept[rank] <= latency[name] < slept[rank] + 200


def test_any_other_error_ends_the_measurement():
    def send(_):
        raise RuntimeError("a fault of this program")

    with pytest.raises(RuntimeError, match="a fault of this program"):
        bench_serving.measure(send, requests=3, concurrency=2)


def test_without_success_there_is_no_latency():
    def send(_):
        raise serving_error.ServingError("here", "UNAVAILABLE", "nothing")

    result = bench_serving.measure(send, requests=3, concurrency=2)
    assert result["latency_ms"] is None
    assert result["requests_per_second"] == 0
    rest = {"requests": 3, "concurrency": 2, "pictures_per_second": 0.0}
    text = bench_serving.table({**result, **rest})
    assert text.startswith("0 of 3 requests succeeded, 2 at a time, in 0.0 s\n")
    assert "error UNAVAILABLE: 3" in text
    assert "latency" not in text


@pytest.mark.parametrize("signature", bench_serving.SIGNATURES)
def test_inputs_are_people_of_the_size_asked_for(signature):
    requests = bench_serving.people_inputs(signature, targets=3, image_size=(64, 48))
    # The joints' places, as shares of the width and height, are those of the drawing.
    drawn = studio.Studio().picture(person.create_person(0, 1), 1, 0).keypoints
    found = (requests[0]["source_keypoints"][0, :, :2] + 0.5) / (48, 64)
    np.testing.assert_allclose(found, (drawn[:, :2] + 0.5) / (64, 128), atol=1e-5)
    assert len({str(request) for request in requests}) == len(requests) > 1
    for request in requests:
        poses = (1, 3, 18, 3) if signature == "repose" else (1, 18, 3)
        assert request["source_keypoints"].shape == (1, 18, 3)
        assert request["target_keypoints"].shape == poses
        assert request["target_keypoints"].dtype == np.float32
        if signature == "generate_encoded":
            with Image.open(io.BytesIO(request["image_bytes"][0])) as picture:
                image = np.asarray(picture)[None]
        else:
            image = request["image"]
        assert (image.shape, image.dtype) == ((1, 64, 48, 3), np.uint8)


def _run(*flags):
    return subprocess.run(
        [sys.executable, "-m", "tools.bench_serving", *flags],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize("scheme", ["grpc", "http"])
def test_a_server_is_loaded(scheme, server, tmp_path):
    port = server.grpc_port if scheme == "grpc" else server.rest_port
    address = f"{scheme}://localhost:{port}"
    path = tmp_path / "result.json"
    run = _run(
        f"--server={address}",
        "--requests=20",
        "--concurrency=4",
        "--warm_up=2",
        f"--json={path}",
    )
    assert run.returncode == 0, run.stderr
    assert "20 of 20 requests succeeded, 4 at a time" in run.stdout
    result = json.loads(path.read_text())
    assert result["server"] == address
    assert (result["succeeded"], result["errors"]) == (20, {})
    assert result["pictures_per_second"] == result["requests_per_second"] > 0
    latency = result["latency_ms"]
    assert 0 < latency["p50"] <= latency["p90"] <= latency["p99"] <= latency["max"]


def test_every_pose_of_repose_is_a_picture(server):
    run = _run(
        f"--server=http://localhost:{server.rest_port}",
        "--signature=repose",
        "--targets=3",
        "--requests=4",
        "--concurrency=2",
        "--warm_up=1",
        "--image_height=8",
        "--image_width=4",
    )
    assert run.returncode == 0, run.stderr
    line = next(line for line in run.stdout.splitlines() if "throughput" in line)
    requests, pictures = (float(word) for word in line.split() if word[0].isdigit())
    assert pictures == pytest.approx(3 * requests, abs=0.4)


def test_a_server_that_is_down_is_said_in_one_line():
    run = _run("--server=http://localhost:1")
    assert run.returncode == 1
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert line.startswith("error: --server=http://localhost:1: no server answers")
