"""What a supervisor asks for in words: which tasks go to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadInput
from bot.references import Prefix, read_reference

#: How many tasks change hands at once at most: the answer must be there before Slack stops waiting.
MOST = 200
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_EVERYTHING = ("everything", "all")
_TEAM = ("team", "everybody")
_SMALL_WORDS = ("of", "from", "to", "for", "and")


class AssignWhat(BadInput):
    """Name the tasks and the person: /assign RV-2F7KQ @person, or /assign next 10 inpatient @person. Without words, /assign opens a form."""


class HowMany(BadInput):
    """Say how many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be shared out: the tasks named, or the next ``count`` of the queue that ``words`` narrow, or everything ``of`` one person; to whom.

    ``to`` and ``of`` are Slack ids; ``team`` means everybody who may.
    """

    references: tuple[str, ...] = ()
    count: int = 0
    words: str = ""
    of: str | None = None
    to: tuple[str, ...] = ()
    team: bool = False

    @property
    def names_work(self) -> bool:
        """Whether it says what is to be shared out."""
        return bool(self.references or self.count or self.of)

    @property
    def names_people(self) -> bool:
        """Whether it says who gets it."""
        return bool(self.to) or self.team


def read_order(text: str, picked: Sequence[str] = (), *, team: bool = False) -> Order:
    """Read ``RV-2F7KQ RV-7KQ2F @person``, ``next 10 inpatient F1 @person @person``, ``next 30 team`` or ``everything of @person to team``.

    :param picked: people chosen beside the words, in a form.
    :param team: whether *everybody* was chosen there.
    :raises AssignWhat: for words that say nothing of this.
    :raises HowMany: for a number of tasks that makes no sense.
    """
    people = PERSON.findall(text)
    said = [word for word in PERSON.sub(" ", text).replace(",", " ").split() if word.lower() not in _SMALL_WORDS]
    everybody = team or bool(said and said[-1].lower() in _TEAM)
    if said and said[-1].lower() in _TEAM:
        said.pop()
    first = said[0].lower() if said else ""
    if first in _EVERYTHING:
        return _everything(said, people, picked, team=everybody)
    to = tuple(dict.fromkeys([*people, *picked]))
    if first == "next":
        count, words = _how_many(said[1:])
        return Order(count=count, words=words, to=to, team=everybody)
    return Order(references=_references(said), to=to, team=everybody)


def people_in(text: str) -> tuple[str, ...]:
    """The Slack ids of the people named with @ in a text, in their order."""
    return tuple(dict.fromkeys(PERSON.findall(text)))


def _everything(said: Sequence[str], people: Sequence[str], picked: Sequence[str], *, team: bool) -> Order:
    if len(said) > 1 or not people:
        raise AssignWhat("Name whose work it is and who gets it: /assign everything of @person to @person, or to team.", field="task")
    return Order(of=people[0], to=tuple(dict.fromkeys([*people[1:], *picked])), team=team)


def _how_many(said: Sequence[str]) -> tuple[int, str]:
    """The number after ``next``, one when there is none, and the words that narrow the queue."""
    if not said or not said[0].lstrip("-").isdigit():
        return 1, " ".join(said)
    count = int(said[0][:9])
    if count < 1:
        raise HowMany(f"Say how many tasks, from 1 to {MOST}: /assign next 10 @person.", field="task")
    if count > MOST:
        raise HowMany(f"At most {MOST} tasks change hands at once. Say a smaller number, and repeat it.", field="task")
    return count, " ".join(said[1:])


def _references(said: Sequence[str]) -> tuple[str, ...]:
    if any("@" in word for word in said):
        raise AssignWhat(field="task")
    if len(said) > MOST:
        raise HowMany(f"At most {MOST} tasks change hands at once. Name fewer, and repeat it.", field="task")
    try:
        return tuple(dict.fromkeys(read_reference(word, Prefix.TASK) for word in said))
    except BadInput as error:
        if len(said) == 1:
            raise BadInput(error.sentence, field="task") from error
        raise AssignWhat(field="task") from error
