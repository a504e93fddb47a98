"""Language hosts are found once they were built."""

from __future__ import annotations

from tools.engine import languages


def test_one_that_was_built_is_found_and_only_that_of_these_modules(tmp_path, monkeypatch):
    assert languages.kept("yaml", tmp_path) is None
    home = languages._home("yaml", tmp_path)
    home.mkdir(parents=True)
    (home / "pulumi-language-yaml").touch(mode=0o755)
    assert languages.kept("yaml", tmp_path) == home == languages.ensure("yaml", tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "go.mod").write_text("module other\n")
    (other / "go.sum").write_text("")
    monkeypatch.setitem(languages.LANGUAGES, "yaml", other)
    assert languages.kept("yaml", tmp_path) is None
