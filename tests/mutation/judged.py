"""The mutants that no test kills, and why none needs to."""

JUDGED: dict[str, dict[str, str]] = {}
