"""The emulator's behaviour over time; no test waits for any."""

from __future__ import annotations

import threading
from contextlib import suppress

import httpx
import pytest
from emulator_calls import CONNECTION, DATA_MODEL, PIPELINE, client_of, messages, moment, token_of

from warehouse_sync_pulumi.emulator import Behaviour, Clock, Emulator


def runs_of(api, pipeline=PIPELINE["id"], **query):
    return api.get(f"pipelines/{pipeline}/status/runs", params=query).json()["items"]


def schedule(api, **changes):
    """Make a pipeline with a schedule."""
    api.post("connections", json=CONNECTION)
    api.post("data-models", json=DATA_MODEL)
    answer = api.post("pipelines", json={**PIPELINE, **changes})
    assert answer.status_code == 200
    return answer.json()


def test_a_token_ends_after_eight_hours(emulator, api):
    emulator.set(token_seconds=Behaviour().token_seconds)
    api.headers["Authorization"] = f"Bearer {token_of(api, emulator)}"
    emulator.clock.advance(hours=8, seconds=-1)
    assert api.get("connections").status_code == 200
    emulator.clock.advance(seconds=1)
    assert api.get("connections").status_code == 401


def test_a_connection_takes_its_time(emulator, api):
    emulator.set(connection_seconds=9.6)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(api.post("connections", json=CONNECTION)))
    asking.start()
    emulator.journal.wait_for("POST", "connections")
    emulator.clock.advance(seconds=9.5)
    assert emulator.objects("connections") == {}
    # The request began its wait before or after the clock was moved: twice its time is enough either way.
    while asking.is_alive():
        emulator.clock.advance(seconds=9.6)
        asking.join(0.05)
    assert answers[0].status_code == 200


def test_stopping_lets_a_waiting_request_go():
    with Emulator(speed=0) as emulator, client_of(emulator) as api:
        emulator.set(connection_seconds=3600)

        def ask():
            with suppress(httpx.HTTPError):  # whether the answer still gets through is left open
                api.post("connections", json=CONNECTION)

        asking = threading.Thread(target=ask)
        asking.start()
        emulator.journal.wait_for("POST", "connections")
        emulator.stop()
        asking.join(5)
        assert not asking.is_alive()


def test_the_status_of_a_new_pipeline_is_not_found_for_a_while(emulator, api, pipeline):
    emulator.set(status_after_seconds=60)
    assert api.get(f"pipelines/{pipeline}").status_code == 200
    assert api.get(f"pipelines/{pipeline}/status").status_code == 404
    emulator.clock.advance(seconds=60)
    assert api.get(f"pipelines/{pipeline}/status").status_code == 200


@pytest.mark.parametrize("outcome", ["success", "failed"])
def test_a_run_passes_through_its_states(emulator, api, pipeline, outcome):
    emulator.set(phase_seconds=10, run_outcome=outcome, run_records=1376)
    run = api.post(f"pipelines/{pipeline}").json()["pipeline_run_id"]
    seen = []
    for _ in range(4):
        shown = api.get(f"pipelines/{pipeline}/status/runs/{run}").json()
        seen.append(shown["pipeline_run_state"])
        if shown["pipeline_run_state"] != outcome:
            assert (shown["records_extracted"], shown["end_date"]) == (None, None)
            busy = api.post(f"pipelines/{pipeline}")
            assert (busy.status_code, messages(busy)) == (400, [f"Pipeline {pipeline} is already in progress."])
        emulator.clock.advance(seconds=10)
    assert seen == ["triggered", "queued", "running", outcome]
    counted = 1376 if outcome == "success" else None
    names = ("records_extracted", "records_mapped", "event_batches_generated")
    assert [shown[name] for name in names] == [counted] * 3
    assert shown["end_date"] == "2023-02-01T15:13:52Z"
    assert api.post(f"pipelines/{pipeline}").status_code == 200


def test_states_can_be_any_words(emulator, api, pipeline):
    emulator.set(run_phases=("dataset_triggered", "pondering"), run_outcome="half_done")
    api.post(f"pipelines/{pipeline}")
    seen = []
    for _ in range(3):
        seen.append(api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]["pipeline_run_state"])
        emulator.clock.advance(seconds=0.5)
    assert seen == ["dataset_triggered", "pondering", "half_done"]


def test_a_failed_run_is_done_again_by_the_next(emulator, api, pipeline):
    emulator.set(run_outcome="failed", run_fault="The warehouse is asleep.")
    api.post(f"pipelines/{pipeline}")
    assert api.get(f"pipelines/{pipeline}").json()["is_faulted"] is False
    emulator.clock.advance(hours=1)
    assert api.get(f"pipelines/{pipeline}").json()["faulted_reason"] == "The warehouse is asleep."
    assert api.get("pipelines").json()[0]["is_faulted"] is True
    assert api.get(f"pipelines/{pipeline}/status").json()["is_faulted"] is True
    emulator.set(run_outcome="success")
    api.post(f"pipelines/{pipeline}")
    emulator.clock.advance(hours=1)
    status = api.get(f"pipelines/{pipeline}/status").json()
    assert status["latest_pipeline_run"]["data_interval_start"] == "2023-02-01T00:00:00Z"
    assert status["latest_pipeline_run"]["data_interval_end"] == "2023-02-01T16:13:22Z"
    assert status["is_faulted"] is False
    assert api.get(f"pipelines/{pipeline}").json()["faulted_reason"] is None


def test_the_latest_run_can_be_the_last_that_completed(emulator, api, pipeline):
    emulator.set(latest_run="completed")
    api.post(f"pipelines/{pipeline}")
    assert api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"] is None
    emulator.clock.advance(minutes=1)
    assert api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]["pipeline_run_id"] == 1


@pytest.mark.parametrize(("switch", "status"), [("reject", 400), ("run", 200)])
def test_a_trigger_of_a_paused_pipeline(emulator, api, pipeline, switch, status):
    emulator.set(trigger_inactive=switch)
    emulator.change("pipelines", pipeline, is_active=False)
    assert api.post(f"pipelines/{pipeline}").status_code == status


def test_a_draft_does_not_run(emulator, api, pipeline):
    emulator.change("pipelines", pipeline, is_draft=True)
    assert messages(api.post(f"pipelines/{pipeline}")) == [f"Pipeline {pipeline} is a draft."]


def test_the_hourly_example_runs_a_quarter_past(emulator, api):
    emulator.set(catch_up=False)
    schedule(api, schedule_interval="hourly", schedule_start_time="2023-02-01T00:15:00Z")
    assert runs_of(api) == []
    emulator.clock.advance(hours=3)
    runs = runs_of(api)
    assert [run["logical_date"][11:16] for run in runs] == ["16:15", "15:15", "14:15"]
    assert runs[0]["data_interval_end"] == "2023-02-01T17:15:00Z"
    assert {run["pipeline_run_type"] for run in runs} == {"scheduled"}
    assert {run["is_externally_triggered"] for run in runs} == {False}


def test_the_daily_example_ends_with_its_month(emulator, api):
    """The end is the reference's `2023-03-1T:12:00:00Z`, written as a timestamp."""
    schedule(
        api,
        schedule_interval="daily",
        schedule_start_time="2023-02-01T12:00:00Z",
        schedule_end_time="2023-03-01T12:00:00Z",
    )
    emulator.clock.advance(days=90)
    runs = runs_of(api)
    assert len(runs) == 28
    assert (runs[-1]["logical_date"], runs[0]["data_interval_end"]) == ("2023-02-01T12:00:00Z", "2023-03-01T12:00:00Z")


def test_the_weekly_example_runs_on_the_weekday_of_its_start(emulator, api):
    """A slip: the reference says Wednesday, five past midnight; its start is a Saturday, five past noon."""
    emulator.set(catch_up=False)
    schedule(api, schedule_interval="weekly", schedule_start_time="2022-01-01T12:05:00Z")
    emulator.clock.advance(days=14)
    dates = [moment(run["data_interval_end"]) for run in runs_of(api)]
    assert [date.strftime("%A %H:%M") for date in dates] == ["Saturday 12:05"] * 2


def test_the_monthly_example_runs_on_the_day_of_its_start(emulator, api):
    """A slip: the reference says the 5th; its start is on the 4th."""
    emulator.set(catch_up=False)
    schedule(api, schedule_interval="monthly", schedule_start_time="2020-01-04T00:00:00Z")
    emulator.clock.advance(days=90)
    assert [run["data_interval_end"] for run in runs_of(api)] == [
        f"2023-{month:02}-04T00:00:00Z" for month in (4, 3, 2)
    ]


def test_a_month_without_the_starts_day_ends_early(emulator, api):
    schedule(api, schedule_interval="monthly", schedule_start_time="2023-01-31T00:00:00Z")
    emulator.clock.advance(days=89)
    assert [run["data_interval_end"][:10] for run in runs_of(api)] == ["2023-04-30", "2023-03-31", "2023-02-28"]


@pytest.mark.parametrize(
    ("interval", "chosen", "runs"),
    [
        ("hourly", "2023-01-25T15:13:00Z", 7 * 24),
        ("daily", "2022-08-01T15:13:00Z", 31 + 30 + 31 + 30 + 31 + 31),
        ("weekly", "2020-02-01T15:13:00Z", 156),
        ("monthly", "2018-02-01T15:13:00Z", 60),
        ("on_demand", "2023-02-01T15:13:00Z", 0),
        ("once", "2023-02-01T15:13:00Z", 1),
    ],
)
def test_a_pipeline_without_a_start_catches_up_to_its_limit(api, interval, chosen, runs):
    shown = schedule(api, schedule_interval=interval, schedule_start_time=None)
    assert shown["schedule_start_time"] == chosen
    assert len(runs_of(api, pageSize=1000)) == runs


def test_a_pipeline_with_an_old_start_catches_up_no_further(api):
    schedule(api, schedule_interval="hourly", schedule_start_time="2020-01-01T00:00:00Z")
    runs = runs_of(api, pageSize=1000)
    assert len(runs) == 7 * 24
    assert runs[0]["data_interval_end"] == "2023-02-01T15:00:00Z"


def test_catching_up_over_a_change_follows_the_schedule_that_held(emulator, api):
    emulator.set(catch_up=False)
    schedule(api, schedule_interval="hourly", schedule_start_time="2023-02-01T00:00:00Z")
    emulator.clock.advance(hours=2)
    body = {**PIPELINE, "schedule_interval": "daily", "schedule_start_time": "2023-02-01T00:00:00Z"}
    assert api.put(f"pipelines/{PIPELINE['id']}", json=body).status_code == 200
    emulator.clock.advance(days=2)
    assert sorted(run["data_interval_end"] for run in runs_of(api)) == [
        "2023-02-01T16:00:00Z",
        "2023-02-01T17:00:00Z",
        "2023-02-02T00:00:00Z",
        "2023-02-03T00:00:00Z",
    ]


def test_a_paused_pipeline_runs_nothing_and_catches_nothing_up(emulator, api):
    schedule(api, schedule_interval="hourly", is_active=False)
    emulator.clock.advance(hours=5)
    assert runs_of(api) == []
    api.put(f"pipelines/{PIPELINE['id']}", json={**PIPELINE, "schedule_interval": "hourly"})
    emulator.clock.advance(hours=1)
    assert len(runs_of(api)) == 1


def test_a_pipeline_made_anew_has_no_runs_of_the_old_one(emulator, api, pipeline):
    api.post(f"pipelines/{pipeline}")
    api.delete(f"pipelines/{pipeline}")
    api.post("pipelines", json=PIPELINE)
    assert runs_of(api) == []


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
@pytest.mark.parametrize("first", [0, 1])
def test_pages_hold_each_run_once(emulator, api, pipeline, size, first):
    emulator.set(first_page=first)
    for number in range(1, 151):
        date = f"2023-01-{1 + number // 24:02}T{number % 24:02}:00:00Z"
        emulator.add_run(pipeline, logical_date=date)
    found, page = [], first
    while items := runs_of(api, currentPage=page, pageSize=size):
        assert len(items) <= size
        found += [run["pipeline_run_id"] for run in items]
        page += 1
    assert found == list(range(150, 0, -1))
    emulator.set(run_order="oldest_first")
    assert runs_of(api, pageSize=3)[0]["pipeline_run_id"] == 1


def test_a_page_has_a_size_when_none_is_asked_for(emulator, api, pipeline):
    emulator.set(page_size=2)
    for _ in range(3):
        emulator.add_run(pipeline)
    assert len(runs_of(api)) == 2


def test_runs_between_two_dates(emulator, api, pipeline):
    for day in range(1, 10):
        emulator.add_run(pipeline, logical_date=f"2023-01-{day:02}T00:00:00Z")
    found = runs_of(api, startDate="2023-01-03T00:00:00Z", endDate="2023-01-05")
    assert [run["logical_date"][8:10] for run in found] == ["05", "04", "03"]


def test_the_clock_runs_by_itself_at_its_speed():
    clock = Clock(moment("2023-01-01T00:00:00Z"), speed=1e6)
    before = clock.now()
    clock.wait(1000, threading.Event())  # a thousandth of a second
    assert (clock.now() - before).total_seconds() >= 1000


@pytest.mark.parametrize("wrong", [lambda c: c.advance(seconds=-1), lambda c: c.run_at(-1), lambda _: Clock(speed=-1)])
def test_the_clock_does_not_go_back(wrong):
    with pytest.raises(ValueError, match="forward"):
        wrong(Clock())


def test_the_clock_is_not_set_back():
    clock = Clock(moment("2023-01-01T00:00:00Z"), speed=0)
    with pytest.raises(ValueError, match="forward"):
        clock.set(moment("2022-12-31T00:00:00Z"))
