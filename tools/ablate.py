"""Trains and evaluates the paper's ablation, Table 2, with one command.

    python -m tools.ablate --output_dir=runs/ablation --data_dir=PATH/TO/Market-1501

or at a size for CPUs, on drawn people:

    python -m tools.ablate --output_dir=runs/ablation --classifier=PATH \
        --base=flags/ablation_people.flags

Every flagfile of `flags/ablation/` is trained with every seed, each run in a process
and a folder of its own, and evaluated. Then `output_dir` holds `table.md`, `grid.png`
and `curves.png`. Stopped (Ctrl-C) or failed, the same command goes on: what is done is
not done again. `VARIANT.flags` says how to repeat a single run:

    python -m keras_posegan.train --flagfile=runs/ablation/sn.flags --train_seed=0 \
        --run_dir=runs/ablation/sn/seed_0
"""

import pathlib
import sys
from collections.abc import Sequence

from absl import flags

from keras_posegan import command_line, input_error, run_folder
from tools.ablations import classifier_checksum, processes, seed_run
from tools.ablations import variants as variants_lib


def plan(
    output_dir: str,
    variants: Sequence[str] = (),
    seeds: Sequence[int] = (0, 1, 2),
    base: str = "",
    data_dir: str = "",
    protocol: str = "dgan",
    classifier: str = "",
) -> list[seed_run.SeedRun]:
    """Lists the runs, and writes the flagfiles that they are trained by.

    Args:
        output_dir: the ablation's folder.
        variants: of `variants.names()`, in the table's order; empty: all.
        seeds: of each variant.
        base, data_dir: see `variants.flagfile`.
        protocol, classifier: of the evaluation; see `keras_posegan.evaluate`.

    Returns:
        The runs in the order to start them: every variant with the first seed, and
        so on. So an ablation stopped half way compares like with like.

    Raises:
        input_error.InputError: if a flagfile or the classifier's path is wrong, or a
            run's folder holds something else. Nothing is written then.
    """
    folder = pathlib.Path(output_dir)
    variants = list(variants) or variants_lib.names()
    for name, values in (("variants", variants), ("seeds", seeds)):
        if not values or len(set(values)) < len(values):
            raise input_error.InputError(
                f"--{name}: must be different ones, at least one. "
                f"Received: {','.join(map(str, values))}"
            )
    texts = {
        variant: variants_lib.flagfile(variant, base, data_dir) for variant in variants
    }
    checksum = classifier_checksum.classifier_checksum(classifier)
    runs = [
        seed_run.SeedRun(
            folder,
            variant,
            seed,
            variants_lib.run_config(texts[variant], seed),
            protocol,
            classifier,
            checksum,
        )
        for seed in seeds
        for variant in variants
    ]
    if not runs[0].config.data.dir:
        raise input_error.InputError(
            "--data_dir is empty, and no flagfile says where the data is."
        )
    for run in runs:
        run_folder.check_for_training(str(run.folder.path), run.config)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for variant, text in texts.items():
            (folder / f"{variant}.flags").write_text(text)
    except OSError as error:
        raise input_error.InputError(f"--output_dir={output_dir}: {error}") from error
    return runs


def write_outcome(
    runs: Sequence[seed_run.SeedRun], output_dir: str
) -> list[pathlib.Path]:
    """Writes `table.md`, `grid.png` and `curves.png` of the runs that are done.

    Returns:
        The files that exist now; none if no run is done.
    """
    from tools.ablations import outcome

    done = [run for run in runs if run.next_stage() is None]
    if not done:
        return []
    written = {
        "table.md": outcome.write_table,
        "grid.png": outcome.write_grid,
        "curves.png": outcome.write_curves,
    }
    paths = []
    for name, write in written.items():
        paths.append(pathlib.Path(output_dir) / name)
        write(done, paths[-1])
    return [path for path in paths if path.is_file()]


def main() -> None:
    """Runs the ablation that the flags describe."""
    values = flags.FLAGS
    if not values.output_dir:
        raise input_error.InputError("--output_dir is missing.")
    try:
        seeds = [int(seed) for seed in values.seeds]
    except ValueError:
        raise input_error.InputError(
            f"--seeds: must be whole numbers. Received: {','.join(values.seeds)}"
        ) from None
    runs = plan(
        values.output_dir,
        values.variants,
        seeds,
        values.base,
        values.data_dir,
        values.protocol,
        values.classifier,
    )
    failures, is_stopped = processes.run_all(runs, values.parallel)
    if is_stopped:
        print("Stopped; the same command goes on from there.")
        sys.exit(130)
    command_line.import_tensorflow()
    for path in write_outcome(runs, values.output_dir):
        print(f"Wrote {path}")
    if failures:
        raise input_error.InputError(
            f"{len(failures)} of {len(runs)} runs failed; the same command tries them "
            "again. " + " | ".join(failures)
        )


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("output_dir", "", "Folder of the ablation.")
    flags.DEFINE_list("variants", [], "Such as sn,rh; empty: all of flags/ablation/.")
    flags.DEFINE_list("seeds", ["0", "1", "2"], "Seeds of each variant.")
    flags.DEFINE_string(
        "base",
        "",
        "Flagfile instead of flags/market1501.flags; the variants' settings still win.",
    )
    flags.DEFINE_string("data_dir", "", "The data; empty: what the flagfiles say.")
    flags.DEFINE_string("protocol", "dgan", "See keras_posegan.evaluate.")
    flags.DEFINE_string("classifier", "", "See keras_posegan.evaluate.")
    flags.DEFINE_integer("parallel", 1, "Processes at a time.", lower_bound=1)
    command_line.run(main)
