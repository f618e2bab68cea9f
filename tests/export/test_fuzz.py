"""2,000 random requests, most of them bad: each refusal names its input."""

import collections
import struct

import numpy as np
import pytest
import tensorflow as tf

from tests.export import served_model

SIZE = (32, 16)
REQUESTS = 2000


def test_every_refusal_names_its_input_and_the_next_good_request_succeeds(
    tiny_export_dir,
):
    served = served_model.ServedModel(tiny_export_dir / "1")
    random = np.random.default_rng(0)
    counts = collections.Counter()
    for _ in range(REQUESTS):
        signature = random.choice(["serving_default", "generate_encoded", "repose"])
        batch, targets = random.integers(1, 3), random.integers(1, 4)
        inputs = served_model.random_inputs(signature, random, SIZE, batch, targets)
        fault = random.choice(FAULTS) if random.random() < 0.6 else None
        culprit = fault and fault(inputs, random)
        if culprit is None:  # No fault, or none that fits this signature.
            (outputs,) = served(signature, inputs).values()
            if signature == "generate_encoded":
                outputs = np.array([tf.io.decode_png(file) for file in outputs])
            shape = (batch, targets) if signature == "repose" else (batch,)
            assert outputs.shape == (*shape, *SIZE, 3)
            # NaN would be one grey level.
            assert outputs.reshape(*shape, -1).std(axis=-1).min() > 1
            counts["good"] += 1
            continue
        # Whichever of two inputs of unequal batch sizes is named.
        with pytest.raises(tf.errors.InvalidArgumentError, match=culprit):
            served(signature, inputs)
        counts[fault.__name__] += 1
    assert counts["good"] <= REQUESTS / 2
    assert len(counts) == len(FAULTS) + 1
    assert min(counts.values()) >= 10


def _wrong_rank(inputs, random):
    name = random.choice(list(inputs))
    value = inputs[name]
    inputs[name] = value[None] if random.random() < 0.5 else value[0]
    return f"Input `{name}` must have shape"


def _wrong_size(inputs, random):
    name = random.choice([name for name in inputs if name != "image_bytes"])
    axis = random.integers(-3, 0) if name == "image" else random.integers(-2, 0)
    some = np.take(inputs[name], [0, 0], axis=axis)
    inputs[name] = some
    return f"Input `{name}` must have shape"


def _empty_batch(inputs, random):
    for name in inputs:
        inputs[name] = inputs[name][:0]
    return "must have shape .* from 1 to 128.*Received"


def _unequal_batches(inputs, random):
    name = random.choice(["source_keypoints", "target_keypoints"])
    inputs[name] = np.concatenate([inputs[name], inputs[name]])
    return f"Input `{name}` must have as many examples"


def _too_many(inputs, random):
    name = random.choice(list(inputs))
    inputs[name] = np.repeat(inputs[name], 129, axis=0)
    return f"Input `{name}` must have shape .* from 1 to 128"


def _wrong_type(inputs, random):
    name = random.choice([name for name in inputs if name != "image_bytes"])
    inputs[name] = inputs[name].astype(random.choice(["int32", "float64"]))
    # Refused before the graph, which alone knows the names.
    return f"to be {'uint8' if name == 'image' else 'float'} but .* is provided"


def _a_joint(inputs, random):
    """Some joint's x, y, visible, made visible; and the input's name."""
    name = random.choice(["source_keypoints", "target_keypoints"])
    joints = inputs[name].reshape(-1, 3)
    joint = joints[random.integers(len(joints))]
    joint[2] = 1
    return name, joint


def _not_finite(inputs, random):
    name, joint = _a_joint(inputs, random)
    joint[random.integers(2)] = random.choice([np.nan, np.inf, -np.inf])
    return f"Input `{name}` must have every visible joint"


def _far_outside(inputs, random):
    name, joint = _a_joint(inputs, random)
    joint[random.integers(2)] = random.choice([-1, 1]) * 10.0 ** random.uniform(2, 30)
    return f"Input `{name}` must have every visible joint"


def _half_visible(inputs, random):
    name, joint = _a_joint(inputs, random)
    joint[2] = random.choice([0.5, -1, 2, np.nan, np.inf])
    return f"Input `{name}` must have visibilities"


def _broken_file(inputs, random):
    if "image_bytes" not in inputs:
        return None
    files = inputs["image_bytes"]
    whole = files[random.integers(len(files))]
    files[random.integers(len(files))] = whole[: random.integers(len(whole) - 8)]
    return "image_bytes"


def _no_file(inputs, random):
    if "image_bytes" not in inputs:
        return None
    length = random.integers(0, 200)
    inputs["image_bytes"][0] = b"x" + random.bytes(length)
    return "Input `image_bytes` must hold JPEG or PNG"


def _huge_file(inputs, random):
    if "image_bytes" not in inputs:
        return None
    header = struct.pack(">I4sII5B", 13, b"IHDR", 30000, 30000, 8, 2, 0, 0, 0)
    inputs["image_bytes"][0] = b"\x89PNG\r\n\x1a\n" + header + random.bytes(100)
    return "Input `image_bytes` must have 1 to"


FAULTS = [
    _wrong_rank,
    _wrong_size,
    _empty_batch,
    _unequal_batches,
    _too_many,
    _wrong_type,
    _not_finite,
    _far_outside,
    _half_visible,
    _broken_file,
    _no_file,
    _huge_file,
]
