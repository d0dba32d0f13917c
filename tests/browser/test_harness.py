"""What a page must not do is seen when it does it: a harness that sees nothing proves nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.support.browser import again, assert_clean, violations, watched, wider

HEAD = "<!doctype html><html lang=en><meta charset=utf-8><title>t</title>"
FINE = "<main><h1>Fine</h1><p>Text</p></main>"
STRICT = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
MISBEHAVING = {
    "asks the network": (
        "<img alt='' src='http://example.invalid/x.png'>",
        "asked for http://example.invalid",
    ),
    "reads another folder": ("<img alt='' src='file:///etc/hostname'>", "asked for file:///etc/hostname"),
    "fails in a script": ("<script>missing.thing</script>", "error: missing is not defined"),
    "complains on the console": ("<script>console.error('bad')</script>", "error: bad"),
    "opens a dialog": ("<script>alert(1)</script>", "dialog: alert 1"),
    "opens a dialog later": ("<img alt='' src=data:, onerror=alert(2)>", "dialog: alert 2"),
    "makes a frame": ("<iframe title=f srcdoc='<p>x'></iframe>", "made a frame"),
    "talks to a socket": ("<script>new WebSocket('ws://example.invalid/')</script>", "asked for ws:"),
    "opens a window": ("<script>window.open('about:blank')</script>", "opened a window"),
}


@pytest.fixture
def written(tmp_path):
    def write(body: str, head: str = ""):
        path = tmp_path / "page.html"
        path.write_text(HEAD + head + FINE + body, encoding="utf-8")
        return path

    return write


def test_a_page_that_behaves_is_clean(opened, written, tmp_path):
    (tmp_path / "beside.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")
    page = opened(
        written("<img alt=one src=beside.svg><img alt=two src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    )
    assert_clean(page)
    assert [address.rpartition("/")[2] for address in watched(page).beside] == ["beside.svg"]
    assert violations(page) == []
    assert wider(page) == 0
    assert_clean(page)


def test_what_a_page_must_not_do_is_seen(opened, written):
    page = opened(written(""))
    for what, (body, told) in MISBEHAVING.items():
        again(page, written(body))
        assert any(trouble.startswith(told) for trouble in watched(page).troubles), (what, watched(page))
        with pytest.raises(AssertionError):
            assert_clean(page)
    assert_clean(again(page, written("")))


def test_a_page_that_goes_elsewhere_is_stopped(opened, written):
    page = opened(written("<meta http-equiv=refresh content='0;url=http://example.invalid/'>"))
    with suppress(Error):  # whichever comes first: the page of the error, or the news of it
        page.wait_for_url("chrome-error:**")
    assert "asked for http://example.invalid/" in watched(page).troubles


def test_a_policy_that_is_turned_off_stops_nothing(opened, written):
    path = written("<script>window.ran = true</script>", STRICT)
    assert opened(path, policy=False).evaluate("window.ran") is True
    page = opened(path)
    assert page.evaluate("window.ran") is None
    assert "Content Security Policy" in " ".join(watched(page).errors), "what a policy stops is told"


def test_barriers_are_found(opened, written):
    page = opened(written("<button></button><p style='color:#eee;background:#fff'>pale</p>"))
    found = " ".join(violations(page))
    assert "button-name" in found
    assert "color-contrast" in found


def test_barriers_are_found_under_a_strict_policy(opened, written):
    page = opened(written("<button></button>", STRICT))
    assert "button-name" in " ".join(violations(page))


def test_a_page_wider_than_its_window_is_seen(opened, written):
    assert wider(opened(written("<pre>" + "x" * 400 + "</pre>"), 390)) > 100


def test_dark_pages_are_asked_for(opened, written):
    asked = "() => matchMedia('(prefers-color-scheme: dark)').matches"
    assert opened(written(""), dark=True).evaluate(asked)
    assert not opened(written("")).evaluate(asked)


def test_pictures_are_kept_where_they_are_asked_for(opened, written, pictured, tmp_path, monkeypatch):
    page = opened(written(""), 390)
    assert pictured(page, "here") == tmp_path / "here.png"
    monkeypatch.setenv("SPEECHQA_SCREENSHOTS", str(tmp_path / "kept"))
    kept = pictured(page, "there")
    assert kept == tmp_path / "kept" / "there.png"
    assert kept.read_bytes().startswith(b"\x89PNG")
