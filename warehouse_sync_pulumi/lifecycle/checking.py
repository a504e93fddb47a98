"""What a program means, and everything that is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

from ..schema import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..schema import Kind

    Values = Mapping[str, Any]

__all__ = ["EXPLICIT_NONE", "IMPORT", "MARKED_SECRET", "check"]

IMPORT = "__import"
"""Among the inputs of an object that is to be taken over, not created: the id that the program's `import_` names."""
MARKED_SECRET = "__marked_secret"  # noqa: S105 - a name
"""Among the inputs of a check: the arguments that the program marks as secret, so that no message may hold them."""
EXPLICIT_NONE = "__explicit_none"
"""Among the inputs of a check: the arguments that the program says to be None. Of a new object, one that is needed and
left out is a mistake; one that is None is the service's to judge."""


def check(kind: Kind, olds: Values, news: Values, workspace_id: str | None) -> tuple[dict[str, Any], list[Problem]]:
    """The inputs that a program means, and everything that is wrong with them.

    `olds` are the inputs of the last deployment, or nothing when the object is to be created. `workspace_id` is the
    stack's, for an object that names none.
    """
    problems = [Problem("", kind.no_such_argument(name)) for name in news if _is_unknown(kind, name)]
    given = {name: news[name] for name in kind.fields if news.get(name) is not None}
    given.setdefault("workspace_id", workspace_id)
    given.setdefault("name", given.get(kind.id_argument))
    values: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for name, field in kind.fields.items():
        value = given.get(name)
        value = field.default if value is None else value
        if value is None:
            continue
        if isinstance(value, Unknown):
            values[name] = value
            continue
        try:
            values[name] = known[name] = field.parse(value)
        except ValueError as error:
            if _was_accepted_before(kind, name, value, olds, news):
                values[name] = value
            else:
                problems.append(Problem(name, str(error)))
    faulty = {problem.argument for problem in problems}
    problems += (_missing(kind, name, olds) for name in sorted(_needed(kind, olds, news) - values.keys() - faulty))
    # What is taken over has to be as the program says it, so the service has judged it already.
    problems += kind.problems(known, olds or (known if news.get(IMPORT) else {}))
    values = {name: value for name, value in values.items() if not kind.fields[name].local}
    if news.get(IMPORT) and not olds:
        values[IMPORT] = news[IMPORT]
        if news[IMPORT] != known.get(kind.id_argument):
            problems.append(Problem("", f"import_ must be the {kind.id_argument}, and is {news[IMPORT]!r}"))
    return values, problems


def _needed(kind: Kind, olds: Values, news: Values) -> frozenset[str]:
    """The arguments without which there is nothing to deploy."""
    needed = kind.required | {"workspace_id"}
    if olds or news.get(IMPORT):
        # What exists may lack what a new one needs. Its secrets are not in the state before something was written.
        return needed - {name for name in kind.nullable | kind.secrets if olds.get(name) in (None, "")}
    return needed - (kind.nullable & set(news.get(EXPLICIT_NONE) or ()))


def _was_accepted_before(kind: Kind, name: str, value: Any, olds: Values, news: Values) -> bool:
    """Whether a text that no new object may have is what an object that exists has: the service took it once."""
    if kind.fields[name].secret or kind.fields[name].local or name in (kind.id_argument, "workspace_id"):
        return False
    return isinstance(value, str) and (olds.get(name) == value if olds else bool(news.get(IMPORT)))


def _is_unknown(kind: Kind, name: str) -> bool:
    """Whether a property is no argument: a transform of the program may add some that no constructor has seen."""
    return name not in kind.fields and not name.startswith("__")


def _missing(kind: Kind, name: str, olds: Values) -> Problem:
    if name == "workspace_id":
        return Problem(
            "", "workspace_id is missing: give it here, or `pulumi config set warehouse-sync:workspaceId ID`"
        )
    if name in kind.nullable and olds:
        return Problem(
            "",
            f"{name} is missing: the {kind.noun} has one, which an update would clear; give {name} its present "
            "value, or a new one",
        )
    return Problem("", f"{name} is missing: a {kind.noun} cannot be created without it")
