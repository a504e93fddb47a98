"""`python -m benchmarks`: measure, and show the figures. `make bench` runs it with an engine on PATH."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from benchmarks.plan import KINDS, full, short
from benchmarks.plot import plot
from benchmarks.results import Results
from benchmarks.runner import run
from benchmarks.stack import PROGRAMS
from benchmarks.table import goal_table, tables

_ROOT = Path(__file__).parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- figures: made by make bench -->", "<!-- end of figures -->"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="see that it works, in three minutes; the times mean nothing"
    )
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="only these numbers of resources")
    parser.add_argument("--service", choices=["instant", "slow"], help="only this service")
    parser.add_argument("--rounds", type=int, help="how often each operation is measured")
    parser.add_argument("--programs", nargs="+", choices=PROGRAMS, default=PROGRAMS, help="only these programs")
    parser.add_argument(
        "--operations-only", action="store_true", help="neither creates at once nor a storm of refusals"
    )
    parser.add_argument(
        "--together", nargs=2, type=float, metavar=("N", "SECONDS"), help="so many creates at once, which take so long"
    )
    parser.add_argument("--kinds", choices=KINDS, default="mixed", help="what the resources are (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=_ROOT / "build" / "bench", help="where the figures go")
    parser.add_argument("--again", type=Path, metavar="FILE", help="show the figures of an earlier run's results.json")
    parser.add_argument(
        "--docs", action="store_true", help="put the figures into docs/performance.md and docs/bench.svg"
    )
    chosen = parser.parse_args()

    plan = short(chosen.kinds) if chosen.short else full(chosen.kinds)
    if chosen.operations_only:
        plan = plan._replace(together=0, storm_size=0)
    if chosen.together:
        plan = plan._replace(together=int(chosen.together[0]), slow_create=chosen.together[1], storm_size=0)
    plan = plan._replace(
        programs=tuple(chosen.programs),
        rounds={
            (size, latency): chosen.rounds or rounds
            for (size, latency), rounds in plan.rounds.items()
            if (not chosen.sizes or size in chosen.sizes) and chosen.service in {None, latency.name}
        },
    )
    # A shell lets what it starts in the background ignore it, and so would the engine's plugins, which end by it:
    # each operation would wait five seconds for them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # and leave nothing running
    chosen.folder.mkdir(parents=True, exist_ok=True)
    results = Results.load(chosen.again) if chosen.again else run(plan, chosen.folder / "results.json")
    figures = f"### The goals\n\n{goal_table(results, plan)}\n\n{tables(results, plan)}\n"
    print(figures)
    (chosen.folder / "figures.md").write_text(figures)
    if plan.rounds:
        (chosen.folder / "bench.svg").write_text(plot(results))
    if chosen.docs:
        before, _, rest = _PAGE.read_text().partition(_BEGIN)
        _PAGE.write_text(f"{before}{_BEGIN}\n\n{figures}\n{_END}{rest.partition(_END)[2]}")
        (_PAGE.parent / "bench.svg").write_text(plot(results))


if __name__ == "__main__":
    main()
