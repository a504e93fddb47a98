"""The API's endpoints as methods."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import (
    AnswerLostError,
    ApiError,
    BadRequestError,
    CredentialError,
    NotFoundError,
    SettingError,
    StatusError,
    UnreachableError,
    WarehouseError,
)
from ..redaction import SHORTEST, Secrets, each_text, hiding
from . import network
from .answers import error_text, json_in
from .auth import TokenAuth
from .list_cache import ListCache
from .request_log import RequestLog
from .retry import RetryTransport
from .runs import Runs
from .whole_answer import WholeAnswerTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .address import Address
    from .endpoint import Endpoint

__all__ = ["Client"]

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "warehouse-sync-pulumi",
}

_REFUSALS: dict[int, tuple[type[StatusError], str]] = {
    400: (BadRequestError, ""),
    401: (CredentialError, "check the client id and secret, and that authUrl belongs to this API"),
    403: (CredentialError, "the credential needs the Platform box with the permission Admin, in this account"),
    404: (NotFoundError, "check the id and the workspace, and that the credential may see it"),
    409: (BadRequestError, ""),
    429: (StatusError, "try again later, or with fewer at once: `--parallel 4`"),
    505: (
        WarehouseError,
        "the warehouse was not reached: check user, password, role, source_account_id, region, warehouse, database",
    ),
}
"""What each refusal means [page, recorded]."""
_FAILURE = (StatusError, "the service failed: try again later")


class Client:
    """Speaks for one account at one endpoint; shared by all threads."""

    def __init__(  # noqa: PLR0913 - one for each thing to be told of
        self,
        endpoint: Endpoint,
        *,
        notify: Callable[[str], None] = lambda _: None,
        trace: Callable[[str], None] = lambda _: None,
        on_headers: Callable[[Mapping[str, str]], None] = lambda _: None,
        secrets: Secrets | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`notify` is told what a request waits for, `trace` each attempt, `on_headers` the headers of each answer.

        `secrets` is what no message may hold.

        `transport` takes the network's place.
        """
        self._secrets = secrets or Secrets()
        try:
            retrying = RetryTransport(
                WholeAnswerTransport(transport or network.NetworkTransport(endpoint.api_url, endpoint.auth_url)),
                timeout=endpoint.retry_timeout,
                notify=lambda message: notify(self._secrets.hide(message)),
                log=RequestLog(self._secrets.hide, trace),
            )
            self._http = httpx.Client(
                base_url=endpoint.base_url,
                transport=retrying,
                timeout=network.TIMEOUT,
                headers=_HEADERS,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none is kept
                trust_env=False,
                event_hooks={"response": [lambda response: on_headers(response.headers)]},
            )
        except httpx.InvalidURL as error:
            raise SettingError(f"apiUrl or authUrl is not a URL: {error}") from None
        self._auth = TokenAuth(endpoint, self._http, self._secrets)
        self._lists = ListCache(self.list)
        self.runs = Runs(self._send)
        """Triggering pipelines, and watching what they do."""

    def authenticate(self) -> None:
        """Get an access token now, where the first request would get one."""
        self._auth.authenticate()

    def list(self, collection: Address) -> list[dict[str, Any]]:
        """Every object of a collection. Lists are bare arrays, not paged [recorded]."""
        answer = self._send("list", "GET", collection)
        if not isinstance(answer, list) or not all(isinstance(item, dict) for item in answer):
            raise AnswerLostError(f"cannot list {collection}: the answer is not a list of objects")
        return answer

    def get(self, address: Address) -> dict[str, Any]:
        """One object."""
        return self._object("read", "GET", address)

    def find(self, address: Address) -> dict[str, Any] | None:
        """One object; None when there is none.

        A 404 alone does not say so: it is also the answer where the whole workspace is out of reach. Hence the list has
        to be there, and to lack the object.
        """
        try:
            return self.get(address)
        except NotFoundError:
            if any(item.get("id") == address.id for item in self.list(address.siblings)):
                raise
            return None

    def find_listed(self, address: Address) -> dict[str, Any] | None:
        """As `find`, from a list that is shared by the threads and a few seconds old at most."""
        found = self._lists.find(address)
        if found is not None:
            return found
        try:
            return self.get(address)
        except NotFoundError:
            return None  # the list was there, and lacks it too

    def create(self, address: Address, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object. AnswerLostError leaves it open whether it was created."""
        return self._object("create", "POST", address, url=address.siblings.path, body=body)

    def replace(self, address: Address, body: Mapping[str, Any]) -> dict[str, Any]:
        """Replace an object whole."""
        return self._object("update", "PUT", address, body=body)

    def delete(self, address: Address) -> None:
        """Delete an object; one that is gone already is deleted.

        Only the API's own 204 [recorded] is believed as it is. A gateway answers 200 to anything.
        """
        failure: ApiError
        try:
            status = self._send("delete", "DELETE", address)
            if status is None:
                return
            failure = AnswerLostError(
                f"cannot delete {address}: the API answered {status} and not 204, and still has it"
            )
        except NotFoundError as error:
            failure = error
        if self.find(address) is not None:
            raise failure

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _object(
        self, verb: str, method: str, address: Address, *, url: str | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = self._send(verb, method, address, url=url, body=body)
        if answer is None and method != "GET":  # done, and nothing said of it
            try:
                return self.get(address)
            except ApiError as error:
                raise AnswerLostError(
                    f"cannot {verb} {address}: the API answered 204, and what it did could not be read back: {error}"
                ) from None
        if not isinstance(answer, dict) or answer.get("id") != address.id:
            raise AnswerLostError(f"cannot {verb} {address}: the answer is not that {address.noun}")
        return answer

    def _send(  # noqa: PLR0913 - what a request has
        self,
        verb: str,
        method: str,
        address: Address,
        *,
        url: str | None = None,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """The JSON value of the answer, or an error that says what was attempted; None where it is a 204.

        A delete's answer holds nothing of interest: its status takes the value's place.
        """
        doing = f"cannot {verb} {address}"
        try:
            response = self._http.request(method, url or address.path, json=body, params=params, auth=self._auth)
        except (AnswerLostError, UnreachableError) as error:
            raise type(error)(self._secrets.hide(f"{doing}: {error}")) from None
        except StatusError as error:  # the token was refused
            raise type(error)(f"{doing}: {error}", status=error.status) from None
        finally:
            if method != "GET":
                self._lists.clear()
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        if response.is_success:
            if method == "DELETE":
                return response.status_code
            value = json_in(response)
            if value is None:
                raise AnswerLostError(f"{doing}: the answer of {response.status_code} cannot be read")
            credentials = [secret for secret in self._auth.secrets if len(secret) >= SHORTEST]
            return each_text(value, hiding(credentials))
        raise self._refusal(doing, response)

    def _refusal(self, doing: str, response: httpx.Response) -> ApiError:
        status = response.status_code
        if response.is_redirect:
            return StatusError(
                f"{doing}: the API answered {status}, a redirect, which is not followed; check apiUrl", status=status
            )
        kind, advice = _REFUSALS.get(status, _FAILURE if response.is_server_error else (StatusError, ""))
        message = f"{doing}: the API answered {status}{error_text(response, self._secrets.hide)}"
        return kind(f"{message.rstrip('.')}; {advice}" if advice else message, status=status)
