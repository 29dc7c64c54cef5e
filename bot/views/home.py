"""The App Home: a private dashboard for each role."""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.flags.cards import FlagCard
from bot.flags.education import EducationCount
from bot.home import LINES, HomeBoard
from bot.reviews.lists import TaskPage
from bot.team.board import TeamBoard
from bot.views.audits import waiting_blocks
from bot.views.ids import ActionId
from bot.views.layout import (
    VIEW_BLOCKS,
    actions,
    button,
    context,
    divider,
    header,
    section,
    title_words,
    words,
)
from bot.views.roi_board import releases_part
from bot.views.task_lists import task_row
from bot.views.team import board_blocks
from storage.words import Role

#: Slack keeps this much of a sentence for the small print at the end.
FOOTER = "No patient data belongs in Slack: a reference stands for the record."


def home_view(board: HomeBoard) -> View:
    """The whole Home."""
    blocks = [
        *_greeting(board), *_team(board.team), *_tasks(board), *_audits(board.audits), *_releases(board), *_flags(board.flags)
    ]  # fmt: skip
    blocks += _education(board.education)
    blocks.append(context(FOOTER))
    return View(type="home", blocks=blocks[:VIEW_BLOCKS])


def _greeting(board: HomeBoard) -> list[Block]:
    roles = ", ".join(words(role) for role in sorted(board.reader.roles))
    if not roles:
        told = "You have no role at this desk yet. Ask an admin for one; until then `/code` looks up medical codes for you."
        return [header("Welcome"), section(told)]
    buttons = [button("My working hours", ActionId.SETTINGS_OPEN, "settings")]
    if board.tasks is not None:
        buttons.insert(0, button("Claim next task", ActionId.TASK_CLAIM_NEXT, "next", style="primary"))
    return [context(f"{board.reader.name} · {roles}"), actions(*buttons)]


def _team(team: TeamBoard | None) -> list[Block]:
    return [*board_blocks(team), divider()] if team is not None else []


def _audits(waiting: int) -> list[Block]:
    return [*waiting_blocks(waiting), divider()] if waiting else []


def _tasks(board: HomeBoard) -> list[Block]:
    if board.tasks is None:
        return []
    shown = _part("My tasks", board.tasks, "Nothing in your hands. *Claim next task* takes the best one for you.")
    if board.due is not None and board.due.cards:
        shown += _part("Due soon", board.due, "")
    return shown


def _part(title: str, page: TaskPage, empty: str) -> list[Block]:
    rows: list[Block] = [task_row(card) for card in page.cards[:LINES]]
    more = [context(f"{page.total - LINES} more: `/tasks {page.list}`")] if page.total > LINES else []
    return [header(f"{title} ({page.total})"), *(rows or [section(empty)]), *more, divider()]


def _releases(board: HomeBoard) -> list[Block]:
    oversees = board.reader.has(Role.SUPERVISOR, Role.PRIVACY_OFFICER)
    return releases_part(board.releases, board.clocks, LINES, oversees=oversees)


def _flags(flags: tuple[FlagCard, ...]) -> list[Block]:
    if not flags:
        return []
    rows = [
        section(
            f"*{flag.reference}* {flag.label} · {title_words(flag.severity)} · {words(flag.state)}",
            accessory=button("Open", ActionId.FLAG_OPEN, flag.reference),
        )
        for flag in flags
    ]
    return [header("Flags that wait for me"), *rows, divider()]


def _education(counts: tuple[EducationCount, ...]) -> list[Block]:
    """How many private notes there were, by kind and reason; never whose."""
    if not counts:
        return []
    lines = [f"{one.label}, {words(one.root_reason)}: {one.notes}" for one in counts[:LINES]]
    more = [context(f"and {len(counts) - LINES} more kinds")] if len(counts) > LINES else []
    return [header("Notes for learning"), section("\n".join(lines)), *more, divider()]
