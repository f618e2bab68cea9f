"""How every main of this project starts and how it fails."""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence

from absl import app, flags, logging

from keras_posegan import input_error


def run(main: Callable[[], None]) -> None:
    """Parses the absl flags, calls `main()`, and ends the process.

    Flags are parsed before `main` runs, and `main` imports TensorFlow itself, so
    that `--help` and a misspelt flag answer in a tenth of a second.

    An `InputError` is printed as one line on stderr and ends with status 1;
    Ctrl-C ends with status 130. Everything else keeps its stack trace.

    Args:
        main: does the work; takes no arguments, reads the parsed flags.
    """

    def checked(arguments: Sequence[str]) -> None:
        if not flags.FLAGS["verbosity"].present:
            logging.set_verbosity(logging.WARNING)  # Not TensorFlow's INFO lines.
        try:
            if len(arguments) > 1:
                raise input_error.InputError(
                    f"Unknown argument {arguments[1]!r}: every option is a flag "
                    "and starts with `--`."
                )
            main()
        except input_error.InputError as error:
            # Messages of other libraries inside it may have several lines.
            sys.exit(" ".join(f"error: {error}".split()))
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            sys.exit(130)

    app.run(checked, flags_parser=_parse_flags)


def _parse_flags(arguments: Sequence[str]) -> Sequence[str]:
    """Absl's own parser, but a bad flag is one line, as every other bad input."""
    try:
        return flags.FLAGS(arguments)
    except flags.Error as error:
        sys.exit(" ".join(f"error: {error} (see --help)".split()))


def import_tensorflow() -> None:
    """Imports TensorFlow without its greetings on stderr.

    On a machine without a GPU, TensorFlow 2.21 prints half a dozen lines about it
    that TF_CPP_MIN_LOG_LEVEL alone does not stop. What it prints while being
    imported is shown only if the import fails; set TF_CPP_MIN_LOG_LEVEL=0 to see
    everything.

    oneDNN's kernels are switched on: on processors without AVX-512 TensorFlow does
    without them unless told otherwise, and convolutions take twice as long.
    TF_ENABLE_ONEDNN_OPTS=0 switches them off.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    if os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") == "0":
        return
    with tempfile.TemporaryFile() as greetings:
        stderr = os.dup(2)
        os.dup2(greetings.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except ImportError:
            greetings.seek(0)
            os.write(stderr, greetings.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
