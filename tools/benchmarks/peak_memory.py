"""The memory that one candidate adds, measured in a process of its own.

python -m tools.benchmarks.peak_memory --comparison=warp --candidate=sparse
"""

import json
import pathlib
import re
import subprocess
import sys
import time
from collections.abc import Callable

from absl import flags

from keras_posegan import command_line, input_error
from tools.benchmarks import size as size_lib

_CLEAR = pathlib.Path("/proc/self/clear_refs")
_STATUS = pathlib.Path("/proc/self/status")


def is_measurable() -> bool:
    """Whether this system tells a process's peak; Linux alone does."""
    return _CLEAR.exists()


def added_megabytes(run: Callable[[], None]) -> float:
    """How far the memory of this process rises above where it stands, in 10^6 bytes.

    Args:
        run: is run twice: the first time also prepares what later runs keep.
    """
    _CLEAR.write_text("5")  # Sets the peak to what is used now.
    before = _kilobytes("VmRSS")
    for _ in range(2):
        run()
    return (_kilobytes("VmHWM") - before) * 1024 / 1e6


def in_fresh_process(
    comparison: str, candidate: str, size: size_lib.Size
) -> dict[str, float] | None:
    """What `main` prints, or None, with a word on stderr, if the process failed.

    Args:
        comparison, candidate: their names, see `comparisons`.
        size: of everything.
    """
    arguments = [f"--comparison={comparison}", f"--candidate={candidate}"]
    done = subprocess.run(
        [sys.executable, "-m", __name__, *arguments, *size.arguments()],
        cwd=pathlib.Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or "killed"
        print(f"{comparison}, {candidate}: no memory: {reason}", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def _kilobytes(field: str) -> int:
    return int(re.search(rf"{field}:\s+(\d+) kB", _STATUS.read_text())[1])


def main() -> None:
    """Prints added megabytes, and the seconds of another run, as JSON."""
    if not is_measurable():
        raise input_error.InputError(f"no {_CLEAR} on this system.")
    command_line.import_tensorflow()
    from tools.benchmarks.cases import comparisons

    size = size_lib.from_flags()
    builders = comparisons.builders(flags.FLAGS.comparison, size)
    run = builders[flags.FLAGS.candidate]().run
    megabytes = added_megabytes(run)
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    print(json.dumps({"added_megabytes": megabytes, "seconds": seconds}))


if __name__ == "__main__":
    # Not on import: the benchmark has flags of the same names.
    flags.DEFINE_string("comparison", "", "Name of a comparison.")
    flags.DEFINE_string("candidate", "", "Name of one of its candidates.")
    size_lib.define_flags()
    command_line.run(main)
