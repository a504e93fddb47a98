"""What was measured, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.stack import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["Results", "Sample"]


@dataclass(frozen=True)
class Sample:
    """One operation of one program."""

    program: str
    size: int
    service: str
    operation: str
    measured: Measured


class Results:
    """All samples of a run."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self.samples = list(samples)

    def of(self, program: str, size: int, service: str, operation: str) -> list[Measured]:
        """The samples of one operation, in the order in which they were taken."""
        key = (program, size, service, operation)
        return [s.measured for s in self.samples if (s.program, s.size, s.service, s.operation) == key]

    def sizes(self, service: str) -> list[int]:
        """The numbers of resources that were measured against a service, in order."""
        return sorted({sample.size for sample in self.samples if sample.service == service})

    def median(
        self, what: Callable[[Measured], float | None], program: str, size: int, service: str, operation: str
    ) -> float | None:
        """The median of a figure; None where it was not measured."""
        values = [value for m in self.of(program, size, service, operation) if (value := what(m)) is not None]
        return median(values) if values else None

    def ratio(
        self,
        what: Callable[[Measured], float],
        programs: tuple[str, str],
        size: int,
        service: str,
        operation: str,
    ) -> float | None:
        """The median of a figure's ratios between two programs, each taken within one round."""
        one, other = (self.of(program, size, service, operation) for program in programs)
        ratios = [what(a) / what(b) for a, b in zip(one, other) if what(b)]  # noqa: B905 - one may not be measured
        return median(ratios) if ratios else None

    def save(self, file: Path) -> None:
        """Write all samples as JSON."""
        file.write_text(json.dumps([asdict(sample) for sample in self.samples], indent=1) + "\n")

    @classmethod
    def load(cls, file: Path) -> Results:
        """Read what `save` wrote."""
        return cls(
            Sample(**{**item, "measured": Measured(**item["measured"])}) for item in json.loads(file.read_text())
        )
