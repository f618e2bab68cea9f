"""One line that says how far a long job is, and how long it will still take."""

import math
import shutil
import sys
import time


class ProgressLine:
    """Counts the items of a job.

    On a terminal the line stays where it is and moves five times a second; in a log
    it is a new line every 20 seconds. Both start with the first item and end with
    the last one.

    Args:
        title: what the job is, in front of the count.
        total: items of the whole job; `math.inf` if that shows at its end: `finish`.
        done: items that an earlier session has done.
    """

    def __init__(self, title: str, total: int, done: int = 0):
        self._title = title
        self._total = total
        self._done = self._first = done
        self._is_terminal = sys.stdout.isatty()
        self._interval = 0.2 if self._is_terminal else 20.0
        self._start = self._after_first = time.monotonic()
        self._next = self._start

    def advance(self, count: int = 1, note: str = "") -> None:
        """Says that `count` more items are done; `note` is shown behind them."""
        now = time.monotonic()
        if self._done == self._first:
            # The first item includes what is traced and compiled once.
            self._after_first, self._after_first_done = now, self._done + count
        self._done += count
        if now < self._next and self._done < self._total:
            return
        self._next = now + self._interval
        of = "" if self._total == math.inf else f"/{self._total}"
        line = f"{self._title} {self._done}{of}  {self._time(now)}  {note}"
        if self._is_terminal:
            # A line that wraps could not be written over.
            line = line[: shutil.get_terminal_size().columns - 1]
            end = "\n" if self._done >= self._total else ""
            print(f"\r\x1b[K{line}", end=end, flush=True)
        else:
            print(line.rstrip(), flush=True)

    def finish(self) -> None:
        """Says that there are no more items, where the total was not known."""
        self._total = self._done
        self.advance(0)

    def _time(self, now):
        """Time left, or at the end time taken, and the time of an item."""
        if self._done >= self._total:
            return f"took {_clock(now - self._start)}"
        counted = self._done - self._after_first_done
        if not counted:
            return "-:-- left"
        seconds = (now - self._after_first) / counted
        if self._total == math.inf:
            return f"{1000 * seconds:.0f} ms each"
        left = _clock(seconds * (self._total - self._done))
        return f"{left} left, {1000 * seconds:.0f} ms each"


def _clock(seconds):
    """h:mm:ss, or m:ss below an hour."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return f"{minutes}:{seconds:02d}"
