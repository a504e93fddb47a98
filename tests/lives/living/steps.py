"""The steps of a life, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from living.program import Address, Program

STACKS = ("test", "other")
"""Of the lives that have two, the second one is another environment of the same program."""

OperationKind = Literal[
    "up",
    "up --refresh",
    "refresh",
    "up --target",
    "up --replace",
    "state taint",
    "state rename",
    "destroy --target",
    "destroy",
    "destroy --run-program",
]


@dataclass(frozen=True)
class Edit:
    """The program is changed."""

    says: str
    program: Program


@dataclass(frozen=True)
class Failure:
    """What goes wrong in an operation: its nth request of one method."""

    kind: Literal["refused", "answer lost", "killed before", "killed after"]
    """`killed`: the engine and the provider are, before or after the request took effect."""
    method: Literal["GET", "POST", "PUT", "DELETE"]
    at: int = 1

    def __str__(self) -> str:
        return f"{self.method} {self.at} {self.kind}"

    @property
    def kills(self) -> bool:
        """Whether processes die of it."""
        return self.kind.startswith("killed")

    def fault(self) -> dict[str, Any]:
        """The emulator's fault that does it, or that holds the request until the kill."""
        how: dict[str, Any] = {
            "refused": {"kind": "status", "status": 403},
            "answer lost": {"kind": "cut_after"},
            "killed before": {"kind": "cut_before", "seconds": 600},
            "killed after": {"kind": "hold", "after_effect": True},
        }[self.kind]
        return {"method": self.method, "path": _OBJECTS, "at": self.at, **how}


@dataclass(frozen=True)
class Operation:
    """A command is run. Where it names a resource that the state does not hold, it is left out."""

    kind: OperationKind
    stack: str = "test"
    slot: str | None = None
    continues: bool = False
    """Whether with `--continue-on-error`."""
    failure: Failure | None = None

    def __str__(self) -> str:
        words = [f"{self.stack}: {self.kind}", self.slot or "", "--continue-on-error" if self.continues else ""]
        if self.failure:
            words.append(f"({self.failure})")
        return " ".join(filter(None, words))

    @property
    def runs_program(self) -> bool:
        """Whether what the program declares counts."""
        return self.kind.startswith("up") or self.kind == "destroy --run-program"

    @property
    def deploys(self) -> bool:
        """Whether it is to make everything as the program says."""
        return self.kind in ("up", "up --refresh", "up --replace")

    @property
    def refreshes(self) -> bool:
        """Whether it looks at what the service holds."""
        return self.kind in ("up --refresh", "refresh")


@dataclass(frozen=True)
class Outside:
    """Somebody changes an object behind the stack's back, or makes one that has nothing to do with it."""

    kind: Literal["edit", "delete", "recreate", "make"]
    address: Address
    fields: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"outside: {self.kind} {self.address} {self.fields or ''}".rstrip()


_OBJECTS = "^(connections|data-models|pipelines)(/[^/]+)?$"

Step = Edit | Operation | Outside


@dataclass(frozen=True)
class Life:
    """A stack's life, or that of two stacks of one program in one workspace."""

    first: Program
    steps: tuple[Step, ...]
    trims: bool = False
    """Whether the service trims texts."""

    @property
    def stacks(self) -> tuple[str, ...]:
        """The stacks that take part."""
        return tuple(dict.fromkeys(step.stack for step in self.steps if isinstance(step, Operation)))
