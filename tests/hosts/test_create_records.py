from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.engine import create_records as begun

URN = "urn:pulumi:prod::shop::pulumi-python:dynamic/warehouse-sync:Connection::orders"
URL = "https://api.mparticle.com"
ADDRESS = Address(1234, "connections", "connection", "orders")


NOW = timedelta(0)
_start = [datetime.now(timezone.utc)]


def at(offset):
    """An object that was made so long from now, as the API says it."""
    return {"created_on": (_start[0] + offset).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]}


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    _start[0] = datetime.now(timezone.utc)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    return tmp_path / "warehouse-sync" / "begun"


@pytest.fixture
def create():
    """The record of a create in a process of its own."""

    def start(urn=URN, url=URL, address=ADDRESS):
        begun._left_behind.cache_clear()
        return begun.CreateRecord(urn, url, address, retry_timeout=120)

    yield start
    begun._left_behind.cache_clear()


def test_what_a_killed_create_made_is_known_in_the_next_process(create):
    create().begin()
    assert create().made_by_killed_run(at(NOW))


@pytest.mark.parametrize(
    "other",
    [
        {"urn": URN + "-eu"},
        {"url": "https://api.eu1.mparticle.com"},
        {"address": Address(5678, "connections", "connection", "orders")},
        {"address": Address(1234, "pipelines", "pipeline", "orders")},
    ],
)
def test_a_record_speaks_for_one_resource_at_one_address(create, other):
    create().begin()
    assert not create(**other).made_by_killed_run(at(NOW))


def test_another_backend_or_folder_may_have_a_stack_of_the_same_name(create, monkeypatch, tmp_path):
    create().begin()
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///elsewhere")
    assert not create().made_by_killed_run(at(NOW))
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    assert create().made_by_killed_run(at(NOW))
    monkeypatch.chdir(tmp_path)
    assert not create().made_by_killed_run(at(NOW))


def test_the_backend_that_a_login_chose_tells_stacks_apart_where_no_variable_names_one(create, tmp_path, monkeypatch):
    def login(text):
        (tmp_path / "credentials.json").write_text(text)
        begun._logged_in_to.cache_clear()

    login('{"current": "file:///here"}')
    create().begin()
    for other in ('{"current": "file:///there"}', "{}", "[]", "not JSON"):
        login(other)
        assert not create().made_by_killed_run(at(NOW))
    login('{"current": "file:///here"}')
    assert create().made_by_killed_run(at(NOW))
    login("{}")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///here")
    assert create().made_by_killed_run(at(NOW)), "the variable names the same one"


def test_a_second_run_that_is_killed_does_not_forget_what_the_first_one_made(create):
    first = create()
    first.begin()
    first.succeed(at(NOW - timedelta(days=1)))
    create().begin()
    assert create().made_by_killed_run(at(NOW - timedelta(days=1)))
    assert create().made_by_killed_run(at(NOW))


@pytest.mark.parametrize("last", ["begin", "fail"])
def test_whatever_later_runs_begin_what_the_first_one_may_have_made_is_known(create, monkeypatch, last):
    create().begin()
    for minutes in (30, 60):
        monkeypatch.setattr(begun.time, "time", lambda minutes=minutes: _start[0].timestamp() + 60 * minutes)
        later = create()
        later.begin()
        if last == "fail":
            later.fail()
    assert create().made_by_killed_run(at(NOW))
    assert create().made_by_killed_run(at(timedelta(minutes=60))) is (last != "fail")
    assert not create().made_by_killed_run(at(timedelta(minutes=25)))


def test_an_answer_that_does_not_say_when_leaves_the_record_of_the_begin(create):
    record = create()
    record.begin()
    record.succeed({})
    assert create().made_by_killed_run(at(NOW))


@pytest.mark.parametrize(
    "made",
    [NOW - timedelta(minutes=5), NOW + timedelta(minutes=20), NOW + timedelta(days=1), NOW - timedelta(days=400)],
)
def test_a_record_that_was_left_behind_does_not_speak_for_what_was_made_at_another_time(create, made):
    create().begin()
    assert not create().made_by_killed_run(at(made))


@pytest.mark.parametrize("found", [{}, {"created_on": None}, {"created_on": "yesterday"}, {"created_on": 7}])
def test_an_object_that_does_not_say_when_it_was_made_is_not_known(create, found):
    create().begin()
    assert not create().made_by_killed_run(found)


def test_once_it_is_known_what_was_made_nothing_else_is_taken_for_it(create):
    record = create()
    record.begin()
    record.succeed(at(NOW + timedelta(seconds=9)))
    assert create().made_by_killed_run(at(NOW + timedelta(seconds=9)))
    assert not create().made_by_killed_run(at(NOW))


def test_its_own_record_proves_nothing_to_a_create(create):
    record = create()
    record.begin()
    assert not record.made_by_killed_run(at(NOW))


def test_a_lost_answer_speaks_for_what_may_have_been_made_since(create):
    record = create()
    record.begin()
    assert record.may_be_made_by_this_run(at(NOW))
    assert record.may_be_made_by_this_run({})
    assert not record.may_be_made_by_this_run(at(NOW - timedelta(minutes=5)))


def test_of_a_create_that_came_to_nothing_no_record_is_left(create, home):
    record = create()
    record.begin()
    record.fail()
    assert list(home.iterdir()) == []


def test_a_record_that_cannot_be_removed_proves_nothing(create, monkeypatch):
    record = create()
    record.begin()

    def refused(_path):
        raise PermissionError

    monkeypatch.setattr(begun.Path, "unlink", refused)
    record.fail()
    assert not create().made_by_killed_run(at(NOW))


def test_a_create_that_is_refused_leaves_the_record_of_the_killed_one(create):
    create().begin()
    refused = create()
    refused.begin()
    refused.fail()
    assert create().made_by_killed_run(at(NOW))


def test_what_the_state_has_is_forgotten_and_what_was_made_in_its_place_is_not(create, home):
    record = create()
    record.begin()
    begun._left_behind.cache_clear()
    begun.forget(URN, URL, ADDRESS, at(NOW))
    assert len(list(home.iterdir())) == 1, "what was made is not known"
    record.succeed(at(NOW))
    begun.forget(URN, URL, ADDRESS, at(NOW - timedelta(days=1)))
    begun.forget(URN, URL, ADDRESS, {})
    assert len(list(home.iterdir())) == 1, "the state has the one before"
    begun.forget(URN, URL + "/", ADDRESS, at(NOW))
    assert list(home.iterdir()) == []


def test_what_was_deleted_is_forgotten(create, home):
    create().begin()
    begun._left_behind.cache_clear()
    begun.forget(URN, URL, ADDRESS)
    assert list(home.iterdir()) == []
    begun.forget(URN, URL, ADDRESS)
    begun.forget(None, URL, ADDRESS)


def test_where_no_record_is_left_none_is_looked_for(create, monkeypatch):
    create().begin()
    begun._left_behind.cache_clear()
    begun.forget(URN, URL, ADDRESS)
    monkeypatch.setattr(begun, "_path", None)  # it would fail if it were called
    begun.forget(URN, URL, ADDRESS)


def test_a_record_is_for_its_owner_alone(create, home):
    create().begin()
    (file,) = home.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert json.loads(file.read_text()).keys() == {"urn", "object", "began"}


def test_a_record_that_cannot_be_read_proves_nothing(create, home):
    create().begin()
    (file,) = home.iterdir()
    for text in ("", "[]", '{"began": "now"}', '{"began": ["now"]}', '{"urn":'):
        file.write_text(text)
        assert not create().made_by_killed_run(at(NOW))


def test_a_process_that_is_killed_while_it_writes_loses_nothing(create, home):
    create().begin()
    (file,) = home.iterdir()
    with file.open("ab") as killed:
        killed.write(b'\n\xff\xfe{"urn": "')
    assert create().made_by_killed_run(at(NOW))
    create().succeed(at(timedelta(days=1)))
    assert create().made_by_killed_run(at(timedelta(days=1)))


def test_where_nothing_can_be_written_there_is_no_proof_and_no_failure(create, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "file"))
    record = create()
    record.begin()
    record.succeed(at(NOW))
    record.fail()
    assert not create().made_by_killed_run(at(NOW))


def test_without_a_urn_nothing_is_recorded(create, home):
    record = create(urn=None)
    record.begin()
    record.succeed(at(NOW))
    record.fail()
    assert not home.exists()


def test_a_request_that_waited_long_and_was_answered_late_is_the_killed_runs(create):
    create().begin()
    assert create().made_by_killed_run(at(NOW + timedelta(minutes=8)))


def test_an_answer_without_fractions_of_a_second_names_the_same_time(create):
    record = create()
    record.begin()
    record.succeed({"created_on": "2023-02-04T08:30:17.75"})
    assert create().made_by_killed_run({"created_on": "2023-02-04T08:30:17"})
    assert not create().made_by_killed_run({"created_on": "2023-02-04T08:30:19"})
