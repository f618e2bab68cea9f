"""Measures the project's speed and memory against a straightforward version.

    python -m tools.benchmark --part=step,warp --json=benchmark.json --plot=bars.png

Candidates of a comparison take turns in one process, so that what else the machine
does slows all of them; memory is that of a process of its own. Each ratio is the
straightforward version's time, or memory, over the candidate's.
"""

import json
import pathlib
import sys
from collections.abc import Sequence

from absl import flags

from keras_posegan import command_line, input_error
from tools.benchmarks import peak_memory
from tools.benchmarks import size as size_lib

PARTS = (
    "step",
    "generator",
    "warp",
    "attention",
    "nearest_neighbor",
    "features",
    "data",
    "inference",
    "metrics",
)


def run(
    parts: Sequence[str],
    size: size_lib.Size,
    rounds: int = 5,
    memory: bool = True,
    with_growth: bool = False,
    json_path: str = "",
    plot_path: str = "",
) -> list[dict]:
    """Measures, prints a table a comparison, and writes what is asked for.

    Args:
        parts: of `PARTS`.
        size: of everything.
        rounds: how often each candidate is timed.
        memory: whether to measure memory too.
        with_growth: whether to measure growth too; see `growth`.
        json_path: file of all rows, unless empty.
        plot_path: PNG of the ratios, unless empty; that of growth lies beside it.

    Returns:
        The rows of `measurement.rows`, and then those of `growth.rows`, each with
        `machine`.
    """
    from tools.benchmarks import growth, machine_limit, measurement, plots, table
    from tools.benchmarks.cases import comparisons

    limits = machine_limit.machine_limit(rounds)
    machine = {**machine_limit.machine(), "gigaflops": limits}
    print(json.dumps(machine), flush=True)
    rows = []
    for part in parts:
        for comparison in comparisons.names(part):
            found = measurement.rows(comparison, size, rounds, limits, memory)
            print(f"\n{table.comparison_table(found)}", flush=True)
            rows += found
    grown = growth.rows(size) if with_growth else []
    if grown:
        print(f"\n{table.growth_table(grown)}")
    every = [{**row, "machine": machine} for row in rows + grown]
    if json_path:
        pathlib.Path(json_path).write_text(json.dumps(every, indent=1) + "\n")
    if plot_path:
        path = pathlib.Path(plot_path)
        plots.ratios(rows).savefig(path, dpi=110)
        if grown:
            beside = path.with_name(f"{path.stem}_growth{path.suffix}")
            plots.growth(grown).savefig(beside, dpi=110)
    return every


def main() -> None:
    """Measures what the flags say."""
    values = flags.FLAGS
    parts = [part for listed in values.part for part in listed.split(",")]
    for part in parts:
        if part not in PARTS:
            raise input_error.InputError(f"--part: {part!r} is none of {PARTS}.")
    if values.memory and not peak_memory.is_measurable():
        print("This system does not tell peak memory.", file=sys.stderr)
    command_line.import_tensorflow()
    run(
        parts,
        size_lib.from_flags(),
        rounds=values.rounds,
        memory=values.memory,
        with_growth=values.growth,
        json_path=values.json,
        plot_path=values.plot,
    )


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_multi_string(
        "part", list(PARTS), f"What to measure, of {', '.join(PARTS)}; a list, or many."
    )
    flags.DEFINE_integer("rounds", 5, "How often to time each candidate.", 1)
    flags.DEFINE_bool("memory", True, "Measure memory, in new processes.")
    flags.DEFINE_bool("growth", False, "Measure growth with positions and batch.")
    flags.DEFINE_string("json", "", "File to write all rows to.")
    flags.DEFINE_string("plot", "", "PNG of the ratios; growth beside it.")
    size_lib.define_flags()
    command_line.run(main)
