"""Keeps to itself what TFLite's converter prints, dozens of lines, unless it fails."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def hidden() -> Iterator[None]:
    """Keeps stdout and stderr, C++'s too, and shows them on stderr if it raises."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with tempfile.TemporaryFile() as output:
        kept = [os.dup(number) for number in (1, 2)]
        for number in (1, 2):
            os.dup2(output.fileno(), number)
        try:
            yield
        except BaseException:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            output.seek(0)
            os.write(kept[1], output.read())
            raise
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for number, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, number)
                os.close(copy)
