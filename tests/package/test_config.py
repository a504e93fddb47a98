"""Where each setting comes from."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.config import SETTINGS, Settings
from warehouse_sync_pulumi.errors import SettingError


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)


@pytest.mark.parametrize("key", SETTINGS)
def test_the_one_who_decides_wins(monkeypatch, key):
    setting = SETTINGS[key]
    monkeypatch.setenv(setting.variable, "from the environment")
    settings = Settings({key: "from the stack"}.get)
    assert settings.get(key) == ("from the environment" if setting.environment_first else "from the stack")
    assert Settings().get(key) == "from the environment"
    monkeypatch.setenv(setting.variable, "")
    assert settings.get(key) == "from the stack"
    assert Settings().get(key) == setting.default


def test_only_credentials_and_what_holds_for_one_run_are_decided_by_the_environment():
    decided = {key for key, setting in SETTINGS.items() if setting.environment_first}
    assert decided == {"clientId", "clientSecret", "adopt"}


def test_what_a_create_takes_over_is_one_of_two_words(monkeypatch):
    assert not Settings().adopts_equal
    assert Settings({"adopt": "equal"}.get).adopts_equal
    monkeypatch.setenv("WAREHOUSE_SYNC_ADOPT", "everything")
    with pytest.raises(SettingError, match="warehouse-sync:adopt is 'everything': it must be own or equal"):
        _ = Settings({"adopt": "equal"}.get).adopts_equal


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("clientId", "`pulumi config set warehouse-sync:clientId VALUE`"),
        ("clientSecret", "`pulumi config set --secret warehouse-sync:clientSecret VALUE`"),
        ("workspaceId", "`pulumi config set warehouse-sync:workspaceId VALUE`"),
    ],
)
def test_a_missing_setting_names_the_command_that_mends_it(key, command):
    with pytest.raises(SettingError) as caught:
        Settings().require(key)
    assert command in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("apiUrl", "http://api.mparticle.com"),
        ("apiUrl", "ftp://api.mparticle.com"),
        ("apiUrl", "https://user:pass@api.mparticle.com"),
        ("apiUrl", "https://api.mparticle.com?x=1"),
        ("apiUrl", "https://"),
        ("apiUrl", "https://api.mparticle.com:port"),
        ("apiUrl", "http://127.0.0.1.evil.example"),
        ("apiUrl", "http://localhost.evil.example"),
        ("authUrl", "http://169.254.169.254/token"),
        ("authUrl", "//sso.auth.mparticle.com"),
        ("apiVersion", "v2"),
        ("retryTimeout", "soon"),
        ("retryTimeout", "-1"),
        ("retryTimeout", "nan"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_its_credentials(key, value):
    given = {"clientId": "id", "clientSecret": "hush", key: value}
    with pytest.raises(SettingError) as caught:
        Settings(given.get).endpoint()
    assert key in str(caught.value)
    assert "pass" not in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1/", "http://[::1]:1", "https://eu1.example/mp"]
)
def test_a_url_that_can_be_used(url):
    endpoint = Settings({"clientId": "id", "clientSecret": "hush", "apiUrl": url}.get).endpoint()
    assert endpoint.base_url == f"{url.rstrip('/')}/platform/experimental/"
    assert "hush" not in repr(endpoint)
