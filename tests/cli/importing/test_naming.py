"""How imported objects are called."""

from __future__ import annotations

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from objects import CONNECTION, DATA_MODEL, PIPELINE, existing

from warehouse_sync_pulumi.cli.importing.naming import OWN_NAMES, named
from warehouse_sync_pulumi.cli.importing.workspace import RESOURCES


def variables(*objects):
    return [item.variable for item in named(objects, ())]


@pytest.mark.parametrize(
    ("id_", "variable"),
    [
        ("orders", "orders"),
        ("orders-connection", "orders_connection"),
        ("OrdersConnection", "orders_connection"),
        ("2023-orders", "connection_2023_orders"),
        ("class", "class_connection"),
        ("match", "match_connection"),
        ("list", "list_connection"),
        ("config", "config_connection"),
        ("---", "connection"),
        ("__orders__", "orders"),
        ("a--b", "a_b"),
    ],
)
def test_an_id_becomes_a_variable(id_, variable):
    assert variables(existing(CONNECTION, id_)) == [variable]


def test_kinds_that_share_an_id_are_told_apart_by_their_nouns():
    objects = [existing(resource, "orders") for resource in (CONNECTION, DATA_MODEL, PIPELINE)]
    assert variables(*objects) == ["orders_connection", "orders_data_model", "orders_pipeline"]
    assert [item.name for item in named(objects, ())] == ["orders", "orders", "orders"]


def test_ids_that_differ_only_in_what_an_identifier_cannot_hold_are_numbered():
    objects = [existing(CONNECTION, id_) for id_ in ("A-B", "a-b", "a_b")]
    assert variables(*objects) == ["a_b_connection", "a_b_2", "a_b_3"]


def test_a_plain_name_goes_to_the_one_that_has_it():
    objects = [existing(CONNECTION, "orders"), existing(PIPELINE, "orders"), existing(CONNECTION, "orders_connection")]
    assert variables(*objects) == ["orders_2", "orders_pipeline", "orders_connection"]


def test_a_resource_name_that_the_stack_has_is_numbered():
    item, other = named(
        [existing(CONNECTION, "orders"), existing(PIPELINE, "orders")],
        {(CONNECTION.type, "orders"), (CONNECTION.type, "orders-2")},
    )
    assert (item.name, other.name) == ("orders-3", "orders")


SLUGS = st.text(st.sampled_from("abAB12_-"), min_size=1, max_size=4) | st.sampled_from([*keyword.kwlist, "list", "sql"])


@given(st.sets(st.tuples(st.sampled_from(RESOURCES), SLUGS), max_size=12))
def test_every_object_gets_names_of_its_own(objects):
    items = named(
        [existing(resource, id_) for resource, id_ in sorted(objects, key=lambda item: (item[0].type, item[1]))], ()
    )
    names = [item.variable for item in items]
    assert len(set(names)) == len(names) == len(objects)
    for name in names:
        assert name.isidentifier()
        assert name == name.lower()
        assert not keyword.iskeyword(name)
        assert name not in OWN_NAMES | set(dir(builtins))
    assert len({(item.existing.resource.type, item.name) for item in items}) == len(items)
