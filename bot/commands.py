"""The slash commands: one schema that parses them, prints the help, and fills the manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.errors import BadInput

#: How alike a mistyped word must be to be suggested, in percent.
NEAR_MISS = 65
_NAMES = re.compile(r"(?<![\w/<:])/(code|claim|tasks|flag|roi|assign|team|desk)\b")


@dataclass(frozen=True, slots=True)
class Usage:
    """One way to use a command: what to type after its name, and what that does."""

    words: str
    does: str


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command as Slack's manifest and the help show it."""

    name: str
    summary: str
    hint: str
    usages: tuple[Usage, ...]
    for_supervisors: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(
        "code",
        "Look up a medical code",
        "words or code [on DATE] [in SYSTEM]",
        (
            Usage("broken wrist left", "finds codes by words, in any order, typos included"),
            Usage("E11.9", "shows that code; e119 and e11,9 work too"),
            Usage("E11.9 on 2026-05-04", "says whether it was valid on that date, and what replaced it"),
            Usage("check E11.9 O24.410 I10", "checks a set of codes; add “on DATE” for the date of service"),
            Usage("new", "shows what changed in the newest edition"),
        ),
    ),
    Command(
        "claim",
        "Take the next review task",
        "[RV-…]",
        (
            Usage("", "takes the best task for you and says why it is on top"),
            Usage("RV-2F7KQ", "takes that task"),
            Usage("list", "shows the queue to choose from"),
            Usage("list coding ed F1 7d", "narrows it by type, setting, facility and age"),
        ),
    ),
    Command(
        "tasks",
        "Show review tasks",
        "[mine | queue | holds | due | audits]",
        (
            Usage("", "shows your tasks"),
            Usage("queue", "shows what waits to be taken"),
            Usage("holds", "shows what is on hold"),
            Usage("due", "shows your tasks with a due date near"),
            Usage("audits", "shows the charts you are to audit (auditors)"),
            Usage("7KQ", "finds tasks by a part of their reference"),
        ),
    ),
    Command(
        "flag",
        "Report an accuracy problem",
        "[RV-… | RR-… | ROI-…]",
        (
            Usage("", "opens the form"),
            Usage("RV-2F7KQ", "opens the form for that task; RR-… and ROI-… do the same for a record and a release"),
            Usage("FL-2F7KQ", "shows that flag: where it stands and what you can do"),
        ),
    ),
    Command(
        "roi",
        "Work pending releases of information",
        "[ROI-… | new | due | timeline | rules | disclosures RR-…]",
        (
            Usage("", "shows your pending releases, nearest first"),
            Usage("due", "shows all that are due soon"),
            Usage("new", "opens the form that logs a request; no field of it is about a patient"),
            Usage("ROI-7K3QX", "shows that request and what blocks it"),
            Usage("timeline", "draws the nearest clocks for a supervisor, in a direct message"),
            Usage("disclosures RR-2F7KQ", "sends you the accounting of disclosures of that record, six years back"),
            Usage("rules", "shows the rules of deadlines with their sources; an admin can change them"),
        ),
    ),
    Command(
        "assign",
        "Assign review tasks",
        "[RV-… @person | next 10 inpatient @person | everything of @person to team]",
        (
            Usage("RV-2F7KQ @person", "puts that task into the person's hands; several tasks and people work too"),
            Usage("next 10 inpatient @person @person", "shares out the best of the queue, evenly by load and by skill"),
            Usage("next 20 team", "shares them among everybody at work who may do them"),
            Usage("everything of @person to team", "moves tasks, holds and releases of somebody on leave"),
            Usage("", "opens the form; what was assigned can be undone for a minute"),
        ),
        for_supervisors=True,
    ),
    Command(
        "team",
        "See how the team stands",
        "[people | settings | audits | report | import | export]",
        (
            Usage("", "shows the backlog, what is at risk, holds, countdowns and who has how much, with the tasks behind each number"),
            Usage("people", "shows everybody's skills, facilities, leave and roles"),
            Usage("people @person", "changes them for one person"),
            Usage("settings", "sets the limits of tasks and messages, second reviews, and where new work is counted"),
            Usage("audits", "draws samples of finished coding for audit, and shows how far each is"),
            Usage("audits 3", "shows that audit: its charts, what was found so far, and its seed"),
            Usage("report", "shows the accuracy of coding; add turnaround or reasons, and a number of weeks"),
            Usage("import", "says how to bring a work list in: send it to me as a file"),
            Usage("export", "sends you the open tasks as CSV or FHIR"),
        ),
        for_supervisors=True,
    ),
    Command(
        "desk",
        "Help and settings",
        "[help | settings | report]",
        (
            Usage("", "shows what this desk can do, with examples"),
            Usage("settings", "opens your working hours and notices"),
            Usage("report", "shows how accurate audits found your coding; only you see it"),
        ),
    ),
)


def with_prefix(text: str, prefix: str) -> str:
    """Rename the commands a text mentions, for an installation whose commands carry a prefix: ``/claim`` to ``/cd-claim``."""
    return _NAMES.sub(rf"/{prefix}\1", text) if prefix else text


def command_name(name: str, prefix: str) -> str:
    """What people type: ``/cd-code``."""
    return f"/{prefix}{name}"


def read_word(text: str, words: Iterable[str], *, command: str) -> str:
    """Read one word of a fixed list; capitals do not matter.

    :raises BadInput: with the nearest word when it was probably mistyped, else with the list.
    """
    known = tuple(words)
    wanted = text.strip().lower()
    if wanted in known:
        return wanted
    nearest = process.extractOne(wanted, known, scorer=fuzz.ratio, score_cutoff=NEAR_MISS)
    if nearest:
        raise BadInput(f"Did you mean /{command} {nearest[0]}?")
    raise BadInput(f"/{command} knows: {', '.join(known)}. /desk shows examples.")
