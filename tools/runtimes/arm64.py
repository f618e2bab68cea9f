"""LiteRT's Interpreter for arm64, the processors of phones, under qemu-user.

An arm64 Python of Debian's and arm64 wheels lie in a folder; nothing is installed.
Drawn with `measured_run`, as on this machine. The times are the emulator's and say
nothing about a phone.
"""

import functools
import os
import pathlib
import shutil
import sys
from collections.abc import Callable

from export.phone import measured_run
from keras_posegan import input_error
from tools.runtimes import drawing_process, external_command, fresh_folder

# 2.3.0 of LiteRT ends with a segmentation fault under qemu 7.2.
_LITERT = "1.4.0"
_WHEELS = (f"ai-edge-litert=={_LITERT}", "numpy==2.2.6", "absl-py==2.5.1")
_RELEASE = "bookworm"
_PYTHON = "3.11"  # The release's.
_PACKAGES = (
    *(f"python{_PYTHON}-minimal", f"libpython{_PYTHON}-minimal"),
    *(f"libpython{_PYTHON}-stdlib", "libc6", "libgcc-s1", "libstdc++6", "zlib1g"),
    *("libexpat1", "libffi8", "libbz2-1.0", "liblzma5"),
)
_KEYS = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Keeps apt's state in the folder, and the machine's own out of it.
_APT = """
APT::Architecture "arm64";
APT::Architectures {{ "arm64"; }};
Dir::State "{0}";
Dir::State::Lists "{0}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{0}/cache";
Dir::Etc::SourceList "{0}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Acquire::Languages "none";
APT::Update::Error-Mode "any";
"""


def prepare(work_dir: pathlib.Path) -> Callable[..., float]:
    """Fetches Python and LiteRT for arm64, unless `work_dir` has them.

    Returns: `draw(model, inputs, outputs)`, see `check_runtimes`.

    Raises:
        input_error.InputError: if a program or the network is missing.
    """
    qemu = external_command.find("arm64", ("qemu-aarch64",), "qemu-user")
    folder = fresh_folder.once(work_dir / f"arm64_litert_{_LITERT}", _fetch).resolve()
    environment = {
        "PYTHONHOME": str(folder / "system" / "usr"),
        "PYTHONPATH": str(folder / "wheels"),
        "PYTHONDONTWRITEBYTECODE": "1",  # This Python is not the project's.
        "PYTHONNOUSERSITE": "1",
    }
    python = folder / "system" / "usr" / "bin" / f"python{_PYTHON}"
    emulated = [qemu, "-L", str(folder / "system"), str(python)]
    return functools.partial(
        drawing_process.run,
        [*emulated, "-m", measured_run.__name__],
        environment=os.environ | environment,
    )


def _fetch(folder):
    """Fills `system`, the root of an arm64 Debian, and `wheels`."""
    apt = external_command.find("arm64", ("apt-get",), "apt")
    unpack = external_command.find("arm64", ("dpkg-deb",), "dpkg")
    if not _KEYS.exists():
        raise input_error.InputError(
            f"--runtimes=arm64: {_KEYS} is missing (Debian's package: "
            "debian-archive-keyring)."
        )
    state = folder / "apt"
    (state / "lists" / "partial").mkdir(parents=True)
    (state / "cache" / "archives" / "partial").mkdir(parents=True)
    (state / "apt.conf").write_text(_APT.format(state))
    (state / "sources.list").write_text(
        f"deb [signed-by={_KEYS}] http://deb.debian.org/debian {_RELEASE} main\n"
    )
    run = functools.partial(external_command.run, "arm64")
    with_state = ["env", f"APT_CONFIG={state / 'apt.conf'}", apt]
    run([*with_state, "update"], state)
    run([*with_state, "download", *_PACKAGES], state)
    for package in sorted(state.glob("*.deb")):
        run([unpack, "-x", str(package), str(folder / "system")], state)
    options = ["--target=wheels", "--no-deps", "--only-binary=:all:", "--quiet"]
    # One platform by its two names.
    platforms = [f"--platform=manylinux{name}_aarch64" for name in ("_2_17", "2014")]
    pip = [sys.executable, "-m", "pip", "install", f"--python-version={_PYTHON}"]
    run([*pip, *options, *platforms, *_WHEELS], folder)
    shutil.rmtree(state)
