"""Two or three people act on the same tasks at the same moment, on PostgreSQL, again and again: whatever comes of it, it could have come one after the other.

A small model says what each act does alone. After every round there must be an order of its acts in which the model gives exactly these answers and exactly
these rows. What is drawn follows from a seed; who comes first is up to the database.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from bot import audit
from bot.errors import Refusal
from bot.reviews import handoff, work
from bot.reviews.claims import claim, claim_next
from bot.team.assign import assign, assign_many
from bot.team.everything import hand_on_everything
from bot.team.orders import Order
from bot.team.people import Kept, keep_coworker
from bot.team.undo import undo
from storage.tables import Person, ReviewTask, TaskHold, TaskOffer
from storage.words import CancelReason, HoldReason, OfferState, ReturnReason, Role, TaskEvent, TaskState
from tests.clinic import Clinic
from tests.integration.test_claims import all_at_once

SEEDS, ROUNDS, TASKS, LIMIT = range(6), 30, 3, 2
ROLES = {"Noor": Role.SPECIALIST, "Tomas": Role.AUDITOR, "Priya": Role.SUPERVISOR, "Sam": Role.SUPERVISOR}
SUPERVISORS = {"Priya", "Sam"}
ACTIVE = {TaskState.CLAIMED, TaskState.IN_PROGRESS}
OWNED = ACTIVE | {TaskState.ON_HOLD}
#: How often it is the task, or the person, one would expect.
OFTEN = 0.8
OPEN = OWNED | {TaskState.AVAILABLE}


@dataclass(frozen=True)
class Stand:
    """How a task stands: whose it is, to whom it is offered, and how much has happened to it."""

    state: TaskState = TaskState.AVAILABLE
    owner: str = ""
    asked: str = ""
    happened: int = 1


@dataclass(frozen=True)
class Floor:
    """All tasks, and who is on leave."""

    tasks: tuple[Stand, ...] = (Stand(),) * TASKS
    away: frozenset[str] = frozenset()

    def after(self, number: int, **changes: Any) -> Floor:
        """The same after one more thing happened to a task."""
        task = self.tasks[number]
        moved = replace(task, happened=task.happened + 1, **changes)
        return replace(self, tasks=(*self.tasks[:number], moved, *self.tasks[number + 1 :]))

    def full(self, who: str) -> bool:
        """Whether somebody has as many active tasks as one may have."""
        return sum(task.owner == who and task.state in ACTIVE for task in self.tasks) >= LIMIT


@dataclass(frozen=True)
class Act:
    """What somebody does: with which task, and to or for whom."""

    who: str
    what: str
    task: int
    to: str

    @property
    def leaver(self) -> str:
        """Whose work is handed on."""
        return "Tomas" if self.task % 2 else "Noor"

    def may_lead_to(self, floor: Floor) -> list[tuple[bool, Floor]]:
        """Whether it is carried out, and what is then; several where the desk may choose."""
        found = MODEL[self.what](floor, floor.tasks[self.task], self)
        return [(True, one) for one in found] or [(False, floor)]


Outcomes = list[Floor]


def _claim(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if task.owner == act.who and task.state in ACTIVE:
        return [floor]
    free = task.state is TaskState.AVAILABLE and not floor.full(act.who)
    return [floor.after(act.task, state=TaskState.CLAIMED, owner=act.who)] if free else []


def _next(floor: Floor, _task: Stand, act: Act) -> Outcomes:
    waiting = [number for number, task in enumerate(floor.tasks) if task.state is TaskState.AVAILABLE]
    return [one for number in waiting for one in _claim(floor, floor.tasks[number], replace(act, task=number))]


def _start(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if task.owner != act.who or task.state not in ACTIVE:
        return []
    return [floor.after(act.task, state=TaskState.IN_PROGRESS) if task.state is TaskState.CLAIMED else floor]


def _hold(floor: Floor, task: Stand, act: Act) -> Outcomes:
    return [floor.after(act.task, state=TaskState.ON_HOLD)] if task.owner == act.who and task.state in ACTIVE else []


def _resume(floor: Floor, task: Stand, act: Act) -> Outcomes:
    may = task.owner == act.who and task.state is TaskState.ON_HOLD and not floor.full(act.who)
    return [floor.after(act.task, state=TaskState.IN_PROGRESS)] if may else []


def _return(floor: Floor, task: Stand, act: Act) -> Outcomes:
    may = task.state in OWNED and act.who in {task.owner, *SUPERVISORS}
    return [floor.after(act.task, state=TaskState.AVAILABLE, owner="", asked="")] if may else []


def _cancel(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if act.who not in SUPERVISORS or task.state is TaskState.COMPLETED:
        return []
    return [floor if task.state is TaskState.CANCELLED else floor.after(act.task, state=TaskState.CANCELLED, owner="", asked="")]


def _complete(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if task.owner == act.who and task.state is TaskState.COMPLETED:
        return [floor]
    may = task.owner == act.who and task.state is TaskState.IN_PROGRESS
    return [floor.after(act.task, state=TaskState.COMPLETED, asked="")] if may else []


def _offer(floor: Floor, task: Stand, act: Act) -> Outcomes:
    may = task.owner == act.who and task.state in OWNED and not task.asked and act.to not in {act.who, *floor.away}
    return [floor.after(act.task, asked=act.to)] if may else []


def _accept(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if task.owner == act.who and task.state in OWNED:
        return [floor]
    if task.asked != act.who or (task.state in ACTIVE and floor.full(act.who)):
        return []
    return [floor.after(act.task, state=TaskState.CLAIMED if task.state in ACTIVE else task.state, owner=act.who, asked="")]


def _decline(floor: Floor, task: Stand, act: Act) -> Outcomes:
    return [floor.after(act.task, asked="")] if task.asked == act.who else []


def _assign(floor: Floor, task: Stand, act: Act) -> Outcomes:
    if act.who in SUPERVISORS and _has(task, act.to):
        return [floor]
    may = act.who in SUPERVISORS and task.state in OPEN and act.to not in floor.away
    return [floor.after(act.task, state=TaskState.CLAIMED, owner=act.to, asked="")] if may else []


def _assign_all(floor: Floor, _task: Stand, act: Act) -> Outcomes:
    if act.who not in SUPERVISORS or act.to in floor.away:
        return []
    given = [number for number, task in enumerate(floor.tasks) if task.state in OPEN and not _has(task, act.to)]
    for number in given:
        floor = floor.after(number, state=TaskState.CLAIMED, owner=act.to, asked="")
    return [floor] if given else []


def _hand_on(floor: Floor, _task: Stand, act: Act) -> Outcomes:
    leaver = act.leaver
    if act.who not in SUPERVISORS or act.to in {leaver, *floor.away}:
        return []
    before = floor
    for number, one in enumerate(before.tasks):
        if one.owner == leaver and one.state in OWNED:
            floor = floor.after(number, state=one.state if one.state is TaskState.ON_HOLD else TaskState.CLAIMED, owner=act.to, asked="")
        elif one.asked == leaver:
            floor = floor.after(number, asked="")
    return [floor] if floor != before else []


def _leave(floor: Floor, _task: Stand, act: Act) -> Outcomes:
    return [replace(floor, away=floor.away | {act.to})] if act.who in SUPERVISORS else []


def _come_back(floor: Floor, _task: Stand, act: Act) -> Outcomes:
    return [replace(floor, away=floor.away - {act.to})] if act.who in SUPERVISORS else []


def _has(task: Stand, who: str) -> bool:
    return task.owner == who and task.state is not TaskState.ON_HOLD


MODEL: dict[str, Callable[[Floor, Stand, Act], Outcomes]] = {
    "claim": _claim, "next": _next, "start": _start, "hold": _hold, "resume": _resume, "return": _return, "complete": _complete, "cancel": _cancel,
    "offer": _offer, "accept": _accept, "decline": _decline, "assign": _assign, "assign all": _assign_all, "hand on": _hand_on,
    "leave": _leave, "come back": _come_back,
}  # fmt: skip
FOR_SUPERVISORS = (_cancel, _assign, _assign_all, _hand_on, _leave, _come_back)
#: What ends a task comes seldom, and what the owner does or somebody who was asked comes often.
DRAWN = [*MODEL, "claim", "start", "start", "hold", "resume", "offer", "offer", "accept", "accept", "decline", "return", "hand on", "complete"]


class Crowd:
    """Four people in a workspace of their own."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.desk, self.draw = clinic.neighbour(), random.Random(seed)
        self.people = {name: self.desk.person(name, role) for name, role in ROLES.items()}
        self.names = {self.desk.key_of(who): name for name, who in self.people.items()}
        self.desk.allow_active(LIMIT)
        self.tasks = [self.desk.task() for _ in range(TASKS)]

    def acts(self, floor: Floor) -> list[Act]:
        """What two or three people do at the same moment, mostly with the same task."""
        focus, count = self.draw.randrange(TASKS), self.draw.choice((2, 3, 3))
        return [self._act(floor, focus if self.draw.random() < OFTEN else self.draw.randrange(TASKS)) for _ in range(count)]

    def _act(self, floor: Floor, number: int) -> Act:
        task, drawn, what = floor.tasks[number], self.draw.random(), self.draw.choice(DRAWN)
        anybody, to = self.draw.choice(list(ROLES)), self.draw.choice(list(ROLES))
        likely = {"accept": task.asked, "decline": task.asked, "claim": "", "next": ""}.get(what, task.owner)
        if MODEL[what] in FOR_SUPERVISORS:
            likely = self.draw.choice(["Priya", "Sam"])
        return Act(likely or anybody if drawn < OFTEN else anybody, what, number, to)

    def job(self, act: Act) -> Callable[[], Any]:
        """The act as the desk carries it out."""
        return partial(self.desk.desk.change, self.people[act.who], *self._rule(act))

    def _rule(self, act: Act) -> tuple[Any, ...]:
        task, to = self.tasks[act.task], self.people[act.to].user_id
        today = self.desk.clock().date()
        leave = Kept("", "", None, works_restricted=False, away_first=today, away_last=today)
        return {
            "claim": (claim, None, task),
            "next": (claim_next, None),
            "start": (work.start, None, task),
            "hold": (work.hold, None, task, [HoldReason.SYSTEM]),
            "resume": (work.resume, None, task),
            "return": (work.return_task, None, task, ReturnReason.END_OF_SHIFT),
            "complete": (work.complete, None, task),
            "cancel": (work.cancel, None, task, CancelReason.DUPLICATE),
            "offer": (handoff.offer, None, task, to),
            "accept": (handoff.accept, None, task),
            "decline": (handoff.decline, None, task),
            "assign": (assign, None, task, to),
            "assign all": (assign_many, None, Order(references=tuple(self.tasks), to=(to,))),
            "hand on": (hand_on_everything, None, Order(of=self.people[act.leaver].user_id, to=(to,))),
            "leave": (keep_coworker, None, to, leave),
            "come back": (keep_coworker, None, to, replace(leave, away_first=None, away_last=None)),
        }[act.what]

    def floor(self) -> Floor:
        """How everything stands, as the rows have it."""
        with self.desk.database.read() as session:
            here = {"workspace_id": self.desk.workspace_id}
            rows = [session.scalars(sa.select(ReviewTask).filter_by(**here, reference=reference)).one() for reference in self.tasks]
            offers = session.scalars(sa.select(TaskOffer).filter_by(**here, state=OfferState.OPEN)).all()
            holds = Counter(session.scalars(sa.select(TaskHold.task_id).filter_by(**here, closed_at=None)))
            away = session.scalars(sa.select(Person.slack_user_id).where(Person.workspace_id == self.desk.workspace_id, Person.away_until.is_not(None)))
            gone = frozenset(name for user in away for name, who in self.people.items() if who.user_id == user)
        asked = {offer.task_id: self.names[offer.taker_id] for offer in offers}
        assert len(asked) == len(offers), "a task is offered to two people"
        for row in rows:
            assert (holds[row.id] > 0) == (row.state is TaskState.ON_HOLD), "reasons without a hold, or a hold without reasons"
        return Floor(
            tuple(
                Stand(row.state, self.names[row.owner_id] if row.owner_id else "", asked.get(row.id, ""), len(self.desk.history(row.reference)))
                for row in rows
            ),
            gone,
        )

    def renew(self, floor: Floor) -> None:
        """Bring new work for what has ended."""
        self.tasks = [
            reference if task.state in OPEN else self.desk.task() for reference, task in zip(self.tasks, floor.tasks, strict=True)
        ]

    def books_agree(self) -> None:
        """History leads from state to state and ends with the row; every happening has its entry in the audit trail, whose chains hold."""
        for reference in self.tasks:
            history, row = self.desk.history(reference), self.desk.row(reference)
            assert [one.from_state for one in history] == [None, *(one.to_state for one in history[:-1])]
            assert (history[-1].to_state, history[-1].owner_id) == (row["state"], row["owner_id"])
            happened = Counter(f"task_{one.event}" for one in history if one.event is not TaskEvent.CREATED)
            assert Counter(entry.action for entry in self.desk.audit(reference=reference)) == happened
        with self.desk.database.read() as session:
            assert list(audit.breaks(session, self.desk.workspace_id)) == []


def some_order(floor: Floor, acts: Sequence[Act], answers: Sequence[bool], found: Floor) -> bool:
    """Whether one after the other, in some order, these acts have these answers and lead to what was found."""
    return any(_leads(floor, [(acts[at], answers[at]) for at in order], found) for order in permutations(range(len(acts))))


def _leads(floor: Floor, acts: Sequence[tuple[Act, bool]], found: Floor) -> bool:
    if not acts:
        return floor == found
    (act, answer), *rest = acts
    return any(_leads(then, rest, found) for done, then in act.may_lead_to(floor) if done is answer)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_comes_of_people_acting_at_once_could_have_come_one_after_the_other(postgres_clinic: Clinic, seed: int) -> None:
    crowd = Crowd(postgres_clinic, seed)
    for number in range(ROUNDS):
        floor = crowd.floor()
        acts = crowd.acts(floor)
        told = all_at_once(*map(crowd.job, acts))
        answers, found = [not isinstance(answer, Refusal) for answer in told], crowd.floor()
        assert all(answer.sentence.endswith(".") for answer in told if isinstance(answer, Refusal))
        assert some_order(floor, acts, answers, found), f"round {number}: {floor}\n{list(zip(acts, told, strict=True))}\n{found}"
        crowd.books_agree()
        crowd.renew(found)


@pytest.mark.parametrize("what", ["accept", "decline", "return", "hold", "complete", "cancel", "assign", "hand on"])
def test_the_clock_ends_an_offer_while_somebody_acts_on_its_task(postgres_clinic: Clinic, what: str) -> None:
    crowd = Crowd(postgres_clinic, 0)
    for _ in range(3):
        [reference] = crowd.tasks = [crowd.desk.task()]
        for act in (Act("Noor", "claim", 0, "Noor"), Act("Noor", "start", 0, "Noor"), Act("Noor", "offer", 0, "Tomas")):
            crowd.job(act)()
        crowd.desk.clock.move(days=7)
        who = "Priya" if MODEL[what] in FOR_SUPERVISORS else "Tomas" if what in {"accept", "decline"} else "Noor"
        sweep = partial(crowd.desk.desk.run_as_desk, crowd.desk.workspace_id, "clock", handoff.expire_offers)
        told, _ = all_at_once(crowd.job(Act(who, what, 0, "Sam")), sweep)
        sweep()
        assert (what in {"accept", "decline"}) == isinstance(told, Refusal)
        assert crowd.floor().tasks[0].asked == ""
        crowd.books_agree()
        crowd.desk.change_task(reference, state=TaskState.CANCELLED, owner_id=None)


def test_an_undo_and_the_first_step_of_the_person_come_one_after_the_other(postgres_clinic: Clinic) -> None:
    crowd = Crowd(postgres_clinic, 0)
    for _ in range(8):
        [reference] = crowd.tasks = [crowd.desk.task()]
        made = crowd.desk.desk.change(crowd.people["Priya"], assign, None, reference, crowd.people["Noor"].user_id)
        undone, _ = all_at_once(
            partial(crowd.desk.desk.change, crowd.people["Priya"], undo, None, made.number), crowd.job(Act("Noor", "start", 0, "Noor"))
        )
        [task] = crowd.floor().tasks
        kept = task == Stand(TaskState.IN_PROGRESS, "Noor", "", 3)
        assert kept or task == Stand(TaskState.AVAILABLE, "", "", 3)
        assert undone.kept == ((reference,) if kept else ())
        crowd.books_agree()
        crowd.desk.change_task(reference, state=TaskState.CANCELLED, owner_id=None)


def test_two_supervisors_who_put_each_other_on_leave_are_both_heard(postgres_clinic: Clinic) -> None:
    crowd = Crowd(postgres_clinic, 0)
    for _ in range(4):
        all_at_once(crowd.job(Act("Priya", "leave", 0, "Sam")), crowd.job(Act("Sam", "leave", 0, "Priya")))
        assert crowd.floor().away == SUPERVISORS
        all_at_once(crowd.job(Act("Priya", "come back", 0, "Sam")), crowd.job(Act("Sam", "come back", 0, "Priya")))
        assert crowd.floor().away == set()
