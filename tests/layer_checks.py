"""What every layer must do, in one check: `check_layer`."""

import inspect
import json
import pathlib
import tempfile

import keras
import numpy as np
import tensorflow as tf


def check_layer(
    layer_class: type[keras.layers.Layer],
    arguments: dict,
    inputs: tuple[np.ndarray, ...],
    output_shape: tuple,
    trainable_weights: int = 0,
    non_trainable_weights: int = 0,
    data_inputs: tuple[int, ...] = (),
) -> None:
    """Asserts shapes, weights, gradients, config, saving, graphs, mixed precision.

    Weights are given random values before outputs are compared: a gate that starts
    at zero would hide every fault behind it.

    Args:
        layer_class: the layer.
        arguments: constructor arguments, spelt as `get_config` gives them. Choose
            values that are not the defaults.
        inputs: the call's positional arguments.
        output_shape: of the output for `inputs`; a tuple of shapes if it has several.
        trainable_weights: how many weight tensors are trained.
        non_trainable_weights: how many are not.
        data_inputs: positions in `inputs` that need no gradient.
    """
    layer = layer_class(**arguments)
    _check_shapes(layer, inputs, output_shape)
    assert len(layer.trainable_weights) == trainable_weights
    assert len(layer.non_trainable_weights) == non_trainable_weights
    randomize_weights(layer)
    _check_calls_agree(layer, inputs)
    _check_gradients(layer, inputs, data_inputs)
    _check_config(layer, arguments)
    _check_saving(layer, inputs)
    _check_mixed_precision(layer, inputs, data_inputs)


def randomize_weights(layer: keras.layers.Layer) -> None:
    """Gives each weight seeded normal values."""
    generator = np.random.default_rng(7)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))


def save_and_load(model: keras.Model) -> keras.Model:
    """The model after a round trip through a `.keras` file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.keras"
        model.save(path)
        return keras.models.load_model(path)


def as_model(layer: keras.layers.Layer, inputs: tuple[np.ndarray, ...]) -> keras.Model:
    """A functional model of the layer alone, for any batch size."""
    symbols = [keras.Input(array.shape[1:], dtype=str(array.dtype)) for array in inputs]
    return keras.Model(_one_or_all(symbols), layer(*symbols))


def _check_shapes(layer, inputs, output_shape) -> None:
    computed = layer.compute_output_shape(*(array.shape for array in inputs))
    model = as_model(layer, inputs)
    outputs = _flat(layer(*inputs))
    expected = _flat_shapes(output_shape)
    assert _flat_shapes(computed) == expected
    assert [tuple(output.shape) for output in outputs] == expected
    assert [output.shape for output in _flat(model.output)] == [
        (None, *shape[1:]) for shape in expected
    ]
    assert [output.dtype.name for output in outputs] == [
        output.dtype for output in _flat(model.output)
    ]


def _check_calls_agree(layer, inputs) -> None:
    eager = layer(*inputs)
    _assert_close(layer(*inputs), eager, tolerance=0.0)
    _assert_close(tf.function(layer)(*map(tf.constant, inputs)), eager)
    _assert_close(as_model(layer, inputs)(_one_or_all(inputs)), eager)


def _check_gradients(layer, inputs, data_inputs) -> None:
    tensors = [tf.constant(array) for array in inputs]
    sources = [weight.value for weight in layer.trainable_weights]
    sources += [x for i, x in enumerate(tensors) if i not in data_inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        loss = tf.add_n(
            [
                tf.reduce_sum(tf.square(tf.cast(y, tf.float32)))
                for y in _flat(layer(*tensors))
            ]
        )
    for gradient in tape.gradient(loss, sources):
        assert gradient is not None
        assert np.all(np.isfinite(gradient))
        assert np.any(gradient != 0)


def _check_config(layer, arguments) -> None:
    config = layer.get_config()
    for name, parameter in inspect.signature(type(layer).__init__).parameters.items():
        if name == "self" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        assert name in config, f"get_config lacks {name}"
        assert hasattr(layer, name), f"no attribute {name}"
    for name, value in arguments.items():
        assert config[name] == value, f"get_config changes {name}"
    assert type(layer).from_config(config).get_config() == config
    serialized = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    again = keras.saving.deserialize_keras_object(serialized)
    assert again.get_config() == config


def _check_saving(layer, inputs) -> None:
    model = as_model(layer, inputs)
    loaded = save_and_load(model)
    assert len(loaded.weights) == len(model.weights)
    for weight, loaded_weight in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(weight.numpy(), loaded_weight.numpy())
    _assert_close(
        loaded(_one_or_all(inputs)), model(_one_or_all(inputs)), tolerance=0.0
    )
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        exported = tf.saved_model.load(folder)
    served = exported.serve(_one_or_all([tf.constant(array) for array in inputs]))
    _assert_close(served, model(_one_or_all(inputs)))


def _check_mixed_precision(layer, inputs, data_inputs) -> None:
    mixed = type(layer).from_config({**layer.get_config(), "dtype": "mixed_bfloat16"})
    model = as_model(mixed, inputs)
    for weight, mixed_weight in zip(layer.weights, mixed.weights, strict=True):
        assert mixed_weight.dtype == "float32"
        mixed_weight.assign(weight)
    outputs = model(_one_or_all(inputs))
    assert [output.dtype.name for output in _flat(outputs)] == [
        output.dtype for output in _flat(model.output)
    ]
    _assert_close(outputs, layer(*inputs), tolerance=0.05)
    _check_gradients(mixed, inputs, data_inputs)


def _assert_close(outputs, expected, tolerance: float = 1e-5) -> None:
    """Compares in units of the largest expected value."""
    for output, target in zip(_flat(outputs), _flat(expected), strict=True):
        output, target = (np.asarray(tf.cast(x, tf.float32)) for x in (output, target))
        assert np.all(np.isfinite(output))
        largest = np.max(np.abs(target))
        np.testing.assert_allclose(output, target, rtol=0, atol=tolerance * largest)


def _one_or_all(values):
    """What a model takes: a single input as it is, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _flat(structure) -> list:
    return tf.nest.flatten(structure)


def _flat_shapes(shapes) -> list[tuple]:
    """One shape or several, as a list of them."""
    return [tuple(shapes)] if isinstance(shapes[0], int) else list(map(tuple, shapes))
