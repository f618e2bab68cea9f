"""Tests of the export in a C program: TensorFlow's own loader, and no Python.

`tensorflow_model_server` is in no package registry. What it does with a SavedModel,
the C API of the library in TensorFlow's wheel does too: `load_saved_model.c`.
"""

import io
import struct
import subprocess
import zlib

import numpy as np
import PIL.Image
import pytest
import tensorflow as tf

from tests.data import drawn_dataset
from tests.serving import c_program

HEIGHT, WIDTH = drawn_dataset.IMAGE_SIZE


SIGNATURES = ("serving_default", "generate_encoded", "repose")


@pytest.fixture(scope="module")
def python_signatures(tiny_export_dir):
    return tf.saved_model.load(str(tiny_export_dir / "1")).signatures


@pytest.fixture(scope="module")
def asked(c_loader, tiny_export_dir, tmp_path_factory):
    """Of each signature: (inputs, name of the bad one or "", answer), in order.

    One process answered them all: three examples, one, many faults, three again.
    """
    asked = {}
    for signature in SIGNATURES:
        good, one = _request(signature, 3), _request(signature, 1)
        faults = _faults(signature, good)
        bad = [(good | {name: value}, name) for name, value in faults]
        asked[signature] = [(good, ""), (one, ""), *bad, (good, "")]
    requests = [
        (signature, inputs) for signature, group in asked.items() for inputs, _ in group
    ]
    folder = tmp_path_factory.mktemp("requests")
    answers = iter(c_program.answers(c_loader, tiny_export_dir / "1", requests, folder))
    return {
        signature: [(inputs, bad, next(answers)) for inputs, bad in group]
        for signature, group in asked.items()
    }


@pytest.mark.parametrize("signature", SIGNATURES)
def test_c_answers_as_python_does(asked, python_signatures, signature):
    for given, _, (code, message, outputs) in asked[signature][:2]:
        assert code == c_program.OK, message
        tensors = {name: tf.constant(value) for name, value in given.items()}
        expected = python_signatures[signature](**tensors)
        assert outputs.keys() == expected.keys()
        for name, value in outputs.items():
            ours, pythons = _grey_levels(value), _grey_levels(expected[name].numpy())
            assert ours.shape == pythons.shape
            assert len(ours) == len(given["source_keypoints"])
            assert ours.shape[-3:] == (HEIGHT, WIDTH, 3)
            assert ours.std() > 1  # A picture, not a constant.
            assert np.abs(ours.astype(int) - pythons).max() <= 1


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_bad_request_names_its_input(asked, signature):
    refused = [each for each in asked[signature] if each[1]]
    assert {bad for _, bad, _ in refused} == set(refused[0][0])
    for given, bad, (code, message, outputs) in refused:
        case = f"{bad} {given[bad].dtype} {given[bad].shape}: {code} {message}"
        assert code == c_program.INVALID_ARGUMENT, case
        assert f"{bad}`" in message or f"_{bad}" in message, case
        assert not outputs, case


@pytest.mark.parametrize("signature", SIGNATURES)
def test_after_bad_requests_a_good_one_is_answered_as_before(asked, signature):
    (_, _, first), *_, (_, _, last) = asked[signature]
    assert first[0] == last[0] == c_program.OK
    for name, value in first[2].items():
        np.testing.assert_array_equal(value, last[2][name])


def test_a_wrong_dtype_is_refused_before_the_graph(c_loader, tiny_export_dir, tmp_path):
    good = _request("serving_default", 1)
    wrong = good | {"image": good["image"].astype("float32")}
    requests = [("serving_default", each) for each in (wrong, good)]
    (code, message, _), (next_code, *_) = c_program.answers(
        c_loader, tiny_export_dir / "1", requests, tmp_path
    )
    assert code == c_program.INVALID_ARGUMENT
    assert "to be uint8 but float is provided" in message
    assert next_code == c_program.OK


def test_there_is_no_python_in_the_program(c_loader):
    linked = subprocess.run(
        ["ldd", c_loader], capture_output=True, text=True, check=True
    ).stdout
    names = [line.split()[0] for line in linked.splitlines()]
    assert "libtensorflow_cc.so.2" in names
    assert not [name for name in names if "python" in name]


def _request(signature, count):
    """Inputs by name, `count` examples."""
    random = np.random.default_rng(count)
    image = random.integers(0, 256, (count, HEIGHT, WIDTH, 3), dtype=np.uint8)
    source, target = _poses(random, (count,)), _poses(random, (count,))
    if signature == "generate_encoded":
        # Twice as large as the model's pictures.
        large = image.repeat(2, axis=1).repeat(2, axis=2)
        kinds = ["JPEG", "PNG", "JPEG"][:count]
        files = [_encode(each, kind) for each, kind in zip(large, kinds, strict=True)]
        source, target = source * [2, 2, 1], target * [2, 2, 1]
        return {
            "image_bytes": np.array(files, object),
            "source_keypoints": source.astype("float32"),
            "target_keypoints": target.astype("float32"),
        }
    if signature == "repose":
        target = _poses(random, (count, 2))
    return {"image": image, "source_keypoints": source, "target_keypoints": target}


def _poses(random, shape):
    poses = np.ones((*shape, 18, 3), "float32")
    poses[..., :2] = random.uniform(0, WIDTH - 1, (*shape, 18, 2))
    return poses


def _faults(signature, good):
    """(input, a value of it that must be refused), many of them."""
    picture, *keypoints = good
    for name in keypoints:
        for value in (np.nan, np.inf, 1e6):
            wrong = good[name].copy()
            wrong[-1, ..., 2, 0] = value
            yield name, wrong
        wrong = good[name].copy()
        wrong[0, ..., 5, 2] = 0.5  # Neither visible nor invisible.
        yield name, wrong
        yield name, good[name][..., :17, :]
        yield name, good[name][..., 0]
        yield name, good[name][:2]  # Not as many as pictures.
    yield picture, good[picture][:0]
    if signature != "generate_encoded":
        yield picture, good[picture][:, 1:]
        yield picture, good[picture][0]
        return
    jpeg, *others = good[picture]
    huge = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">2I5B", *_HUGE_HEADER))
    for wrong in (jpeg[: len(jpeg) // 2], jpeg[:3], b"", b"GIF89a", huge):
        yield picture, np.array([wrong, *others], object)


_HUGE_HEADER = (30_000, 30_000, 8, 2, 0, 0, 0)


def _chunk(kind, data):
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _encode(picture, kind):
    file = io.BytesIO()
    PIL.Image.fromarray(picture).save(file, kind)
    return file.getvalue()


def _grey_levels(value):
    """Pictures as they are, or decoded."""
    if value.dtype != object:
        return value
    return np.stack([np.array(PIL.Image.open(io.BytesIO(file))) for file in value])
