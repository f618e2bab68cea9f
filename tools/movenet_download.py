"""The two downloads that MoveNet SinglePose Lightning can be made from."""

import hashlib
import http.client
import io
import json
import os
import pathlib
import tarfile
import urllib.request

import numpy as np

from keras_posegan import command_line, input_error
from keras_posegan.pose import movenet

_GOOGLE = (
    "https://storage.googleapis.com/tfhub-lite-models/google/lite-model/movenet/"
    "singlepose/lightning/tflite/float16/4.tflite"
)
_GOOGLE_SHA256 = "0fac2226112d0371903ca86e3853cec24ef603a0b2f96f589b180f0ebdd135ab"
_PACKAGE = "@vladmandic/human/-/human-3.3.6.tgz"
# Of the bytes whose SHA-512 the registry states.
_PACKAGE_SHA256 = "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7"
_MODEL = "package/models/movenet-lightning"
_TIMEOUT = 60  # Seconds without a byte.


def fetch(output: str | os.PathLike) -> bytes:
    """Fetches the first of the two that can be had, and makes the model of it.

    Args:
        output: where the model shall go, for the message alone.

    Returns:
        A `.tflite` file's bytes.

    Raises:
        InputError: if neither can be had; it says both ways and what failed.
    """
    registry = os.environ.get("NPM_CONFIG_REGISTRY") or "https://registry.npmjs.org"
    urls = (_GOOGLE, f"{registry.rstrip('/')}/{_PACKAGE}")
    failures = []
    for url in urls:
        print(f"fetching {url}", flush=True)
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as response:
                content = response.read()
            _check(content, url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            failures.append(f"{url}: {error}")
        else:
            return _to_tflite(content)
    raise input_error.InputError(
        f"cannot fetch the pose estimator. {'; '.join(failures)}. Without a network, "
        "get one of the two files by other means and give it with --file, or put a "
        f"MoveNet SinglePose Lightning .tflite at {output}"
    )


def convert_file(path: str | os.PathLike) -> bytes:
    """Makes the model of a copy of either download.

    Returns:
        A `.tflite` file's bytes.

    Raises:
        InputError: if the file cannot be read or is neither.
    """
    try:
        content = pathlib.Path(path).read_bytes()
    except OSError as error:
        raise input_error.InputError(f"--file={path}: {error.strerror}") from error
    _check(content, f"--file={path}")
    return _to_tflite(content)


def _check(content: bytes, where: str) -> None:
    """Raises `InputError` unless the content is one of the two downloads."""
    received = hashlib.sha256(content).hexdigest()
    if received not in (_GOOGLE_SHA256, _PACKAGE_SHA256):
        raise input_error.InputError(
            f"{where} must have the SHA-256 {_GOOGLE_SHA256} (Google's .tflite) or "
            f"{_PACKAGE_SHA256} (the npm package). Received: {received}"
        )


def _to_tflite(content: bytes) -> bytes:
    """The model of either download."""
    if hashlib.sha256(content).hexdigest() == _GOOGLE_SHA256:
        return content
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        description, weights = (
            package.extractfile(f"{_MODEL}.{suffix}").read()
            for suffix in ("json", "bin")
        )
    command_line.import_tensorflow()
    from tools import tfjs_graph

    return tfjs_graph.to_tflite(json.loads(description), weights, _drawn_person())


def _drawn_person() -> np.ndarray:
    """A picture to try the converted model on: int32 (1, 192, 192, 3)."""
    from keras_posegan.data.synthetic_people import person, studio

    drawing = studio.Studio((movenet.SIDE, movenet.SIDE)).picture(
        person.create_person(seed=0, identity=1), identity=1, index=0
    )
    return drawing.image[None].astype(np.int32)
