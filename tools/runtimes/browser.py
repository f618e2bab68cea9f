"""LiteRT.js, WebAssembly on the processor, in a headless Chromium."""

import collections
import functools
import http.server
import json
import pathlib
import queue
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable

import numpy as np

from tools.runtimes import external_command, fresh_folder

_VERSION = "2.5.3"
_PACKAGES = (f"@litertjs/core@{_VERSION}", f"@litertjs/wasm-utils@{_VERSION}")
_PAGE = pathlib.Path(__file__).with_name("page")
_PATIENCE_SECONDS = 120  # Between two posts.


def prepare(work_dir: pathlib.Path) -> Callable[..., float]:
    """Fetches LiteRT.js from npm, unless `work_dir` has it.

    Returns: `draw(model, inputs, outputs)`, see `check_runtimes`.

    Raises:
        input_error.InputError: if a program or the network is missing.
    """
    chromium = external_command.find(
        "browser", ("chromium", "chromium-browser", "google-chrome"), "chromium"
    )
    npm = external_command.find("browser", ("npm",), "npm")

    def fetch(folder):
        # Without a prefix npm may choose a folder above that has packages.
        command = [npm, "install", "--prefix=.", "--ignore-scripts", "--no-audit"]
        command += ["--no-fund", "--fetch-retries=1", *_PACKAGES]
        external_command.run("browser", command, folder)

    packages = fresh_folder.once(work_dir / f"litertjs_{_VERSION}", fetch)
    return functools.partial(_draw, chromium, packages / "node_modules")


def _draw(chromium, packages, model, inputs, outputs):
    """Serves model, inputs and page; the browser posts the outputs back."""
    with tempfile.TemporaryDirectory() as scratch:
        site = pathlib.Path(scratch)
        for path in (*_PAGE.iterdir(), packages, model.with_name("signature.json")):
            (site / path.name).symlink_to(path.resolve())
        (site / "model.tflite").symlink_to(model.resolve())
        (site / "inputs").mkdir()
        with np.load(inputs) as arrays:
            for name, values in arrays.items():
                (site / "inputs" / name).write_bytes(values.tobytes())
        handler = functools.partial(_Handler, directory=scratch)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            server.received = queue.Queue()
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                posted = _browse(chromium, server)
            finally:
                server.shutdown()
    declared = json.loads(model.with_name("signature.json").read_text())["outputs"]
    np.savez(
        outputs,
        **{
            name: np.frombuffer(
                b"".join(posted[f"/outputs/{name}"]), details["type"]
            ).reshape(-1, *details["shape"][1:])
            for name, details in declared.items()
        },
    )
    milliseconds = json.loads(posted["/done"][0])
    return statistics.median(milliseconds[1:] or milliseconds)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and keeps what is posted."""

    def do_POST(self):
        """Puts (path, content) in the server's queue."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((self.path, content))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


def _browse(chromium, server):
    """Everything that the page posts until it is done, by path."""
    posted = collections.defaultdict(list)
    with (
        # Chromium's last processes may still write there.
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        tempfile.TemporaryFile() as said,
    ):
        browser = subprocess.Popen(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-dev-shm-usage"),
                *(f"--user-data-dir={profile}", "--enable-logging=stderr"),
                f"http://127.0.0.1:{server.server_port}/",
            ],
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            end = time.monotonic() + _PATIENCE_SECONDS
            while "/done" not in posted:
                if "/failed" in posted:
                    reason = posted["/failed"][0].decode()
                    raise RuntimeError(f"{reason} {_console(said)}")
                # Asked first: whatever an ended browser posted is in the queue by now.
                is_over = browser.poll() is not None or time.monotonic() > end
                try:
                    path, content = server.received.get(timeout=1)
                except queue.Empty:
                    if is_over:
                        raise RuntimeError(
                            f"Chromium gave no answer: {_console(said)}"
                        ) from None
                    continue
                posted[path].append(content)
                end = time.monotonic() + _PATIENCE_SECONDS
        finally:
            browser.terminate()
            browser.wait()
    return posted


def _console(said):
    """The last that page and browser said."""
    said.seek(0)
    return said.read().decode(errors="replace")[-500:]
