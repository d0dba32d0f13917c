"""Opening a store: what is made, what is refused, and in which words."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from speechqa.core.analysis import FailedCall, Failure
from speechqa.errors import StoreError
from speechqa.protocols import CallFilter
from speechqa.store import open_store
from speechqa.store.trouble import translated


def failed(call_id: str = "c1") -> FailedCall:
    return FailedCall(call_id=call_id, path=f"/{call_id}.wav", error=Failure(type="T", message="m"))


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "calls.db"


@pytest.fixture
def made(path):
    with open_store(f"sqlite:///{path}") as store:
        store.put("i", "f", failed())
    return path


def test_a_new_store_and_its_companions_are_their_owners_only(path):
    before = os.umask(0)
    try:
        with open_store(f"sqlite:///{path}") as store:
            store.put("i", "f", failed())
            companions = sorted(path.parent.iterdir())
            assert [file.name for file in companions] == ["calls.db", "calls.db-shm", "calls.db-wal"]
            assert {mode(file) for file in companions} == {0o600}
    finally:
        os.umask(before)
    assert [file.name for file in path.parent.iterdir()] == ["calls.db"], (
        "closing folds the log into the file"
    )


def test_the_mode_of_a_store_that_is_there_is_left(made):
    made.chmod(0o640)
    open_store(f"sqlite:///{made}").close()
    assert mode(made) == 0o640


def test_relative_paths_and_paths_with_odd_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("plain.db", "with space.db", "שיחות.db", "100%.db", "what?.db", "a#b.db"):
        open_store(f"sqlite:///{name}").close()
        assert (tmp_path / name).exists(), name


@pytest.mark.parametrize(
    "url",
    [
        "mysql+pymysql://dana:hunter2@db/calls",
        "SQLITE+x://hunter2",
        "sqlite://hunter2/calls.db",
        "hunter2.db",
        "",
        "sqlite:///hunter2\0.db",
        "sqlite:///hunter2\ud800.db",
        "://hunter2",
    ],
)
def test_what_is_no_store_is_said_without_repeating_the_url(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "hunter2" not in repr((caught.value.message, caught.value.hint))
    assert "sqlite:///FILE" in str(caught.value)
    assert caught.value.exit_code == 6


def test_nothing_is_made_where_nothing_is_to_be_made(path):
    with pytest.raises(StoreError, match="There is no store") as caught:
        open_store(f"sqlite:///{path}", create=False)
    assert "speechqa audit" in (caught.value.hint or "")
    assert not path.exists()
    path.touch()
    with pytest.raises(StoreError, match="empty"):
        open_store(f"sqlite:///{path}", create=False)


def test_a_store_that_is_there_opens_without_create(made):
    with open_store(f"sqlite:///{made}", create=False) as store:
        assert store.counts() == {"done": 0, "failed": 1}


def test_a_folder_and_a_missing_folder(tmp_path):
    with pytest.raises(StoreError, match="folder"):
        open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError, match="No such file") as caught:
        open_store(f"sqlite:///{tmp_path}/absent/calls.db")
    assert "Make the folder" in (caught.value.hint or "")


def test_a_file_that_is_no_database(path):
    path.write_text("these are notes, not calls\n" * 50)
    with pytest.raises(StoreError, match="no SQLite store"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("these are notes")


def test_a_database_of_somebody_else_is_left_alone(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no speechqa store"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_store(made):
    data = bytearray(made.read_bytes())
    data[4096:-4096] = b"\xff" * (len(data) - 8192)
    made.write_bytes(data)
    with pytest.raises(StoreError, match="damaged") as caught, open_store(f"sqlite:///{made}") as store:
        list(store.documents(CallFilter()))
    assert "backup" in (caught.value.hint or "")


def test_a_kept_document_that_was_tampered_with(made):
    with sqlite3.connect(made) as other:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            other.execute("UPDATE documents SET body = x'00'")
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            other.execute(
                "INSERT INTO access_log (at, actor, event, reason, details) VALUES ('', '', '', '', '')"
            ) and other.execute("DELETE FROM access_log")
        other.execute("DROP TRIGGER documents_unchanged")
        other.execute("UPDATE documents SET body = substr(body, 1, 20)")
    with open_store(f"sqlite:///{made}") as store, pytest.raises(StoreError, match="damaged") as caught:
        store.get("c1")
    assert "'c1'" in str(caught.value)


def test_a_full_store_keeps_what_it_has(made):
    with open_store(f"sqlite:///{made}") as store:
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError, match="full") as caught:  # noqa: PT012 - how many fit is not known
            for n in range(200):
                store.put(f"i{n}", "f", failed(f"long{n}" * 500))
        assert "Make room" in (caught.value.hint or "")
        assert store.get("c1") == failed()


def test_a_store_that_cannot_be_written(made):
    with open_store(f"sqlite:///{made}") as store:
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="cannot be written"):
            store.put("j", "f", failed("c2"))
        assert store.get("c1") == failed()


def test_a_store_in_use_for_too_long(made):
    with open_store(f"sqlite:///{made}") as store, sqlite3.connect(made, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreError, match="Another process") as caught:
            store.put("j", "f", failed("c2"))
        assert "run the command again" in (caught.value.hint or "")
        assert store.get("c1") == failed(), "readers never wait"
        other.execute("ROLLBACK")


def test_a_python_without_full_text_search():
    error = translated(sqlite3.OperationalError("no such module: fts5"), "calls.db")
    assert "FTS5" in error.what
    assert error.hint


def test_an_error_tells_no_conversation(made):
    with sqlite3.connect(made) as other:
        other.execute("DROP TABLE summaries")
    with open_store(f"sqlite:///{made}") as store, pytest.raises(StoreError) as caught:
        store.put("j", "f", failed("my secret words"))
    assert "secret" not in str(caught.value)


def test_opening_an_up_to_date_store_loads_no_migrations(made):
    script = (
        "import sys\n"
        "from speechqa.store import open_store\n"
        "assert 'sqlalchemy' not in sys.modules and 'alembic' not in sys.modules\n"
        "open_store(sys.argv[1])\n"
        "assert 'alembic' not in sys.modules\n"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{made}"]
    subprocess.run(command, check=True)


def test_a_store_serves_the_child_of_a_fork(made):
    with open_store(f"sqlite:///{made}") as store:
        store.get("c1")
        child = os.fork()
        if child == 0:
            try:
                store.put("j", "f", failed("from the child"))
                os._exit(0)
            except BaseException:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        store.put("k", "f", failed("from the parent"))
        assert store.counts()["failed"] == 3


def test_threads_share_a_store(path):
    for url in ("sqlite://", f"sqlite:///{path}"):
        with open_store(url) as store, ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n, s=store: s.put(f"i{n}", "f", failed(f"c{n}")), range(40)))
            assert store.counts()["failed"] == 40


def test_a_lock_that_is_soon_free_is_waited_for(made):
    with open_store(f"sqlite:///{made}") as store:
        holder = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sqlite3, sys, time\n"
                "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                "c.execute('BEGIN IMMEDIATE'); print('held', flush=True)\n"
                "time.sleep(0.4); c.execute('COMMIT')",
                str(made),
            ],
            stdout=subprocess.PIPE,
        )
        assert holder.stdout is not None
        holder.stdout.readline()
        store.put("j", "f", failed("waited"))
        holder.wait()
        assert store.get("waited")


@pytest.mark.parametrize("path", ["n" * 300 + ".db", "~nobody-of-this-name/x.db"])
def test_a_path_that_cannot_be_is_said_in_words(path):
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{path}")
