"""Codes: the detail card, a code for a conversation or the clipboard, and options for type-ahead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from slack_sdk.models.blocks import Block, InteractiveElement, Option, StaticSelectElement
from slack_sdk.models.views import View

from bot.codes.catalogue import Edition
from bot.codes.detail import CodeDetail, CodeLine, Instruction
from bot.codes.search.index import Hit
from bot.codes.suggesting import Suggestion
from bot.views.ids import ActionId
from bot.views.layout import (
    OPTION_TEXT,
    Message,
    action_id,
    actions,
    button,
    context,
    cut,
    escape,
    full_day,
    header,
    option,
    paragraphs,
    plain,
    section,
    window,
)
from storage.words import ConceptKind

#: How many lines of one kind of instruction a card shows of one place before it says how many more there are.
LINES = 12
#: What a whole chapter says concerns every code in it; a card shows the beginning. A table of 7th characters is shown whole.
CHAPTER_LINES, SEVENTHS = 2, 30
#: Characters of one line, and of all instructions together: a message holds some 13,000.
LINE_TEXT, CARD_TEXT = 200, 6_000
#: Codes below one, in its menu; no entry of ICD-10-CM has more than 34.
MOST_BELOW = 60
#: Characters of a piece of text to copy.
COPY_TEXT = 2_700


def detail_message(detail: CodeDetail) -> Message:
    """One code with all its instructions."""
    return Message(text=f"{detail.line.code} {detail.line.title}", blocks=detail_card(detail))


def detail_window(detail: CodeDetail) -> View:
    """The same in a window of its own."""
    return window(detail.line.code, detail_card(detail))


def detail_card(detail: CodeDetail) -> list[Block]:
    """Title, whether it can be billed, where it stands, its instructions and what lies below it."""
    blocks: list[Block] = [
        header(f"{detail.line.code} {detail.line.title}"),
        section(f"*{billing(detail.line)}*"),
        context(" › ".join(_place(line) for line in detail.path) or "Top of the list"),
    ]
    blocks += _instructions(detail)
    blocks.append(context(f"{answered_by(detail.edition, detail.missing)} Valid {valid_words(detail.valid_from, detail.valid_to)}."))
    blocks.append(actions(*_ways(detail)))
    return blocks


def shared_code(detail: CodeDetail, by: str) -> Message:
    """A code shown to everybody in the conversation."""
    told = f"<@{by}> shared *{detail.line.code}* {escape(detail.line.title)} · {billing(detail.line)}"
    return Message(
        text=f"{detail.line.code} {detail.line.title}", blocks=[section(told), context(answered_by(detail.edition, detail.missing))]
    )


def copy_code(detail: CodeDetail) -> View:
    """A code as plain text to mark and copy."""
    return window("Copy a code", copied([(detail.line.code, detail.line.title)], detail.edition))


def copied(lines: Sequence[tuple[str, str]], edition: Edition) -> list[Block]:
    """Codes alone, and with their titles, as plain text in pieces that Slack takes; clients offer to copy such text whole."""
    codes = ", ".join(code for code, _ in lines)
    told = "The code alone" if len(lines) == 1 else f"The {len(lines)} codes alone"
    blocks: list[Block] = [section(f"*{told}*\n{_preformatted(codes)}"), section("*With titles*")]
    pieces = [""]
    for code, title in lines:
        line = f"{code}  {cut(title, 400)}\n"
        if len(escape(pieces[-1])) + len(escape(line)) > COPY_TEXT:
            pieces.append("")
        pieces[-1] += line
    return [*blocks, *(section(_preformatted(piece.rstrip())) for piece in pieces), context(answered_by(edition, None))]


def code_options(found: Iterable[Suggestion]) -> list[Option]:
    """Codes as choices of a menu; a system is named where it is not ICD-10-CM."""
    return [
        Option(
            text=plain(f"{one.code} {one.title}", OPTION_TEXT),
            value=one.address,
            description=plain(_told_beside(one), OPTION_TEXT) if _told_beside(one) else None,
        )
        for one in found
    ]


def billing(line: CodeLine | Hit) -> str:
    """Whether a code can be billed, in words."""
    if line.billable:
        return "Billable"
    return "Needs a 7th character" if line.needs_seventh else "Not billable: choose a code below it"


def edition_line(edition: Edition) -> str:
    """Which edition answered."""
    return f"{escape(edition.title)}."


def answered_by(edition: Edition, missing: str | None) -> str:
    """Which edition answered, and which one should have."""
    return f"{escape(missing)}, is not loaded. Answered from {edition_line(edition)}" if missing else edition_line(edition)


def valid_words(starts: date | None, ends: date | None) -> str:
    """From when to when something may be used: ``Apr 1, 2026 to Sep 30, 2026``."""
    if starts is None:
        return f"until {full_day(ends)}" if ends else "at any time"
    return f"{full_day(starts)} to {full_day(ends)}" if ends else f"from {full_day(starts)}"


def page_value(query: str, page: int) -> str:
    """What a page button carries."""
    return f"{page}|{cut(query, 1900)}"


def read_page_value(value: str) -> tuple[int, str]:
    """The page and the query a button asks for."""
    page, _, query = value.partition("|")
    return int(page), query


def _told_beside(one: Suggestion) -> str:
    parts = [one.system or "", "" if one.billable else "not billable as it stands"]
    return " · ".join(part for part in parts if part)


def _preformatted(text: str) -> str:
    return f"```{escape(text.replace('`', chr(39)))}```"


def _instructions(detail: CodeDetail) -> list[Block]:
    """Every kind of instruction as paragraphs; the last ones are counted instead of shown where all together would be too long for Slack."""
    blocks: list[Block] = []
    left = CARD_TEXT
    for title, lines in _titled(detail):
        if not lines:
            continue
        size = sum(len(line) for line in lines)
        shown = lines if size <= left else [f"{len(lines)} lines, too many to show here. See {detail.line.code} in the book."]
        left -= min(size, left)
        blocks += paragraphs(f"*{title}*", shown)
    return blocks


def _titled(detail: CodeDetail) -> list[tuple[str, list[str]]]:
    sevenths = detail.sevenths
    table = [f"`{letter}` {escape(meaning)}" for letter, meaning in sevenths.characters] if sevenths else []
    rule = [f"_{escape(sevenths.rule)}_"] if sevenths and sevenths.rule else []
    below = [f"`{line.code}` {escape(line.title)}" for line in detail.children]
    return [
        ("Also called", _lines([escape(term) for term in detail.inclusion_terms])),
        ("Includes", _told(detail.includes)),
        ("Excludes1 (not coded together)", _told(detail.excludes1)),
        ("Excludes2 (not included here)", _told(detail.excludes2)),
        ("Code first", _told(detail.code_first)),
        ("Use additional code", _told(detail.use_additional)),
        ("Code also", _told(detail.code_also)),
        ("Notes", _told(detail.notes)),
        (f"7th characters{_from(sevenths.inherited_from) if sevenths else ''}", [*rule, *_lines(table, SEVENTHS)]),
        ("Below it", _lines(below)),
    ]


def _told(instructions: Sequence[Instruction]) -> list[str]:
    """The code's own lines, then those it inherits under the name of where they are printed."""
    places = dict.fromkeys(line.inherited_from for line in instructions)
    told: list[str] = []
    for place in places:
        told += [f"_inherited from {_source(place)}:_"] if place else []
        most = CHAPTER_LINES if _is_chapter(place) else LINES
        told += _lines([escape(line.text) for line in instructions if line.inherited_from == place], most)
    return told


def _from(place: str | None) -> str:
    return f" (inherited from {_source(place)})" if place else ""


def _is_chapter(place: str | None) -> bool:
    """Chapters are the only places named by a number alone."""
    return place is not None and place.isdigit()


def _source(place: str) -> str:
    return f"chapter {place}" if _is_chapter(place) else place


def _lines(texts: Sequence[str], most: int = LINES) -> list[str]:
    shown = [f"• {cut(text, LINE_TEXT)}" for text in texts[:most]]
    return [*shown, f"… and {len(texts) - most} more"] if len(texts) > most else shown


def _place(line: CodeLine) -> str:
    """A step of the path; the title of a chapter or block already names its range."""
    if line.kind in {ConceptKind.CHAPTER, ConceptKind.BLOCK}:
        return escape(cut(line.title, 70))
    return escape(f"{line.code} {cut(line.title, 60)}")


def _ways(detail: CodeDetail) -> list[InteractiveElement]:
    """Up, to the neighbours, down, and away."""
    ways: list[InteractiveElement] = []
    if detail.path:
        ways.append(_way("Up", detail.path[-1], detail.under))
    ways += [_way(label, line, detail.under) for label, line in (("Previous", detail.previous), ("Next", detail.next)) if line]
    below = [option(f"{line.code} {line.title}", detail.under + line.code) for line in detail.children[:MOST_BELOW]]
    if below:
        menu = StaticSelectElement(
            action_id=action_id(ActionId.CODE_DETAIL, "below"), placeholder=plain("Open a code below it"), options=below
        )
        ways.append(menu)
    ways.append(button("Share here", ActionId.CODE_SHARE, detail.under + detail.line.code))
    ways.append(button("Copy", ActionId.CODE_COPY, detail.under + detail.line.code))
    return ways


def _way(label: str, line: CodeLine, under: str) -> InteractiveElement:
    return button(f"{label}: {line.code}", ActionId.CODE_DETAIL, under + line.code, key=label.lower())
