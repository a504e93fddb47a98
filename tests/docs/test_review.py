"""docs/review.md says what the code does."""

from __future__ import annotations

from tools.docs.review import PAGE, rewritten
from warehouse_sync_pulumi.review.schedule_times import CATCH_UP
from warehouse_sync_pulumi.review.schedules import MOST_ACTIVE


def test_its_table_is_what_the_code_says_now():
    page = PAGE.read_text(encoding="utf-8")
    assert rewritten(page) == page, "stale: run `make reference`"
    assert rewritten(page.replace("| `with` | **error** |", "| `with` | warning |")) == page


def test_its_limits_are_those_of_the_code():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for interval, limit in CATCH_UP.items():
        assert f"{limit} for `{interval}`" in page
    assert f"more than {MOST_ACTIVE} pipelines active" in page
