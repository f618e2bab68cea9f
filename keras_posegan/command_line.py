"""How every main of this project starts and how it fails."""

import sys
from collections.abc import Callable, Sequence

from absl import app

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
        try:
            if len(arguments) > 1:
                raise input_error.InputError(
                    f"Unknown argument {arguments[1]!r}: every option is a flag "
                    "and starts with `--`."
                )
            main()
        except input_error.InputError as error:
            sys.exit(f"error: {error}")
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            sys.exit(130)

    app.run(checked)
