"""A create's record, kept in memory."""

from __future__ import annotations


class Record:
    """The record of a create: an earlier run was `killed` while it made an object, and another one is `older`."""

    def __init__(self, *, killed=None, older=None):
        self.killed, self.older, self.told = killed, older, []

    def begin(self):
        self.told.append("begin")

    def succeed(self, _answer):
        self.told.append("succeed")

    def fail(self):
        self.told.append("fail")

    def made_by_killed_run(self, found):
        return self.killed is not None and found["created_on"] == self.killed

    def may_be_made_by_this_run(self, found):
        return self.older is None or found["created_on"] != self.older
