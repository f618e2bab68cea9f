"""Programs of the system that a runtime needs: found and run, or named as missing."""

import pathlib
import shutil
import subprocess

from keras_posegan import input_error


def find(runtime: str, names: tuple[str, ...], package: str) -> str:
    """The path of the first program of `names` that is installed.

    Args:
        runtime: that needs it, for the message.
        names: of the program, any of which will do.
        package: Debian's, that has it.

    Raises:
        input_error.InputError: if there is none.
    """
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise input_error.InputError(
        f"--runtimes={runtime}: {' or '.join(names)} is not installed "
        f"(Debian's package: {package})."
    )


def run(runtime: str, command: list[str], folder: pathlib.Path) -> None:
    """Runs what sets a runtime up, in a folder, without showing what it prints.

    Raises:
        input_error.InputError: if the command fails; with the end of what it said,
            which tells a machine without network from a package that is gone.
    """
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-500:]
        raise input_error.InputError(
            f"--runtimes={runtime}: `{' '.join(command[:3])} ...` failed; is there a "
            f"network? {said}"
        )
