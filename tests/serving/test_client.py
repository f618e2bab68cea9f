"""Tests of the client: what it draws, and what it says when it cannot."""

import contextlib
import io
import json
import pathlib
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from export.serving import endpoint as endpoint_lib
from export.serving import posegan_client, serving_error
from keras_posegan import input_error
from keras_posegan.pose import skeleton
from tests.serving import reference_server, stand_in_model

ROOT = pathlib.Path(__file__).parents[2]


def _png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def _client(address, **options):
    return posegan_client.PoseGANClient(endpoint_lib.Endpoint(address, **options))


@pytest.mark.parametrize(
    ("options", "version"),
    [({}, 2), ({"version": 1}, 1), ({"version_label": "stable"}, 1)],
)
def test_a_picture_is_drawn(address, inputs, options, version):
    with _client(address, **options) as client:
        png = client.generate(_png(inputs.image), inputs.source, inputs.target)
    with Image.open(io.BytesIO(png)) as drawn:
        assert drawn.format == "PNG"
        expected = stand_in_model.expected(
            inputs.image, inputs.source, inputs.target, version
        )
        np.testing.assert_array_equal(drawn, expected)


def test_several_poses_are_drawn(address, inputs):
    poses = np.stack([inputs.target, inputs.source, inputs.target])
    with _client(address) as client:
        drawn = client.repose(inputs.image, inputs.source, poses)
    assert drawn.dtype == np.uint8
    expected = [
        stand_in_model.expected(inputs.image, inputs.source, pose, 2) for pose in poses
    ]
    np.testing.assert_array_equal(drawn, expected)


def test_of_a_longer_answer_the_poses_asked_for_are_kept(inputs):
    """A server that batches fills up the poses of the shorter requests."""
    client = _client("http://localhost:1")
    client.predict = lambda *_: np.arange(5)[None, :, None, None, None]
    drawn = client.repose(inputs.image, inputs.source, np.stack([inputs.target] * 2))
    assert drawn.ravel().tolist() == [0, 1]


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"model_name": "other"}, "NOT_FOUND", r"has no such model .* Latest\(other\)"),
        ({"version": 9}, "NOT_FOUND", r"Specific\(posegan, 9\)"),
        ({"version_label": "x"}, "INVALID_ARGUMENT", "version label: x"),
    ],
)
def test_what_is_not_served_is_said(address, inputs, options, kind, message):
    arguments = (_png(inputs.image), inputs.source, inputs.target)
    with (
        _client(address, **options) as client,
        pytest.raises(serving_error.ServingError, match=message) as caught,
    ):
        client.generate(*arguments)
    assert caught.value.kind == kind
    assert str(caught.value).startswith(f"--server={address}: ")


def test_what_the_server_refuses_is_passed_on_and_the_next_request_succeeds(
    address, inputs
):
    bad = inputs.source.copy()
    bad[3, 2] = 0.5
    picture = _png(inputs.image)
    with _client(address) as client:
        with pytest.raises(serving_error.ServingError) as caught:
            client.generate(picture, bad, inputs.target)
        assert caught.value.kind == "INVALID_ARGUMENT"
        message = str(caught.value)
        assert "refuses the request" in message
        assert "Input `source_keypoints` must have visibility 0 or 1" in message
        with pytest.raises(serving_error.ServingError, match="Unknown image"):
            client.generate(b"no picture", inputs.source, inputs.target)
        assert client.generate(picture, inputs.source, inputs.target)


@contextlib.contextmanager
def _listening(answer=b""):
    """A port where connections are accepted, and get `answer` or none for 5 s."""
    connections = []
    with socket.create_server(("localhost", 0)) as listener:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connections.append(listener.accept()[0])
                    if answer:
                        connections[-1].sendall(answer)
                        connections[-1].shutdown(socket.SHUT_WR)
                        # Closed before the request is read, it would be reset.
                        connections[-1].settimeout(5)
                        while connections[-1].recv(65536):
                            pass
                        connections[-1].close()

        def end():
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        limit = threading.Timer(5, end)  # A client without a limit would wait on.
        limit.start()
        try:
            yield listener.getsockname()[1]
        finally:
            limit.cancel()
            limit.join()
            end()
            thread.join()


def _free_port():
    with socket.create_server(("localhost", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize("scheme", ["grpc", "http"])
def test_a_server_that_is_down_is_said(scheme, inputs):
    arguments = (_png(inputs.image), inputs.source, inputs.target)
    with (
        _client(f"{scheme}://localhost:{_free_port()}") as client,
        pytest.raises(
            serving_error.ServingError, match=r"no server answers there.*refused"
        ) as caught,
    ):
        client.generate(*arguments)
    assert caught.value.kind == "UNAVAILABLE"


@pytest.mark.parametrize("scheme", ["grpc", "http"])
def test_a_server_that_is_slow_is_said(scheme, inputs):
    arguments = (_png(inputs.image), inputs.source, inputs.target)
    with (
        _listening() as port,
        _client(f"{scheme}://localhost:{port}", timeout_seconds=0.3) as client,
        pytest.raises(serving_error.ServingError, match="no answer in time") as caught,
    ):
        client.generate(*arguments)
    assert caught.value.kind == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n<html>", "UNKNOWN", "not TensorFlow Serving's"),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", "UNKNOWN", "not TensorFlow Serving's"),
        (b"HTTP/1.0 404 Gone\r\n\r\nsorry", "NOT_FOUND", "HTTP 404 Gone sorry"),
        (b"HTTP/1.0 502 Bad\r\n\r\n", "UNKNOWN", "HTTP 502 Bad"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n{", "UNAVAILABLE", "Incomplete"),
        (b"SSH-2.0\r\n", "UNAVAILABLE", "SSH-2.0"),
    ],
)
def test_another_server_is_said(inputs, answer, kind, message):
    arguments = (_png(inputs.image), inputs.source, inputs.target)
    with (
        _listening(answer) as port,
        _client(f"http://localhost:{port}") as client,
        pytest.raises(serving_error.ServingError, match=message) as caught,
    ):
        client.generate(*arguments)
    assert caught.value.kind == kind


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate for localhost, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "key.pem", folder / "certificate.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost -keyout {paths[0]} -out {paths[1]}"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    return paths


def test_tls(model_config, inputs, certificate):
    picture = _png(inputs.image)
    with reference_server.ReferenceServer(model_config, tls=certificate) as server:
        for address in (
            f"grpcs://localhost:{server.grpc_port}",
            f"https://localhost:{server.rest_port}",
        ):
            with _client(address, ca_certificate=str(certificate[1])) as client:
                assert client.generate(picture, inputs.source, inputs.target)
            with (
                _client(address) as client,  # Nobody vouches for the certificate.
                pytest.raises(serving_error.ServingError) as caught,
            ):
                client.generate(picture, inputs.source, inputs.target)
            assert caught.value.kind == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server": "localhost:8500"}, "--server must be"),
        ({"server": "grpc://localhost"}, "--server must be"),
        ({"server": "http://"}, "--server must be"),
        ({"server": "http://localhost:x"}, "--server must be"),
        ({"model_name": ""}, "--model_name is empty"),
        ({"version": 1, "version_label": "stable"}, "give one. Received: 1 and"),
        ({"timeout_seconds": 0.0}, "--timeout_seconds must be positive"),
        ({"timeout_seconds": float("nan")}, "--timeout_seconds must be positive"),
        ({"timeout_seconds": float("inf")}, "--timeout_seconds must be .* a day"),
        ({"ca_certificate": __file__}, "--ca_certificate is for grpcs"),
        ({"server": "https://h", "ca_certificate": "/x"}, "/x: no such file"),
    ],
)
def test_an_endpoint_names_the_bad_flag(options, message):
    with pytest.raises(input_error.InputError, match=message):
        endpoint_lib.Endpoint(**{"server": "http://localhost:8501", **options})


def test_a_file_that_is_no_certificate_is_said():
    with pytest.raises(input_error.InputError, match="--ca_certificate="):
        _client("https://localhost:1", ca_certificate=__file__)


@pytest.mark.parametrize("scheme", ["http", "grpc"])
def test_wrong_arguments_are_named(scheme, inputs):
    bad = inputs.source.copy()
    bad[0, 0] = np.nan
    poses = inputs.target[None]
    with _client(f"{scheme}://localhost:1") as client:
        for name, call in (
            ("source_keypoints", lambda: client.generate(b"", bad, inputs.target)),
            ("target_keypoints", lambda: client.generate(b"", inputs.source, poses)),
            (
                "target_keypoints",
                lambda: client.repose(inputs.image, inputs.source, inputs.target),
            ),
            ("image", lambda: client.repose(inputs.image / 1, inputs.source, poses)),
        ):
            with pytest.raises(ValueError, match=f"`{name}` must be"):
                call()


@pytest.fixture
def files(tmp_path, inputs):
    """The inputs as files, and the flags that name them."""
    (tmp_path / "photo.png").write_bytes(_png(inputs.image))
    for name in ("source", "target"):
        figure = getattr(inputs, name)
        joints = zip(skeleton.JOINT_NAMES, figure[:, :2].tolist(), strict=True)
        (tmp_path / f"{name}.json").write_text(json.dumps(dict(joints)))
    return {
        "source": tmp_path / "photo.png",
        "source_keypoints": tmp_path / "source.json",
        "target_keypoints": tmp_path / "target.json",
        "output": tmp_path / "out.png",
    }


def _run(*flags, **files):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "export.serving.client",
            *flags,
            *(f"--{name}={value}" for name, value in files.items()),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_the_command_line_writes_a_picture_and_never_over_another(
    address, inputs, files
):
    run = _run(f"--server={address}", **files)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"Wrote {files['output']}\n"
    expected = stand_in_model.expected(inputs.image, inputs.source, inputs.target, 2)
    with Image.open(files["output"]) as drawn:
        np.testing.assert_array_equal(drawn, expected)


def test_the_command_line_never_writes_over_another_picture_unasked(server, files):
    address = f"http://localhost:{server.rest_port}"
    files["output"].write_text("mine")
    run = _run(f"--server={address}", **files)
    assert run.returncode == 1
    assert (
        run.stderr == f"error: --output={files['output']}: exists; see --overwrite.\n"
    )
    assert files["output"].read_text() == "mine"
    run = _run(f"--server={address}", "--overwrite", "--version=1", **files)
    assert run.returncode == 0, run.stderr
    with Image.open(files["output"]) as drawn:
        assert drawn.size == (4, 8)


def test_the_command_line_draws_several_poses(server, inputs, files):
    address = f"http://localhost:{server.rest_port}"
    second = f"--target_keypoints={files['source_keypoints']}"
    run = _run(f"--server={address}", second, **files)
    assert run.returncode == 0, run.stderr
    # The flags' order: `second` stands in front of the others.
    for number, pose in ((1, inputs.source), (2, inputs.target)):
        expected = stand_in_model.expected(inputs.image, inputs.source, pose, 2)
        path = files["output"].with_name(f"out_{number}.png")
        with Image.open(path) as drawn:
            np.testing.assert_array_equal(drawn, expected)
    assert not files["output"].exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "/nowhere.jpg"}, "no picture /nowhere.jpg"),
        ({"source": __file__}, f"cannot read picture {__file__}: cannot identify"),
        ({"source_keypoints": "/no.json"}, "cannot read keypoints /no.json"),
        ({"target_keypoints": __file__}, "neither a keypoint CSV"),
        ({"output": "/nowhere/out.png"}, "--output=/nowhere/out.png: "),
        ({"output": "/tmp/out.unknown"}, "no format of pictures"),
        ({"source": ""}, "--source is missing."),
        ({"model_name": "other"}, "Servable not found for request: Latest(other)"),
        ({"server": "http://localhost:1"}, "no server answers there: "),
        ({"server": "nonsense"}, "--server must be"),
    ],
)
def test_the_command_line_says_what_is_wrong_in_one_line(
    server, files, change, message
):
    address = f"http://localhost:{server.rest_port}"
    run = _run(**{"server": address, **files, **change})
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_a_truncated_picture_is_named_before_anything_is_sent(files):
    content = files["source"].read_bytes()
    files["source"].write_bytes(content[: len(content) // 2])
    run = _run("--server=http://localhost:1", **files)
    assert run.returncode == 1
    assert f"cannot read picture {files['source']}: " in run.stderr
