"""The endpoints of a pipeline's runs: trigger one, and read the status, one run or all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import AnswerLostError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .address import Address

    Run = dict[str, Any]

__all__ = ["Runs"]

_REPEATS = 4
"""How often running a page may be the same as the one before it. A run that appears between two requests moves all
others back, so one that repeats is not the last; a service that always answers the same page must not hold us."""


class Sender(Protocol):
    """How a request is made; see `Client`."""

    def __call__(
        self,
        verb: str,
        method: str,
        address: Address,
        *,
        url: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """The JSON value of the answer."""


class Runs:
    """The runs of every pipeline at one endpoint. Each method takes the pipeline's address."""

    def __init__(self, send: Sender) -> None:
        self._send = send

    def trigger(self, pipeline: Address) -> Run:
        """Start a run: its `pipeline_run_id`, and its state as far as the answer tells.

        Raises BadRequestError when the pipeline is not idle [page], and AnswerLostError when it is open whether a run
        was started.
        """
        answer = self._send("trigger", "POST", pipeline)
        if not isinstance(answer, dict) or answer.get("pipeline_run_id") is None:
            raise AnswerLostError(f"cannot trigger {pipeline}: the answer names no run")
        return {"pipeline_run_state": answer.get("status"), **answer}

    def status(self, pipeline: Address) -> dict[str, Any]:
        """A pipeline's status; NotFoundError for about a minute after its creation [recorded]."""
        try:
            return self._object("read the status of", pipeline, f"{pipeline.path}/status")
        except NotFoundError as error:
            text = f"{error}; a new pipeline has no status for about a minute"
            raise NotFoundError(text, status=error.status) from None

    def get(self, pipeline: Address, run_id: int) -> Run:
        """One run."""
        return self._object(f"read run {run_id} of", pipeline, f"{pipeline.path}/status/runs/{int(run_id)}")

    def each(
        self, pipeline: Address, *, start: str | None = None, end: str | None = None, page_size: int = 100
    ) -> Iterator[Run]:
        """Every run whose `logical_date` lies between two times, each once, fetched a page at a time as it is used.

        The number of the first page is not documented, and there is no total. So the first request names no page, and
        the next ones count up from 1: where pages count from 1, that one is the first again, and brings nothing new.
        Only a page without runs is the end; see `_REPEATS` for a service that has no such page.
        """
        chosen = {"pageSize": page_size, "startDate": start, "endDate": end}
        params = {name: value for name, value in chosen.items() if value is not None}
        seen: set[str] = set()
        page, repeats, number = self._page(pipeline, params), 0, 0
        while page and repeats < _REPEATS:
            for run in page:
                if (key := _key(run)) not in seen:
                    seen.add(key)
                    yield run
            number += 1
            try:
                following = self._page(pipeline, {**params, "currentPage": number})
            except NotFoundError:
                return  # beyond the last page [guess]
            repeats = repeats + 1 if _keys(following) == _keys(page) else 0
            page = following

    def _page(self, pipeline: Address, params: Mapping[str, Any]) -> list[Run]:
        answer = self._send("list the runs of", "GET", pipeline, url=f"{pipeline.path}/status/runs", params=params)
        items = answer.get("items") if isinstance(answer, dict) else answer
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise AnswerLostError(f"cannot list the runs of {pipeline}: the answer is not a list of runs")
        return items

    def _object(self, verb: str, pipeline: Address, url: str) -> dict[str, Any]:
        answer = self._send(verb, "GET", pipeline, url=url)
        if not isinstance(answer, dict):
            raise AnswerLostError(f"cannot {verb} {pipeline}: the answer is not an object")
        return answer


def _key(run: Run) -> str:
    """What tells one run from another."""
    run_id = run.get("pipeline_run_id")
    return json.dumps(run, sort_keys=True) if run_id is None else str(run_id)


def _keys(page: list[Run]) -> list[str]:
    return [_key(run) for run in page]
