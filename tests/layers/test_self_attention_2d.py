"""Tests of the self-attention layer against equations 5 and 6 of the paper."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import self_attention_2d
from tests import layer_checks

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "self_attention.npz"
INPUTS = np.random.default_rng(0).normal(size=(2, 6, 3, 8)).astype("float32")


def _layer(shape=INPUTS.shape, **arguments):
    arguments = {"reduction": 4, "query_chunk": 5, **arguments}
    layer = self_attention_2d.SelfAttention2D(**arguments)
    layer.build(shape)
    layer_checks.randomize_weights(layer)
    return layer


def _golden_layer(**arguments):
    golden = np.load(GOLDEN)
    layer = self_attention_2d.SelfAttention2D(reduction=4, **arguments)
    layer.build(golden["x"].shape)
    layer.key.assign(golden["W_g"].T)
    layer.query.assign(golden["W_h"].T)
    layer.value.assign(golden["W_o"].T)
    layer.gamma.assign(golden["gamma"])
    return layer, golden


def _reference(inputs, layer):
    """Equations 5 and 6, one position at a time, in NumPy."""
    key, query, value = (np.asarray(w) for w in (layer.key, layer.query, layer.value))
    outputs = np.array(inputs, "float64")
    attentions = []
    for picture, output in zip(inputs, outputs, strict=True):
        x = picture.reshape(-1, picture.shape[-1]).astype("float64")
        y = output.reshape(x.shape)
        rows = []
        for v in range(len(x)):
            scores = np.array([(x[u] @ key) @ (x[v] @ query) for u in range(len(x))])
            weights = np.exp(scores - scores.max())
            weights /= weights.sum()
            summary = sum(weights[u] * (x[u] @ value) for u in range(len(x)))
            y[v] += np.asarray(layer.gamma) * summary
            rows.append(weights)
        attentions.append(rows)
    return outputs, np.array(attentions)


def test_contract():
    layer_checks.check_layer(
        self_attention_2d.SelfAttention2D,
        {"reduction": 4, "query_chunk": 5},
        inputs=(0.3 * INPUTS,),
        output_shape=INPUTS.shape,
        trainable_weights=4,  # Three kernels and gamma.
    )


def test_new_layer_is_the_identity():
    layer = self_attention_2d.SelfAttention2D(reduction=4)
    np.testing.assert_array_equal(layer(INPUTS), INPUTS)
    assert [weight.name for weight in layer.weights] == [
        "key",
        "query",
        "value",
        "gamma",
    ]
    assert layer.key.shape == layer.query.shape == (8, 2)
    assert layer.value.shape == (8, 8)


# In one piece, in even chunks, with a smaller last chunk, row by row.
@pytest.mark.parametrize("query_chunk", [100, 9, 5, 1])
def test_matches_the_equations(query_chunk):
    layer = _layer(query_chunk=query_chunk)
    outputs, attention = _reference(INPUTS, layer)
    np.testing.assert_allclose(
        layer(INPUTS), outputs, atol=1e-5 * np.abs(outputs).max()
    )
    rows = layer.attention(INPUTS, [17, 0, 4])
    np.testing.assert_allclose(rows, attention[:, [17, 0, 4]], atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("query_chunk", [1024, 7])
def test_equals_the_golden_numbers(dtype, query_chunk):
    layer, golden = _golden_layer(dtype=dtype, query_chunk=query_chunk)
    inputs = golden["x"].astype(dtype)
    np.testing.assert_allclose(layer(inputs), golden["output"], atol=1e-5)
    rows = layer.attention(inputs, np.arange(30))
    np.testing.assert_allclose(rows, golden["attention_vu"], atol=1e-5)


def test_one_example_needs_no_loop():
    # A loop is slow in TFLite, whose examples come one by one.
    layer = _layer(query_chunk=5)
    function = tf.function(layer).get_concrete_function(tf.constant(INPUTS[:1]))
    assert not [op for op in function.graph.get_operations() if "While" in op.type]
    alone, together = layer(INPUTS[:1]), layer(INPUTS)
    np.testing.assert_allclose(alone, together[:1], atol=1e-5)


@pytest.mark.parametrize("query_chunk", [100, 5])
def test_gradients_equal_those_of_the_plain_formula(query_chunk):
    layer = _layer(dtype="float64", query_chunk=query_chunk)
    inputs = tf.constant(INPUTS, tf.float64)
    weights = [weight.value for weight in layer.trainable_weights]

    def plain(inputs):
        x = tf.reshape(inputs, (2, 18, 8))
        scores = tf.einsum("bvc,buc->bvu", x @ layer.query.value, x @ layer.key.value)
        summary = tf.nn.softmax(scores) @ (x @ layer.value.value)
        return inputs + layer.gamma.value * tf.reshape(summary, inputs.shape)

    gradients = []
    for function in (layer, plain):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(tf.sin(function(inputs)))
        gradients.append(tape.gradient(loss, [inputs, *weights]))
    for ours, expected in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-8, atol=1e-8)


def test_large_scores_stay_finite():
    layer = _layer()
    inputs = 100.0 * INPUTS
    outputs, _ = _reference(inputs, layer)
    np.testing.assert_allclose(layer(inputs), outputs, rtol=1e-3)


def _functions_of_the_gradient():
    """Every function in the graph of a chunked layer's gradient, as lists of nodes."""
    layer = self_attention_2d.SelfAttention2D(reduction=4, query_chunk=6)

    @tf.function
    def gradients(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(layer(inputs) ** 2)
        return tape.gradient(loss, inputs)

    layer.build((2, 5, 6, 8))
    graph = gradients.get_concrete_function(tf.zeros((2, 5, 6, 8))).graph
    library = graph.as_graph_def(add_shapes=True).library
    return [list(function.node_def) for function in library.function]


def _shape(node):
    shapes = node.attr["_output_shapes"].list.shape
    return tuple(size.size for size in shapes[0].dim) if shapes else None


def test_no_tensor_of_the_whole_attention_is_made():
    shapes = {_shape(node) for nodes in _functions_of_the_gradient() for node in nodes}
    assert (6, 30) in shapes
    assert not {(30, 30), (2, 30, 30)} & shapes


def test_every_chunk_waits_for_the_last():
    """Else TensorFlow runs them at once, and holds the memory of all."""
    waiting = []
    for nodes in _functions_of_the_gradient():
        inputs = {
            node.name: {name.lstrip("^").split(":")[0] for name in node.input}
            for node in nodes
        }
        before = {}
        for node in nodes:  # In topological order.
            direct = inputs[node.name]
            before[node.name] = direct.union(*(before.get(n, ()) for n in direct))
        large = [n.name for n in nodes if "MatMul" in n.op and _shape(n) == (6, 30)]
        # The products that another one may run beside.
        waiting += [
            sum(a not in before[b] and b not in before[a] for a in large) - 1
            for b in large
        ]
    # Forward the scores of 5 chunks; backward the scores and the rows' gradients.
    assert sorted(waiting) == [0] * 5 + [1] * 10


@pytest.mark.parametrize("query_chunk", [1024, 5])
def test_pooled_keys_are_maxima_of_squares(query_chunk):
    inputs = INPUTS[:, :, :2]
    layer = _layer(inputs.shape, key_pooling=2, query_chunk=query_chunk)
    key, query, value = (np.asarray(w) for w in (layer.key, layer.query, layer.value))

    def pooled(maps):  # (2, 6, 2, C): squares of 2x2 in one column of three.
        squares = maps.reshape(2, 3, 2, 2, -1)
        return squares.max(axis=(2, 3))

    keys, values = pooled(inputs @ key), pooled(inputs @ value)
    scores = (inputs @ query).reshape(2, 12, -1) @ keys.transpose(0, 2, 1)
    rows = np.exp(scores - scores.max(-1, keepdims=True))
    rows /= rows.sum(-1, keepdims=True)
    summary = (rows @ values).reshape(inputs.shape)
    expected = inputs + np.asarray(layer.gamma) * summary
    np.testing.assert_allclose(layer(inputs), expected, atol=1e-5)
    attention = layer.attention(inputs, [3, 11])
    np.testing.assert_allclose(attention, rows[:, [3, 11]], atol=1e-5)


def test_pooling_must_divide_the_map():
    layer = self_attention_2d.SelfAttention2D(reduction=4, key_pooling=2)
    with pytest.raises(ValueError, match="`key_pooling` must divide"):
        layer.build((2, 6, 3, 8))


def test_mixed_precision_takes_scores_in_float32(monkeypatch):
    layer, golden = _golden_layer(dtype="mixed_bfloat16")
    seen = []
    attend = self_attention_2d._attend
    monkeypatch.setattr(
        self_attention_2d,
        "_attend",
        lambda *arrays: seen.extend(array.dtype for array in arrays) or attend(*arrays),
    )
    layer(golden["x"].astype("float32"))
    assert seen == [tf.float32, tf.float32, tf.bfloat16]


def test_attention_of_a_half_precision_map_is_exact():
    layer, golden = _golden_layer(dtype="mixed_bfloat16")
    inputs = tf.cast(golden["x"], tf.bfloat16)
    rows = layer.attention(inputs, [0, 29])
    assert rows.dtype == tf.float32
    _, attention = _reference(tf.cast(inputs, tf.float32).numpy(), layer)
    np.testing.assert_allclose(rows, attention[:, [0, 29]], atol=1e-5)


@pytest.mark.parametrize("name", ["reduction", "query_chunk", "key_pooling"])
def test_rejects_zero(name):
    with pytest.raises(ValueError, match=f"{name}=0"):
        self_attention_2d.SelfAttention2D(**{name: 0})


def test_rejects_fewer_channels_than_the_reduction():
    with pytest.raises(ValueError, match="reduction=9"):
        self_attention_2d.SelfAttention2D(reduction=9)(INPUTS)


def test_rejects_an_unknown_height():
    with pytest.raises(ValueError, match="Height"):
        self_attention_2d.SelfAttention2D().build((None, None, 8, 8))
