"""The error that the reference server answers with."""

import grpc


class StatusError(Exception):
    """Ends a request; gRPC sends the code, REST the HTTP status in its place."""

    def __init__(self, code: grpc.StatusCode, message: str):
        super().__init__(message)
        self.code = code


def invalid_argument(message: str) -> StatusError:
    """The most frequent one."""
    return StatusError(grpc.StatusCode.INVALID_ARGUMENT, message)
