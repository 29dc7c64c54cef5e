"""Codes: search results, the detail card, and options for type-ahead."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement, Option
from slack_sdk.models.views import View

from bot.codes.catalogue import Edition
from bot.codes.detail import CodeDetail, CodeLine, Instruction
from bot.codes.search.index import Hit
from bot.views.ids import ActionId
from bot.views.layout import (
    Message,
    actions,
    button,
    context,
    cut,
    escape,
    full_day,
    header,
    option,
    overflow,
    section,
    window,
)
from storage.words import ConceptKind

PAGE = 6
#: How many lines of one kind of instruction a card shows before it says how many more there are.
LINES = 12
#: What a whole chapter says concerns every code in it; a card shows the beginning. A table of 7th characters is shown whole.
CHAPTER_LINES, SEVENTHS = 2, 30


def result_list(
    query: str, hits: Sequence[Hit], edition: Edition, page: int = 0, *, missing: str | None = None, asked: str = ""
) -> Message:
    """A page of search results, best first.

    :param missing: the edition that would have to answer and is not loaded.
    :param asked: what a page button asks for again, when it is more than the words.
    """
    if not hits:
        told = f"No code found for “{escape(cut(query, 80))}”. Try fewer words, or the start of the code."
        return Message(text=told, blocks=[section(told), context(answered_by(edition, missing))])
    page = min(page, (len(hits) - 1) // PAGE)
    shown = hits[page * PAGE : (page + 1) * PAGE]
    blocks: list[Block] = [section(f"*Codes for “{escape(cut(query, 80))}”*")]
    blocks += [_row(hit) for hit in shown]
    blocks.append(context(answered_by(edition, missing)))
    buttons = _page_buttons(asked or query, page, len(hits))
    if buttons:
        blocks.append(actions(*buttons))
    first = shown[0]
    return Message(text=f"{first.code} {first.title} and {len(hits) - 1} more", blocks=blocks)


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
    blocks += [section(f"*{title}*\n{text}") for title, text in _instructions(detail) if text]
    if detail.children:
        blocks.append(
            section("*Below it*\n" + _lines([f"`{line.code}` {escape(line.title)}" for line in detail.children]))
        )
    blocks.append(
        context(f"{edition_line(detail.edition)} {_validity(detail)}")
    )
    buttons = _neighbours(detail)
    if buttons:
        blocks.append(actions(*buttons))
    return blocks


def shared_code(detail: CodeDetail, by: str) -> Message:
    """A code shown to everybody in the conversation."""
    told = f"<@{by}> shared *{detail.line.code}* {escape(detail.line.title)} · {billing(detail.line)}"
    return Message(
        text=f"{detail.line.code} {detail.line.title}", blocks=[section(told), context(edition_line(detail.edition))]
    )


def code_options(hits: Sequence[Hit]) -> list[Option]:
    """Codes as choices of a menu."""
    return [option(f"{hit.code} {hit.title}", hit.code) for hit in hits]


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


def page_value(query: str, page: int) -> str:
    """What a page button carries."""
    return f"{page}|{cut(query, 1900)}"


def read_page_value(value: str) -> tuple[int, str]:
    """The page and the query a button asks for."""
    page, _, query = value.partition("|")
    return int(page), query


def _row(hit: Hit) -> Block:
    why = f"\n_{escape(hit.why)}_" if hit.why else ""
    text = f"*{hit.code}* {escape(hit.title)}\n{billing(hit)}{why}"
    return section(text, accessory=button("Details", ActionId.CODE_DETAIL, hit.code))


def _page_buttons(query: str, page: int, total: int) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.CODE_PAGE, page_value(query, page - 1), key="previous"))
    if (page + 1) * PAGE < total:
        buttons.append(button("More", ActionId.CODE_PAGE, page_value(query, page + 1), key="next"))
    return buttons


def _instructions(detail: CodeDetail) -> list[tuple[str, str]]:
    sevenths = ""
    if detail.sevenths:
        meanings = [f"`{letter}` {escape(meaning)}" for letter, meaning in detail.sevenths.characters]
        sevenths = _lines(meanings, SEVENTHS)
    return [
        ("Also called", _lines([escape(term) for term in detail.inclusion_terms])),
        ("Includes", _told(detail.includes)),
        ("Excludes1 (not coded together)", _told(detail.excludes1)),
        ("Excludes2 (not included here)", _told(detail.excludes2)),
        ("Code first", _told(detail.code_first)),
        ("Use additional code", _told(detail.use_additional)),
        ("Code also", _told(detail.code_also)),
        ("Notes", _told(detail.notes)),
        ("7th characters", sevenths),
    ]


def _told(instructions: Sequence[Instruction]) -> str:
    """The code's own lines, then those it inherits under the name of where they are printed."""
    places = dict.fromkeys(line.inherited_from for line in instructions)
    return "\n".join(
        (f"_from {_source(place)}:_\n" if place else "")
        + _lines(
            [escape(line.text) for line in instructions if line.inherited_from == place],
            CHAPTER_LINES if _is_chapter(place) else LINES,
        )
        for place in places
    )


def _is_chapter(place: str | None) -> bool:
    """Chapters are the only places named by a number alone."""
    return place is not None and place.isdigit()


def _source(place: str) -> str:
    return f"chapter {place}" if _is_chapter(place) else place


def _lines(texts: Sequence[str], most: int = LINES) -> str:
    shown = [f"• {cut(text, 200)}" for text in texts[:most]]
    if len(texts) > most:
        shown.append(f"… and {len(texts) - most} more")
    return "\n".join(shown)


def _place(line: CodeLine) -> str:
    """A step of the path; the title of a chapter or block already names its range."""
    if line.kind in {ConceptKind.CHAPTER, ConceptKind.BLOCK}:
        return escape(cut(line.title, 70))
    return escape(f"{line.code} {cut(line.title, 60)}")


def _validity(detail: CodeDetail) -> str:
    until = f" to {full_day(detail.valid_to)}" if detail.valid_to else ""
    return f"Valid from {full_day(detail.valid_from)}{until}."


def _neighbours(detail: CodeDetail) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if detail.path:
        above = detail.path[-1]
        buttons.append(button(f"Up: {above.code}", ActionId.CODE_DETAIL, above.code, key="up"))
    for label, line in (("Previous", detail.previous), ("Next", detail.next)):
        if line:
            buttons.append(button(f"{label}: {line.code}", ActionId.CODE_DETAIL, line.code, key=label.lower()))
    below = [(f"{line.code} {line.title}", line.code) for line in detail.children[:5]]
    if len(below) >= 2:
        buttons.append(overflow(ActionId.CODE_DETAIL, below, key="below"))
    elif below:
        buttons.append(button(f"Down: {below[0][1]}", ActionId.CODE_DETAIL, below[0][1], key="below"))
    buttons.append(button("Share here", ActionId.CODE_SHARE, detail.line.code))
    return buttons
