"""The team's board in Slack, and the tasks behind each number, with boxes to choose some and give them to somebody."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InteractiveElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.moments import days
from bot.reviews.cards import TaskCard
from bot.team.board import Countdown, Load, Row, SlicePage, TeamBoard
from bot.team.new_work import NewWork
from bot.team.orders import Order
from bot.team.slices import AGES, BILL_NOTICE, CHART_NOTICE, OVER, SOON, Slice, SliceKind
from bot.views.assigning import TEAM
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    OPTION_VALUE,
    SECTION_TEXT,
    Message,
    action_id,
    actions,
    button,
    context,
    cut,
    escape,
    fields,
    form,
    header,
    input_block,
    option,
    person,
    plain,
    say,
    section,
    title_words,
    words,
)
from bot.views.task_card import task_title
from bot.views.task_lists import task_row
from storage.words import TaskType

#: How many lines a part of the board shows; its menu leads to a hundred.
LINES = 12
MENU = 100
_SLICE_TITLES = {
    Slice(SliceKind.ALL): "The queue",
    Slice(SliceKind.RISK): "At risk, nobody has it",
    Slice(SliceKind.QUERY): "Queries past their clock",
    Slice(SliceKind.OWNER): "In one person's hands",
    Slice(SliceKind.BILL, OVER): "Bill hold over",
    Slice(SliceKind.BILL, SOON): "Bill hold ends soon",
    Slice(SliceKind.CHART, OVER): "Delinquent charts",
    Slice(SliceKind.CHART, SOON): "Charts soon delinquent",
}


def board_message(board: TeamBoard) -> Message:
    """The whole board as a private answer."""
    told = f"{board.waiting} wait, {board.at_risk} of them at risk; {board.in_hand} in hand, {board.on_hold} on hold."
    return Message(text=f"The team's work: {told}", blocks=board_blocks(board))


def board_blocks(board: TeamBoard) -> list[Block]:
    """The board: the same in an answer and on the Home of a supervisor."""
    return [
        header("The team's work"),
        *fields(_facts(board)),
        *_pressing(board),
        *_backlog(board),
        *_holds(board),
        *_loads(board.loads),
        actions(
            button("Assign tasks", ActionId.TASK_ASSIGN, "new", key="board"),
            button("See the queue", ActionId.TEAM_SLICE, Slice(SliceKind.ALL).pack(), key="all"),
            button("Limits", ActionId.LIMITS_OPEN, "limits"),
        ),
    ]


def new_work_message(new: NewWork) -> Message:
    """What the queue's channel hears: counts, and nothing about anybody."""
    kinds = ", ".join(f"{count} {title_words(kind)}" for kind, count in new.kinds)
    came = "1 new task" if new.total == 1 else f"{new.total} new tasks"
    return say(f"{came} in the queue: {kinds}. {new.waiting} wait in all; /claim takes the next one.")


def bill_holds_letter(unowned: Countdown) -> Message:
    """For the supervisors: bill holds pass while nobody has the work."""
    count = "1 task is" if unowned.over == 1 else f"{unowned.over} tasks are"
    told = f"{count} past the bill hold, and nobody has them. {unowned.soon} more end within {BILL_NOTICE} days."
    over, soon = Slice(SliceKind.BILL, OVER), Slice(SliceKind.BILL, SOON)
    return Message(
        told,
        [
            section(told),
            actions(
                button("Show what is over", ActionId.TEAM_SLICE, over.pack(), key="over"),
                button("Show what ends soon", ActionId.TEAM_SLICE, soon.pack(), key="soon"),
            ),
        ],
    )


def slice_title(which: Slice) -> str:
    """What the tasks behind a number have in common."""
    if which.kind is SliceKind.AGE:
        return _age(AGES.index(int(which.value)))
    if which.kind is SliceKind.FACILITY:
        return f"Facility {which.value}" if which.value else "No facility"
    if which.kind in {SliceKind.TYPE, SliceKind.HOLD}:
        return title_words(which.value)
    return _SLICE_TITLES.get(which) or _SLICE_TITLES[Slice(which.kind)]


def slice_form(page: SlicePage, form_context: FormContext) -> View:
    """The tasks behind a number, a page at a time; those chosen are given to somebody with one click."""
    shown: list[Block] = [header(f"{slice_title(page.slice)} ({page.total})")]
    if page.slice.kind is SliceKind.OWNER:
        shown.append(section(f"In the hands of {person(page.slice.value)}. `/assign everything of @person to team` moves it all."))
    if not page.cards:
        shown.append(section("Nothing is left here. /team shows how it stands now."))
    shown += [task_row(card) for card in page.cards]
    if page.pages > 1:
        shown += [context(f"Page {page.page + 1} of {page.pages}"), actions(*_turning(page))]
    shown += _giving(page.cards)
    return form(CallbackId.TEAM_SLICE_FORM, slice_title(page.slice), shown, form_context, submit="Assign")


def read_slice_form(values: FormValues) -> Order:
    """Which tasks were chosen, and for whom."""
    people, team = values.people(Field.PEOPLE), TEAM in values.many(Field.EVERYBODY)
    return Order(references=values.many(Field.TASKS), to=people, team=team)


def read_turn(value: str) -> tuple[str, int]:
    """Which slice, and which page of it, a button asks for."""
    page, _, packed = value.partition("|")
    return packed, int(page)


def _turning(page: SlicePage) -> list[InteractiveElement]:
    packed = page.slice.pack()
    back = [button("Previous", ActionId.TEAM_PAGE, f"{page.page - 1}|{packed}", key="previous")] if page.page else []
    on = [button("Next", ActionId.TEAM_PAGE, f"{page.page + 1}|{packed}", key="next")] if page.page + 1 < page.pages else []
    return [*back, *on]


def _giving(cards: Sequence[TaskCard]) -> list[Block]:
    if not cards:
        return []
    boxes = CheckboxesElement(
        action_id=str(Field.TASKS), options=[option(cut(task_title(card), 75), card.reference) for card in cards]
    )
    everybody = CheckboxesElement(action_id=str(Field.EVERYBODY), options=[option("Everybody at work who may do it", TEAM)])
    to = UserMultiSelectElement(action_id=str(Field.PEOPLE))
    return [
        input_block(Field.TASKS, "Assign these", boxes, optional=True),
        input_block(Field.PEOPLE, "To whom?", to, optional=True, hint="Several people share evenly, by what they have in hand."),
        input_block(Field.EVERYBODY, "Or to the whole team", everybody, optional=True),
    ]


def _facts(board: TeamBoard) -> list[tuple[str, str]]:
    return [
        ("Waiting", f"{board.waiting}, the oldest {days(board.oldest_days)}" if board.waiting else "0"),
        ("In hand", str(board.in_hand)),
        ("On hold", str(board.on_hold)),
        ("Done in 24 hours", str(board.done_today)),
    ]


def _pressing(board: TeamBoard) -> list[Block]:
    """What cannot wait, each with its tasks behind a menu; what is zero is not shown."""
    bills, charts, queries = board.bill_holds, board.charts, board.queries
    lines = [
        ("*At risk in 48 hours, nobody has it*", f"{board.at_risk}", [(SliceKind.RISK, "", board.at_risk)]),
        ("*Bill holds*", f"{bills.over} over · {bills.soon} end within {BILL_NOTICE} days", _sides(SliceKind.BILL, bills)),
        (
            "*Delinquent charts*",
            f"{charts.over} older than {board.chart_days} days · {charts.soon} will be within {CHART_NOTICE} days",
            _sides(SliceKind.CHART, charts),
        ),
        ("*Physician queries*", f"{queries.over} past their clock · {queries.soon} open", [(SliceKind.QUERY, "", queries.over)]),
    ]
    return [
        section(f"{title}: {told}", accessory=_show([Slice(kind, value) for kind, value, count in slices if count], title))
        for title, told, slices in lines
        if any(count for *_, count in slices)
    ]


def _sides(kind: SliceKind, countdown: Countdown) -> list[tuple[SliceKind, str, int]]:
    return [(kind, OVER, countdown.over), (kind, SOON, countdown.soon)]


def _show(slices: Sequence[Slice], key: str) -> InteractiveElement | None:
    """A button for one slice, a menu for several."""
    name = "".join(letter for letter in key.lower() if letter.isalpha())[:40]
    if len(slices) == 1:
        return button("Show", ActionId.TEAM_SLICE, slices[0].pack(), key=name)
    return _menu(name, [(slice_title(one), one) for one in slices])


def _menu(key: str, choices: Sequence[tuple[str, Slice]]) -> InteractiveElement | None:
    """A menu of slices. One whose name is longer than Slack takes is left to ``/tasks queue``."""
    options = [option(label, one.pack()) for label, one in choices if len(one.pack()) <= OPTION_VALUE]
    if not options:
        return None
    return StaticSelectElement(
        action_id=action_id(ActionId.TEAM_SLICE, key), placeholder=plain("Show…"), options=options[:MENU]
    )


def _backlog(board: TeamBoard) -> list[Block]:
    if not board.waiting:
        return []
    ages = [sum(row.ages[at] for row in board.types) for at in range(len(AGES))]
    by_age = " · ".join(f"{_age(at)}: {count}" for at, count in enumerate(ages))
    oldest = [(f"{_age(at)} ({count})", Slice(SliceKind.AGE, str(AGES[at]))) for at, count in enumerate(ages) if count]
    return [
        section(f"*Backlog by age*\n{by_age}", accessory=_menu("age", oldest)),
        _rows("Backlog by type", board.types, SliceKind.TYPE),
        _rows("Backlog by facility", board.facilities, SliceKind.FACILITY),
    ]


def _rows(title: str, rows: Sequence[Row], kind: SliceKind) -> Block:
    named = [(_name(row, kind), row) for row in rows]
    lines = [f"• {escape(name)}: *{row.total}* ({_ages(row)})" + (f" · {row.at_risk} at risk" if row.at_risk else "") for name, row in named[:LINES]]
    rest = rows[LINES:]
    if rest:
        lines.append(f"• {len(rest)} more: {sum(row.total for row in rest)}")
    choices = [(f"{cut(name, 60)} ({row.total})", Slice(kind, row.name)) for name, row in named]
    return section(cut(f"*{title}*\n" + "\n".join(lines), SECTION_TEXT), accessory=_menu(kind, choices))


def _name(row: Row, kind: SliceKind) -> str:
    if kind is SliceKind.TYPE:
        return title_words(TaskType(row.name))
    return cut(row.name, 80) if row.name else "no facility"


def _ages(row: Row) -> str:
    return ", ".join(f"{_age(at)} {count}" for at, count in enumerate(row.ages) if count)


def _age(at: int) -> str:
    first, last = AGES[at], AGES[at + 1] - 1 if at + 1 < len(AGES) else None
    return f"{first}–{last} days" if last is not None else f"over {first - 1} days"


def _holds(board: TeamBoard) -> list[Block]:
    if not board.holds:
        return []
    lines = [f"• {words(reason)}: *{count}*" for reason, count in board.holds]
    choices = [(f"{title_words(reason)} ({count})", Slice(SliceKind.HOLD, reason)) for reason, count in board.holds]
    return [section("*Holds by reason*\n" + "\n".join(lines), accessory=_menu("hold", choices))]


def _loads(loads: Sequence[Load]) -> list[Block]:
    """Who has how much. For the supervisor alone: the board is never posted where others read."""
    busy = [load for load in loads if load.active or load.on_hold]
    lines = [f"• {person(load.slack_user_id)}: *{load.active}* active, {load.on_hold} on hold{_where(load)}" for load in busy[:LINES]]
    if rest := busy[LINES:]:
        lines.append(f"• {len(rest)} more people: {sum(load.active for load in rest)} active")
    free = [load for load in loads if not load.active and not load.away and not load.left]
    if free:
        named = ", ".join(person(load.slack_user_id) for load in free) if len(free) <= LINES // 2 else f"{len(free)} people"
        lines.append(f"• nothing in hand: {named}")
    if not lines:
        return []
    choices = [(f"{cut(load.name, 55)} ({load.active + load.on_hold})", Slice(SliceKind.OWNER, load.slack_user_id)) for load in busy]
    return [section(cut("*In people's hands*\n" + "\n".join(lines), SECTION_TEXT), accessory=_menu("owner", choices))]


def _where(load: Load) -> str:
    if load.left:
        return " (has left)"
    return " (on leave)" if load.away else ""
