from __future__ import annotations

import hashlib
import http.server
import importlib.util
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from speechqa.backends import manifest, model_files
from speechqa.backends.manifest import ModelEntry, load_manifest
from speechqa.backends.model_download import pull
from speechqa.errors import ConfigurationError, ModelDigestMismatch, ModelError, ModelNotFound

CONTENT = bytes(range(256)) * 4000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
REPOSITORY = Path(__file__).parents[3]


def write_manifest(folder: Path, **changes: object) -> Path:
    fields: dict[str, object] = {
        "name": "toy",
        "engine": "whisper",
        "format": "openai-pt",
        "file": "toy.pt",
        "rank": 1,
        "languages": ["he", "en"],
        "licence": "MIT",
        "source": "https://example.org",
        "url": "",
        "sha256": DIGEST,
        **changes,
    }
    lines = [f"{key} = {value!r}".replace("'", '"') for key, value in fields.items()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.toml").write_text("[[model]]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Server:
    """Serves `CONTENT`, whole or in part; `cut` ends the first answer after so many bytes."""

    def __init__(self) -> None:
        self.cut: int | None = None
        self.ranges = True
        self.requests: list[str | None] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range")
                outer.requests.append(asked)
                start = int(re.fullmatch(r"bytes=(\d+)-", asked).group(1)) if asked and outer.ranges else 0  # type: ignore[union-attr]
                if start >= len(CONTENT):
                    self.send_error(416)
                    return
                body = CONTENT[start:]
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body if outer.cut is None else body[: outer.cut])
                outer.cut = None

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/toy.pt"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


def test_the_manifest_shown_is_the_manifest_packaged() -> None:
    shown = (REPOSITORY / "models" / "manifest.toml").read_bytes()
    packaged = (REPOSITORY / "speechqa" / "backends" / "models.toml").read_bytes()
    assert shown == packaged


def test_the_packaged_manifest_names_what_people_use(tmp_path: Path) -> None:
    entries = {entry.name: entry for entry in load_manifest(tmp_path)}
    assert {"tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"} <= set(entries)
    assert any(name.startswith("ivrit-ai/") for name in entries)
    for entry in entries.values():
        assert entry.licence
        assert entry.source.startswith("https://")


def test_digests_of_whisper_are_those_its_package_names(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("whisper")  # read, not imported: that takes seconds
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    published = dict(re.findall(r'"([\w.-]+)": "(https://[^"]+)"', source))
    fetched = [entry for entry in load_manifest(tmp_path) if entry.url]
    assert fetched
    for entry in fetched:
        assert published[entry.name] == entry.url
        assert entry.sha256 == entry.url.split("/")[-2]


def test_tongues_a_model_is_weak_at_do_not_suit(tmp_path: Path) -> None:
    entries = {entry.name: entry for entry in load_manifest(tmp_path)}
    assert entries["small"].suits(None)
    assert entries["small"].suits("he")
    assert not entries["base"].suits("he")
    assert not entries["base"].suits(None)
    assert entries["base"].suits("en")
    assert not entries["small.en"].suits(None)
    assert not entries["ivrit-ai/whisper-large-v3-turbo"].suits(None)
    assert entries["ivrit-ai/whisper-large-v3-turbo"].suits("he")
    assert not entries["ivrit-ai/whisper-large-v3-ct2"].suits("he")


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "../escape.pt"},
        {"file": "/etc/passwd"},
        {"file": "a\\b.pt"},
        {"sha256": "abc"},
        {"sha256": "A" * 64},
        {"url": "ftp://example.org/a"},
        {"name": "a\u202eb"},
        {"languages": []},
        {"rank": "high"},
        {"surprise": 1},
    ],
)
def test_a_hostile_manifest_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    write_manifest(tmp_path, **changes)
    with pytest.raises(ConfigurationError, match=r"manifest\.toml"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("text", ["[[model]", "\udcff", "model = 3", "[[model]]\nname = 'a'"])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigurationError):
        load_manifest(tmp_path)


def test_a_model_named_twice_is_refused(tmp_path: Path) -> None:
    path = write_manifest(tmp_path) / "manifest.toml"
    path.write_text(path.read_text() * 2)
    with pytest.raises(ConfigurationError, match="twice"):
        load_manifest(tmp_path)


def test_the_folder_is_the_one_given_then_the_variable_then_models(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(manifest.MODELS_VARIABLE, str(tmp_path))
    assert manifest.models_folder("here") == Path("here")
    assert manifest.models_folder() == tmp_path
    monkeypatch.delenv(manifest.MODELS_VARIABLE)
    assert manifest.models_folder() == Path("models")


def test_listing_says_what_is_here(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    assert [status.state for status in model_files.list_models(tmp_path)] == ["absent"]
    (tmp_path / "toy.pt").write_bytes(b"not read by a listing")
    (status,) = model_files.list_models(tmp_path)
    assert (status.state, status.size_bytes, status.expected_sha256) == ("here", 21, DIGEST)


def test_verifying_compares_the_bytes(tmp_path: Path) -> None:
    write_manifest(tmp_path)
    with pytest.raises(ModelNotFound):
        model_files.verify("toy", tmp_path)
    path = tmp_path / "toy.pt"
    path.write_bytes(CONTENT)
    assert model_files.verify("toy", tmp_path).sha256 == DIGEST
    assert model_files.verify("whisper:toy", tmp_path).sha256 == DIGEST
    path.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(ModelDigestMismatch) as caught:
        model_files.verify("toy", tmp_path)
    assert DIGEST in str(caught.value)


def test_a_change_that_hides_its_time_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(CONTENT)
    before = path.stat()
    assert model_files.file_digest(path) == DIGEST
    with path.open("r+b") as file:
        file.write(b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert model_files.file_digest(path) != DIGEST


def test_a_file_without_a_known_digest_is_used_only_once_accepted(tmp_path: Path) -> None:
    write_manifest(tmp_path, sha256="")
    path = tmp_path / "toy.pt"
    path.write_bytes(CONTENT)
    assert model_files.model_status("toy", tmp_path).state == "unaccepted"
    with pytest.raises(ModelError, match="--accept"):
        model_files.verify("toy", tmp_path)
    assert model_files.accept("toy", tmp_path).sha256 == DIGEST
    assert model_files.verify("toy", tmp_path).sha256 == DIGEST
    assert model_files.model_status("toy", tmp_path).state == "here"
    path.write_bytes(CONTENT[:-1])
    for attempt in (model_files.verify, model_files.accept):
        with pytest.raises(ModelDigestMismatch):
            attempt("toy", tmp_path)


def test_nothing_that_is_no_file_has_a_digest(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        model_files.file_digest(tmp_path / "absent.pt")
    with pytest.raises(ModelError):
        model_files.file_digest(tmp_path)


def test_unknown_names_are_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="large-v3-turbo"):
        model_files.verify("no-such-model", tmp_path)


def test_pulling_fetches_verifies_and_reports(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path / "models", url=server.url)
    told: list[tuple[int, int | None]] = []
    verified = pull("toy", folder, lambda here, total: told.append((here, total)))
    assert verified.sha256 == DIGEST
    assert (folder / "toy.pt").read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert not (folder / "toy.pt.part").exists()
    pull("toy", folder)
    assert len(server.requests) == 1, "a model that is here is not fetched again"


def test_a_broken_download_is_continued(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url)
    server.cut = 1000
    with pytest.raises(ModelError, match="again"):
        pull("toy", folder)
    assert not (folder / "toy.pt").exists()
    assert (folder / "toy.pt.part").stat().st_size == 1000
    pull("toy", folder)
    assert server.requests == [None, "bytes=1000-"]
    assert (folder / "toy.pt").read_bytes() == CONTENT


def test_a_sender_that_cannot_continue_starts_over(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url)
    (folder / "toy.pt.part").write_bytes(b"something else")
    server.ranges = False
    pull("toy", folder)
    assert (folder / "toy.pt").read_bytes() == CONTENT


def test_a_whole_part_file_is_taken(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url)
    (folder / "toy.pt.part").write_bytes(CONTENT)
    assert pull("toy", folder).sha256 == DIGEST


def test_other_bytes_are_not_kept(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url, sha256="0" * 64)
    with pytest.raises(ModelDigestMismatch):
        pull("toy", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.toml"]


def test_a_file_that_is_here_and_wrong_is_left_and_refused(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url)
    (folder / "toy.pt").write_bytes(b"mine")
    with pytest.raises(ModelDigestMismatch):
        pull("toy", folder)
    assert (folder / "toy.pt").read_bytes() == b"mine"
    assert server.requests == []


def test_without_any_digest_nothing_is_fetched(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url, sha256="")
    with pytest.raises(ModelError, match="--sha256"):
        pull("toy", folder)
    assert server.requests == []
    assert pull("toy", folder, sha256=DIGEST.upper()).sha256 == DIGEST
    assert model_files.verify("toy", folder).sha256 == DIGEST


def test_a_digest_against_the_manifest_is_refused(tmp_path: Path, server: Server) -> None:
    folder = write_manifest(tmp_path, url=server.url)
    with pytest.raises(ModelDigestMismatch):
        pull("toy", folder, sha256="1" * 64)


def test_a_sender_that_sends_too_much_is_stopped(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("speechqa.backends.model_download._SLACK_MB", -1.0)
    folder = write_manifest(tmp_path, url=server.url, size_mb=1)
    with pytest.raises(ModelError, match="more than"):
        pull("toy", folder)


def test_a_sender_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = write_manifest(tmp_path, url="http://127.0.0.1:9/toy.pt")
    with pytest.raises(ModelError, match=r"127\.0\.0\.1"):
        pull("toy", folder)


def test_a_local_address_works_too(tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(CONTENT)
    folder = write_manifest(tmp_path / "models", url=source.as_uri())
    assert pull("toy", folder).sha256 == DIGEST


def test_models_in_other_forms_cannot_be_pulled(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"huggingface\.co"):
        pull("ivrit-ai/whisper-large-v3-turbo-ct2", tmp_path)


def test_an_entry_says_when_its_languages_are_missing() -> None:
    with pytest.raises(ValueError, match="languages"):
        ModelEntry(
            name="a",
            engine="whisper",
            format="openai-pt",
            file="a.pt",
            rank=1,
            languages=(),
            licence="MIT",
            source="x",
        )
