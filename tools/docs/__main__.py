"""Write every table of the documentation anew, and the parts of classes that follow from arguments."""

from __future__ import annotations

import os
import sys

from . import classes, emulator, reference, review

if __name__ == "__main__":
    stale = classes.stale()
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    if stale:  # what follows from them is imported anew
        os.execv(sys.executable, [sys.executable, "-m", "tools.docs"])  # noqa: S606 - itself
    texts = {page.PAGE: page.rewritten(page.PAGE.read_text(encoding="utf-8")) for page in (emulator, review)}
    for path, text in {**texts, **reference.pages()}.items():
        path.write_text(text, encoding="utf-8")
