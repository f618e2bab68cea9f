"""The four .tflite files of one network."""

import pathlib

import tensorflow as tf

from export.phone import (
    converter_output,
    flatbuffer,
    frozen_graph,
    integer_convolutions,
)

# What fails a variant: (which error, at most so many grey levels), against Keras.
BOUNDS = {
    "float32": ("max_error", 1.0),
    "float16": ("mean_error", 0.5),
    "dynamic_int8": ("mean_error", 3.0),
    "int8": ("mean_error", 5.0),
}


def convert(
    variant: str, saved_model: pathlib.Path, ranges: integer_convolutions.Ranges
) -> bytes:
    """Converts to one of the variants.

    "float32" as it is; "float16": weights in half precision; "dynamic_int8": weights
    in 8 bits, what goes through them scaled for each picture; "int8": convolutions
    in integers altogether, scales from calibration.

    Args:
        variant: a key of `BOUNDS`.
        saved_model: see `frozen_graph.save`.
        ranges: see `integer_convolutions.ranges`; for "int8" alone.

    Returns: the content of the file.

    Raises:
        ValueError: if an operation of it is not TFLite's own.
    """
    with converter_output.hidden():
        converter = tf.lite.TFLiteConverter.from_saved_model(
            str(saved_model), signature_keys=[frozen_graph.SIGNATURE]
        )
        if variant in ("float16", "dynamic_int8"):
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if variant == "float16":
            converter.target_spec.supported_types = [tf.float16]
        content = converter.convert()
        if variant == "int8":
            content = integer_convolutions.quantize(content, ranges)
    flatbuffer.check_builtins(content)
    return content
