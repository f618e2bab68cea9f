"""Compares where two groups of runs ended, loss term by loss term.

python -m tools.compare_runs --runs=runs/a0,runs/a1 --others=runs/b0,runs/b1
"""

from collections.abc import Sequence

from absl import flags

from keras_posegan import command_line, input_error, run_folder

_RUNS = flags.DEFINE_list("runs", [], "Run folders, such as one a seed.")
_OTHERS = flags.DEFINE_list("others", [], "Run folders to compare them with.")
_LAST_STEPS = flags.DEFINE_integer("last_steps", 100, "Steps to average over.", 1)


def end_means(run_dirs: Sequence[str], last_steps: int) -> dict[str, float]:
    """The mean of each loss term at the end of runs, over all of them.

    Args:
        run_dirs: folders that `keras_posegan.train` wrote.
        last_steps: how many steps of each run's end count, as far as it logged them.

    Raises:
        input_error.InputError: if a folder holds no run or no rows.
    """
    import numpy as np

    from keras_posegan.training import metrics_log

    rows = []
    for run_dir in run_dirs:
        folder, _ = run_folder.open_for_reading(run_dir)
        logged = metrics_log.read_metrics(folder)
        if not logged:
            raise input_error.InputError(f"{folder.metrics}: holds no rows.")
        end = logged[-1]["step"]
        rows += [row for row in logged if row["step"] > end - last_steps]
    names = [name for name in rows[0] if name.endswith("_loss")]
    return {name: float(np.mean([row[name] for row in rows])) for name in names}


def main() -> None:
    """Prints both groups' means and their difference."""
    for name, value in (("runs", _RUNS.value), ("others", _OTHERS.value)):
        if not value:
            raise input_error.InputError(f"--{name} is missing.")
    command_line.import_tensorflow()
    means, others = (
        end_means(run_dirs, _LAST_STEPS.value)
        for run_dirs in (_RUNS.value, _OTHERS.value)
    )
    print(f"{'':30}{'runs':>10}{'others':>10}{'difference':>12}")
    for name, value in means.items():
        difference = (others[name] - value) / abs(value)
        print(f"{name:30}{value:10.4f}{others[name]:10.4f}{difference:12.1%}")


if __name__ == "__main__":
    command_line.run(main)
