"""A bound on the size of an answer, which is read as it was sent."""

from __future__ import annotations

from typing import cast

import httpx

from ..errors import AnswerLostError

__all__ = ["LARGEST_ANSWER", "WholeAnswerTransport"]

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest answers are lists, with up to a few kilobytes an object."""


class WholeAnswerTransport(httpx.BaseTransport):
    """Reads each answer whole, so that one that breaks off can be asked for again.

    An answer that is compressed although nobody asked for that stays so: it may be a bomb.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and read its answer; raises AnswerLostError for one that is larger than `LARGEST_ANSWER`."""
        answer = self._inner.handle_request(request)
        body = bytearray()
        try:
            for chunk in cast("httpx.SyncByteStream", answer.stream):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise AnswerLostError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
        finally:
            answer.close()
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=bytes(body))

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()
