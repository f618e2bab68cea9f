"""The reference server's REST half: paths and codes of TensorFlow Serving."""

import http.server
import json
import re
import ssl
import urllib.parse

import grpc
from google.protobuf import json_format
from tensorflow_serving.apis import get_model_metadata_pb2, model_pb2

from tests.serving import json_tensors, status_error

# model_servers/http_rest_api_util.cc and http_server.cc.
_MODEL = r"/v1/models/([^/:]+)(?:/versions/(\d+)|/labels/([^/:]+))?"
_PREDICT = re.compile(_MODEL + ":predict", re.IGNORECASE)
_STATUS = re.compile(_MODEL + "(/metadata)?", re.IGNORECASE)
_HTTP = {
    grpc.StatusCode.CANCELLED: 499,
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.DEADLINE_EXCEEDED: 504,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.FAILED_PRECONDITION: 400,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.UNIMPLEMENTED: 501,
    grpc.StatusCode.UNAVAILABLE: 503,
    grpc.StatusCode.UNAUTHENTICATED: 401,
}


class RestServer(http.server.ThreadingHTTPServer):
    """Answers HTTP in front of a `ReferenceServer`.

    Args:
        core: the `ReferenceServer`.
        port: 0: any that is free.
        tls: a private key and a certificate, as PEM files; None: plain HTTP.
    """

    request_queue_size = 128

    def __init__(self, core, port, tls):
        super().__init__(("localhost", port), _Handler)
        self.core = core
        if tls:
            key, certificate = tls
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, request, client_address):
        """Is silent: a client that leaves early is no fault of the server's."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Headers and body in one packet, or each answer waits 40 ms.

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def log_message(self, *_):
        """Says nothing."""

    def _get(self, _):
        match = _STATUS.fullmatch(self.path)
        if not match:
            raise self._malformed()
        core, spec = self.server.core, _model_spec(match)
        if not match[4]:
            return json_format.MessageToJson(
                core.status(spec),
                always_print_fields_with_no_presence=True,
                preserving_proto_field_name=True,
            ).encode()
        response = core.metadata(spec)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        response.metadata["signature_def"].Unpack(signatures)
        return json.dumps(
            {
                "model_spec": _to_dict(response.model_spec),
                "metadata": {"signature_def": _to_dict(signatures)},
            }
        ).encode()

    def _post(self, body):
        match = _PREDICT.fullmatch(self.path)
        if not match:
            raise self._malformed()
        core, spec = self.server.core, _model_spec(match)
        request, kind = json_tensors.read_request(
            body, lambda signature: core.signature_inputs(spec, signature)
        )
        spec.signature_name = request.model_spec.signature_name
        request.model_spec.CopyFrom(spec)
        _, outputs = core.predict(request)
        return json_tensors.write_response(outputs, kind)

    def _malformed(self):
        return status_error.invalid_argument(
            f"Malformed request: {self.command} {self.path}"
        )

    def _answer(self, method):
        """Answers one request; whatever `method` raises ends this one and no other."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.lower().startswith("/v1/"):
            code, answer = 404, b""
        else:
            try:
                code, answer = 200, method(body)
            except status_error.StatusError as error:
                code, answer = _HTTP.get(error.code, 500), _error(error)
            except Exception as error:
                code, answer = 500, _error(repr(error))
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def _model_spec(match):
    name, version, label = match[1], match[2], match[3]
    spec = model_pb2.ModelSpec(name=urllib.parse.unquote(name))
    if version and int(version) >= 2**63:
        raise status_error.invalid_argument(
            f"Failed to convert version: {version} to numeric."
        )
    if version:
        spec.version.value = int(version)
    if label:
        spec.version_label = urllib.parse.unquote(label)
    return spec


def _to_dict(message):
    return json_format.MessageToDict(
        message,
        always_print_fields_with_no_presence=True,
        preserving_proto_field_name=True,
    )


def _error(message):
    return json.dumps({"error": str(message)}).encode()
