"""Who may be given a task by name, whoever gives it."""

from __future__ import annotations

from datetime import datetime

from bot.actors import WORKERS
from bot.errors import Refusal
from bot.people import is_away
from bot.reviews.claims import OwnWorkUnderReview
from storage.tables import Person, ReviewTask


class CannotTakeTasks(Refusal):
    """This person has no role that takes review tasks. An admin can give them one."""


class PersonAway(Refusal):
    """This person is on leave. Choose somebody else."""


class NotCleared(Refusal):
    """This record is restricted, and this person is not cleared for such records. /team people changes that."""


def why_not_now(person: Person, now: datetime) -> Refusal | None:
    """What keeps somebody from being given any task at all; None when nothing does."""
    if set(WORKERS).isdisjoint(person.roles):
        return CannotTakeTasks(f"{person.name} has no role that takes review tasks. An admin can give them one.")
    if is_away(person, now):
        return PersonAway(f"{person.name} is on leave. Choose somebody else.")
    return None


def why_not_this(task: ReviewTask, person: Person) -> Refusal | None:
    """What keeps somebody from being given this task; None when nothing does."""
    if task.worked_by_id == person.id:
        return OwnWorkUnderReview(f"{task.reference} reviews {person.name}'s own work. Choose somebody else.")
    if task.restricted and not person.works_restricted:
        return NotCleared(
            f"{task.reference} is on a restricted record, and {person.name} is not cleared for such records. /team people changes that."
        )
    return None
