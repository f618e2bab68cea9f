"""What all tests share: quiet TensorFlow, and where the shared real data lies."""

import os
import pathlib

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # As the mains have it.

SHARED = pathlib.Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared_dir() -> pathlib.Path:
    """The folder of real annotations and pictures; absent on a user's machine."""
    if not SHARED.is_dir():
        pytest.skip(f"no real Market-1501 data at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def c_loader(tmp_path_factory) -> pathlib.Path:
    """The C program that loads a SavedModel without Python; skips without gcc."""
    from tests.serving import c_program

    return c_program.build(tmp_path_factory.mktemp("c_loader"))


@pytest.fixture(scope="session")
def tiny_data_dir(tmp_path_factory) -> pathlib.Path:
    """A few drawn pictures in Market-1501's layout; not to be changed."""
    from tests.data import drawn_dataset

    return drawn_dataset.write(tmp_path_factory.mktemp("drawn") / "data")


@pytest.fixture(scope="session")
def tiny_run_dir(tmp_path_factory, tiny_data_dir) -> pathlib.Path:
    """A run trained for 4 steps; not to be changed."""
    from keras_posegan.training import trainer
    from tests import tiny_run

    run_dir = tmp_path_factory.mktemp("runs") / "tiny"
    trainer.train(tiny_run.tiny_config(tiny_data_dir), str(run_dir))
    return run_dir


@pytest.fixture(scope="session")
def tiny_export_dir(tmp_path_factory, tiny_run_dir) -> pathlib.Path:
    """That run as a served model: a folder with version 1; not to be changed."""
    from export import saved_model

    base = tmp_path_factory.mktemp("export") / "deep" / "posegan"
    saved_model.export_saved_model(str(tiny_run_dir), str(base))
    return base
