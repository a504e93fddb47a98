"""`warehouse-sync doctor`: each fault that it names, its line, and the exit code; and that it changes nothing."""

from __future__ import annotations

import json
import os
import ssl
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from warehouse_sync_pulumi.cli import group
from warehouse_sync_pulumi.cli.examination import service
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.engine import sdk_shape

MACHINE, SETTINGS, SERVICE = 1, 2, 3
REPOSITORY = Path(__file__).parents[2]
AUTHORITY = Path(__file__).with_name("self_signed.pem")
SECRET = "sentinel-clientsecret-d2e4"


@pytest.fixture
def emulator():
    with Emulator() as running:
        running.put_object("connections", id="c")
        running.put_object("data-models", id="one")
        running.put_object("data-models", id="two")
        yield running


def executable(folder, text):
    """A `pulumi` in a folder of its own."""
    folder.mkdir(exist_ok=True)
    file = folder / "pulumi"
    file.write_text(f"#!{sys.executable}\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(folder)


@pytest.fixture
def run(emulator, tmp_path, monkeypatch):
    """Runs the command; gives its exit code and each finding by its subject."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name)
    bin_ = executable(tmp_path / "bin", "print('v3.274.1')")
    usual = {**emulator.environment, "WAREHOUSE_SYNC_CLIENT_SECRET": SECRET, "PATH": bin_}

    def run(*arguments, **environment):
        ran = CliRunner().invoke(
            group, ["doctor", "--json", *arguments], env=usual | environment, catch_exceptions=False
        )
        found = json.loads(ran.stdout)
        assert found["ok"] is (ran.exit_code == 0)
        assert SECRET not in ran.output
        return ran.exit_code, {f["subject"]: (f["status"], f["said"], f["advice"]) for f in found["findings"]}

    return run


def test_all_is_well(run, emulator, monkeypatch):
    monkeypatch.setattr(sdk_shape, "unexpected", list)  # the oldest SDK has some
    code, found = run()
    assert code == 0
    assert {status for status, *_ in found.values()} == {"ok"}
    assert found["workspace"][1] == "1234 has 1 connection, 2 data models, 0 pipelines"
    assert found["clientSecret"][1] == "given, from WAREHOUSE_SYNC_CLIENT_SECRET"
    assert found["apiVersion"][1] == "experimental, from the default"
    assert found["Pulumi CLI"][1].startswith("v3.274.1 at ")
    assert "internals as expected" in found["Pulumi SDK"][1]
    assert {(entry.method, entry.path) for entry in emulator.journal} == {
        ("POST", "oauth/token"),
        ("GET", "connections"),
        ("GET", "data-models"),
        ("GET", "pipelines"),
    }


@contextmanager
def tls():
    """A server whose certificate no authority signed."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(AUTHORITY)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_no_credential(run):
    code, found = run(WAREHOUSE_SYNC_CLIENT_ID="", WAREHOUSE_SYNC_CLIENT_SECRET="")
    assert code == SETTINGS
    assert found["clientSecret"] == (
        "fault",
        "warehouse-sync:clientSecret is missing",
        "`pulumi config set --secret warehouse-sync:clientSecret VALUE`, or set WAREHOUSE_SYNC_CLIENT_SECRET",
    )
    assert found["clientId"][0] == "fault"
    assert "token endpoint" not in found


def test_a_wrong_secret(run, emulator):
    emulator.set(credentials={"emulator-client": "another"})
    code, found = run()
    assert code == SERVICE
    status, said, advice = found["token endpoint"]
    assert (status, "it answered 401" in said or "it answered 403" in said) == ("fault", True)
    assert advice.startswith("check WAREHOUSE_SYNC_CLIENT_ID and WAREHOUSE_SYNC_CLIENT_SECRET")


def test_a_wrong_workspace(run, emulator):
    emulator.set(workspaces=[99])
    code, found = run()
    assert code == SERVICE
    assert "cannot list the connections in workspace 1234: the API answered 404" in found["API"][1]
    assert found["API"][2] == "check warehouse-sync:workspaceId, and that apiUrl is the pod of this account"


def test_a_workspace_that_is_no_number(run):
    code, found = run(WAREHOUSE_SYNC_WORKSPACE_ID="mine")
    assert code == SETTINGS
    assert found["settings"][1] == "the workspace id is 'mine': it must be a whole number"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:sentinel-url-password@api.example", "apiUrl carries credentials"),
        ("https://api.example/?key=sentinel-url-password", "apiUrl must be a plain https"),
        ("https://[sentinel-url-password", "apiUrl is not a URL"),
    ],
)
def test_a_url_that_may_hold_a_password_is_refused_and_not_shown(run, url, said):
    code, found = run(WAREHOUSE_SYNC_API_URL=url)
    assert code == SETTINGS
    assert found["apiUrl"][1].startswith(said)
    assert "sentinel-url-password" not in str(found)


def test_a_wrong_auth_url(run, emulator):
    code, found = run(WAREHOUSE_SYNC_AUTH_URL=f"{emulator.url}/elsewhere")
    assert code == SERVICE
    assert "cannot get an access token from" in found["token endpoint"][1]
    assert found["token endpoint"][2] == "check authUrl"


def test_the_api_is_down(run):
    code, found = run(WAREHOUSE_SYNC_API_URL="http://127.0.0.1:1")
    assert code == SERVICE
    assert found["token endpoint"][0] == "ok"
    assert "no connection to 127.0.0.1" in found["API"][1]
    assert found["API"][2] == "check the URL and this machine's network; behind a proxy, set HTTPS_PROXY"


def test_the_api_fails(run, emulator):
    emulator.faults.add(Fault(kind="status", status=503, path="connections", times=None))
    code, found = run()
    assert code == SERVICE
    assert "the API answered 503" in found["API"][1]
    assert found["API"][2] == "the service failed: try again later"


def test_a_wrong_proxy(run):
    code, found = run(
        WAREHOUSE_SYNC_AUTH_URL="https://sso.auth.mparticle.com/oauth/token",
        HTTPS_PROXY="http://user:sentinel-proxy-password@127.0.0.1:1",
    )
    assert code == SERVICE
    assert found["route to authUrl"][1] == "sso.auth.mparticle.com, by the proxy 127.0.0.1:1 of HTTPS_PROXY"
    assert found["token endpoint"][2] == "it goes by the proxy of HTTPS_PROXY: check that; NO_PROXY exempts a host"
    assert "sentinel-proxy-password" not in str(found)


@pytest.mark.parametrize("rest", ["pass/sentinel", "12/sentinel", "pass#sentinel", "pass?sentinel", "pass@sentinel/x"])
def test_a_proxy_whose_password_is_not_encoded_is_a_fault_and_no_part_of_it_is_shown(run, rest):
    code, found = run(
        WAREHOUSE_SYNC_AUTH_URL="https://sso.auth.mparticle.com/oauth/token",
        HTTPS_PROXY=f"http://user:{rest}@127.0.0.1:1",
    )
    assert code == SETTINGS
    status, said, advice = found["route to authUrl"]
    assert (status, said) == ("fault", "sso.auth.mparticle.com: HTTPS_PROXY cannot be used")
    assert "percent-encoded" in advice
    assert not any(part in str(found) for part in ("sentinel", "pass@", "user:"))


def test_a_proxy_that_is_no_url_is_a_fault_of_one_line(run):
    code, found = run(
        WAREHOUSE_SYNC_AUTH_URL="https://sso.auth.mparticle.com/oauth/token", ALL_PROXY="http://u:sentinel@[::1"
    )
    assert code == SETTINGS
    assert found["route to authUrl"][1] == "sso.auth.mparticle.com: ALL_PROXY cannot be used"
    assert "sentinel" not in str(found)


def test_a_proxy_is_named_by_the_variable_that_names_it(run):
    _, found = run(WAREHOUSE_SYNC_AUTH_URL="https://sso.auth.mparticle.com/oauth/token", ALL_PROXY="http://127.0.0.1:1")
    assert found["route to authUrl"][1] == "sso.auth.mparticle.com, by the proxy 127.0.0.1:1 of ALL_PROXY"
    assert found["token endpoint"][2] == "it goes by the proxy of ALL_PROXY: check that; NO_PROXY exempts a host"


def test_an_unknown_certificate(run):
    with tls() as url:
        code, found = run(WAREHOUSE_SYNC_AUTH_URL=f"{url}/oauth/token")
    assert code == SERVICE
    assert "certificate verify failed" in found["token endpoint"][1]
    assert "SSL_CERT_FILE names the authority's file" in found["token endpoint"][2]


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_cannot_be_read_is_a_fault(run, tmp_path, content):
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    code, found = run(SSL_CERT_FILE=str(file), WAREHOUSE_SYNC_AUTH_URL="https://127.0.0.1:1/oauth/token")
    assert code == SETTINGS
    status, said, advice = found["certificates"]
    assert status == "fault"
    assert said.startswith(f"SSL_CERT_FILE is '{file}', which holds no certificates that can be read")
    assert advice == "name a PEM file of certificates, or unset it"
    assert "token endpoint" not in found


def test_a_folder_without_certificates_is_a_fault_unless_there_is_a_file_besides(run, tmp_path):
    for folder in (tmp_path / "nowhere", tmp_path):
        code, found = run(SSL_CERT_DIR=str(folder))
        assert code == SETTINGS
        said = f"SSL_CERT_DIR is '{folder}', which holds no certificates under the names of their hashes"
        advice = f"`openssl rehash {folder}` gives them these names; or unset it"
        assert found["certificates"] == ("fault", said, advice)
        code, found = run(SSL_CERT_DIR=str(folder), SSL_CERT_FILE=str(AUTHORITY))
        assert code == 0
        assert found["certificates"] == ("warning", said, advice)


def test_certificates_that_the_environment_names_are_well_where_they_can_be_read(run, tmp_path):
    (tmp_path / "0a1b2c3d.0").write_text(AUTHORITY.read_text())
    folders = f"/nowhere{os.pathsep}{tmp_path}"
    code, found = run(SSL_CERT_DIR=folders, SSL_CERT_FILE=str(AUTHORITY))
    assert code == 0
    said = f"only the authorities of SSL_CERT_FILE {AUTHORITY} and SSL_CERT_DIR {folders}"
    assert found["certificates"] == ("ok", said, "")


@pytest.mark.parametrize(("hours", "side"), [(1, "ahead of"), (-1, "behind")])
def test_a_clock_that_is_off_by_an_hour(run, monkeypatch, hours, side):
    monkeypatch.setattr(service, "now", lambda: datetime.now(timezone.utc) + timedelta(hours=hours))
    code, found = run()
    assert code == MACHINE
    status, said, advice = found["clock"]
    assert status == "fault"
    assert side in said
    assert advice.startswith("set it by NTP")


def test_no_pulumi(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, found = run(PATH=str(tmp_path / "empty"))
    assert code == MACHINE
    assert found["Pulumi CLI"] == ("fault", "not on PATH", "install it: https://www.pulumi.com/docs/install/")
    assert found["workspace"][0] == "ok", "the rest is looked at all the same"


@pytest.mark.parametrize(
    ("prints", "said"),
    [("print('v3.249.0')", "v3.249.0, older than 3.250"), ("print('?')", "names no version"), ("", "names no version")],
)
def test_an_old_or_broken_pulumi(run, tmp_path, prints, said):
    code, found = run(PATH=executable(tmp_path / "old", prints))
    assert code == MACHINE
    assert said in found["Pulumi CLI"][1]


def test_an_sdk_whose_inside_has_moved_is_a_warning(run, monkeypatch):
    monkeypatch.setattr(sdk_shape, "_functions", lambda: ({}, {}))
    code, found = run()
    assert code == 0
    status, said, advice = found["Pulumi SDK"]
    assert (status, advice) == (
        "warning",
        "some features are off: `pip install --upgrade pulumi warehouse-sync-pulumi`",
    )
    assert "failures show a traceback" in said
    assert "four resources at a time" in said


@pytest.mark.parametrize(
    "command",
    [
        [Path(sys.executable).with_name("warehouse-sync")],
        [sys.executable, "-m", "warehouse_sync_pulumi"],
        [Path(sys.executable).with_name("pulumi-resource-warehouse-sync")],
    ],
    ids=["warehouse-sync", "python -m", "pulumi-resource-warehouse-sync"],
)
def test_an_old_sdk_ends_the_command_with_one_line(tmp_path, command):
    (tmp_path / "sitecustomize.py").write_text(
        "import semver, pulumi._version\npulumi._version.version = semver.VersionInfo.parse('3.249.0')\n"
    )
    ran = subprocess.run(
        [*command, "doctor"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(REPOSITORY)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == MACHINE
    assert ran.stderr == (
        "warehouse-sync-pulumi needs the package pulumi 3.250 or newer, and 3.249.0 is installed: "
        "pip install --upgrade pulumi\n"
    )


def test_calls_that_go_to_a_file_are_a_warning(run):
    code, found = run(PULUMI_DEBUG_GRPC="calls.json")
    assert code == 0
    assert found["PULUMI_DEBUG_GRPC"][0] == "warning"


@pytest.fixture
def doctor_in_project(run, tmp_path):
    """Runs the command in a project, with a `pulumi` that answers the request for the configuration."""

    def doctor_in_project(config, *, fails="", selected=True, **environment):
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        bin_ = executable(
            tmp_path / "pulumi",
            f"""import sys
if sys.argv[1] == 'version':
    print('v3.274.1')
elif sys.argv[1] == 'stack':
    sys.exit(None if {selected} else 'error: no stack selected; please use `pulumi stack select`')
elif sys.argv[1] == 'config':
    sys.exit({fails!r} or print({json.dumps(config)!r}))""",
        )
        return run(PATH=bin_, **environment)

    return doctor_in_project


def value(text, *, secret=False):
    return {"value": text, "secret": secret}


def test_adopt_is_a_warning_where_the_provider_would_take_over_others_objects(doctor_in_project):
    advice = "unset it after this run: equal objects of others are taken over"
    _, found = doctor_in_project({}, WAREHOUSE_SYNC_ADOPT="equal")
    assert found["adopt"] == ("warning", "equal, from WAREHOUSE_SYNC_ADOPT", advice)
    code, found = doctor_in_project({"warehouse-sync:adopt": value("equal")})
    assert code == 0
    assert found["adopt"] == ("warning", "equal, from the stack's warehouse-sync:adopt", advice)


def test_adopt_is_well_where_the_provider_takes_over_its_own_alone(doctor_in_project):
    _, found = doctor_in_project({}, WAREHOUSE_SYNC_ADOPT="own")
    assert found["adopt"] == ("ok", "own, from WAREHOUSE_SYNC_ADOPT", "")


def test_adopt_that_the_provider_would_refuse_is_a_fault(doctor_in_project):
    code, found = doctor_in_project({"warehouse-sync:adopt": value("all")})
    assert code == SETTINGS
    assert found["adopt"] == ("fault", "warehouse-sync:adopt is 'all'", "it must be own or equal")


def test_a_setting_that_was_stored_as_a_secret_is_not_shown(doctor_in_project, emulator):
    host = "sentinel-pod.example"
    code, found = doctor_in_project(
        {
            "warehouse-sync:workspaceId": value("981276", secret=True),
            "warehouse-sync:clientId": value("sentinel-id", secret=True),
            "warehouse-sync:apiUrl": value(f"https://{host}/", secret=True),
            "warehouse-sync:apiVersion": value("v1"),
        },
        WAREHOUSE_SYNC_CLIENT_ID="",
        HTTPS_PROXY="http://127.0.0.1:1",
    )
    assert code == SERVICE
    assert found["workspaceId"][1] == "[secret], from the stack's warehouse-sync:workspaceId"
    assert found["clientId"][1] == "[secret], from the stack's warehouse-sync:clientId"
    assert found["apiUrl"][1] == "[secret], from the stack's warehouse-sync:apiUrl"
    assert found["apiVersion"][1] == "v1, from the stack's warehouse-sync:apiVersion"
    assert found["route to apiUrl"][1].startswith("[secret], by the proxy")
    assert "no connection to [secret]" in found["API"][1]
    assert not any(secret in str(found) for secret in ("981276", "sentinel", host))


def test_a_refusal_does_not_quote_a_secret_either(doctor_in_project):
    code, found = doctor_in_project({"warehouse-sync:workspaceId": value("sentinel-id", secret=True)})
    assert code == SETTINGS
    assert found["settings"][1] == "the workspace id is '[secret]': it must be a whole number"
    assert "sentinel" not in str(found)


@pytest.mark.parametrize(
    ("printed", "said", "advice"),
    [
        ("no stack named 'x' found", "no stack named 'x' found", "`pulumi stack ls` names those that there are"),
        ("incorrect passphrase", "incorrect passphrase", "set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase"),
        (
            "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
            "passphrase must be set",
            "set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase",
        ),
        (
            "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            "PULUMI_ACCESS_TOKEN must be set for login",
            "`pulumi login`, or set PULUMI_ACCESS_TOKEN; PULUMI_BACKEND_URL for a backend of your own",
        ),
        (
            'unable to open state directory "file:///state": no such file or directory',
            "unable to open state directory",
            "`pulumi login URL` of a backend that can be reached, or correct PULUMI_BACKEND_URL",
        ),
        ("something else", "something else", "`pulumi stack` says more"),
    ],
)
def test_a_stack_that_cannot_be_read_says_what_to_do(doctor_in_project, printed, said, advice):
    code, found = doctor_in_project({}, fails=f"warning: a new version is available\nerror: {printed}")
    assert code == SETTINGS
    assert found["stack"][0] == "fault"
    assert found["stack"][1].startswith(f"`pulumi config` failed: {said}")
    assert found["stack"][2] == advice


def test_a_stack_outside_of_a_project_says_where_to_go(run, tmp_path):
    said = "error: no Pulumi.yaml project file found (searching upwards from /)"
    bin_ = executable(
        tmp_path / "b", f"import sys\nsys.exit(sys.argv[1] != 'version' and {said!r} or print('v3.274.1'))"
    )
    code, found = run("--stack", "x", PATH=bin_)
    assert code == SETTINGS
    assert found["stack"][2] == "run it in the folder of the project"


def test_a_project_without_a_selected_stack_is_a_warning(doctor_in_project):
    code, found = doctor_in_project({}, selected=False)
    assert code == 0
    assert found["stack"] == (
        "warning",
        "none selected: the environment alone counts",
        "`pulumi stack select NAME`, or --stack NAME",
    )


def test_outside_of_a_project_the_environment_counts(run):
    _, found = run()
    assert found["stack"] == ("ok", "none, since no Pulumi project is here: the environment alone counts", "")


def test_a_person_sees_a_line_for_each(emulator, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(group, ["doctor"], env={**emulator.environment, "PATH": executable(tmp_path / "b", "")})
    lines = ran.stdout.splitlines()
    assert any(line.startswith("ok      package: warehouse-sync-pulumi ") for line in lines)
    at = next(n for n, line in enumerate(lines) if line.startswith("fault   Pulumi CLI: "))
    assert lines[at + 1] == "        -> install it anew: https://www.pulumi.com/docs/install/"
