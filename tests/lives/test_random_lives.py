"""Random lives: what people do to a program, to its stack and behind its back, in any order, and what must hold.

After a step that ends green, the service holds what the program declares, and nothing that it declares was deleted on
the way; what belongs to others is untouched. After one that ends red, one line says why for each resource, and nothing
is lost.

    LIVES_FROM=1000 make test ARGS="tests/lives"     other lives, the first of which has this number
    make matrices ARGS="tests/lives -k dynamic-17"   this one life under the real engine

Every eighth of those under the real engine is lived with the packaged provider too.
"""

from __future__ import annotations

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, given, seed, settings
from living.drawing import life_number, lives
from living.living_through import Living
from living.played import Played
from living.real import Real

from warehouse_sync_pulumi.emulator import Emulator

FROM = int(os.environ.get("LIVES_FROM", "0"))
EVERY_DAY, ALL = 1, 300
"""How many lives run under the real engine."""


@pytest.fixture
def count(record_property):
    """Tells the summary of the whole run how much was lived through."""

    def tell(name, living):
        record_property("counted", f"random lives, {name}")
        for _ in range(living.operations):
            record_property("counted", f"random lives, {name}: operations")

    return tell


def live(life, runner, folder):
    """Take a life through its steps, each of which is judged."""
    with Emulator() as emulator:
        living = Living(life, runner(folder, emulator, life.stacks), emulator)
        living.through()
    return living


@pytest.mark.parametrize("shard", [*range(2), *(pytest.param(n, marks=pytest.mark.extended) for n in range(2, 24))])
def test_lives_in_the_engines_order_of_steps(shard, tmp_path, count):
    """Quick, and one that fails is made as short as can be; but not the engine itself."""

    @seed(FROM + shard)
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(lives())
    def each(life):
        count("in the engine's order", live(life, Played, tmp_path))

    each()


@pytest.mark.engine
@pytest.mark.hosts("extended", packaged=lambda number: number % 8 == 0)
@pytest.mark.parametrize(
    "number",
    [pytest.param(FROM + n, marks=[] if n < EVERY_DAY else pytest.mark.extended) for n in range(ALL)],
)
def test_a_life_under_the_real_engine(number, host, tmp_path, count):
    count(f"{host}, under the real engine", live(life_number(number), partial(Real, host=host), tmp_path / "stack"))
