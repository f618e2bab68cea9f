"""Tests of the flags, and that every flagfile of the project makes a config."""

import dataclasses
import pathlib

import pytest
from absl import flags

from keras_posegan import config, config_flags, input_error
from keras_posegan.models import from_config

ROOT = pathlib.Path(__file__).parents[1]
FLAGFILES = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "flags").rglob("*.flags")
)


def _parse(*arguments):
    flag_values = flags.FlagValues()
    config_flags.define(flag_values)
    # Of absl's own, in the global registry, a flagfile is the only one needed.
    flag_values([("program"), *flag_values.read_flags_from_files(list(arguments))])
    return config_flags.read(flag_values)


def test_no_flag_gives_the_defaults():
    assert _parse() == config.RunConfig()


def test_every_option_has_its_flag():
    flag_values = flags.FlagValues()
    config_flags.define(flag_values)
    options = {
        f"{name}_{field.name}"
        for name, section in config.sections().items()
        for field in dataclasses.fields(section)
    }
    assert set(flag_values) == options


def test_a_flag_reaches_its_option():
    run = _parse("--loss_neighborhood=5", "--nomodel_generator_spectral_norm")
    assert run.loss.neighborhood == 5
    assert not run.model.generator_spectral_norm


def test_a_value_out_of_range_is_named_with_its_flag():
    message = "--loss_neighborhood must be odd. Received: neighborhood=4"
    with pytest.raises(input_error.InputError, match=message):
        _parse("--loss_neighborhood=4")


def test_a_later_flag_overrides_the_flagfile(monkeypatch):
    monkeypatch.chdir(ROOT)
    run = _parse("--flagfile=flags/market1501.flags", "--train_batch_size=2")
    assert run.train.batch_size == 2


def test_market1501_is_the_default_config(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert _parse("--flagfile=flags/market1501.flags") == config.RunConfig()


@pytest.mark.slow
@pytest.mark.parametrize("flagfile", FLAGFILES)
def test_every_flagfile_builds_its_networks(flagfile, monkeypatch):
    monkeypatch.chdir(ROOT)
    run = _parse(f"--flagfile={flagfile}")
    height, width = run.data.image_size
    # Narrow, since only the levels can be wrong.
    narrow = dataclasses.replace(run.model, width=0.0625)
    run = dataclasses.replace(run, model=narrow)
    generator = from_config.generator_from_config(run)
    assert generator.output.shape == (None, height, width, 3)
    discriminator = from_config.discriminator_from_config(run)
    assert discriminator.output.shape[-1] == 1


def test_the_ablation_is_tables_1_and_2(monkeypatch):
    monkeypatch.chdir(ROOT)
    found = {}
    for path in FLAGFILES:
        if not path.startswith("flags/ablation/"):
            continue
        run = _parse(f"--flagfile={path}")
        networks = {
            run.model.generator_spectral_norm,
            run.model.discriminator_spectral_norm,
        }
        assert len(networks) == 1, path
        # Deformable GAN's discriminator has an instance norm; spectral norm none.
        assert run.model.discriminator_instance_norm != (True in networks), path
        attention = {
            bool(run.model.generator_attention_strides),
            bool(run.model.discriminator_attention_strides),
        }
        assert len(attention) == 1, path
        found[pathlib.Path(path).stem] = (
            networks.pop(),
            run.loss.adversarial == "relativistic_average_hinge",
            attention.pop(),
        )
    assert found == {
        "dgan": (False, False, False),
        "sn": (True, False, False),
        "rh": (False, True, False),
        "sa": (False, False, True),
        "sn_rh": (True, True, False),
        "sa_sn_rh": (True, True, True),
    }
