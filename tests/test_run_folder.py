"""Tests of who may write into a run's folder."""

import dataclasses

import pytest

from keras_posegan import config, input_error, run_folder


def test_a_new_folder_gets_its_config(tmp_path):
    folder = run_folder.open_for_training(str(tmp_path / "a" / "run"), _RUN)
    assert config.read(folder.config) == _RUN


def test_the_same_config_goes_on(tmp_path):
    run_folder.open_for_training(str(tmp_path), _RUN)
    longer = dataclasses.replace(_RUN, train=config.TrainConfig(steps=60_000))
    folder = run_folder.open_for_training(str(tmp_path), longer)
    assert config.read(folder.config) == longer


def test_another_architecture_is_refused_and_nothing_changes(tmp_path):
    folder = run_folder.open_for_training(str(tmp_path), _RUN)
    other = dataclasses.replace(_RUN, model=config.ModelConfig(width=0.5))
    with pytest.raises(input_error.InputError, match=r"--model_width: 1\.0 in the run"):
        run_folder.open_for_training(str(tmp_path), other)
    assert config.read(folder.config) == _RUN


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(input_error.InputError, match="not empty, and holds no run"):
        run_folder.open_for_training(str(tmp_path), _RUN)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(input_error.InputError, match="not a folder"):
        run_folder.open_for_training(str(tmp_path / "file"), _RUN)


def test_an_empty_name_is_refused():
    for function in (
        lambda: run_folder.open_for_training("", _RUN),
        lambda: run_folder.open_for_reading(""),
    ):
        with pytest.raises(input_error.InputError, match="--run_dir is empty"):
            function()


def test_reading_a_folder_without_run_is_refused(tmp_path):
    with pytest.raises(input_error.InputError, match="is this a run folder"):
        run_folder.open_for_reading(str(tmp_path))


_RUN = config.RunConfig()
