"""TensorFlow Serving over REST, with the standard library alone."""

import base64
import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

import numpy as np

from export.serving import endpoint as endpoint_lib
from export.serving import serving_error
from keras_posegan import input_error

# TensorFlow Serving's table of codes (model_servers/http_server.cc), read backwards.
_KINDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class RestConnection:
    """Sends requests, each over a connection of its own; threads may share it.

    Args:
        endpoint: of scheme http or https.

    Raises:
        input_error.InputError: if `ca_certificate` is no certificate.
    """

    def __init__(self, endpoint: endpoint_lib.Endpoint):
        self._endpoint = endpoint
        quoted = [
            urllib.parse.quote(part, safe="")
            for part in (endpoint.model_name, endpoint.version_label)
        ]
        self._url = f"{endpoint.server.rstrip('/')}/v1/models/{quoted[0]}"
        if endpoint.version is not None:
            self._url += f"/versions/{endpoint.version}"
        elif endpoint.version_label:
            self._url += f"/labels/{quoted[1]}"
        self._url += ":predict"
        self._tls = None
        if endpoint.is_secure:
            try:
                self._tls = ssl.create_default_context(
                    cafile=endpoint.ca_certificate or None
                )
            except OSError as error:  # No file, or no certificate.
                raise input_error.InputError(
                    f"--ca_certificate={endpoint.ca_certificate}: {error}"
                ) from error

    def predict(self, signature: str, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Sends one request; see `PoseGANClient.predict`."""
        tensors = {name: _to_json(value) for name, value in inputs.items()}
        body = json.dumps({"signature_name": signature, "inputs": tensors}).encode()
        request = urllib.request.Request(
            self._url, body, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(
                request, timeout=self._endpoint.timeout_seconds, context=self._tls
            ) as response:
                return _from_json(json.load(response)["outputs"])
        except urllib.error.HTTPError as error:
            kind = _KINDS.get(error.code, "UNKNOWN")
            with error:
                raise self._error(kind, _message(error)) from error
        except (OSError, http.client.HTTPException) as error:
            # What went wrong while connecting is wrapped, while reading it is not.
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                limit = f"--timeout_seconds={self._endpoint.timeout_seconds}"
                raise self._error("DEADLINE_EXCEEDED", limit) from error
            raise self._error("UNAVAILABLE", str(reason)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise self._error(
                "UNKNOWN", f"its answer is not TensorFlow Serving's: {error!r}"
            ) from error

    def close(self) -> None:
        """Does nothing: no connection is left open."""

    def _error(self, kind, message):
        return serving_error.ServingError(self._endpoint.server, kind, message)


def _message(error):
    """The text of `{"error": ...}`, or of what else a server on the way answered."""
    text = error.read().decode(errors="replace")
    try:
        return str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code} {error.reason} {text[:200]}"


def _to_json(value):
    """An array as nested lists; bytes as `{"b64": ...}`."""
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    if value.dtype == object:
        return [_to_json(item) for item in value]
    return value.tolist()


def _from_json(value):
    """The way back; `value` is a batch: a list."""
    if value and isinstance(value[0], dict):
        return np.array([base64.b64decode(item["b64"]) for item in value], object)
    return np.array(value)
