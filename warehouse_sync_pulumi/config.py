"""Where each setting comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .api.endpoint import Endpoint
from .errors import SettingError
from .schema import number

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NAMESPACE", "SETTINGS", "Settings"]

NAMESPACE = "warehouse-sync"
"""Of the stack's configuration."""


class Setting(NamedTuple):
    """One setting, and who decides it."""

    key: str
    """In the stack's configuration, after the namespace."""
    variable: str
    """In the environment."""
    description: str
    default: str | None = None
    secret: bool = False
    environment_first: bool = False
    """Credentials come from the environment first: refresh and destroy get the configuration of the last deployment, in
    which a rotated secret is stale. All else comes from the stack first: a variable left in a shell must not move a
    stack to another workspace."""


SETTINGS = {
    setting.key: setting
    for setting in (
        Setting("workspaceId", "WAREHOUSE_SYNC_WORKSPACE_ID", "The workspace of each resource that names none."),
        Setting(
            "clientId", "WAREHOUSE_SYNC_CLIENT_ID", "The id of the Platform API credential.", environment_first=True
        ),
        Setting(
            "clientSecret",
            "WAREHOUSE_SYNC_CLIENT_SECRET",
            "The secret of the Platform API credential.",
            secret=True,
            environment_first=True,
        ),
        Setting(
            "apiUrl",
            "WAREHOUSE_SYNC_API_URL",
            "The API's root; pods have hosts of their own, such as `https://api.eu1.mparticle.com`.",
            "https://api.mparticle.com",
        ),
        Setting(
            "authUrl",
            "WAREHOUSE_SYNC_AUTH_URL",
            "Where access tokens are issued.",
            "https://sso.auth.mparticle.com/oauth/token",
        ),
        Setting(
            "apiVersion", "WAREHOUSE_SYNC_API_VERSION", "The API's dialect: `experimental` or `v1`.", "experimental"
        ),
        Setting(
            "retryTimeout",
            "WAREHOUSE_SYNC_RETRY_TIMEOUT",
            "Seconds, from 0 to 3600, that one request may spend waiting for a busy or failing API.",
            "120",
        ),
        Setting(
            "adopt",
            "WAREHOUSE_SYNC_ADOPT",
            "What a create takes over where its id is taken: `own`, what a killed run of this stack made, or `equal`, "
            "whatever is equal, whoever made it. For one run.",
            "own",
            environment_first=True,
        ),
    )
}
"""Every setting, by its key."""

_VERSIONS = ("experimental", "v1")
_ADOPT = ("own", "equal")


class Settings:
    """The settings in force: a stack's configuration, where there is one, and the environment."""

    def __init__(self, configured: Callable[[str], str | None] = lambda _: None, *, is_explicit: bool = False) -> None:
        """`configured` looks up a key of the stack's configuration, without its namespace.

        `is_explicit` tells that it is that of a provider which the program names (an explicit provider, not the default
        one): the environment does not override it.
        """
        self._configured = configured
        self.is_explicit = is_explicit

    def find(self, key: str) -> tuple[str | None, str]:
        """The setting's value, or its default, and where that comes from."""
        setting = SETTINGS[key]
        sources = [
            (self._configured(key), f"the stack's {NAMESPACE}:{key}"),
            (os.environ.get(setting.variable), setting.variable),
        ]
        if setting.environment_first and not self.is_explicit:
            sources.reverse()
        return next((source for source in sources if source[0]), (setting.default, "the default"))

    def get(self, key: str) -> str | None:
        """The setting's value, or its default."""
        return self.find(key)[0]

    def require(self, key: str) -> str:
        """The setting's value; raises SettingError, with the command that mends it, when there is none."""
        value = self.get(key)
        if value is None:
            setting = SETTINGS[key]
            command = f"pulumi config set {'--secret ' if setting.secret else ''}{NAMESPACE}:{key} VALUE"
            raise SettingError(f"{NAMESPACE}:{key} is missing: `{command}`, or set {setting.variable}")
        return value

    def workspace_id(self, given: float | None = None) -> int:
        """The workspace that is given, or else the settings'; raises SettingError when that is none."""
        value = self.require("workspaceId") if given is None else given
        try:
            id_ = number(value)
        except ValueError:
            id_ = -1
        if id_ < 0:
            raise SettingError(f"the workspace id is {value!r}: it must be a whole number")
        return id_

    @property
    def adopts_equal(self) -> bool:
        """Whether a create takes over an object that is equal, whoever made it."""
        value = self.require("adopt")
        if value not in _ADOPT:
            raise SettingError(f"{NAMESPACE}:adopt is {value!r}: it must be {' or '.join(_ADOPT)}")
        return value == "equal"

    def endpoint(self) -> Endpoint:
        """Which service to talk to, and as whom."""
        version = self.require("apiVersion")
        if version not in _VERSIONS:
            raise SettingError(f"{NAMESPACE}:apiVersion is {version!r}: it must be {' or '.join(_VERSIONS)}")
        try:
            retry_timeout = float(self.require("retryTimeout"))
        except ValueError:
            retry_timeout = -1.0
        if not 0 <= retry_timeout <= 3600:  # noqa: PLR2004 - an hour
            raise SettingError(f"{NAMESPACE}:retryTimeout must be a number of seconds from 0 to 3600")
        return Endpoint(
            api_url=self.require("apiUrl"),
            auth_url=self.require("authUrl"),
            api_version=version,
            client_id=self.require("clientId"),
            client_secret=self.require("clientSecret"),
            retry_timeout=retry_timeout,
        )
