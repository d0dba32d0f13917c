"""Two hundred hostile texts in every field of a document: on every page they are text and nothing else."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import again, watched, wider
from tests.support.hostile_documents import KINDS, hostile_documents
from tests.support.hostile_texts import MARKER, Hostile, evened, hostile_texts, spelled
from tests.support.page_makers import PAGES

Texts = Mapping[Hostile, str]
"""Texts with a place of each."""
DOCUMENTS = int(os.environ.get("SPEECHQA_TRIES", KINDS))
"""So many documents, each with all texts; with the number of kinds every field meets each kind."""
ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069\n]*\u2069")
WRITTEN_OUT = re.compile(r".{0,30}\\(?:u20[26][0-9a-f]|x[01][0-9a-f]).{0,30}")
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
READ = """() => {
  const tags = [], attributes = [], told = [], addresses = [];
  for (const node of document.querySelectorAll('*')) {
    tags.push(node.localName);
    for (const attribute of node.attributes) {
      attributes.push(`${node.localName} ${attribute.name}`);
      if (['title', 'aria-label', 'alt', 'placeholder', 'value', 'aria-description'].includes(attribute.name))
        told.push(attribute.value);
      if (['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster'].includes(attribute.name))
        addresses.push(attribute.value);
    }
  }
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const script = texts.currentNode.parentElement.closest('style, script:not([type="application/json"])');
    if (!script) told.push(texts.currentNode.data);
  }
  return {tags, attributes, told, addresses, ran: window.hostile_script_ran || ''};
}"""


def _different(found: list[str], wanted: list[str]) -> dict[str, int]:
    """What there is more of, and what less of, than there should be."""
    more = Counter(found)
    more.subtract(Counter(wanted))
    return {what: count for what, count in more.items() if count}


@pytest.fixture(scope="module", params=PAGES, ids=str)
def made(request, tmp_path_factory):
    """Pages of one kind: hostile, and their harmless twins."""
    folder = tmp_path_factory.mktemp(request.param)
    documents = hostile_documents(DOCUMENTS)
    both = []
    for name, of in (("hostile", "document"), ("harmless", "twin")):
        place = folder / name
        place.mkdir()
        both.append(PAGES[request.param]([getattr(one, of) for one in documents], place))
    hostile, harmless = both
    assert len(hostile) == len(harmless) > 0
    return list(zip(hostile, harmless, strict=True))


def test_hostile_texts_are_shown_and_nothing_more(opened, made):
    """The policy is turned off: escaping stands alone."""
    page = opened(made[0][1], 390, policy=False)
    documents, troubles = hostile_documents(DOCUMENTS), []
    for number, (hostile, harmless) in enumerate(made):
        # A page over many documents holds the texts of all of them.
        held = documents if len(made) == 1 else documents[number : number + 1]
        texts = {text: place for one in held for place, text in one.places.items()}
        troubles += [f"{number}: {trouble}" for trouble in _troubles(page, hostile, harmless, texts)]
    assert not troubles, "\n".join(troubles[:40])


def test_a_page_that_escapes_nothing_is_found_out(opened, tmp_path):
    """Each kind of text that is more than text in a page is told of by the check above."""
    pages = [tmp_path / name for name in ("hostile.html", "harmless.html")]
    page = None
    for text in {text.kind: text for text in hostile_texts() if re.match("<[a-z]", text.text)}.values():
        for path, shown in zip(pages, (text.text, text.harmless), strict=True):
            told = f"<!doctype html><html lang=en><meta charset=utf-8><title>t</title><body><p>{shown}"
            path.write_text(told, encoding="utf-8", errors="backslashreplace")
        page = page or opened(pages[1], policy=False)
        assert _troubles(page, *pages, {text: "p"}), text


def test_hostile_pages_keep_their_policy(opened, made):
    """Nothing that a policy would have to stop is even tried."""
    page = opened(made[0][0])
    for hostile, _ in made[:: max(1, len(made) // 4)]:
        again(page, hostile)
        assert watched(page).troubles == []
        assert page.evaluate(f"() => window.{MARKER} === undefined")
        assert wider(page) == 0


def _troubles(page: Page, hostile: Path, harmless: Path, texts: Texts) -> list[str]:
    """What a page of hostile texts does or shows that the same of harmless texts does not."""
    again(page, harmless)
    troubles = [f"harmless: {trouble}" for trouble in watched(page).troubles]
    wanted, room = page.evaluate(READ), wider(page)
    again(page, hostile)
    page.mouse.click(5, 5)
    found = page.evaluate(READ)
    troubles += watched(page).troubles
    if found["ran"]:
        troubles.append(f"a script ran: {found['ran']}")
    for what in ("tags", "attributes"):
        if other := _different(found[what], wanted[what]):
            troubles.append(f"other {what} than harmless texts make: {other}")
    if other := _different(_schemes(found["addresses"]), _schemes(wanted["addresses"])):
        troubles.append(f"other addresses than harmless texts make: {other}")
    if other := _different(_obeyed(found["told"]), _obeyed(wanted["told"])):
        troubles.append(f"letters that are obeyed, not shown: {other} {_where(found['told'], other)}")
    if written := WRITTEN_OUT.findall("\n".join(wanted["told"])):
        troubles.append(f"our own marks of direction are written out: {written[:3]}")
    troubles += [f"not shown: {text}" for text in _lost(found["told"], wanted["told"], texts)]
    if room > 0 or wider(page) > 0:
        troubles.append(f"wider than its window by {room} (harmless) and {wider(page)} pixels")
    return troubles


def _schemes(addresses: list[str]) -> list[str]:
    matches = [re.match(r"[\w+.-]*:", address) for address in addresses]
    return [match[0] if match else "beside" for match in matches]


def _lost(found: list[str], wanted: list[str], texts: Texts) -> list[str]:
    """Texts whose harmless twin is shown where the text itself is not."""
    shown, harmless = evened("\n".join(found)), evened("\n".join(wanted))
    return [
        f"{place}: {text.text[:80]!r}"
        for text, place in texts.items()
        if _even(text)[0] in harmless and not any(way in shown for way in _even(text)[1])
    ]


@cache
def _even(text: Hostile) -> tuple[str, tuple[str, ...]]:
    return evened(text.harmless), tuple(spelled(text.text))


def _obeyed(told: list[str]) -> list[str]:
    """Letters that a reader's program would obey; isolates that are closed where they began are none."""
    text = "\n".join(told)
    while (inner := ISOLATED.sub("", text)) != text:
        text = inner
    return OBEYED.findall(text)


def _where(told: list[str], letters: Collection[str]) -> list[str]:
    return [text.strip()[:60] for text in told if any(letter in text for letter in letters)][:3]


def test_every_text_is_in_every_document():
    for one in hostile_documents(DOCUMENTS):
        assert set(one.places.values()) == set(hostile_texts())
