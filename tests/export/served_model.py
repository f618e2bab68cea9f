"""A SavedModel as a server runs it: by the names in its signatures, in a session."""

import numpy as np
import tensorflow as tf

from export import warmup


class ServedModel:
    """Loads a version the way TensorFlow Serving does, without Python's functions.

    Args:
        folder: the version's.
    """

    def __init__(self, folder):
        self.session = tf.compat.v1.Session(graph=tf.Graph())
        self.signatures = tf.compat.v1.saved_model.load(
            self.session, ["serve"], str(folder)
        ).signature_def

    def __call__(self, signature, inputs):
        """Feeds the inputs by name, whatever their shape; returns outputs by name."""
        definition = self.signatures[signature]
        fetches = [self._tensor(info) for info in definition.outputs.values()]
        feeds = {
            self._tensor(definition.inputs[name]): np.asarray(value)
            for name, value in inputs.items()
        }
        # C++'s Session::Run, as a server calls it; Python's would convert types first.
        values = self.session._call_tf_sessionrun(None, feeds, fetches, [], None)
        return dict(zip(definition.outputs, values, strict=True))

    def _tensor(self, info):
        return self.session.graph.get_tensor_by_name(info.name)._as_tf_output()


def random_inputs(signature, random, image_size, batch=2, targets=3):
    """A valid request with the poses of random joints, some of them missing."""
    inputs = dict(warmup.example_inputs(image_size)[signature])
    source = _poses(random, (batch,), image_size)
    many = (batch, targets) if signature == "repose" else (batch,)
    inputs |= {
        "source_keypoints": source,
        "target_keypoints": _poses(random, many, image_size),
    }
    if "image" in inputs:
        shape = (batch, *image_size, 3)
        inputs["image"] = random.integers(0, 256, shape, dtype=np.uint8)
    else:
        files = [encoded(random, image_size) for _ in range(batch)]
        inputs["image_bytes"] = np.array(files, object)
    return inputs


def encoded(random, size, kind=None):
    """A JPEG or PNG file of noise."""
    picture = random.integers(0, 256, (*size, 3), dtype=np.uint8)
    kind = kind or random.choice(["jpeg", "png"])
    return getattr(tf.io, f"encode_{kind}")(picture).numpy()


def _poses(random, shape, image_size):
    height, width = image_size
    keypoints = np.ones((*shape, 18, 3), np.float32)
    keypoints[..., :2] = random.uniform(0, [width - 1, height - 1], (*shape, 18, 2))
    keypoints[..., 2] = random.random((*shape, 18)) < 0.8
    return keypoints
