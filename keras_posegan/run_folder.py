"""A run's folder: what stands where, and who may train in it."""

import dataclasses
import pathlib

from keras_posegan import config, input_error

CHECKPOINTS = ("newest", "best")  # What a run's generator can be read from.


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """Paths of a run.

    Args:
        path: the folder, `--run_dir`.
    """

    path: pathlib.Path

    @property
    def config(self) -> pathlib.Path:
        """The effective config of the run."""
        return self.path / "config.json"

    @property
    def checkpoints(self) -> pathlib.Path:
        """TensorFlow checkpoints, the newest ones."""
        return self.path / "checkpoints"

    @property
    def best(self) -> pathlib.Path:
        """The TensorFlow checkpoint with the best score, if the run selects."""
        return self.path / "best"

    @property
    def selection(self) -> pathlib.Path:
        """One JSON object a line: the score of a step on the validation pairs."""
        return self.path / "selection.jsonl"

    @property
    def metrics(self) -> pathlib.Path:
        """One JSON object a line: step and every loss term."""
        return self.path / "metrics.jsonl"

    @property
    def samples(self) -> pathlib.Path:
        """Sample grids, `step_000500.png`."""
        return self.path / "samples"

    @property
    def tensorboard(self) -> pathlib.Path:
        """TensorBoard event files."""
        return self.path / "tensorboard"

    @property
    def results(self) -> pathlib.Path:
        """One JSON object a line: a row of evaluation."""
        return self.path / "results.jsonl"


def check_for_training(run_dir: str, run: config.RunConfig) -> None:
    """Makes sure that a folder may be trained in, and writes nothing.

    Args:
        run_dir: the folder; it need not exist.
        run: the config asked for.

    Raises:
        input_error.InputError: if the folder is not empty and holds no run, or one
            whose config differs in what a resume may not change.
    """
    if not run_dir:
        raise input_error.InputError("--run_dir is empty: it says where to train.")
    folder = RunFolder(pathlib.Path(run_dir))
    if folder.path.exists() and not folder.path.is_dir():
        raise input_error.InputError(f"--run_dir={run_dir}: not a folder.")
    if not folder.path.is_dir() or not any(folder.path.iterdir()):
        return
    if not folder.config.is_file():
        raise input_error.InputError(
            f"--run_dir={run_dir}: not empty, and holds no run (no config.json)."
        )
    differences = config.differences(config.read(folder.config), run)
    if differences:
        raise input_error.InputError(
            f"--run_dir={run_dir}: holds a run of another config: "
            + "; ".join(differences)
        )


def open_for_training(run_dir: str, run: config.RunConfig) -> RunFolder:
    """Starts a run in a new or empty folder, or goes on with the same run.

    Args and Raises: see `check_for_training`. Nothing is written if it raises.
    """
    check_for_training(run_dir, run)
    folder = RunFolder(pathlib.Path(run_dir))
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        config.write(run, folder.config)
    except OSError as error:
        raise input_error.InputError(f"--run_dir={run_dir}: {error}") from error
    return folder


def open_for_reading(run_dir: str) -> tuple[RunFolder, config.RunConfig]:
    """A trained run and its config.

    Raises:
        input_error.InputError: if the folder holds no run.
    """
    if not run_dir:
        raise input_error.InputError("--run_dir is empty: it says which run to use.")
    folder = RunFolder(pathlib.Path(run_dir))
    return folder, config.read(folder.config)
