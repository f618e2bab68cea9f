"""What this machine reaches at best, and what it is."""

import os
import pathlib
import platform

import keras
import tensorflow as tf

from tools.benchmarks import candidate, paired_times


def machine_limit(rounds: int = 5) -> dict[str, dict[str, float]]:
    """GFLOP/s of a large matrix product and a large convolution, by precision.

    The product is of 2048 x 2048 matrices, the convolution 3x3 from 256 to 256
    channels on (4, 64, 32).

    Args:
        rounds: the best of so many runs counts.
    """
    limits = {}
    for precision in ("float32", "bfloat16"):
        dtype = tf.as_dtype(precision)
        square = tf.cast(tf.random.normal((2048, 2048)), dtype)
        picture = tf.cast(tf.random.normal((4, 64, 32, 256)), dtype)
        kernel = tf.cast(tf.random.normal((3, 3, 256, 256)), dtype)
        candidates = {
            "matmul": candidate.traced(tf.matmul, square, square),
            "convolution": candidate.traced(_convolution, picture, kernel),
        }
        times = paired_times.paired_times(
            {name: each.run for name, each in candidates.items()}, rounds
        )
        limits[precision] = {
            name: each.gigaflop / min(times[name]) for name, each in candidates.items()
        }
    return limits


def machine() -> dict[str, object]:
    """The processor, its cores, and the versions of what runs on it."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "gpus": len(tf.config.list_physical_devices("GPU")),
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def _convolution(picture, kernel):
    return tf.nn.conv2d(picture, kernel, strides=1, padding="SAME")


def _processor() -> str:
    """As /proc/cpuinfo names it, where there is one."""
    path = pathlib.Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor()
