"""Tests of the one path from a picture and two poses to a picture."""

import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_posegan import inference, input_error, run_folder
from keras_posegan.data import market1501
from keras_posegan.models import pixels

SIZE = (32, 16)


@pytest.fixture(scope="module")
def generator(tiny_run_dir):
    return inference.TrainedGenerator(str(tiny_run_dir))


def test_the_newest_weights_are_used(generator, tiny_run_dir):
    assert generator.step == 4
    reader = tf.train.load_checkpoint(str(tiny_run_dir / "checkpoints"))
    kernels = [
        reader.get_tensor(name)
        for name, shape in reader.get_variable_to_shape_map().items()
        if shape == [3, 3, 21, 8]  # The kernel, and its two moments.
    ]
    kernel = generator.generator.get_layer("appearance_1").kernel.numpy()
    assert any((kernel == saved).all() for saved in kernels)


def test_the_best_weights_can_be_asked_for(tiny_run_dir, tmp_path):
    shutil.copytree(tiny_run_dir, tmp_path / "run")
    folder = run_folder.RunFolder(tmp_path / "run")
    # As if the run had found its second step to be the best.
    shutil.copytree(folder.checkpoints, folder.best)
    (folder.best / "checkpoint").write_text('model_checkpoint_path: "step-2"')
    best = inference.TrainedGenerator(str(folder.path), checkpoint="best")
    newest = inference.TrainedGenerator(str(folder.path))
    assert (best.step, newest.step) == (2, 4)
    assert (best(*_inputs(1)) != newest(*_inputs(1))).any()


def test_a_run_without_best_is_refused(tiny_run_dir):
    with pytest.raises(input_error.InputError, match="best: no best checkpoint"):
        inference.TrainedGenerator(str(tiny_run_dir), "best")


def test_another_checkpoint_is_refused(tiny_run_dir):
    with pytest.raises(ValueError, match="checkpoint='worst'"):
        inference.TrainedGenerator(str(tiny_run_dir), "worst")


def test_the_generator_is_folded(generator):
    classes = {type(layer) for layer in generator.generator.layers}
    assert keras.layers.Dropout not in classes
    assert type(generator.generator.get_layer("decoder_1")) is (
        keras.layers.Conv2DTranspose
    )
    assert not generator.generator.trainable_variables


def test_another_precision_can_be_asked_for(generator, tiny_run_dir):
    lower = inference.TrainedGenerator(str(tiny_run_dir), precision="mixed_bfloat16")
    for trained, dtype in ((generator, "float32"), (lower, "bfloat16")):
        assert trained.generator.get_layer("appearance_2").compute_dtype == dtype
    assert lower.config.model.precision == "mixed_bfloat16"


def test_a_picture_is_the_generators_in_grey_levels(generator):
    image, source, target = _inputs(3)
    expected = generator.generator(
        {
            "source_image": pixels.to_network_range(image),
            "source_keypoints": tf.constant(source),
            "target_keypoints": tf.constant(target),
        },
        training=False,
    )
    expected = (255 * (expected.numpy() + 1) / 2).astype("uint8")
    generated = generator(image, source, target)
    assert generated.dtype == np.uint8
    assert np.abs(generated.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("names", "message"), [((), "picture 1 of"), ("abc", "b ")])
def test_a_picture_of_nan_is_named(tiny_run_dir, names, message):
    generator = inference.TrainedGenerator(str(tiny_run_dir))
    # Keypoints of NaN are sanitised, so it has to come from within.
    drawn = tf.constant([[0.0], [np.nan], [0.0]])[:, :, None, None] * tf.ones(
        (1, *SIZE, 3)
    )
    generator.generator = lambda inputs, training: drawn
    with pytest.raises(input_error.InputError, match=f"step 4 draws NaN for {message}"):
        generator(*_inputs(3), names)


def test_weights_of_nan_are_refused(tiny_run_dir):
    generator = inference.TrainedGenerator(str(tiny_run_dir))
    generator.generator.get_layer("appearance_1").bias.assign([np.nan] * 8)
    with pytest.raises(input_error.InputError, match="3 of 3 pictures"):
        generator(*_inputs(3))


def test_people_of_a_batch_do_not_mix(generator):
    image, source, target = _inputs(3)
    together = generator(image, source, target)
    alone = generator(image[1:2], source[1:2], target[1:2])
    assert np.abs(together[1:2].astype(int) - alone).max() <= 1


@pytest.mark.parametrize(
    ("position", "change", "message"),
    [
        (0, lambda x: x[:, :-1], "`source_image` must have shape"),
        (0, lambda x: x.astype("float32"), "`source_image` must be uint8"),
        (1, lambda x: x[:, :17], r"`source_keypoints`.*\(3, 17, 3\)"),
        (2, lambda x: x[:2], r"`target_keypoints`.*\(2, 18, 3\)"),
    ],
)
def test_wrong_inputs_are_named(generator, position, change, message):
    inputs = list(_inputs(3))
    inputs[position] = change(inputs[position])
    with pytest.raises(ValueError, match=message):
        generator(*inputs)


def test_a_file_is_generated_from_files(generator, tiny_data_dir, tmp_path):
    folder = market1501.picture_folder(tiny_data_dir, "test")
    annotations = str(market1501.annotation_file(tiny_data_dir, "test"))
    first, second = sorted(folder.iterdir())
    output = tmp_path / "out.png"
    inference.generate_file(
        generator, first, annotations, f"{annotations}:{second.name}", output
    )
    pictures = market1501.load(tiny_data_dir, "test")
    row = dict(zip(pictures.names, pictures.keypoints, strict=True))
    expected = generator(
        np.array(Image.open(first))[None],
        row[first.name][None],
        row[second.name][None],
    )[0]
    np.testing.assert_array_equal(Image.open(output), expected)


def test_a_picture_of_another_size_is_refused(generator, tiny_data_dir, tmp_path):
    Image.new("RGB", (64, 128)).save(tmp_path / "large.png")
    annotations = str(market1501.annotation_file(tiny_data_dir, "test"))
    with pytest.raises(input_error.InputError, match=r"large\.png.*128 high, 64 wide"):
        inference.generate_file(
            generator,
            tmp_path / "large.png",
            f"{annotations}:0001_c1s1_000009_00.jpg",
            f"{annotations}:0001_c1s1_000009_00.jpg",
            tmp_path / "out.png",
        )
    assert not (tmp_path / "out.png").exists()


def test_an_output_that_cannot_be_written_is_named(generator, tiny_data_dir, tmp_path):
    folder = market1501.picture_folder(tiny_data_dir, "test")
    annotations = str(market1501.annotation_file(tiny_data_dir, "test"))
    source = sorted(folder.iterdir())[0]
    for name in ("missing/out.png", "out.unknown"):
        with pytest.raises(input_error.InputError, match=f"--output=.*{name}"):
            inference.generate_file(
                generator,
                source,
                annotations,
                f"{annotations}:{source.name}",
                tmp_path / name,
            )


def test_a_target_of_many_rows_needs_a_name(generator, tiny_data_dir, tmp_path):
    # The source's own row would silently redraw its own pose.
    folder = market1501.picture_folder(tiny_data_dir, "test")
    annotations = str(market1501.annotation_file(tiny_data_dir, "test"))
    source = sorted(folder.iterdir())[0]
    with pytest.raises(input_error.InputError, match="has 2 rows: name one"):
        inference.generate_file(
            generator, source, annotations, annotations, tmp_path / "out.png"
        )


def test_a_run_without_checkpoint_is_refused(tmp_path, tiny_run_dir):
    folder, _ = run_folder.open_for_reading(str(tiny_run_dir))
    (tmp_path / "config.json").write_text(folder.config.read_text())
    with pytest.raises(input_error.InputError, match="no checkpoint; train"):
        inference.TrainedGenerator(str(tmp_path))


def _inputs(count):
    random = np.random.default_rng(0)
    keypoints = np.ones((2, count, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (2, count, 18, 2))
    image = random.integers(0, 256, (count, *SIZE, 3), dtype=np.uint8)
    return image, keypoints[0], keypoints[1]
