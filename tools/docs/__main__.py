"""Write every table of the documentation anew, the parts of classes that follow from arguments, and the schema."""

from __future__ import annotations

import os
import sys

from . import classes, emulator, package_schema, reference, review

if __name__ == "__main__":
    stale = classes.stale()
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    if stale:  # what follows from them is imported anew
        os.execv(sys.executable, [sys.executable, "-m", "tools.docs"])  # noqa: S606 - itself
    texts = {p.PAGE: p.rewritten(p.PAGE.read_text(encoding="utf-8")) for p in (emulator, review, package_schema)}
    for path, text in {**texts, **reference.pages()}.items():
        path.write_text(text, encoding="utf-8")
