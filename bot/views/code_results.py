"""The codes a lookup found: a page of them, the same for a conversation, and for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement
from slack_sdk.models.views import View

from bot.codes.lookup import Results
from bot.codes.search.index import Hit
from bot.views.codes import answered_by, billing, copied, page_value, valid_words
from bot.views.ids import ActionId
from bot.views.layout import Message, actions, button, context, cut, escape, section, window

PAGE = 6
#: Other systems that are offered for the same words.
MOST_ELSEWHERE = 3


def result_list(found: Results, asked: str, page: int = 0) -> Message:
    """A page of search results, best first.

    :param asked: what a button asks for again: the words, with their date and system.
    """
    query = escape(cut(found.query, 80))
    edition = found.edition
    answered = context(f"{answered_by(edition, found.missing)} Valid {valid_words(edition.valid_from, edition.valid_to)}.")
    if not found.hits:
        told = f"No code found for “{query}”. Try fewer words, or the start of the code."
        buttons = _elsewhere(found)
        return Message(text=told, blocks=[section(told), answered, *([actions(*buttons)] if buttons else [])])
    page, shown = _page(found.hits, page)
    blocks: list[Block] = [section(f"*Codes for “{query}”*"), *(_row(found, hit) for hit in shown), answered]
    blocks.append(actions(*_page_buttons(asked, page, len(found.hits)), *_elsewhere(found)))
    first = shown[0]
    more = f" and {len(found.hits) - 1} more" if len(found.hits) > 1 else ""
    return Message(text=f"{first.code} {first.title}{more}", blocks=blocks)


def shared_results(found: Results, page: int, by: str) -> Message:
    """A page of codes shown to everybody in the conversation, without the words that were typed."""
    page, shown = _page(found.hits, page)
    lines = "\n".join(f"• *{hit.code}* {escape(cut(hit.title, 200))} · {billing(hit)}" for hit in shown)
    told = f"<@{by}> shared {'a code' if len(shown) == 1 else f'{len(shown)} codes'}"
    blocks = [section(f"{told}\n{lines}"), context(answered_by(found.edition, found.missing))]
    return Message(text=f"Shared codes: {', '.join(hit.code for hit in shown)}", blocks=blocks)


def copy_results(found: Results) -> View:
    """All results as plain text to mark and copy, from the first page to the last."""
    return window("Copy codes", copied([(hit.code, hit.title) for hit in found.hits], found.edition))


def _page(hits: Sequence[Hit], page: int) -> tuple[int, Sequence[Hit]]:
    """The page there is, and what stands on it: the list may have become shorter between two clicks."""
    page = min(max(page, 0), max(len(hits) - 1, 0) // PAGE)
    return page, hits[page * PAGE : (page + 1) * PAGE]


def _row(found: Results, hit: Hit) -> Block:
    why = f"\n_{escape(hit.why)}_" if hit.why else ""
    dates = found.dates.get(hit.code)
    valid = f" · {valid_words(*dates)}" if dates else ""
    text = f"*{hit.code}* {escape(hit.title)}\n{billing(hit)}{valid}{why}"
    return section(text, accessory=button("Details", ActionId.CODE_DETAIL, found.under + hit.code))


def _page_buttons(asked: str, page: int, total: int) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = []
    if page > 0:
        buttons.append(button("Previous", ActionId.CODE_PAGE, page_value(asked, page - 1), key="previous"))
    if (page + 1) * PAGE < total:
        buttons.append(button("More", ActionId.CODE_PAGE, page_value(asked, page + 1), key="next"))
    buttons.append(button("Share here", ActionId.CODE_SHARE, page_value(asked, page), key="list"))
    buttons.append(button("Copy", ActionId.CODE_COPY, page_value(asked, page), key="list"))
    return buttons


def _elsewhere(found: Results) -> list[InteractiveElement]:
    """The same question to other systems."""
    day = f" on {found.on.isoformat()}" if found.on else ""
    return [
        button(f"In {title}", ActionId.CODE_PAGE, page_value(f"{found.query}{day} in {title}", 0), key=f"elsewhere{at}")
        for at, title in enumerate(found.elsewhere[:MOST_ELSEWHERE])
    ]
