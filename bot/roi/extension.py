"""The one extension of a release: in time, with its reason, and only after the letter has gone (45 CFR 164.524(b)(2)(iii))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import notices
from bot.actors import Actor
from bot.errors import BadInput
from bot.moments import local_day
from bot.roi.cards import RoiCard, card
from bot.roi.due_dates import NoExtension, check_extension
from bot.roi.due_rules import RuleBook
from bot.roi.history import write_down
from bot.roi.reckoning import keep, reckon
from bot.roi.requests import find_request
from bot.roi.rule_versions import rules_of
from bot.roi.states import DUE_NOTICES
from bot.roi.work import look_again, require_hands
from storage.columns import CleanText
from storage.tables import RoiRequest
from storage.words import ExtensionReason, Subject


class LetterFirst(BadInput):
    """Send the letter with the reason and the new date first, then tick that it went out."""


@dataclass(frozen=True, slots=True)
class ExtensionLetter:
    """What was written to the person: why it takes longer, the date in the legal zone by which the records come, and whether the letter has gone."""

    reason: ExtensionReason | None
    promised_on: date | None
    sent: bool


def extend(
    session: Session,
    actor: Actor,
    now: datetime,
    reference: str,
    shipped: RuleBook,
    letter: ExtensionLetter,
    note: CleanText | None = None,
) -> RoiCard:
    """Extend a request by the rule it was reckoned by: the promised date is its due date now, and its reminders are planned anew. A second time is refused.

    :raises NoExtension: not for this deadline, already used, or too late.
    :raises LetterFirst: before the letter has gone.
    :raises BadInput: the reason or the date is missing, or the date is too late; ``field`` names which.
    :raises NotYourRequest, NotAllowed, NoSuchRequest, Stale: as the rules say.
    """
    request = find_request(session, actor.workspace_id, reference, lock=True)
    require_hands(actor, request)
    rules = rules_of(session, request, shipped)
    today = local_day(now, actor.legal_zone)
    _require_may(rules, request, letter, today)
    request.extended, request.extended_on = True, today
    request.extension_reason, request.promised_on = letter.reason, letter.promised_on
    keep(request, reckon(rules, request))
    notices.withdraw(session, request.workspace_id, Subject.REQUEST, request.id, *DUE_NOTICES)
    look_again(request, now)
    write_down(
        session, actor, now, request, "request_extended", request.state,
        note=note, due=request.due_on.isoformat(), why=letter.reason,
    )  # fmt: skip
    session.flush()
    return card(session, actor, now, request)


def _require_may(rules: RuleBook, request: RoiRequest, letter: ExtensionLetter, today: date) -> None:
    if request.extended:
        raise NoExtension(f"{request.reference} was extended once already. There is no second extension.")
    check_extension(reckon(rules, request), today, promised_on=letter.promised_on, reason_written=letter.reason is not None)
    if not letter.sent:
        raise LetterFirst(field="letter_sent")
