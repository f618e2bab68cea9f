"""Tests of the ablation's flagfiles."""

import pathlib

import pytest

from keras_posegan import input_error
from tools.ablations import variants

ROOT = pathlib.Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_every_row_of_table_2_is_a_variant_few_parts_first():
    assert variants.names() == ["dgan", "rh", "sa", "sn", "sn_rh", "sa_sn_rh"]


def test_without_a_base_a_flagfile_is_the_variants_own():
    text = variants.flagfile("sn")
    assert text == (ROOT / "flags/ablation/sn.flags").read_text()
    assert variants.flagfile("sn", data_dir="there") == text + "--data_dir=there\n"


def test_a_variants_own_settings_win_over_the_base(tmp_path):
    base = tmp_path / "small one.flags"
    base.write_text(
        "# Small.\n--model_width=0.25\n--train_steps=7\n"
        "--loss_adversarial=hinge\n--model_generator_attention_strides=8\n"
    )
    run = variants.run_config(variants.flagfile("sn", str(base)), seed=3)
    assert run.model.width == 0.25
    assert run.train.steps == 7
    assert run.train.seed == 3
    assert run.loss.adversarial == "non_saturating"
    assert run.model.generator_attention_strides == ""
    run = variants.run_config(variants.flagfile("sa", str(base), "there"), seed=0)
    assert run.model.generator_attention_strides == "8"
    assert run.data.dir == "there"


def test_without_a_base_it_is_the_papers_config():
    run = variants.run_config(variants.flagfile("sa_sn_rh"), seed=0)
    assert run.train.steps == 50_000
    assert run.model.width == 1.0


def test_bad_flagfiles_are_named(tmp_path, monkeypatch):
    with pytest.raises(input_error.InputError, match="'sm' in flags/ablation, which"):
        variants.flagfile("sm")
    for line, message in (
        ("--train_stepps=3", "train_stepps"),
        ("--loss_neighborhood=4", "--loss_neighborhood must be odd"),
        ("--flagfile=none.flags", "none.flags"),
    ):
        with pytest.raises(input_error.InputError, match=message):
            variants.run_config(line, 0)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(input_error.InputError, match="folder that holds flags/"):
        variants.names()
    (tmp_path / variants.FOLDER).mkdir(parents=True)
    (tmp_path / variants.FOLDER / "mine.flags").write_text("--model_width=0.5\n")
    assert variants.flagfile("mine") == "--model_width=0.5\n"
    with pytest.raises(input_error.InputError, match=r"mine\.flags: --base replaces"):
        variants.flagfile("mine", "base.flags")
