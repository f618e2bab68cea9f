"""Batches requests as TensorFlow Serving's BatchingSession does."""

import dataclasses
import pathlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent import futures

import grpc
import numpy as np
from google.protobuf import text_format

from tests.serving import server_schema, status_error


@dataclasses.dataclass(frozen=True)
class Parameters:
    """The fields of batching.config that matter here, by its names."""

    max_batch_size: int = 32
    batch_timeout_micros: int = 5000
    num_batch_threads: int = 2
    max_enqueued_batches: int = 100
    allowed_batch_sizes: tuple[int, ...] = ()
    pad_variable_length_inputs: bool = True


def read_parameters(path: pathlib.Path) -> Parameters:
    """Reads a batching.config; what it leaves out is as here, but nothing is padded."""
    message = server_schema.message_classes()["BatchingParameters"]()
    text_format.Parse(path.read_text(), message)
    names = [field.name for field in dataclasses.fields(Parameters)[:4]]
    return Parameters(
        **{
            name: getattr(message, name).value
            for name in names
            if message.HasField(name)
        },
        allowed_batch_sizes=tuple(message.allowed_batch_sizes),
        pad_variable_length_inputs=message.pad_variable_length_inputs,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _Task:
    inputs: list[np.ndarray]
    size: int
    closes_at: float
    result: futures.Future


class Batcher:
    """Puts requests together along their first dimension, runs them, and splits.

    Like the original: a batch is closed when it is full or its first request has
    waited for `batch_timeout_micros`; its requests share its failure; it is filled up
    to one of `allowed_batch_sizes` with copies of a row; where other dimensions
    differ, the shorter array is filled up with its own first number.

    Args:
        run: arrays to arrays; raises StatusError.
        parameters: see batching.config.
    """

    def __init__(self, run: Callable, parameters: Parameters):
        self._run = run
        self._parameters = parameters
        self._queue = queue.Queue()
        self._left_over = None
        self._gathering = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work)
            for _ in range(parameters.num_batch_threads)
        ]
        for thread in self._threads:
            thread.start()

    def __call__(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """Runs a request, alone or with others; returns its own outputs."""
        if any(value.ndim == 0 for value in inputs):
            raise status_error.invalid_argument(
                "Batching Run() input tensors must have at least one dimension."
            )
        size, *others = (len(value) for value in inputs)
        if any(other != size for other in others):
            raise status_error.invalid_argument(
                "Batching Run() input tensors must have equal 0th-dimension size."
            )
        if size > self._parameters.max_batch_size:
            raise status_error.invalid_argument(
                f"Task size {size} is larger than maximum input batch size "
                f"{self._parameters.max_batch_size}"
            )
        most = self._parameters.max_enqueued_batches * self._parameters.max_batch_size
        if self._queue.qsize() >= most:
            raise status_error.StatusError(
                grpc.StatusCode.UNAVAILABLE,
                "The batch scheduling queue to which this task was submitted is full",
            )
        closes_at = time.monotonic() + self._parameters.batch_timeout_micros / 1e6
        task = _Task(inputs, size, closes_at, futures.Future())
        self._queue.put(task)
        return task.result.result()

    def close(self) -> None:
        """Ends the threads; what waits is still answered."""
        self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self):
        while True:
            with self._gathering:
                batch = self._gather()
            if not batch:
                return
            try:
                self._process(batch)
            except Exception as error:
                for task in batch:
                    task.result.set_exception(error)

    def _gather(self):
        """The next batch; empty when there will be no other."""
        task, self._left_over = self._left_over or self._queue.get(), None
        batch, size = [], 0
        while task is not None:
            if size + task.size > self._parameters.max_batch_size:
                self._left_over = task
                return batch
            batch.append(task)
            size += task.size
            if size == self._parameters.max_batch_size:
                return batch
            wait = batch[0].closes_at - time.monotonic()
            try:
                task = (
                    self._queue.get(timeout=max(wait, 0))
                    if wait > 0
                    else (self._queue.get_nowait())
                )
            except queue.Empty:
                return batch
        self._queue.put(None)  # For the other threads, and this one's next turn.
        return batch

    def _process(self, batch):
        merged = [
            self._merge([task.inputs[index] for task in batch])
            for index in range(len(batch[0].inputs))
        ]
        outputs = self._run(merged)
        ends = np.cumsum([task.size for task in batch])
        if any(len(output) < ends[-1] for output in outputs):
            raise status_error.StatusError(
                grpc.StatusCode.FAILED_PRECONDITION,
                "Batched output tensor's 0th dimension does not equal the sum of the "
                "0th dimension sizes of the input tensors",
            )
        for task, end in zip(batch, ends, strict=True):
            task.result.set_result(
                [output[end - task.size : end] for output in outputs]
            )

    def _merge(self, values):
        """One input of several requests as one array."""
        if len({(value.dtype, value.ndim) for value in values}) > 1:
            raise status_error.StatusError(
                grpc.StatusCode.INTERNAL, "Tensor concat operation failed"
            )
        shape = np.max([value.shape[1:] for value in values], axis=0).astype(int)
        if any(value.shape[1:] != tuple(shape) for value in values):
            if not self._parameters.pad_variable_length_inputs:
                raise status_error.StatusError(
                    grpc.StatusCode.FAILED_PRECONDITION,
                    "Tensors from different tasks have different shapes and padding "
                    "is turned off.",
                )
            values = [_fill_up(value, shape) for value in values]
        size = sum(len(value) for value in values)
        allowed = [n for n in self._parameters.allowed_batch_sizes if n >= size]
        if allowed and size:
            last = next(value for value in reversed(values) if len(value))
            values = [*values, np.repeat(last[:1], allowed[0] - size, axis=0)]
        return np.concatenate(values)


def _fill_up(value, shape):
    if value.size == 0:
        raise status_error.invalid_argument(
            "Got empty tensor in batch of non-empty tensors."
        )
    widths = [
        (0, 0),
        *((0, n - m) for n, m in zip(shape, value.shape[1:], strict=True)),
    ]
    return np.pad(value, widths, constant_values=value.flat[0])
