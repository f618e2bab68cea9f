"""Tests of the options, their limits and `config.json`."""

import dataclasses

import pytest

from keras_posegan import config, input_error


def test_defaults_are_the_papers():
    run = config.RunConfig()
    assert (run.train.steps, run.train.batch_size) == (50_000, 4)
    assert (run.train.learning_rate, run.train.beta_1, run.train.beta_2) == (
        2e-4,
        0.5,
        0.999,
    )
    assert run.loss.generator_adversarial_weight == 50.0
    assert run.loss.discriminator_adversarial_weight == 50.0
    assert run.loss.adversarial == "relativistic_average_hinge"
    assert run.data.image_size == (128, 64)


@pytest.mark.parametrize(
    ("section", "options", "message"),
    [
        (config.TrainConfig, {"steps": 0}, "`steps` must be at least 1 .*steps=0"),
        (config.TrainConfig, {"steps": 1.5}, "`steps` must be int.*steps=1.5"),
        (config.TrainConfig, {"seed": True}, "`seed` must be int.*seed=True"),
        (config.TrainConfig, {"beta_1": float("nan")}, "`beta_1` .*beta_1=nan"),
        (config.TrainConfig, {"beta_1": float("inf")}, "`beta_1` .*beta_1=inf"),
        (config.TrainConfig, {"beta_2": 1.0}, "less than 1.*beta_2=1"),
        (config.TrainConfig, {"seed": 2**31}, "`seed` .*seed=2147483648"),
        (config.DataConfig, {"image_height": 16, "image_width": 8}, "image_width=8"),
        (config.LossConfig, {"neighborhood": 4}, "must be odd.*neighborhood=4"),
        (config.LossConfig, {"adversarial": "hing"}, "one of .*adversarial='hing'"),
        (config.ModelConfig, {"generator_attention_strides": "2,2"}, "'2,2'"),
        (config.ModelConfig, {"generator_attention_strides": "3"}, "powers.*'3'"),
        (config.ModelConfig, {"discriminator_attention_strides": "x"}, "'x'"),
        (config.TrainConfig, {"select_steps": 0}, "`select_steps`.*select_steps=0"),
        (config.TrainConfig, {"select_by": "fid"}, "one of nothing, .*select_by='fid'"),
        (
            config.TrainConfig,
            {"select_by": "inception_score"},
            "`select_classifier` must name .*=inception_score.*select_classifier=''",
        ),
        (
            config.TrainConfig,
            {"select_by": "frechet_distance"},
            "`select_classifier` must name .*=frechet_distance",
        ),
        (config.DataConfig, {"image_height": 100}, "power of two.*=100"),
        (config.DataConfig, {"image_width": 40}, "multiple of .* 32.*=40"),
    ],
)
def test_a_bad_option_is_refused_by_name(section, options, message):
    with pytest.raises(ValueError, match=message):
        section(**options)


def test_selection_needs_validation_pairs():
    train = config.TrainConfig(select_by="ssim")
    message = "--data_validation_pairs is empty: --train_select_by=ssim"
    with pytest.raises(input_error.InputError, match=message):
        config.RunConfig(train=train)
    config.RunConfig(config.DataConfig(validation_pairs="pairs.csv"), train=train)


def test_strides_are_read():
    assert config.parse_strides("2, 1") == (2, 1)
    assert config.parse_strides("") == ()


def test_a_config_survives_its_file(tmp_path):
    run = config.RunConfig(
        loss=config.LossConfig(neighborhood=5),
        train=config.TrainConfig(seed=3, learning_rate=1e-4),
    )
    config.write(run, tmp_path / "config.json")
    assert config.read(tmp_path / "config.json") == run


def test_an_option_newer_than_the_file_takes_its_default(tmp_path):
    (tmp_path / "config.json").write_text('{"train": {"seed": 3}}')
    assert config.read(tmp_path / "config.json").train == config.TrainConfig(seed=3)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"train": {"sed": 3}}', '{"trains": {}}', '{"train": 3}']
)
def test_a_wrong_file_is_named(tmp_path, text):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(input_error.InputError, match=r"config\.json: not a run's"):
        config.read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match=r"config\.json: no such file"):
        config.read(tmp_path / "config.json")


def test_differences_name_the_flag_and_both_values():
    old = config.RunConfig()
    new = dataclasses.replace(old, train=config.TrainConfig(batch_size=8, steps=9))
    # A run may go on for more steps, but not with another batch.
    assert config.differences(old, new) == [
        "--train_batch_size: 4 in the run, 8 asked for"
    ]
