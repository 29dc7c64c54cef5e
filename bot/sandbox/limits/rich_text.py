"""Limits of the rich_text block: known kinds of parts, each with the fields it needs."""

from __future__ import annotations

from bot.sandbox.limits.checks import Check, by_type, choice, flag, items, shape, string, whole

_MOST_PARTS = 1000
_WORD = string(255, 1)
_STYLE = shape(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag),
)
_STYLED = {"style": _STYLE}
_INLINE: dict[str, Check] = {
    "text": shape({"text": string(3000, 1)}, _STYLED, kind="text"),
    "link": shape({"url": string(3000, 1)}, {"text": string(3000), "unsafe": flag, **_STYLED}, kind="link"),
    "user": shape({"user_id": _WORD}, _STYLED, kind="user"),
    "usergroup": shape({"usergroup_id": _WORD}, _STYLED, kind="usergroup"),
    "channel": shape({"channel_id": _WORD}, _STYLED, kind="channel"),
    "broadcast": shape({"range": choice("here", "channel", "everyone")}, _STYLED, kind="broadcast"),
    "emoji": shape({"name": _WORD}, {"unicode": string(255), "url": string(3000), **_STYLED}, kind="emoji"),
    "date": shape(
        {"timestamp": whole(0, 10**11), "format": string(3000, 1)}, {"url": string(3000), "fallback": string(3000)},
        kind="date",
    ),
    "color": shape({"value": string(20, 1)}, {}, kind="color"),
}  # fmt: skip
_LINE = items(by_type(_INLINE), 0, _MOST_PARTS)
_SECTION = shape({"elements": _LINE}, {}, kind="rich_text_section")
_BORDER = {"border": whole(0, 1)}
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_preformatted": shape(
        {"elements": _LINE}, {**_BORDER, "language": string(255)}, kind="rich_text_preformatted"
    ),
    "rich_text_quote": shape({"elements": _LINE}, _BORDER, kind="rich_text_quote"),
    "rich_text_list": shape(
        {
            "style": choice("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": _SECTION}), 1, _MOST_PARTS),
        },
        {**_BORDER, "indent": whole(0, 8), "offset": whole(0, 100_000)},
        kind="rich_text_list",
    ),
}

RICH_TEXT_PARTS = items(by_type(_PARTS), 1, _MOST_PARTS)
