"""Putting tasks into hands: the form, what the supervisor reads afterwards, and what the people on both sides are told."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    PlainTextInputElement,
    UserMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.team.assign import Assigned
from bot.team.hands import Share
from bot.team.orders import MOST, PERSON, Order, read_order
from bot.team.telling import Changed
from bot.team.undo import Undone
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    FALLBACK_TEXT,
    SECTION_TEXT,
    Message,
    actions,
    button,
    context,
    cut,
    form,
    header,
    input_block,
    option,
    person,
    section,
    window,
)
from bot.views.task_card import task_card, task_message
from bot.views.task_lists import task_row

TEAM = "team"
#: How many people are told one by one; the others are counted by reason.
MOST_NAMED = 25
MOST_LEFT = 10
ROWS = 8
UNDO_HINT = "Undo works for a minute, where nothing happened since."


def assign_form(context_: FormContext, what: str = "", assignees: Sequence[str] = (), *, team: bool = False) -> View:
    """Ask which tasks go to whom."""
    task = PlainTextInputElement(action_id=str(Field.TASK), initial_value=what[:2000] or None, max_length=2000)
    to = UserMultiSelectElement(action_id=str(Field.PEOPLE), initial_users=list(assignees) or None)
    everybody = [option("Everybody at work who may do it", TEAM)]
    return form(
        CallbackId.ASSIGN_FORM,
        "Assign tasks",
        [
            input_block(
                Field.TASK, "Which tasks?", task, hint="References such as RV-2F7KQ, or the next of the queue: next 10 inpatient F1"
            ),
            input_block(Field.PEOPLE, "To whom?", to, optional=True, hint="Several people share evenly, by what they have in hand."),
            input_block(
                Field.EVERYBODY,
                "Or to the whole team",
                CheckboxesElement(action_id=str(Field.EVERYBODY), options=everybody, initial_options=everybody if team else None),
                optional=True,
            ),
            context(f"By skill and load. At most {MOST} tasks at once; for a minute you can undo it."),
        ],
        context_,
        submit="Assign",
    )


def read_assign_form(values: FormValues) -> Order:
    """Read the assign form.

    :raises BadInput: for words that say nothing of this.
    """
    return read_order(
        values.text(Field.TASK) or "", values.people(Field.PEOPLE), team=TEAM in values.many(Field.EVERYBODY)
    )


def assigned_message(done: Assigned) -> Message:
    """What the supervisor reads after an assignment: one task with its card, several with who got how many and why others got none."""
    if done.card is not None:
        told = f"{person(done.card.owner)} {'already has' if done.was_theirs else 'now has'} {done.card.reference}."
        shown = task_message(done.card, told)
        return Message(shown.text, [*shown.blocks, *_undo(done)])
    told = _counted(done)
    return Message(cut(f"{told} {_shares(done.shares)}", FALLBACK_TEXT), _report(done, told))


def assigned_window(done: Assigned) -> View:
    """The same in a window."""
    if done.card is not None:
        return window(done.card.reference, [*task_card(done.card), *_undo(done)])
    return window("Assigned", _report(done, _counted(done)))


def undone_message(undone: Undone) -> Message:
    """What the supervisor reads after undoing."""
    where = "it was" if undone.tasks + undone.requests == 1 else "they were"
    told = f"Undone: {_things(undone.tasks, undone.requests)} back where {where} before."
    if undone.kept:
        kept = ", ".join(undone.kept[:MOST_LEFT]) + (f" and {len(undone.kept) - MOST_LEFT} more" if len(undone.kept) > MOST_LEFT else "")
        told += f" Not undone, because something happened with it since: {kept}."
    return Message(cut(told, FALLBACK_TEXT), [section(told)])


def undone_window(undone: Undone) -> View:
    """The same in a window."""
    return window("Undone", undone_message(undone).blocks)


def without_people(text: str) -> str:
    """What was typed about the work, for the form where the people are picked."""
    return " ".join(PERSON.sub(" ", text).split())


def changed_letter(changed: Changed) -> Message:
    """For somebody whose tasks changed hands together, or were put back: how many, and the first of what is theirs now."""
    by = person(changed.by) if changed.by else "A supervisor"
    told = " ".join(_sentences(changed, by))
    shown: list[Block] = [header(_title(changed)), section(told), *[task_row(card) for card in changed.cards[:ROWS]]]
    if changed.theirs > len(changed.cards[:ROWS]):
        shown.append(context(f"{changed.theirs - len(changed.cards[:ROWS])} more: `/tasks` shows all."))
    listed = ", ".join(card.reference for card in changed.cards[:ROWS])
    return Message(cut(f"{told} {listed}".strip(), FALLBACK_TEXT), shown)


def _title(changed: Changed) -> str:
    if changed.undone:
        return "An assignment was undone"
    return f"{changed.theirs} tasks are yours now" if changed.theirs else f"{changed.gone} tasks are no longer in your hands"


def _sentences(changed: Changed, by: str) -> list[str]:
    if changed.undone:
        back = [f"{_tasks(changed.theirs)} yours again."] if changed.theirs else []
        gone = [f"{_tasks(changed.gone)} no longer in your hands."] if changed.gone else []
        return [f"{by} took an assignment back:", *back, *gone]
    if changed.theirs:
        return [f"{by} assigned you {changed.theirs} tasks."]
    return [f"{by} moved {changed.gone} of your tasks to others. /tasks shows yours."]


def _tasks(count: int) -> str:
    return "1 task is" if count == 1 else f"{count} tasks are"


def _counted(done: Assigned) -> str:
    more = f" {done.offers} open offers to them were declined." if done.offers else ""
    return f"{_things(len(done.tasks), done.requests)} assigned.{more}"


def _things(tasks: int, requests: int) -> str:
    told = "1 task" if tasks == 1 else f"{tasks} tasks"
    if requests:
        told += " and 1 release" if requests == 1 else f" and {requests} releases"
    return told


def _report(done: Assigned, told: str) -> list[Block]:
    shown: list[Block] = [section(f"*{told}*\n{_shares(done.shares)}")]
    if done.left:
        rest = len(done.left) - MOST_LEFT
        lines = [f"• {sentence}" for sentence in done.left[:MOST_LEFT]] + ([f"• and {rest} more"] if rest > 0 else [])
        shown.append(section(cut("*Not assigned*\n" + "\n".join(lines), SECTION_TEXT)))
    if done.tasks:
        rest = len(done.tasks) - 20
        shown.append(context(", ".join(done.tasks[:20]) + (f" and {rest} more" if rest > 0 else "")))
    return [*shown, *_undo(done)]


def _shares(shares: Sequence[Share]) -> str:
    got = [share for share in shares if share.got]
    lines = [f"• {person(share.slack_user_id)}: {share.got} (had {share.had} in hand)" for share in got[:MOST_NAMED]]
    if len(got) > MOST_NAMED:
        rest = got[MOST_NAMED:]
        lines.append(f"• {len(rest)} others: {sum(share.got for share in rest)} together")
    return cut("\n".join([*lines, *_none(shares)]), SECTION_TEXT - 200)


def _none(shares: Sequence[Share]) -> list[str]:
    """Why people got nothing: each by name where they are few, else counted."""
    none = [share for share in shares if not share.got]
    if len(none) <= MOST_NAMED // 2:
        return [f"• {person(share.slack_user_id)}: none, {share.why}" for share in none]
    reasons: dict[str, int] = {}
    for share in none:
        why = "has more in hand than the others" if share.why.startswith("has ") else share.why
        reasons[why] = reasons.get(why, 0) + 1
    return [f"• none for {count} people: {why}" for why, count in reasons.items()]


def _undo(done: Assigned) -> list[Block]:
    if not done.number:
        return []
    return [actions(button("Undo", ActionId.ASSIGN_UNDO, str(done.number))), context(UNDO_HINT)]
