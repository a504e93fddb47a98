"""The objects of the API that the program manages: their addresses, and what is said while they are worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import lifecycle
from ..errors import ExistsError, NotFoundError
from ..schema import Problem
from . import create_records
from .manager import Checked, Created, Manager, Read
from .ownership import resource_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..api.address import Address

    Values = Mapping[str, Any]

__all__ = ["ObjectManager"]


class ObjectManager(Manager):
    """Manages the objects of one kind."""

    def check(self, olds: Values, news: Values) -> Checked:
        """Say what the program means, and all that is wrong with it."""
        checked = super().check(olds, news)
        with self.reporting_failures():
            urn, address, before = self._host.urn(), self._known_address(checked.inputs), self._known_address(olds)
            if urn is None or address is None:
                return checked
            imports = lifecycle.IMPORT in checked.inputs
            if other := self.ownership.declare(urn, address, in_state=address == before, imports=imports):
                names = {resource_name(other), resource_name(urn)}
                both = " and ".join(sorted(names if len(names) > 1 else {other, urn}))
                reason = f"{address} is declared twice, by {both}: give one of them another {self.kind.id_argument}"
                checked.failures.append(Problem("", reason))
            if imports and self.ownership.is_replaced(urn):
                reason = (
                    f"{address} is to be replaced, and import_ would look for the one that is deleted: take import_ out"
                )
                checked.failures.append(Problem("", reason))
        return checked

    def diff(self, id_: str, olds: Values, news: Values) -> lifecycle.Difference:
        """Say what an update would change."""
        with self.reporting_failures(olds, news):
            address = lifecycle.address_in_state(self.kind, id_, olds)
            create_records.forget(self._host.urn(), self._api_url, address, olds)
            return lifecycle.diff(self.kind, olds, news, self._ignored())

    def create(self, inputs: Values) -> Created:
        """Create the object."""
        with self.reporting_failures(inputs):
            urn, address = self._host.urn(), lifecycle.address_of(self.kind, inputs)
            longest_wait = self._settings.endpoint().retry_timeout
            record = create_records.CreateRecord(urn, self._api_url, address, retry_timeout=longest_wait)
            adopts_equal = self._settings.adopts_equal
            try:
                with self.ownership.creating(urn, address):
                    created = lifecycle.create(self.kind, self.client, inputs, record, adopts_equal=adopts_equal)
            except ExistsError:
                if not self.ownership.is_replaced(urn):
                    raise
                raise ExistsError(
                    f"cannot replace {address}: it still exists. If it is the one in this state: "
                    "delete_before_replace=True in the resource's options, without retain_on_delete; if it is another "
                    "stack's, or in another account: another id; if a killed run created it: "
                    "WAREHOUSE_SYNC_ADOPT=equal for the next run"
                ) from None
            if inputs.get(lifecycle.IMPORT):
                self._tell_written({}, inputs)
            elif created.taken_over:
                self._host.log(f"taken over, not created: {address} exists already, and {created.taken_over}")
            self._tell_adjusted(created.outputs)
            self._tell_dropped(created.dropped)
            return Created(created.id, created.outputs)

    def read(self, id_: str, olds: Values) -> Read | None:
        """Read the object as it is now."""
        with self.reporting_failures(olds, is_declared=False):
            is_in_state = lifecycle.DEFAULTS in olds
            # What a program only reads is never checked: it may name no workspace.
            workspace_id = self._settings.workspace_id(olds.get("workspace_id") or None)
            address = self.kind.address(workspace_id, id_)
            known = olds if olds.get("workspace_id") else {**olds, "workspace_id": workspace_id}
            found = lifecycle.read(self.kind, self.client, id_, known)
            if found is not None:
                create_records.forget(self._host.urn(), self._api_url, address, olds)
                if not is_in_state:
                    self.ownership.get(self._host.urn(), address)
                return Read(*found)
            if is_in_state:
                return None
            raise NotFoundError(f"cannot get {address}: it does not exist", status=404)

    def update(self, olds: Values, news: Values) -> dict[str, Any]:
        """Replace the object whole."""
        with self.reporting_failures(olds, news):
            updated = lifecycle.update(self.kind, self.client, olds, news, self._ignored())
            self._tell_written(olds, news)
            self._tell_adjusted(updated.outputs)
            self._tell_dropped(updated.dropped)
            if updated.overwritten:
                self._host.log(
                    f"{', '.join(updated.overwritten)}: changed outside Pulumi since the last refresh, and overwritten "
                    "by what the program says; `pulumi refresh` before an update shows such changes",
                    severity="WARNING",
                )
            return updated.outputs

    def delete(self, id_: str, olds: Values) -> None:
        """Delete the object, unless the program declares it under another name."""
        with self.reporting_failures(olds, is_declared=False):
            urn, address = self._host.urn(), lifecycle.address_in_state(self.kind, id_, olds)
            if keeper := self.ownership.keeper_of(urn, address):
                self._host.log(f"{address} is not deleted: {keeper} of this program has it")
                return
            lifecycle.delete(self.kind, self.client, id_, olds)
            create_records.forget(urn, self._api_url, address)

    @property
    def _api_url(self) -> str:
        return self._settings.require("apiUrl")

    def _ignored(self) -> frozenset[str]:
        names = self._host.ignored()
        return frozenset(self.kind.fields) if "*" in names else names

    def _known_address(self, inputs: Values) -> Address | None:
        """Where inputs say that the object is; None where they do not say it, or not yet."""
        id_, workspace_id = inputs.get(self.kind.id_argument), inputs.get("workspace_id")
        if not isinstance(id_, str) or not isinstance(workspace_id, (int, float)):
            return None
        return self.kind.address(int(workspace_id), id_)

    def _tell_written(self, olds: Values, news: Values) -> None:
        for name in sorted(self.kind.secrets):
            if news.get(name) and not olds.get(name):
                self._host.log(f"its {name} was not in the state, as after an import: it is written")

    def _tell_adjusted(self, outputs: Values) -> None:
        for name in lifecycle.adjusted(self.kind, outputs):
            self._host.log(f"the API stores {name} differently from what was sent", severity="WARNING")

    def _tell_dropped(self, names: Sequence[str]) -> None:
        if names:
            self._host.log(
                f"{', '.join(names)}: gone from the API's answer since this was written; this version does not know "
                f"such fields, and the API replaces objects whole: look at the {self.kind.noun} in mParticle",
                severity="WARNING",
            )
