"""The engine's order of steps, in a process of its own. It knows the provider by its gRPC methods alone."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import types
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi.dynamic
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2

Resource = dict[str, Any]


@dataclass
class Goal:
    """One resource as a program registers it."""

    urn: str
    aliases: tuple[str, ...]
    type: str
    props: dict[str, Any]
    wires: dict[str, str]
    """Properties that are the id of another resource, by its URN."""
    needed: list[str]
    options: dict[str, Any]
    secret: list[str]


@dataclass
class Job:
    """One operation on one state."""

    kind: str
    resources: list[Resource]
    goals: list[Goal]
    urns: tuple[str, ...]
    continues: bool
    environment: dict[str, str]
    renamed: str = ""


class FailedError(Exception):
    """A step failed, in so many words."""

    def __init__(self, message: str, partial: Any = None) -> None:
        super().__init__(message)
        self.partial = partial


def play(job: Job, told: Any) -> None:
    """Run an operation, and tell after each step how it stands: the exit code, what was said, and the state."""
    os.environ.update(job.environment)
    sys.argv = ["provider"]
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        Playing(job, told, said).through()


@cache
def _servicer() -> Any:
    """What the SDK's server process serves. Its module starts the server at its end, which is left out here."""
    path = Path(pulumi.dynamic.__file__).with_name("__main__.py")
    module = types.ModuleType("pulumi.dynamic.played")
    text = path.read_text()
    body, end, rest = text.rpartition("\nmain()")
    if not end or rest.strip():
        raise RuntimeError("the SDK's server module does not end in a call of main()")
    exec(compile(body, str(path), "exec"), module.__dict__)  # noqa: S102 - the SDK's own text
    servicer = module.DynamicResourceProviderServicer()
    servicer.Configure(provider_pb2.ConfigureRequest(args=struct_pb2.Struct()), None)
    return servicer


class _Context:
    """Of one call: it takes the one line of an error."""

    def __init__(self) -> None:
        self.metadata: tuple[Any, ...] = ()

    def set_trailing_metadata(self, metadata: tuple[Any, ...]) -> None:
        self.metadata = metadata

    def abort(self, _code: Any, details: str) -> None:
        from pulumi.runtime.proto import status_pb2

        for key, value in self.metadata:
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                partial = provider_pb2.ErrorResourceInitFailed()
                has_partial = bool(status.details) and status.details[0].Unpack(partial)
                raise FailedError(status.message, partial if has_partial else None)
        raise FailedError(details)


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update({key: value for key, value in values.items() if value is not None})
    return message


def _plain(message: struct_pb2.Struct) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    values: dict[str, Any] = MessageToDict(message)
    return {key: value for key, value in values.items() if value is not None}


class Playing:
    """One operation."""

    def __init__(self, job: Job, told: Any, said: io.StringIO) -> None:
        self._job = job
        self._told = told
        self._said = said
        self._errors: list[str] = []
        self._old = [dict(resource) for resource in job.resources]
        self._new: list[Resource] = []
        self._replaced: set[str] = set()

    # --- the operation

    def through(self) -> None:
        """From its first step to its last."""
        kind = self._job.kind
        if kind == "state taint":
            for resource in self._old:
                resource["taint"] = resource.get("taint") or resource["urn"] in self._job.urns
        elif kind == "state rename":
            for resource in self._old:
                if resource["urn"] in self._job.urns:
                    resource["urn"] = self._job.renamed
        elif kind == "preview":
            self._preview()
        else:
            with contextlib.suppress(StopIteration):
                self._deploy(kind)
        self._tell()

    def _deploy(self, kind: str) -> None:
        if kind in ("refresh", "up --refresh"):
            self._refresh()
        if kind == "refresh":
            return
        if kind.startswith("destroy"):  # nothing is checked in it, even if it runs the program
            meant = self._job.urns if kind == "destroy --target" else [resource["urn"] for resource in self._old]
            self._delete_all([resource for resource in self._old if resource["urn"] in meant])
            return
        for goal in self._job.goals:
            self._register(goal)
        if kind == "up --target":
            leaving = [resource for resource in self._old if resource.get("delete")]
        else:
            leaving = [resource for resource in self._old if resource.get("delete") or not self._is_kept(resource)]
        self._delete_all([resource for resource in leaving if not resource.get("pendingReplacement")])

    def _is_kept(self, resource: Resource) -> bool:
        return any(resource is kept for kept in self._new)

    def _refresh(self) -> None:
        for resource in list(self._old):
            if resource.get("delete") or resource.get("pendingReplacement"):
                continue
            request = provider_pb2.ReadRequest(
                id=resource["id"],
                urn=resource["urn"],
                properties=_struct(resource["outputs"]),
                inputs=_struct(resource["inputs"]),
            )
            try:
                answer = _servicer().Read(request, _Context())
            except FailedError as error:
                self._failed(resource["urn"], error)
                continue
            if answer.id:
                resource["outputs"], resource["inputs"] = _plain(answer.properties), _plain(answer.inputs)
            else:
                self._old.remove(resource)
            self._tell()
        if self._errors:
            raise StopIteration

    # --- one resource

    def _held(self, goal: Goal) -> Resource | None:
        names = (goal.urn, *goal.aliases)
        held = [resource for resource in self._old if not resource.get("delete") and resource["urn"] in names]
        return min(held, key=lambda resource: names.index(resource["urn"]), default=None)

    def _props(self, goal: Goal) -> dict[str, Any]:
        ids = {resource["urn"]: resource["id"] for resource in [*self._old, *self._new] if not resource.get("delete")}
        return {**goal.props, **{name: ids.get(urn) for name, urn in goal.wires.items()}}

    def _register(self, goal: Goal) -> None:
        held = self._held(goal)
        if self._job.kind == "up --target" and goal.urn not in self._job.urns:
            if held is not None:
                held["urn"] = goal.urn
                self._new.append(held)
            return
        known = {resource["urn"] for resource in self._new}
        if not known.issuperset(goal.needed):
            if self._job.kind == "up --target":
                self._failed(goal.urn, FailedError("it depends on a resource that is no target"))
            return  # what it needs failed
        props = self._props(goal)
        try:
            if held is None:
                self._create(goal, self._checked(goal, None, props), None)
            else:
                self._change(goal, held, props)
        except FailedError as error:
            self._failed(goal.urn, error)

    def _change(self, goal: Goal, held: Resource, props: dict[str, Any]) -> None:
        if held.get("taint") or (self._job.kind == "up --replace" and goal.urn in self._job.urns):
            # The engine asks for no diff, and checks it as one that is not there yet.
            self._replace(goal, held, self._checked(goal, None, props), first=False)
            return
        news = self._checked(goal, held, self._without_ignored(goal, held, props))
        triggers = {goal.options.get("replacement_trigger"), held.get("replacementTrigger")}
        if (len(triggers) > 1 and None not in triggers) or goal.options.get("deleted_with") in self._replaced:
            self._replace(goal, held, self._checked(goal, None, props), first=False)
            return
        answer = _servicer().Diff(
            provider_pb2.DiffRequest(id=held["id"], urn=goal.urn, olds=_struct(held["outputs"]), news=_struct(news)),
            _Context(),
        )
        changes = answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        if answer.replaces or held.get("pendingReplacement") or (changes and _replaces(goal, answer)):
            # By what the program says: what it ignores is not looked at.
            self._replace(goal, held, self._checked(goal, None, props), first=answer.deleteBeforeReplace)
            return
        if changes:
            try:
                updated = _servicer().Update(
                    provider_pb2.UpdateRequest(
                        id=held["id"], urn=goal.urn, olds=_struct(held["outputs"]), news=_struct(news)
                    ),
                    _Context(),
                )
            except FailedError:
                self._keep(goal, held)
                raise
            held["outputs"] = _plain(updated.properties)
        self._keep(goal, held, news)

    @staticmethod
    def _without_ignored(goal: Goal, held: Resource, props: dict[str, Any]) -> dict[str, Any]:
        """What a program says, with the values of the state where changes are ignored."""
        for name in goal.options.get("ignore_changes", ()):
            for one in [*props, *held["inputs"]] if name == "*" else [name]:
                props = {**props, one: held["inputs"].get(one)}
        return props

    def _keep(self, goal: Goal, held: Resource, inputs: dict[str, Any] | None = None) -> None:
        held.update(_described(goal))
        if inputs is not None:
            held["inputs"] = inputs
        self._new.append(held)
        self._tell()

    def _replace(self, goal: Goal, held: Resource, news: dict[str, Any], *, first: bool) -> None:
        if held.get("protect") and goal.options.get("protect"):
            self._new.append(held)
            raise FailedError(f"unable to replace resource {goal.urn!r}: it is protected")
        self._replaced.add(goal.urn)
        if held.get("pendingReplacement"):
            self._create(goal, news, held)
            return
        if not (first or goal.options.get("delete_before_replace")):
            created = self._created(goal, news)
            held["delete"] = True
            self._new.append(created)
            self._tell()
            return
        self._delete(held)
        held["pendingReplacement"] = True
        self._tell()
        self._create(goal, news, held)

    def _create(self, goal: Goal, inputs: dict[str, Any], half_replaced: Resource | None) -> None:
        created = self._created(goal, inputs)
        if half_replaced is not None:
            self._old.remove(half_replaced)
        self._new.append(created)
        self._tell()

    def _created(self, goal: Goal, inputs: dict[str, Any]) -> Resource:
        request = provider_pb2.CreateRequest(urn=goal.urn, properties=_struct(inputs))
        try:
            answer = _servicer().Create(request, _Context())
        except FailedError as error:
            if error.partial is not None:
                outputs = _plain(error.partial.properties)
                self._new.append({**_described(goal), "id": error.partial.id, "inputs": inputs, "outputs": outputs})
            raise
        return {**_described(goal), "id": answer.id, "inputs": inputs, "outputs": _plain(answer.properties)}

    def _checked(self, goal: Goal, held: Resource | None, props: dict[str, Any]) -> dict[str, Any]:
        olds = held["inputs"] if held is not None else {}
        request = provider_pb2.CheckRequest(urn=goal.urn, olds=_struct(olds), news=_struct(props))
        answer = _servicer().Check(request, _Context())
        if answer.failures:
            raise FailedError("; ".join(f"{one.property} {one.reason}" for one in answer.failures))
        return _plain(answer.inputs)

    # --- the end

    def _delete_all(self, leaving: list[Resource]) -> None:
        gone = {resource["urn"] for resource in leaving}
        for resource in reversed(leaving):
            if resource.get("protect") and not resource.get("delete"):
                self._failed(resource["urn"], FailedError("it is protected"))
                continue
            stays = resource.get("retainOnDelete") or resource.get("deletedWith") in gone
            try:
                if not stays:
                    self._delete(resource)
            except FailedError as error:
                self._failed(resource["urn"], error)
                continue
            self._old.remove(resource)
            self._tell()

    def _delete(self, resource: Resource) -> None:
        if resource.get("retainOnDelete"):
            return
        request = provider_pb2.DeleteRequest(
            id=resource["id"], urn=resource["urn"], properties=_struct(resource["outputs"])
        )
        _servicer().Delete(request, _Context())

    def _failed(self, urn: str, error: FailedError) -> None:
        _, _, type_and_name = urn.partition("dynamic/warehouse-sync:")
        self._errors.append(f"  dynamic/warehouse-sync:{type_and_name}:\n    error: {error}")
        if not self._job.continues:
            raise StopIteration

    def _tell(self) -> None:
        text = self._said.getvalue() + "Diagnostics:\n" + "\n".join(self._errors)
        rest = [resource for resource in self._old if not self._is_kept(resource)]
        self._told.send(
            (1 if self._errors else 0, text if self._errors else self._said.getvalue(), [*self._new, *rest])
        )

    def _preview(self) -> None:
        self._refresh()
        for goal in self._job.goals:
            held = self._held(goal)
            if held is None:
                self._said.write(f"{goal.urn} would be created\n")
                continue
            self._new.append(held)
            news = self._checked(goal, held, self._without_ignored(goal, held, self._props(goal)))
            request = provider_pb2.DiffRequest(
                id=held["id"], urn=goal.urn, olds=_struct(held["outputs"]), news=_struct(news)
            )
            answer = _servicer().Diff(request, _Context())
            if answer.changes != provider_pb2.DiffResponse.DIFF_NONE:
                self._said.write(f"{goal.urn} would change: {list(answer.detailedDiff)}\n")
        for resource in self._old:
            if not self._is_kept(resource):
                self._said.write(f"{resource['urn']} would be deleted\n")


def _described(goal: Goal) -> Resource:
    return {
        "urn": goal.urn,
        "type": goal.type,
        "taint": False,
        "protect": bool(goal.options.get("protect")),
        "retainOnDelete": bool(goal.options.get("retain_on_delete")),
        "deletedWith": goal.options.get("deleted_with"),
        "replacementTrigger": goal.options.get("replacement_trigger"),
        "dependencies": goal.needed,
        "secret": goal.secret,
    }


def _replaces(goal: Goal, answer: Any) -> bool:
    """Whether the program wants a replacement where this changes."""
    wanted = set(goal.options.get("replace_on_changes", ()))
    return "*" in wanted or bool(wanted & set(answer.detailedDiff))
