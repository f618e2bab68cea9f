"""Calls of a program that draws pairs with one .tflite file, as measured_run does."""

import json
import pathlib
import subprocess
from collections.abc import Mapping

_ROOT = pathlib.Path(__file__).parents[2]


def run(
    command: list[str],
    model: pathlib.Path,
    inputs: pathlib.Path,
    outputs: pathlib.Path,
    environment: Mapping[str, str] | None = None,
) -> float:
    """Runs `command` with measured_run's three flags.

    Returns: milliseconds a picture.

    Raises:
        RuntimeError: if it fails; with the last that it said.
    """
    paths = {"model": model, "inputs": inputs, "outputs": outputs}
    done = subprocess.run(
        [*command, *(f"--{name}={path.resolve()}" for name, path in paths.items())],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"status {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])["milliseconds"]
