"""The Inception that the field's inception scores are computed with."""

import hashlib
import pathlib

import numpy as np
import tensorflow as tf
from google.protobuf import message

from keras_posegan import input_error
from keras_posegan.metrics import picture_batch

# Of the 95,673,916 bytes that the archive below holds, as published by several who
# evaluate with the copy of the file that OpenAI's guided-diffusion downloads.
SHA256 = "009d6814d1bc560d4e7b236e170e9b2d5ca6f4b57bd8037f6db05776204415c6"
_WHERE = (
    "The graph is the member classify_image_graph_def.pb of "
    "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz"
)
_PICTURES, _POOL, _LOGITS = "ExpandDims", "pool_3", "softmax/logits/MatMul"


class Inception2015:
    """The frozen graph `classify_image_graph_def.pb` of 5 December 2015.

    Pictures go in at their native size, as floats in [0, 255], at `ExpandDims:0`;
    the graph resizes them to 299x299 itself. Then

        features      = pool_3, its two spatial sides of length 1 dropped
        probabilities = softmax(features . W)

    with W the weights of `softmax/logits/MatMul` and *no bias*: the graph's own
    `softmax` adds one, but the reported scores leave it out.

    The graph was frozen for one picture at a time: a reshape behind `pool_3` has the
    batch 1 written into it. Nothing behind `pool_3` is run here but the constant W,
    so that any number of pictures may go in at once. The field's code reaches the
    same by overwriting the static shapes of every tensor.

    The graph runs in a session of its own and not as a `tf.function`: its batch
    normalization is an op that TensorFlow runs in graphs as old as this one alone,
    and a function's body does not remember its age.

    Args:
        path: the file.
        sha256: what the file's SHA-256 must be, in hexadecimal. The default is that
            of the real graph, without which scores are not comparable.

    Attributes:
        name: "Inception 2015".
        checksum: the file's SHA-256, in hexadecimal.

    Raises:
        InputError: if the file is missing, has another SHA-256, or is not a frozen
            graph with those three operations.

    Reference:
        Salimans et al., arXiv 1606.03498, and their code's `inception_score`.
        Szegedy et al., arXiv 1512.00567. The real graph has 1008 classes and 2048
        features.
    """

    def __init__(self, path: str | pathlib.Path, sha256: str = SHA256):
        self.name = "Inception 2015"
        content = _read(pathlib.Path(path))
        self.checksum = hashlib.sha256(content).hexdigest()
        if self.checksum != sha256.lower():
            raise input_error.InputError(
                f"{path}: its SHA-256 must be {sha256}. Received: {self.checksum}. "
                f"{_WHERE}"
            )
        graph_def = _parse(path, content)
        with tf.Graph().as_default() as graph:
            self._pictures = tf.compat.v1.placeholder(
                tf.float32, (None, None, None, 3), name="pictures"
            )
            try:
                self._outputs = _build(graph_def, self._pictures)
            except ValueError as error:
                raise input_error.InputError(
                    f"{path}: not the Inception of 2015 ({error}). {_WHERE}"
                ) from error
        self._session = tf.compat.v1.Session(graph=graph)

    def __call__(self, pictures) -> tuple[np.ndarray, np.ndarray]:
        """Classifies pictures.

        Args:
            pictures: uint8 (B, H, W, 3).

        Returns:
            Probabilities, float32 (B, K), and features, float32 (B, F).

        Raises:
            ValueError: if the pictures are something else.
        """
        pictures = picture_batch.checked_batch(pictures).astype(np.float32)
        probabilities, features = self._session.run(
            self._outputs, {self._pictures: pictures}
        )
        return probabilities, features


def _read(path) -> bytes:
    """The file's bytes."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise input_error.InputError(
            f"{path}: cannot be read ({error.strerror}). {_WHERE}"
        ) from error


def _parse(path, content) -> tf.compat.v1.GraphDef:
    """The graph in a file's bytes, without the static shapes noted beside its ops."""
    try:
        graph_def = tf.compat.v1.GraphDef.FromString(content)
    except message.DecodeError as error:
        raise input_error.InputError(
            f"{path}: not a frozen graph ({error}). {_WHERE}"
        ) from error
    names = {node.name for node in graph_def.node}
    missing = [name for name in (_PICTURES, _POOL, _LOGITS) if name not in names]
    if missing:
        raise input_error.InputError(
            f"{path}: not the Inception of 2015, it has no operation "
            f"{', '.join(missing)}. {_WHERE}"
        )
    for node in graph_def.node:
        node.attr.pop("_output_shapes", None)  # They say that the batch is 1.
    return graph_def


def _build(graph_def, pictures) -> tuple[tf.Tensor, tf.Tensor]:
    """Probabilities and features of a placeholder's pictures, in its graph."""
    pool, logits = tf.graph_util.import_graph_def(
        graph_def,
        input_map={f"{_PICTURES}:0": pictures},
        return_elements=[f"{_POOL}:0", _LOGITS],
        name="inception",
    )
    features = tf.squeeze(pool, (1, 2))
    return tf.nn.softmax(tf.matmul(features, logits.inputs[1])), features
