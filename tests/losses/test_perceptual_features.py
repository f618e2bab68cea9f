"""Tests of the VGG19 features against a convolution written out."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.losses import perceptual_features

SHAPES = {
    "conv1_1_w": (3, 3, 3, 64),
    "conv1_1_b": (64,),
    "conv1_2_w": (3, 3, 64, 64),
    "conv1_2_b": (64,),
}


@pytest.fixture(scope="module")
def weights():
    """Made-up weights in the shapes of block 1; biases that are not zero."""
    random = np.random.default_rng(0)
    return {
        name: random.normal(0, 0.05, shape).astype("float32")
        for name, shape in SHAPES.items()
    }


@pytest.fixture(scope="module")
def npz_file(weights, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "block1.npz"
    np.savez(path, **weights)
    return path


def _write_saved_model(path, signature="first_block", output="features"):
    """A first block of one convolution, with a bias; its kernel is returned."""
    kernel = np.random.default_rng(2).normal(0, 1, (3, 3, 3, 5)).astype("float32")
    module = tf.Module()
    module.kernel = tf.Variable(kernel)

    @tf.function(input_signature=[tf.TensorSpec((None, None, None, 3), name="image")])
    def first_block(image):
        maps = tf.nn.conv2d(image, module.kernel, 1, "SAME") + 0.25
        return {output: tf.nn.relu(maps)}

    tf.saved_model.save(module, str(path), signatures={signature: first_block})
    return kernel


@pytest.fixture
def picture():
    """Odd sides and no symmetry, so that a flip or a wrong border shows."""
    return np.random.default_rng(1).uniform(-1, 1, (2, 7, 5, 3)).astype("float32")


def _preprocessed(picture):
    """Bytes in the order blue, green, red, less the means of ImageNet."""
    red, green, blue = np.moveaxis((picture.astype("float64") + 1) * 127.5, -1, 0)
    return np.stack([blue - 103.939, green - 116.779, red - 123.68], axis=-1)


def _convolved(maps, kernel, bias):
    """relu(3x3 convolution with zero padding), one position at a time."""
    batch, height, width, _ = maps.shape
    output = np.zeros((batch, height, width, kernel.shape[-1]))
    for y in range(height):
        for x in range(width):
            for v in range(max(0, y - 1), min(height, y + 2)):
                for u in range(max(0, x - 1), min(width, x + 2)):
                    output[:, y, x] += maps[:, v, u] @ kernel[v - y + 1, u - x + 1]
    return np.maximum(output + bias, 0)


def _reference(picture, weights):
    first = _convolved(
        _preprocessed(picture), weights["conv1_1_w"], weights["conv1_1_b"]
    )
    return _convolved(first, weights["conv1_2_w"], weights["conv1_2_b"])


def _write_h5(path, weights, kernel_name, bias_name, root=""):
    """Block 1 and a part of block 2, with the names of one of Keras's layouts."""
    with h5py.File(path, "w") as file:
        for number in (1, 2):
            layer = f"block1_conv{number}"
            group = file.create_group(f"{root}{layer}")
            group[kernel_name.format(layer)] = weights[f"conv1_{number}_w"]
            group[bias_name.format(layer)] = weights[f"conv1_{number}_b"]
        file[f"{root}block2_conv1/block2_conv1_W_1:0"] = np.zeros((3, 3, 64, 128))
        file.create_group(f"{root}block1_pool")
        if root:
            file["optimizer_weights/block1_conv1/kernel_m:0"] = np.ones((3, 3, 3, 64))


def test_features_equal_the_written_out_network(npz_file, weights, picture):
    features = perceptual_features.build_perceptual_features(str(npz_file))(picture)
    expected = _reference(picture, weights)
    assert np.max(expected) > 10
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("kernel_name", "bias_name", "root"),
    [
        ("{}_W_1:0", "{}_b_1:0", ""),
        ("{}/kernel:0", "{}/bias:0", ""),
        ("vgg19/{}/kernel", "vgg19/{}/bias", "model_weights/"),
    ],
)
def test_every_h5_layout_gives_the_features_of_the_npz_file(
    kernel_name, bias_name, root, npz_file, weights, picture, tmp_path
):
    path = tmp_path / "vgg19.h5"
    _write_h5(path, weights, kernel_name, bias_name, root)
    from_h5 = perceptual_features.build_perceptual_features(str(path))
    from_npz = perceptual_features.build_perceptual_features(str(npz_file))
    np.testing.assert_array_equal(from_h5(picture), from_npz(picture))


# Keras's own, when it writes .h5 under NumPy 2.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_an_h5_file_written_by_keras_is_read(npz_file, weights, picture, tmp_path):
    options = {"filters": 64, "kernel_size": 3}
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(name="block1_conv1", **options),
            keras.layers.Conv2D(name="block1_conv2", **options),
        ]
    )
    model.set_weights(list(weights.values()))
    path = tmp_path / "saved.h5"
    model.save(path)
    from_h5 = perceptual_features.build_perceptual_features(str(path))
    from_npz = perceptual_features.build_perceptual_features(str(npz_file))
    np.testing.assert_array_equal(from_h5(picture), from_npz(picture))


def test_the_download_is_keras_s_own_file_and_read_like_any(
    monkeypatch, weights, picture, tmp_path
):
    path = tmp_path / "downloaded.h5"
    _write_h5(path, weights, "{}_W_1:0", "{}_b_1:0")
    asked = {}

    def get_file(fname, origin, **options):
        asked.update(options, fname=fname, origin=origin)
        return str(path)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    features = perceptual_features.build_perceptual_features("imagenet")(picture)
    np.testing.assert_allclose(
        features, _reference(picture, weights), rtol=1e-4, atol=1e-3
    )
    name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    assert asked == {
        "fname": name,
        "origin": "https://storage.googleapis.com/tensorflow/keras-applications/"
        f"vgg19/{name}",
        "cache_subdir": "models",
        "file_hash": "253f8cb515780f3b799900260a226db6",
    }


def test_pixels_are_the_preprocessed_picture(picture):
    features = perceptual_features.build_perceptual_features("pixels")(picture)
    np.testing.assert_allclose(features, _preprocessed(picture), atol=1e-4)


def test_a_saved_models_first_block_gives_the_features(picture, tmp_path):
    kernel = _write_saved_model(tmp_path)
    network = perceptual_features.build_perceptual_features(str(tmp_path))
    expected = _convolved(picture.astype("float64"), kernel, np.full(5, 0.25))
    np.testing.assert_allclose(network(picture), expected, rtol=1e-4, atol=1e-4)
    # Of any size, and inside a graph, where training calls it.
    corner = tf.function(network)(picture[:1, :3, :4])
    assert corner.shape == (1, 3, 4, 5)
    np.testing.assert_allclose(corner[:, 0, 0], expected[:1, 0, 0], rtol=1e-4)


def test_a_saved_model_is_frozen_and_passes_gradients(picture, tmp_path):
    kernel = _write_saved_model(tmp_path)
    network = perceptual_features.build_perceptual_features(str(tmp_path))
    assert network.trainable_weights == []
    inputs = tf.constant(picture)

    @tf.function
    def gradient(features):
        total = tf.reduce_sum(features(inputs) ** 2)
        return tf.gradients(total, inputs)[0]

    def convolution(image):
        return tf.nn.relu(tf.nn.conv2d(image, kernel, 1, "SAME") + 0.25)

    found, expected = gradient(network), gradient(convolution)
    assert np.all(np.any(expected != 0, axis=(0, 1, 2)))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_a_saved_model_computes_in_float32_under_mixed_precision(picture, tmp_path):
    _write_saved_model(tmp_path)
    expected = perceptual_features.build_perceptual_features(str(tmp_path))(picture)
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        network = perceptual_features.build_perceptual_features(str(tmp_path))
        features = network(picture)
        # The generator's pictures may come in bfloat16.
        assert network(tf.cast(picture, tf.bfloat16)).dtype == tf.float32
    finally:
        keras.mixed_precision.set_dtype_policy(before)
    np.testing.assert_array_equal(features, expected)


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({"signature": "classify"}, "classify"),
        ({"output": "maps"}, "first_block"),
    ],
)
def test_a_saved_model_without_a_first_block_is_refused(options, received, tmp_path):
    _write_saved_model(tmp_path, **options)
    pattern = rf"no signature 'first_block' .*Received: \['{received}'\]"
    with pytest.raises(input_error.InputError, match=pattern) as caught:
        perceptual_features.build_perceptual_features(str(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}: ")


def test_a_folder_that_is_no_saved_model_is_refused(tmp_path):
    with pytest.raises(input_error.InputError, match="cannot be loaded as a SavedM"):
        perceptual_features.build_perceptual_features(str(tmp_path))


def test_network_is_frozen_and_passes_gradients_to_the_picture(npz_file, picture):
    network = perceptual_features.build_perceptual_features(str(npz_file))
    assert network.count_params() == 38720
    assert network.trainable_weights == []
    with tf.GradientTape() as tape:
        inputs = tf.constant(picture)
        tape.watch(inputs)
        total = tf.reduce_sum(network(inputs))
    assert np.all(np.any(tape.gradient(total, inputs) != 0, axis=(0, 1, 2)))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_features_stay_float32_under_mixed_precision(npz_file, picture, policy):
    expected = perceptual_features.build_perceptual_features(str(npz_file))(picture)
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        features = perceptual_features.build_perceptual_features(str(npz_file))(picture)
    finally:
        keras.mixed_precision.set_dtype_policy(before)
    assert features.dtype == tf.float32
    np.testing.assert_array_equal(features, expected)


@pytest.mark.parametrize("source", ["vgg16", "weights.pt", ""])
def test_an_unknown_source_is_told_the_choices(source):
    with pytest.raises(
        input_error.InputError, match=r"imagenet.*pixels.*npz"
    ) as caught:
        perceptual_features.build_perceptual_features(source)
    assert repr(source) in str(caught.value)


@pytest.mark.parametrize("name", ["missing.h5", "missing.npz"])
def test_a_missing_file_is_told_where_to_get_one(name, tmp_path):
    _assert_refused(tmp_path / name, "no such file")


@pytest.mark.parametrize("name", ["text.h5", "text.npz"])
def test_a_file_of_another_format_is_refused(name, tmp_path):
    (tmp_path / name).write_text("404 not found")
    _assert_refused(tmp_path / name, "cannot be read")


def test_a_cut_off_npz_file_is_refused(npz_file, tmp_path):
    content = npz_file.read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    _assert_refused(tmp_path / "cut.npz", "cannot be read")


def test_an_array_alone_is_refused(tmp_path):
    with (tmp_path / "array.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    _assert_refused(tmp_path / "array.npz", "cannot be read")


def test_a_missing_array_is_named(weights, tmp_path):
    path = tmp_path / "part.npz"
    np.savez(path, **{k: v for k, v in weights.items() if k != "conv1_2_b"})
    _assert_refused(path, r"no conv1_2_b .*\['conv1_1_b', 'conv1_1_w', 'conv1_2_w'\]")


def test_an_array_of_another_shape_is_named(weights, tmp_path):
    path = tmp_path / "theano.h5"
    kernels_first = dict(weights, conv1_1_w=weights["conv1_1_w"].transpose(3, 2, 0, 1))
    _write_h5(path, kernels_first, "{}_W_1:0", "{}_b_1:0")
    _assert_refused(path, r"conv1_1_w must .*\(3, 3, 3, 64\).*\(64, 3, 3, 3\)")


def test_an_h5_file_without_the_block_is_refused(tmp_path):
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["conv2d/kernel:0"] = np.zeros((3, 3, 3, 64))
    _assert_refused(path, "no conv1_1_w")


def test_a_failed_download_offers_the_other_ways(monkeypatch):
    def get_file(*args, **kwargs):
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(input_error.InputError, match=r"URL fetch failure.*'pixels'"):
        perceptual_features.build_perceptual_features("imagenet")


def test_the_rescaled_weights_give_features_of_mean_one(shared_dir):
    """Gatys' VGG19 has a mean activation of 1 in each channel, over ImageNet."""
    folder = shared_dir / "market1501" / "mini" / "bounding_box_train"
    pictures = [
        keras.utils.img_to_array(keras.utils.load_img(path))
        for path in sorted(folder.glob("*.jpg"))[:16]
    ]
    network = perceptual_features.build_perceptual_features(
        str(shared_dir / "weights" / "vgg19_block1_normalised.npz")
    )
    features = network(np.stack(pictures) / 127.5 - 1)
    assert 0.3 < np.mean(features) < 3


def _assert_refused(path, fault):
    """One line that names the file, the fault, and where the right one is."""
    with pytest.raises(input_error.InputError, match=fault) as caught:
        perceptual_features.build_perceptual_features(str(path))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5" in message
    assert "\n" not in message
