"""Write every table of the documentation anew."""

from __future__ import annotations

from . import emulator, reference, review

if __name__ == "__main__":
    texts = {page.PAGE: page.rewritten(page.PAGE.read_text(encoding="utf-8")) for page in (emulator, review)}
    for path, text in {**texts, **reference.pages()}.items():
        path.write_text(text, encoding="utf-8")
