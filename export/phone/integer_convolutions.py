"""Quantizes the convolutions of a float .tflite file to 8-bit integers, and no more.

Coordinates do not survive 8 bits, nor do attention rows of thousands of positions or
the statistics of instance norms. TFLite's own integer mode quantizes whatever its
calibrator has seen. So the calibration is done here, with the Keras model, and only
inputs and outputs of convolutions get a range; where there is no range the quantizer
leaves floats.
"""

import keras
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from tensorflow.lite.python import convert

from export.phone import flatbuffer

# Which of an operation's inputs is the feature map.
_FEATURES = {"CONV_2D": 0, "TRANSPOSE_CONV": 2}
_KINDS = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
# Its outputs are the picture: quantized, the error is seen at once, and it is cheap.
_KEPT = "decoder_picture"

Ranges = dict[str, tuple[tuple[float, float], tuple[float, float]]]


def ranges(generator: keras.Model, batches) -> Ranges:
    """The least and the largest number that enter and leave each convolution.

    Args:
        generator: see `phone_form.for_phones`.
        batches: of the generator's inputs, dicts.

    Returns: by the layer's name ((least, largest) input, (least, largest) output).
    """
    layers = [
        layer
        for layer in generator.layers
        if isinstance(layer, _KINDS) and layer.name != _KEPT
    ]
    taps = keras.Model(
        generator.input, {layer.name: (layer.input, layer.output) for layer in layers}
    )

    @tf.function
    def extremes(inputs):
        return tf.nest.map_structure(
            lambda values: tf.stack([tf.reduce_min(values), tf.reduce_max(values)]),
            taps(inputs, training=False),
        )

    every = [extremes(batch) for batch in batches]

    def over_all(*values):
        return min(float(v[0]) for v in values), max(float(v[1]) for v in values)

    return tf.nest.map_structure(over_all, *every)


def quantize(content: bytes, found: Ranges) -> bytes:
    """The model with each convolution of `found` in int8: a scale for every filter.

    Args:
        content: a float32 .tflite file.
        found: see `ranges`.

    Raises:
        ValueError: if a convolution of `found` is not in the file.
    """
    model = flatbuffer.read(content)
    missing = set(found)
    for kind, operator, subgraph in flatbuffer.operations(model):
        if kind not in _FEATURES:
            continue
        output = subgraph.tensors[operator.outputs[0]]
        # A tensor is called after the layer's scope, "generator_1/pose_2_1/...".
        scope = output.name.decode().split("/")[1]
        name = next((n for n in missing if scope in (n, f"{n}_1")), None)
        if name is None:
            continue
        missing.remove(name)
        features = subgraph.tensors[operator.inputs[_FEATURES[kind]]]
        for tensor, (least, largest) in zip(
            (features, output), found[name], strict=True
        ):
            # 0 is a value of every map, if only as padding.
            tensor.quantization = schema.QuantizationParametersT(
                min=[min(least, 0.0)], max=[max(largest, 0.0)]
            )
    if missing:
        raise ValueError(f"No convolution in the model for {sorted(missing)}.")
    # Ranges would spread to neighbours that only move numbers, and on from there.
    others = {kind for kind, _, _ in flatbuffer.operations(model)} - set(_FEATURES)
    return convert.mlir_quantize(flatbuffer.write(model), denylisted_ops=sorted(others))
