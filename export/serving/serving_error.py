"""The error of a request that a server did not answer."""

from keras_posegan import input_error

_MEANINGS = {
    "UNAVAILABLE": "no server answers there",
    "DEADLINE_EXCEEDED": "no answer in time",
    "NOT_FOUND": "has no such model or version",
    "INVALID_ARGUMENT": "refuses the request",
}


class ServingError(input_error.InputError):
    """A server is down, slow, or refuses a request; one line that says which.

    Args:
        server: what `--server` says.
        kind: the name of a status code of gRPC, such as "UNAVAILABLE"; that of REST
            is translated.
        message: the server's own words, or the connection's.

    Attributes:
        kind: as given.
    """

    def __init__(self, server: str, kind: str, message: str):
        super().__init__(f"--server={server}: {_MEANINGS.get(kind, kind)}: {message}")
        self.kind = kind
