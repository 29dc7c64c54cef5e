"""What an edition changed: the answer to /code new, and the letter to specialists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.codes.changes import ChangeKind, ChapterChanges, CodeChange, EditionChanges
from bot.views.codes import page_value
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, context, cut, escape, full_day, header, say, section

PAGE = 15
CHAPTERS = 25
WORDS = {ChangeKind.ADDED: "new", ChangeKind.DELETED: "deleted", ChangeKind.REVISED: "revised"}


def changes_message(found: EditionChanges, asked: str, page: int = 0) -> Message:
    """Counts, what changed by chapter, and a page of codes, those the reader used first."""
    edition = found.edition
    if found.before is None:
        return say(
            f"{edition.title} is the only edition loaded, so there is nothing to compare it with. "
            f"It holds {edition.concept_count:,} codes and applies from {full_day(edition.valid_from)}."
        )
    told = f"{edition.title} against {found.before.title}: {counted(found)}."
    pages = max(1, -(-len(found.changes) // PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [header(f"New in {edition.title}"), section(f"*{escape(told)}*")]
    if page == 0 and found.chapters:
        blocks.append(section("*By chapter*\n" + "\n".join(_chapter(one) for one in found.chapters[:CHAPTERS])))
    blocks += _codes(found.changes[page * PAGE : (page + 1) * PAGE])
    blocks.append(context(f"Applies from {full_day(edition.valid_from)}. Page {page + 1} of {pages}."))
    if buttons := _buttons(asked, page, pages):
        blocks.append(actions(*buttons))
    return Message(text=told, blocks=blocks)


def counted(found: EditionChanges) -> str:
    """``12 added, 3 deleted, 5 revised``."""
    return ", ".join(f"{found.count(kind):,} {kind}" for kind in (ChangeKind.ADDED, ChangeKind.DELETED, ChangeKind.REVISED))


def edition_letter(facts: Mapping[str, Any]) -> Message:
    """Tell a specialist that an edition was imported, first the codes they used; ``facts`` are those of the notice."""
    applies = full_day(date.fromisoformat(facts["from"]))
    told = f"{facts['edition']} is loaded and applies from {applies}."
    if not facts["compared"]:
        return say(f"{told} It holds {facts['codes']:,} codes.")
    changed = f"Against {facts['compared']}: {facts['added']:,} added, {facts['deleted']:,} deleted, {facts['revised']:,} revised."
    yours = list(facts["yours"])
    blocks: list[Block] = [section(f"*{escape(told)}*")]
    if yours:
        more = f"\n… and {facts['yours_more']} more" if facts["yours_more"] else ""
        blocks.append(section("*Codes you have used*\n" + "\n".join(f"• {escape(line)}" for line in yours) + more))
    blocks += [section(escape(changed)), context("/code new shows all of them.")]
    used = f" You have used {len(yours) + facts['yours_more']} of them." if yours else ""
    return Message(text=f"{told} {changed}{used}", blocks=blocks)


def _codes(changes: tuple[CodeChange, ...]) -> list[Block]:
    mine = [_line(one) for one in changes if one.used]
    others = [_line(one) for one in changes if not one.used]
    titled = (("Codes you have used", mine), ("Codes" if mine else "What changed", others))
    return [section(f"*{title}*\n" + "\n".join(lines)) for title, lines in titled if lines]


def _line(change: CodeChange) -> str:
    before = f" (was: {escape(cut(change.before, 70))})" if change.before else ""
    return f"• {WORDS[change.kind]} `{change.code}` {escape(cut(change.title, 90))}{before}"


def _chapter(one: ChapterChanges) -> str:
    parts = [f"{count} {word}" for count, word in ((one.added, "added"), (one.deleted, "deleted"), (one.revised, "revised")) if count]
    return f"• {escape(cut(one.title, 70))}: {', '.join(parts)}"


def _buttons(asked: str, page: int, pages: int) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.CODE_PAGE, page_value(asked, page - 1), key="previous"))
    if page + 1 < pages:
        buttons.append(button("More", ActionId.CODE_PAGE, page_value(asked, page + 1), key="next"))
    return buttons
