"""One line of a task file, understood: the facts it states, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.intake import task_words
from bot.intake.cells import Unreadable, as_word, read_date, read_number, read_word, read_yes_no
from bot.intake.keys import own_reference
from bot.intake.line_cells import Cells, CodeCheck, read_sensitive
from bot.intake.problems import Problem
from bot.intake.source import Line
from bot.references import Prefix
from storage.words import HoldReason, PayerClass, Priority, Sensitive, TaskSetting, TaskState, TaskType

#: A due date is met until the end of that day in the facility's legal zone.
END_OF_DAY = time(23, 59)
LONGEST_AGE, LONGEST_HOLD = 36_500, 3_650


@dataclass(slots=True)
class TaskFacts:
    """What one line says about one task; None where it says nothing. ``task`` and ``record`` are references people already use.

    ``aged_exactly`` tells a day of discharge from an age in days, which counts from the day the file was made.
    """

    line: int
    task: str | None
    record: str | None
    external_key: str | None
    type: TaskType
    setting: TaskSetting | None
    state: TaskState
    hold: HoldReason | None
    owner: str | None
    worked_by: str | None
    priority: Priority | None
    facility: str | None
    skill: str | None
    payer_class: PayerClass | None
    working_drg: str | None
    charges_usd: int | None
    second_review: bool | None
    aged_from: date | None
    aged_exactly: bool
    bill_hold_until: date | None
    bill_hold_days: int | None
    due_at: datetime | None
    sensitive: tuple[Sensitive, ...]
    unit: str = "line"
    called: Mapping[str, str] = field(default_factory=dict)

    def hold_until(self, aged_from: date) -> date | None:
        """The last day of the bill hold: as stated, or so many days from where the age counts; None when there is none, or nothing is said."""
        if self.bill_hold_until is not None or not self.bill_hold_days:
            return self.bill_hold_until
        return aged_from + timedelta(days=self.bill_hold_days)


@dataclass(slots=True)
class LineReader:
    """Reads the lines of one file. ``today`` is the day in the facility's legal zone."""

    check: CodeCheck
    today: date
    zone: str
    warn: Callable[[Problem], None]
    unit: str = "line"

    def read(self, line: Line) -> TaskFacts | list[Problem]:
        """The facts of a line, or everything that is wrong with it."""
        cells = Cells(line, self.check, self.unit)
        facts = self._facts(line, cells)
        if facts.external_key is None and facts.record is None and facts.task is None:
            cells.wrong("task_ref", "names nothing, so the line could not be found again")
        if facts.state is TaskState.ON_HOLD and facts.hold is None and not cells.failed("hold_reason"):
            cells.wrong("hold_reason", "is needed for a task on hold")
        return cells.problems or facts

    def _facts(self, line: Line, cells: Cells) -> TaskFacts:
        named = cells.text("task_ref")
        task, record = own_reference(named, Prefix.TASK), own_reference(named, Prefix.RECORD)
        hold = self._hold(cells)
        return TaskFacts(
            line=line.number,
            task=task,
            record=record,
            external_key=cells.external_key("task_ref", foreign=not task and not record),
            type=self._type(cells),
            setting=self._setting(cells),
            state=self._state(cells, hold),
            hold=hold,
            owner=cells.slug("owner"),
            worked_by=cells.slug("worked_by"),
            priority=cells.take("priority", lambda text: read_word(text, Priority, task_words.PRIORITIES)),
            facility=cells.slug("facility_code"),
            skill=cells.slug("skill"),
            payer_class=self._payer(cells),
            working_drg=cells.slug("working_drg"),
            charges_usd=cells.take("charges_usd", read_number),
            second_review=cells.take("second_review_required", read_yes_no),
            aged_from=self._aged_from(cells),
            aged_exactly="age_days" not in line.cells,
            bill_hold_until=cells.take("bill_hold_until", read_date),
            bill_hold_days=cells.take("bill_hold_days", lambda text: read_number(text, LONGEST_HOLD)),
            due_at=cells.take("due_date", self._due_at),
            sensitive=cells.take("sensitive_categories", read_sensitive) or (),
            unit=self.unit,
            called=line.called,
        )

    def _type(self, cells: Cells) -> TaskType:
        if not cells.text("task_type") and not cells.text("stop_bill"):
            cells.wrong("task_type", "is empty")
        found = cells.take("task_type", lambda text: read_word(text, TaskType, task_words.TASK_TYPES))
        return found or TaskType.CODING

    def _setting(self, cells: Cells) -> TaskSetting | None:
        of_type = task_words.SETTING_OF_TYPE.get(as_word(cells.text("task_type")))
        return of_type or cells.take("setting", _read_setting)

    def _state(self, cells: Cells, hold: HoldReason | None) -> TaskState:
        stated = cells.take("status", lambda text: read_word(text, TaskState, task_words.STATES))
        if stated is not None:
            return stated
        if hold is not None:
            return TaskState.ON_HOLD
        return TaskState.CLAIMED if cells.text("owner") else TaskState.AVAILABLE

    def _hold(self, cells: Cells) -> HoldReason | None:
        stated = cells.take("hold_reason", _read_hold)
        return stated or _stop_bill(cells.text("stop_bill"))

    def _payer(self, cells: Cells) -> PayerClass | None:
        """Payer classes differ from house to house: an unknown one is "other", and the report says so."""
        text = cells.text("payer_class")
        if not text:
            return None
        try:
            return read_word(text, PayerClass, task_words.PAYERS)
        except Unreadable:
            self.warn(cells.problem("payer_class", "is not a class we know, so it counts as other"))
            return PayerClass.OTHER

    def _aged_from(self, cells: Cells) -> date | None:
        days = cells.take("age_days", lambda text: read_number(text, LONGEST_AGE))
        if days is not None:
            return self.today - timedelta(days=days)
        discharged = cells.take("discharge_date", read_date)
        if discharged is not None and discharged > self.today:
            cells.wrong("discharge_date", "is in the future")
        return discharged

    def _due_at(self, text: str) -> datetime:
        return datetime.combine(_day_there(text, ZoneInfo(self.zone)), END_OF_DAY, ZoneInfo(self.zone))


def _day_there(text: str, zone: ZoneInfo) -> date:
    """The day that is meant: of a moment with its own zone, the day it is in the facility's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return read_date(text)
    return moment.astimezone(zone).date() if moment.tzinfo else read_date(text)


def _read_setting(text: str) -> TaskSetting | None:
    word = as_word(text)
    return task_words.SETTINGS[word] if word in task_words.SETTINGS else read_word(text, TaskSetting)


def _read_hold(text: str) -> HoldReason:
    word = as_word(text)
    if word in HoldReason.__members__.values():
        return HoldReason(word)
    found = next((reason for part, reason in task_words.HOLD_PARTS if part in word), None)
    return found or read_word(text, HoldReason)


def _stop_bill(text: str) -> HoldReason | None:
    """A stop bill that only says that the work is still to be done is no hold."""
    word = as_word(text)
    return next((reason for part, reason in task_words.HOLD_PARTS if part in word), None)
