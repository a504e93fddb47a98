"""Write every table of the documentation anew."""

from __future__ import annotations

from . import emulator, reference, review

if __name__ == "__main__":
    for page in (emulator, reference, review):
        page.PAGE.write_text(page.rewritten(page.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
