"""Loads a server at a given concurrency and measures it.

    python -m tools.bench_serving --server=grpc://localhost:8500 \
        --requests=2000 --concurrency=32

Each of `--concurrency` threads sends its next request when its last one is answered.
Latency is that of the requests that succeed, seen from here; the pictures are drawn
people.
"""

import collections
import io
import itertools
import json
import pathlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures

import numpy as np
from absl import flags
from PIL import Image

from export.serving import endpoint_flags, posegan_client, serving_error
from keras_posegan import command_line, input_error
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import studio as studio_lib

SIGNATURES = ("generate_encoded", "serving_default", "repose")
_PEOPLE = 8  # Requests take turns with them.

flags.adopt_module_key_flags(endpoint_flags)
_SIGNATURE = flags.DEFINE_enum(
    "signature", SIGNATURES[0], SIGNATURES, "The signature to ask."
)
_TARGETS = flags.DEFINE_integer("targets", 16, "Poses a request of repose.", 1)
_REQUESTS = flags.DEFINE_integer("requests", 2000, "Requests that count.", 1)
_CONCURRENCY = flags.DEFINE_integer("concurrency", 32, "Requests at a time.", 1)
_WARM_UP = flags.DEFINE_integer("warm_up", 64, "Requests before, not counted.", 1)
_HEIGHT = flags.DEFINE_integer("image_height", 128, "The model's, in pixels.", 1)
_WIDTH = flags.DEFINE_integer("image_width", 64, "The model's, in pixels.", 1)
_JSON = flags.DEFINE_string("json", "", "File to write the result to.")


def people_inputs(
    signature: str, targets: int, image_size: tuple[int, int]
) -> list[dict[str, np.ndarray]]:
    """Inputs of one request each, with drawn people.

    Args:
        signature: of `SIGNATURES`.
        targets: poses a request of `repose`.
        image_size: (height, width) in pixels.

    Returns:
        Arrays by the signature's names, batches of one.
    """
    studio = studio_lib.Studio()
    requests = []
    for identity in range(1, _PEOPLE + 1):
        person = person_lib.create_person(0, identity)
        count = 1 + (targets if signature == "repose" else 1)
        pictures = [studio.picture(person, identity, index) for index in range(count)]
        poses = np.stack([picture.keypoints for picture in pictures])
        scale = np.divide(image_size, studio.image_size)[::-1]
        poses[..., :2] = (poses[..., :2] + 0.5) * scale - 0.5
        source, others = np.split(poses.astype(np.float32), [1])
        inputs = {
            "source_keypoints": source,
            "target_keypoints": others[None] if signature == "repose" else others,
        }
        image = Image.fromarray(pictures[0].image).resize(image_size[::-1])
        if signature == "generate_encoded":
            file = io.BytesIO()
            image.save(file, "JPEG", quality=95)
            inputs["image_bytes"] = np.array([file.getvalue()], object)
        else:
            inputs["image"] = np.asarray(image)[None]
        requests.append(inputs)
    return requests


def measure(send: Callable[[int], object], requests: int, concurrency: int) -> dict:
    """Sends requests from several threads.

    Args:
        send: sends the request of that number; a `ServingError` is counted, any other
            error ends the measurement.
        requests: how many, >= 1.
        concurrency: threads, >= 1.

    Returns:
        `succeeded`; `errors`, numbers by kind; `seconds` from the first request to
        the last answer; `requests_per_second`, of those that succeeded; and
        `latency_ms`: p50, p90, p99 and max, None if none succeeded.
    """
    numbers = itertools.count()
    lock = threading.Lock()
    latencies, errors = [], collections.Counter()

    def work():
        while True:
            with lock:
                number = next(numbers)
            if number >= requests:
                return
            start = time.perf_counter()
            try:
                send(number)
            except serving_error.ServingError as error:
                with lock:
                    errors[error.kind] += 1
            else:
                with lock:
                    latencies.append(time.perf_counter() - start)

    start = time.perf_counter()
    with futures.ThreadPoolExecutor(concurrency) as pool:
        for thread in [pool.submit(work) for _ in range(concurrency)]:
            thread.result()
    seconds = time.perf_counter() - start
    latency = None
    if latencies:
        points = np.percentile(latencies, [50, 90, 99, 100]) * 1000
        latency = dict(zip(("p50", "p90", "p99", "max"), points.tolist(), strict=True))
    return {
        "succeeded": len(latencies),
        "errors": dict(errors),
        "seconds": seconds,
        "requests_per_second": len(latencies) / seconds,
        "latency_ms": latency,
    }


def table(result: Mapping) -> str:
    """A result of `main` as lines to read."""
    lines = [
        f"{result['succeeded']} of {result['requests']} requests succeeded, "
        f"{result['concurrency']} at a time, in {result['seconds']:.1f} s",
        *(f"error {kind}: {count}" for kind, count in result["errors"].items()),
        f"throughput  {result['requests_per_second']:.1f} requests/s, "
        f"{result['pictures_per_second']:.1f} pictures/s",
    ]
    if result["latency_ms"]:
        points = (f"{name} {ms:.1f}" for name, ms in result["latency_ms"].items())
        lines.append(f"latency     {', '.join(points)} ms")
    return "\n".join(lines)


def main() -> None:
    """Warms up, measures, prints, and writes the JSON; status 1 if a request failed."""
    endpoint = endpoint_flags.read()
    if endpoint.is_grpc:
        command_line.import_tensorflow()
    signature, targets = _SIGNATURE.value, _TARGETS.value
    size = (_HEIGHT.value, _WIDTH.value)
    inputs = people_inputs(signature, targets, size)
    with posegan_client.PoseGANClient(endpoint) as client:

        def send(number):
            client.predict(signature, inputs[number % len(inputs)])

        send(0)  # A server that is down, or refuses, is said at once.
        measure(send, _WARM_UP.value, _CONCURRENCY.value)
        measured = measure(send, _REQUESTS.value, _CONCURRENCY.value)
    pictures = targets if signature == "repose" else 1
    result = {
        "server": endpoint.server,
        "signature": signature,
        "pictures_per_request": pictures,
        "concurrency": _CONCURRENCY.value,
        "requests": _REQUESTS.value,
        **measured,
        "pictures_per_second": pictures * measured["requests_per_second"],
    }
    print(table(result))
    if _JSON.value:
        try:
            pathlib.Path(_JSON.value).write_text(json.dumps(result, indent=2) + "\n")
        except OSError as error:
            raise input_error.InputError(f"--json={_JSON.value}: {error}") from error
    if result["errors"]:
        raise input_error.InputError(
            f"{sum(result['errors'].values())} of {result['requests']} requests failed."
        )


if __name__ == "__main__":
    command_line.run(main)
