"""Two hundred review tasks for the sandbox, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.actors import Actor
from bot.moments import local_day
from bot.reviews.creation import TaskFacts, create_tasks
from storage.columns import FAR_FUTURE
from storage.tables import ReviewTask
from storage.words import PayerClass, Priority, Sensitive, TaskSetting, TaskType

TASKS = 200
FACILITIES = ("F1", "F2", "F3")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task and how often it comes."""

    type: TaskType
    settings: tuple[TaskSetting | None, ...]
    weight: int


KINDS = (
    Kind(TaskType.CODING, (TaskSetting.INPATIENT, TaskSetting.OBSERVATION, TaskSetting.SAME_DAY_SURGERY), 40),
    Kind(TaskType.CODING, (TaskSetting.ED, TaskSetting.CLINIC, TaskSetting.ANCILLARY), 60),
    Kind(TaskType.INSURANCE_VERIFICATION, (None,), 25),
    Kind(TaskType.DEFICIENCY_ANALYSIS, (TaskSetting.INPATIENT,), 20),
    Kind(TaskType.CHART_COMPLETION, (TaskSetting.INPATIENT,), 15),
    Kind(TaskType.DATA_QUALITY_CHECK, (None,), 15),
    Kind(TaskType.DENIAL_REVIEW, (TaskSetting.INPATIENT, TaskSetting.CLINIC), 10),
    Kind(TaskType.PREBILL_REVIEW, (TaskSetting.INPATIENT,), 8),
    Kind(TaskType.HCC_REVIEW, (TaskSetting.CLINIC,), 5),
    Kind(TaskType.MPI_REVIEW, (TaskSetting.DUPLICATE, TaskSetting.OVERLAP), 4),
)
PRIORITIES = {Priority.URGENT: 8, Priority.HIGH: 22, Priority.NORMAL: 55, Priority.LOW: 15}


def generate_tasks(session: Session, desk: Actor, now: datetime, seed: int = 7) -> list[ReviewTask]:
    """Create the tasks of the demonstration: mostly ordinary, some pressing, one overlay, a few restricted."""
    chance = random.Random(seed)  # noqa: S311 - a demonstration, not a secret
    today = local_day(now, desk.legal_zone)
    facts = [_facts(chance, now, today, number) for number in range(TASKS)]
    return create_tasks(session, desk, now, facts)


def _facts(chance: random.Random, now: datetime, today: date, number: int) -> TaskFacts:
    kind = chance.choices(KINDS, [kind.weight for kind in KINDS])[0]
    setting = chance.choice(kind.settings)
    if number == 0:
        kind, setting = Kind(TaskType.MPI_REVIEW, (), 0), TaskSetting.OVERLAY
    age = min(int(chance.expovariate(1 / 4)), 40)
    due = now + timedelta(hours=chance.randint(-24, 120)) if chance.random() < 0.12 else FAR_FUTURE
    inpatient = setting in {TaskSetting.INPATIENT, TaskSetting.OBSERVATION}
    return TaskFacts(
        type=kind.type,
        setting=setting,
        priority=chance.choices(list(PRIORITIES), list(PRIORITIES.values()))[0],
        facility=chance.choice(FACILITIES),
        payer_class=chance.choice(list(PayerClass)),
        working_drg=str(chance.randint(100, 990)) if inpatient and kind.type is TaskType.CODING else None,
        charges_usd=chance.randint(2_000, 90_000) if inpatient else chance.randint(80, 6_000),
        aged_from=today - timedelta(days=age),
        bill_hold_until=today + timedelta(days=3 - age) if kind.type is TaskType.CODING else None,
        due_at=due,
        sensitive=(chance.choice((Sensitive.VIP, Sensitive.EMPLOYEE)),) if chance.random() < 0.02 else (),
    )
