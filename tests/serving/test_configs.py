"""Tests of the files for TensorFlow Serving: each parses, and they agree.

No server is here to read them; what it would accept is in `server_schema`.
"""

import http.server
import pathlib
import re
import subprocess
import threading

import pytest
import yaml
from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from export import saved_model
from tests.serving import server_schema

FOLDER = pathlib.Path(saved_model.__file__).parent / "serving"
PROFILES = ("cpu", "gpu", "cpu_batching", "gpu_batching")
BATCHING = {
    "cpu_batching": "batching.config",
    "gpu_batching": "batching_gpu.config",
}


@pytest.fixture(scope="module")
def messages():
    return server_schema.message_classes()


@pytest.fixture(scope="module")
def model():
    """The one model of models.config."""
    config = model_server_config_pb2.ModelServerConfig()
    text_format.Parse((FOLDER / "models.config").read_text(), config)
    (model,) = config.model_config_list.config
    return model


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((FOLDER / "docker-compose.yml").read_text())["services"]


@pytest.fixture(scope="module")
def manifests():
    """(Deployment, Service)."""
    return list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text()))


def test_the_model_is_the_one_that_warm_up_requests_name(model):
    assert model.name == saved_model.MODEL_NAME
    assert model.model_platform == "tensorflow"


def test_stable_and_canary_can_both_be_loaded(model):
    assert dict(model.version_labels) == {"stable": 1, "canary": 2}
    assert model.model_version_policy.latest.num_versions == 2


@pytest.mark.parametrize("name", BATCHING.values())
def test_batches_are_within_their_own_limits(messages, name):
    text = (FOLDER / name).read_text()
    parameters = text_format.Parse(text, messages["BatchingParameters"]())
    assert parameters.pad_variable_length_inputs
    largest = parameters.max_batch_size.value
    # No batch larger than what the model takes in one request.
    assert 1 < largest <= 128
    assert 0 < parameters.batch_timeout_micros.value <= 10_000
    assert parameters.num_batch_threads.value >= 1
    # The load test's 32 callers fit into the queue.
    assert parameters.max_enqueued_batches.value * largest >= 32
    sizes = list(parameters.allowed_batch_sizes)
    assert sizes == sorted(set(sizes))
    assert not sizes or sizes[-1] == largest


@pytest.mark.parametrize("text", ["max_batch_siz { value: 8 }", "max_batch_size: 8"])
def test_a_field_that_the_server_does_not_know_is_found(messages, text):
    with pytest.raises(text_format.ParseError):
        text_format.Parse(text, messages["BatchingParameters"]())


def test_metrics_are_where_the_pods_annotations_say(messages, manifests):
    text = (FOLDER / "monitoring.config").read_text()
    config = text_format.Parse(text, messages["MonitoringConfig"]()).prometheus_config
    assert config.enable
    annotations = manifests[0]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/path"] == config.path
    assert annotations["prometheus.io/port"] == "8501"


@pytest.mark.parametrize("kind", [*PROFILES, "kubernetes"])
def test_the_servers_flags_are_real_and_their_files_there(
    services, manifests, model, kind
):
    command = _command(services, manifests, kind)
    assert command[0] == "tensorflow_model_server"
    flags = dict(re.fullmatch("--([^=]+)=(.+)", each).groups() for each in command[1:])
    assert len(flags) == len(command) - 1
    assert flags.keys() <= server_schema.FLAGS
    assert (flags["port"], flags["rest_api_port"]) == ("8500", "8501")
    # Else the server does not start: labels come before versions.
    assert flags["allow_version_labels_for_unavailable_models"] == "true"
    assert int(flags["model_config_file_poll_wait_seconds"]) > 0
    files = {
        "model_config_file": "models.config",
        "monitoring_config_file": "monitoring.config",
    }
    if kind in BATCHING:
        assert flags["enable_batching"] == "true"
        files["batching_parameters_file"] = BATCHING[kind]
    else:  # Each request is refused, or answered, for itself.
        assert "enable_batching" not in flags
    for flag, name in files.items():
        assert flags[flag] == f"/config/{name}"
        assert (FOLDER / name).is_file()
    assert {flag for flag in flags if flag.endswith("_file")} == files.keys()


@pytest.mark.parametrize("kind", [*PROFILES, "kubernetes"])
def test_the_image_is_pinned(services, manifests, kind):
    image = (
        _container(manifests)["image"]
        if kind == "kubernetes"
        else services[kind]["image"]
    )
    # TensorFlow's own version: no older server need know the operations of a newer.
    requirements = (FOLDER.parents[1] / "requirements.txt").read_text()
    version = re.search(r"^tensorflow==(\S+)", requirements, re.MULTILINE)[1]
    assert image == f"tensorflow/serving:{version}" + ("-gpu" if "gpu" in kind else "")


@pytest.mark.parametrize("profile", PROFILES)
def test_compose_mounts_model_and_files_to_be_read(services, model, profile):
    service = services[profile]
    assert service["profiles"] == [profile]
    assert service["read_only"] is True
    mounts = {mount["target"]: mount for mount in service["volumes"]}
    assert mounts.keys() == {model.base_path, "/config"}
    assert all(mount["read_only"] is True for mount in mounts.values())
    assert mounts["/config"]["source"] == "."
    default = re.fullmatch(
        r"\$\{POSEGAN_DIR:-(.+)\}", mounts[model.base_path]["source"]
    )[1]
    project = FOLDER.parents[1]
    assert (FOLDER / default).resolve() == project / "runs" / "demo" / "posegan"
    # To this machine alone.
    assert service["ports"] == ["127.0.0.1:8500:8500", "127.0.0.1:8501:8501"]


def test_only_the_gpu_profiles_ask_for_a_gpu(services):
    for profile in ("gpu", "gpu_batching"):
        resources = services[profile]["deploy"]["resources"]
        (device,) = resources["reservations"]["devices"]
        assert device == {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    for profile in ("cpu", "cpu_batching"):
        assert "deploy" not in services[profile]


@pytest.mark.parametrize(
    ("state", "is_healthy"),
    [("AVAILABLE", True), ("LOADING", False), ("UNAVAILABLE", False)],
)
def test_the_health_check_asks_the_server(services, state, is_healthy):
    class Status(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.path == f"/v1/models/{saved_model.MODEL_NAME}"
            self.send_response(200 if known else 404)
            self.end_headers()
            if known:
                version = f'{{"version": "1", "state": "{state}"}}'
                self.wfile.write(f'{{"model_version_status": [{version}]}}'.encode())

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Status) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert _is_healthy(services, server.server_port) == is_healthy
        finally:
            server.shutdown()
            thread.join()


def test_without_a_server_the_health_check_fails(services):
    with http.server.HTTPServer(("127.0.0.1", 0), None) as server:
        port = server.server_port
    assert not _is_healthy(services, port)


def test_kubernetes_mounts_model_and_files_to_be_read(manifests, model):
    container = _container(manifests)
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    assert mounts.keys() == {model.base_path, "/config", "/tmp"}
    assert mounts[model.base_path]["readOnly"] is True
    assert mounts["/config"]["readOnly"] is True
    # A subPath would keep the first ConfigMap for ever.
    assert not any("subPath" in mount for mount in mounts.values())
    pod = manifests[0]["spec"]["template"]["spec"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes.keys() == {mount["name"] for mount in mounts.values()}
    claim = volumes[mounts[model.base_path]["name"]]["persistentVolumeClaim"]
    assert claim["readOnly"] is True
    security = container["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod["securityContext"]["runAsNonRoot"] is True


def test_kubernetes_has_probes_limits_and_the_services_ports(manifests, model):
    deployment, service = manifests
    assert (deployment["kind"], service["kind"]) == ("Deployment", "Service")
    container = _container(manifests)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"grpc": 8500, "rest": 8501}
    for probe in ("startupProbe", "readinessProbe"):
        request = container[probe]["httpGet"]
        assert request == {"path": f"/v1/models/{model.name}/metadata", "port": "rest"}
    assert container["livenessProbe"]["tcpSocket"] == {"port": "grpc"}
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert service["spec"]["selector"].items() <= labels.items()
    for port in service["spec"]["ports"]:
        assert ports[port["targetPort"]] == port["port"]


def test_kubernetes_threads_are_the_cpus_of_its_limit(manifests):
    container = _container(manifests)
    cpus = container["resources"]["limits"]["cpu"]
    for kind in ("intra", "inter"):
        assert f"--tensorflow_{kind}_op_parallelism={cpus}" in container["command"]


def test_the_readme_moves_labels_as_models_config_writes_them(model):
    readme = (FOLDER / "README.md").read_text()
    commands = re.findall(r"sed -i ('.+') export/serving/models.config", readme)
    assert len(commands) == 2
    stables = []
    for command in commands:
        moved = subprocess.run(
            ["sed", command.strip("'")],
            input=(FOLDER / "models.config").read_text(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        config = model_server_config_pb2.ModelServerConfig()
        text_format.Parse(moved, config)
        (changed,) = config.model_config_list.config
        stables.append(changed.version_labels.pop("stable"))
        assert changed.version_labels == {"canary": 2}
        changed.version_labels["stable"] = 1
        assert changed == model  # And nothing else.
    assert stables == [2, 1]


def test_the_readme_knows_every_file():
    readme = (FOLDER / "README.md").read_text()
    for path in FOLDER.iterdir():
        if path.suffix in (".config", ".yml", ".yaml"):
            assert f"`{path.name}`" in readme


def _command(services, manifests, kind):
    if kind == "kubernetes":
        return _container(manifests)["command"]
    return services[kind]["entrypoint"] + services[kind].get("command", [])


def _container(manifests):
    (container,) = manifests[0]["spec"]["template"]["spec"]["containers"]
    return container


def _is_healthy(services, port):
    """What Docker would make of it, with the server at another port."""
    kind, *command = services["cpu"]["healthcheck"]["test"]
    assert kind == "CMD"
    command = [part.replace("8501", str(port)) for part in command]
    done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    return done.returncode == 0
