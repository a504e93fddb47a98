"""The reference says what the code says."""

from __future__ import annotations

import pytest

import warehouse_sync_pulumi
from tools.docs.reference import PAGE, RESOURCES, Said, rewritten
from tools.docs.source import attribute_texts
from tools.docs.tables import replaced


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_it_is_what_the_code_says_now(page):
    assert rewritten(page) == page, "stale: run `make reference`"


def test_a_stale_page_is_noticed(page):
    assert rewritten(page.replace("| `region` | `str` | required |", "| `region` | `str` | none |")) == page


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="needs one place for settings"):
        replaced("# Reference\n", {"settings": []})


def test_every_resource_has_a_section_and_every_name_is_mentioned(page):
    assert len(RESOURCES) >= 4
    for resource in RESOURCES:
        assert f"\n### {resource.__name__}\n" in page
    arguments = {f"{resource.__name__}Args" for resource in RESOURCES}  # a table each, under the resource's own name
    for name in set(warehouse_sync_pulumi.__all__) - arguments:
        assert name in page or name.endswith("_output"), name


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_every_argument_and_output_is_described(resource):
    texts = attribute_texts(resource.kind.arguments)
    assert set(texts) == set(resource.kind.fields)
    assert [name for name, text in texts.items() if not text.strip()] == []
    outputs = attribute_texts(resource)
    assert [name for name in resource.__annotations__ if not outputs[name].strip()] == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_what_a_docstring_says_is_what_the_provider_does(resource):
    texts = attribute_texts(resource.kind.arguments)
    required = resource.kind.arguments.__required_keys__
    for name, field in resource.kind.fields.items():
        said = Said(texts[name])
        assert ("A change replaces" in said.text) == field.replaces, name
        assert bool(said.default) <= (name not in required), f"{name} is required, and hence without a default"
        if field.default not in (None, {}):
            assert str(field.default).lower() in said.default, name


def test_a_docstring_is_read_as_prose_default_and_source():
    said = Said("""Seconds to wait. Default: 3600. Across
    two lines. [page, recorded]""")
    assert (said.text, said.default, said.source) == ("Seconds to wait. Across two lines.", "3600", "page, recorded")
    assert Said("Nothing else.").source == "this package"
