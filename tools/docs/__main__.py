"""Write every table of the documentation anew, and the packaged provider's schema."""

from __future__ import annotations

from . import emulator, package_schema, reference, review

if __name__ == "__main__":
    for page in (emulator, reference, review, package_schema):
        page.PAGE.write_text(page.rewritten(page.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
