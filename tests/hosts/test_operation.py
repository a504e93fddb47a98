"""What the processes of one operation tell each other."""

from __future__ import annotations

import fcntl
import stat

import pytest

from warehouse_sync_pulumi.engine.operation import Log, Operation, operation


@pytest.fixture
def path(tmp_path):
    return tmp_path / "running" / "engine.jsonl"


@pytest.fixture
def join(path):
    """Opens the file as another process does, which has a lock of its own."""
    opened = []

    def one_more(at=path):
        opened.append(Log(at))
        return opened[-1]

    yield one_more
    for log in opened:
        log.close()


def test_each_process_hears_all_in_order_from_where_it_was(join):
    one, other = join(), join()
    one.add({"n": 1})
    heard, position = other.after(0)
    assert heard == [{"n": 1}]
    other.add({"n": 2})
    one.add({"n": 3})
    assert other.after(position)[0] == one.after(position)[0] == [{"n": 2}, {"n": 3}]
    assert join().after(0)[0] == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_line_is_heard_once_it_is_whole(join, path):
    log = join()
    with path.open("ab", buffering=0) as another:
        another.write(b'{"n": ')
        assert log.after(0) == ([], 0)
        another.write(b"1}\n")
    assert log.after(0)[0] == [{"n": 1}]


def test_the_file_is_for_its_owner_alone(join, path):
    join()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_last_process_removes_the_file(join, path):
    one, other = join(), join()
    one.close()
    assert path.exists()
    other.close()
    assert not path.exists()


def test_what_a_killed_operation_left_behind_is_not_heard_and_goes(join, path):
    path.parent.mkdir()
    path.write_text('{"n": 1}\n')
    path.with_name("other.jsonl").write_text("")
    log = join()
    assert log.after(0) == ([], 0)
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_the_last_process_removes_meanwhile_is_made_anew(join, path, monkeypatch):
    lock, removed = fcntl.flock, []

    def remove_before(file, how):
        if how == fcntl.LOCK_SH and not removed:
            removed.append(path.unlink())
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", remove_before)
    join().add({"n": 1})
    assert removed
    assert path.read_text() == '{"n": 1}\n'


def test_what_a_running_operation_has_stays(join, path):
    other = path.with_name("other.jsonl")
    join(other).add({"n": 1})
    join()
    assert other.read_text() == '{"n": 1}\n'


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Pulumi's home folder, for a process that knows of no operation yet."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    operation.cache_clear()
    yield tmp_path
    for engine in "12":
        operation(f"127.0.0.1:{engine}").log.close()
    operation.cache_clear()


def test_each_engine_has_an_operation_of_its_own(home):
    operation("127.0.0.1:1").log.add({"n": 1})
    assert operation("127.0.0.1:1").log.after(0)[0] == [{"n": 1}]
    assert operation("127.0.0.1:2").log.after(0)[0] == operation(None).log.after(0)[0] == []
    assert len(list((home / "warehouse-sync" / "running").iterdir())) == 2


def test_where_nothing_can_be_written_a_process_knows_what_it_does_itself(home):
    (home / "warehouse-sync").write_text("no folder")
    log = operation("127.0.0.1:1").log
    log.add({"n": 1})
    assert log.after(0)[0] == [{"n": 1}]


def test_a_message_is_news_once_and_there_is_one_of_each():
    running = Operation()
    assert [running.is_news("a"), running.is_news("a"), running.is_news("b")] == [True, False, True]
    assert running.shared(list, "a") is running.shared(list, "a")
    assert running.shared(list, "a") is not running.shared(list, "b")
