"""A frozen graph like that of Inception 2015: its names, its age, its habits."""

import pathlib

import numpy as np
import tensorflow as tf

FEATURES, CLASSES, SIDE = 5, 7, 8
_EPSILON = 1e-3


def weights() -> dict[str, np.ndarray]:
    """The constants of the graph, by name."""
    random = np.random.default_rng(5)
    shapes = {
        "conv/kernel": (1, 1, 3, FEATURES),
        "conv/batchnorm/moving_mean": (FEATURES,),
        "conv/batchnorm/moving_variance": (FEATURES,),
        "conv/batchnorm/beta": (FEATURES,),
        "conv/batchnorm/gamma": (FEATURES,),
        "softmax/weights": (FEATURES, CLASSES),
        "softmax/biases": (CLASSES,),
    }
    values = {k: random.normal(0, 1, shape) for k, shape in shapes.items()}
    values["conv/batchnorm/moving_variance"] **= 2
    return {name: value.astype("float32") for name, value in values.items()}


def write(path: pathlib.Path, without: str = "") -> pathlib.Path:
    """Writes the graph, or all of it but the operation `without` and what needs it.

    As in the real one, one JPEG goes in, every static shape has the batch 1, a
    reshape insists on it, the batch normalization is an op that no graph may have
    since version 9 of the format, and the logits have a bias.
    """
    with tf.Graph().as_default() as graph:
        jpeg = tf.constant(b"", name="DecodeJpeg/contents")
        picture = tf.cast(tf.io.decode_jpeg(jpeg, 3, name="DecodeJpeg"), tf.float32)
        batch = tf.expand_dims(picture, 0, name="ExpandDims")
        resized = tf.raw_ops.ResizeBilinear(
            images=batch, size=[SIDE, SIDE], name="ResizeBilinear"
        )
        scaled = tf.multiply(tf.subtract(resized, 128.0), 1 / 128, name="Mul")
        constants = {k: tf.constant(v, name=k) for k, v in weights().items()}
        tf.raw_ops.Conv2D(
            input=scaled,
            filter=constants["conv/kernel"],
            strides=[1, 1, 1, 1],
            padding="VALID",
            name="conv/Conv2D",
        )
        normalized = tf.compat.v1.placeholder(
            tf.float32, (1, SIDE, SIDE, FEATURES), name="conv/batchnorm"
        )
        pool = tf.nn.avg_pool2d(tf.nn.relu(normalized), SIDE, 1, "VALID", name="pool_3")
        row = tf.reshape(pool, (1, FEATURES), name="pool_3/_reshape")
        product = tf.matmul(
            row, constants["softmax/weights"], name="softmax/logits/MatMul"
        )
        tf.nn.softmax(product + constants["softmax/biases"], name="softmax")
    graph_def = graph.as_graph_def(add_shapes=True)
    (node,) = (node for node in graph_def.node if node.name == "conv/batchnorm")
    # TensorFlow no longer makes this op: it is written by hand over a placeholder.
    node.op = "BatchNormWithGlobalNormalization"
    for name in ("dtype", "shape"):
        del node.attr[name]
    node.input.append("conv/Conv2D")
    for name in ("moving_mean", "moving_variance", "beta", "gamma"):
        node.input.append(f"conv/batchnorm/{name}")
    node.attr["T"].type = tf.float32.as_datatype_enum
    node.attr["variance_epsilon"].f = _EPSILON
    node.attr["scale_after_normalization"].b = True
    graph_def.versions.producer = 8
    if without:
        kept = [n for n in graph_def.node if not n.name.startswith(without)]
        del graph_def.node[:]
        graph_def.node.extend(kept)
    path.write_bytes(graph_def.SerializeToString())
    return path


def reference(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and features of pictures of SIDE by SIDE, in NumPy."""
    constants = weights()
    mean, variance, beta, gamma = (
        constants[f"conv/batchnorm/{name}"]
        for name in ("moving_mean", "moving_variance", "beta", "gamma")
    )
    convolved = (
        (pictures.astype("float64") - 128) / 128 @ constants["conv/kernel"][0, 0]
    )
    normalized = gamma * (convolved - mean) / np.sqrt(variance + _EPSILON) + beta
    features = np.maximum(normalized, 0).mean(axis=(1, 2))
    exponentials = np.exp(features @ constants["softmax/weights"])
    return exponentials / exponentials.sum(axis=1, keepdims=True), features
