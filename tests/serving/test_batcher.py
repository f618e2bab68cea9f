"""Tests of the batching of the reference server against that of the original."""

import threading
import time
from concurrent import futures

import grpc
import numpy as np
import pytest

from tests.serving import batcher, status_error

_LONG = 10_000_000


class _Run:
    """Doubles its first input; remembers the shapes it got; refuses 13."""

    def __init__(self):
        self.shapes = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, inputs):
        self.go.wait()
        self.shapes.append([value.shape for value in inputs])
        if (inputs[0] == 13).any():
            raise status_error.invalid_argument("Input `first` must not be 13.")
        return [inputs[0] * 2]


@pytest.fixture
def started():
    """Makes batchers, and closes them."""
    made = []

    def start(**parameters):
        run = _Run()
        made.append(batcher.Batcher(run, batcher.Parameters(**parameters)))
        return run, made[-1]

    yield start
    for each in made:
        each.close()


def _ask_at_once(ask, requests):
    """Answers, or the errors, in the requests' order."""
    with futures.ThreadPoolExecutor(len(requests)) as pool:
        waiting = [pool.submit(ask, request) for request in requests]
        return [each.exception() or each.result() for each in waiting]


def test_a_full_batch_is_one_run_and_each_gets_its_own_part(started):
    run, ask = started(max_batch_size=6, batch_timeout_micros=_LONG)
    requests = [[np.full((size, 2), 10.0 * size)] for size in (1, 2, 3)]
    answers = _ask_at_once(ask, requests)
    assert run.shapes == [[(6, 2)]]
    for (value,), (answer,) in zip(requests, answers, strict=True):
        np.testing.assert_array_equal(answer, 2 * value)


def test_a_lonely_request_waits_no_longer_than_the_timeout(started):
    run, ask = started(max_batch_size=6, batch_timeout_micros=100_000)
    start = time.monotonic()
    ask([np.ones((2, 1))])
    assert 0.1 <= time.monotonic() - start < 1
    assert run.shapes == [[(2, 1)]]


def test_what_does_not_fit_goes_into_the_next_batch(started):
    run, ask = started(
        max_batch_size=4, batch_timeout_micros=50_000, num_batch_threads=1
    )
    run.go.clear()
    with futures.ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(ask, [np.full((3, 1), n)]) for n in range(3)]
        time.sleep(0.2)
        run.go.set()
        answers = [each.result()[0] for each in waiting]
    assert run.shapes == [[(3, 1)]] * 3
    np.testing.assert_array_equal(np.ravel(answers), [0, 0, 0, 2, 2, 2, 4, 4, 4])


def test_a_batch_shares_the_failure_of_one_request_and_the_next_succeeds(started):
    _, ask = started(max_batch_size=2, batch_timeout_micros=_LONG)
    answers = _ask_at_once(ask, [[np.array([13.0])], [np.array([1.0])]])
    assert {str(answer) for answer in answers} == {"Input `first` must not be 13."}
    answers = _ask_at_once(ask, [[np.array([2.0])], [np.array([1.0])]])
    np.testing.assert_array_equal(answers, [[[4.0]], [[2.0]]])


def test_shorter_arrays_are_filled_up_with_their_own_first_number(started):
    seen = []
    worker = batcher.Batcher(
        lambda inputs: [seen.append(inputs[0]) or inputs[0]],
        batcher.Parameters(max_batch_size=2, batch_timeout_micros=_LONG),
    )
    requests = [[np.array([[5, 6]])], [np.array([[7, 8, 9]])]]
    answers = _ask_at_once(worker, requests)
    worker.close()
    np.testing.assert_array_equal(answers[0], [[[5, 6, 5]]])
    np.testing.assert_array_equal(answers[1], [[[7, 8, 9]]])
    assert len(seen) == 1


def test_without_padding_different_shapes_are_refused(started):
    _, ask = started(
        max_batch_size=2, batch_timeout_micros=_LONG, pad_variable_length_inputs=False
    )
    answers = _ask_at_once(ask, [[np.ones((1, 2))], [np.ones((1, 3))]])
    codes = {answer.code for answer in answers}
    assert codes == {grpc.StatusCode.FAILED_PRECONDITION}


def test_batches_have_the_allowed_sizes_and_the_rest_is_thrown_away(started):
    run, ask = started(
        max_batch_size=8, batch_timeout_micros=1000, allowed_batch_sizes=(1, 4, 8)
    )
    (answer,) = ask([np.array([[1], [2]])])
    assert run.shapes == [[(4, 1)]]
    np.testing.assert_array_equal(answer, [[2], [4]])


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([np.float32(1)], "at least one dimension"),
        ([np.ones(2), np.ones(3)], "equal 0th-dimension size"),
        ([np.ones(7)], "Task size 7 is larger than maximum input batch size 6"),
    ],
)
def test_what_cannot_be_batched_is_refused_at_once(started, inputs, message):
    _, ask = started(max_batch_size=6, batch_timeout_micros=_LONG)
    with pytest.raises(status_error.StatusError, match=message) as caught:
        ask(inputs)
    assert caught.value.code == grpc.StatusCode.INVALID_ARGUMENT


def test_different_types_are_not_cast_into_one(started):
    _, ask = started(max_batch_size=2, batch_timeout_micros=_LONG)
    answers = _ask_at_once(ask, [[np.ones(1, np.float32)], [np.ones(1, np.float64)]])
    assert {answer.code for answer in answers} == {grpc.StatusCode.INTERNAL}


def test_a_full_queue_is_unavailable(started):
    run, ask = started(
        max_batch_size=1,
        batch_timeout_micros=0,
        num_batch_threads=1,
        max_enqueued_batches=1,
    )
    run.go.clear()
    with futures.ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(ask, [np.ones(1)]) for _ in range(8)]
        time.sleep(0.2)
        run.go.set()
        errors = [each.exception() for each in waiting]
    refused = [error for error in errors if error]
    assert 4 <= len(refused) < 8
    assert {error.code for error in refused} == {grpc.StatusCode.UNAVAILABLE}


def test_a_configuration_is_read(tmp_path):
    path = tmp_path / "batching.config"
    path.write_text(
        "# max_batch_size { value: 1 }\n"
        "max_batch_size { value: 16 }\n"
        "batch_timeout_micros {value:2000}\n"
        "max_enqueued_batches { value: 64 }\n"
        "num_batch_threads { value: 4 }\n"
        "allowed_batch_sizes : 8\n"
        "allowed_batch_sizes: 16\n"
        "pad_variable_length_inputs: true\n"
    )
    assert batcher.read_parameters(path) == batcher.Parameters(
        16, 2000, 4, 64, (8, 16), True
    )
