"""The guard: finds patient identifiers in free text, redacts them, and is the only door to :class:`CleanText`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.privacy.ages import find_ages, may_hold_age
from bot.privacy.allowed import blanked
from bot.privacy.contacts import find_contacts, find_phones
from bot.privacy.dates import beside_names, find_birth_dates, find_dates, find_open_dates, read_dates
from bot.privacy.findings import Action, Finding, Hit, Label
from bot.privacy.lexicon import Lexicon
from bot.privacy.names import find_names
from bot.privacy.numbers import find_numbers
from bot.privacy.other_names import find_other_names
from bot.privacy.places import find_places, find_unknown_towns
from bot.privacy.plain import PlainText, lowered, plainly
from bot.privacy.policy import decide, tightened
from bot.privacy.refusal import PhiFound, unreadable_text
from bot.privacy.words import read_words
from storage.columns import CleanText

#: Which of two overlapping findings stays: the one further up.
_RANK = {label: rank for rank, label in enumerate((
    Label.EMAIL, Label.URL, Label.MRN, Label.SSN, Label.SSN_LAST4, Label.CARD, Label.MEMBER_ID, Label.MBI, Label.DOB, Label.LICENSE, Label.DEVICE, Label.VEHICLE,
    Label.IP, Label.ADDRESS, Label.PHONE, Label.DATE, Label.ACCOUNT, Label.AGE90, Label.NAME, Label.INITIALS, Label.CITY,
))}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: No text of the desk is longer; the guard does not look at more.
LONGEST = 12_000


class ConfirmReason(StrEnum):
    """The four fixed reasons for "not patient information"."""

    COWORKER = "coworker"
    PROVIDER = "provider"
    PUBLIC_TERM = "public_term"
    WORK_NUMBER = "work_number"


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard with its word lists. Pure: the same text gives the same findings, and nothing of a text is kept."""

    lexicon: Lexicon
    roster: frozenset[str]
    hosts: tuple[str, ...]
    actions: Mapping[Label, Action]

    @classmethod
    def load(cls, roster: Iterable[str] = (), *, hosts: Iterable[str] = (), blocked: Iterable[Label] = ()) -> Guard:
        """Read the word lists (about 0.05 s).

        :param roster: coworkers' names that are allowed.
        :param hosts: web and mail hosts of the hospital that are allowed.
        :param blocked: kinds an admin tightened from confirm to block.
        """
        return cls(Lexicon.load(), _spellings(roster), tuple(host.lower() for host in hosts), tightened(blocked))

    def scan(self, text: str) -> list[Finding]:
        """Findings of the text, sorted, without overlaps; offsets count characters of ``text``, half-open."""
        plain = plainly(text)
        hits = _settled(self._hits(plain), plain.text)
        return _in_original(plain, decide(hits, self.actions))

    def redact(self, text: str, findings: Sequence[Finding]) -> str:
        """The text with each finding replaced by its kind: ``pt [NAME] DOB [DOB] wrong laterality``."""
        parts, end = [], 0
        for finding in findings:
            parts += [text[end:finding.start], f"[{finding.label}]"]
            end = finding.end
        return "".join([*parts, text[end:]])

    def accept_text(self, raw: str, *, surface: str, field: str, max_length: int, confirmed: ConfirmReason | None = None) -> CleanText:
        """Let free text in, on every surface of the desk.

        :param surface: where it was typed (``modal``, ``slash``, ``message``, ``import``); said in no sentence, kept for the guard's events.
        :param field: the form field a refusal belongs under.
        :param max_length: most characters of the text, counted after blanks around it are removed.
        :param confirmed: one of the fixed reasons, when the user said that this is no patient information.
        :raises BadInput: the text is empty, too long, or holds control characters.
        :raises PhiFound: it looks like patient information; also when the guard itself failed.
        """
        text = raw.strip()
        refusal = unreadable_text(text, field, min(max_length, LONGEST), has_control=_CONTROL.search(text) is not None)
        if refusal is not None:
            raise refusal
        try:
            findings = self.scan(text)
            redacted = self.redact(text, findings)
        except Exception:  # noqa: BLE001 - fails closed, and drops the cause because it may quote the text
            findings = None
            redacted = ""
        if findings is None:
            raise PhiFound.failed(surface, field) from None
        if any(finding.action is Action.BLOCK for finding in findings) or (findings and not isinstance(confirmed, ConfirmReason)):
            raise PhiFound.of(text, findings, redacted, surface, field) from None
        return CleanText._passed_guard(text)  # noqa: SLF001 - the guard is the one caller

    def _hits(self, plain: PlainText) -> Iterator[Hit]:
        allowed = blanked(lowered(plain.text))
        text = _with_blanks(plain.text, allowed)
        has_digit = any(character.isdigit() for character in allowed)
        hits = list(find_contacts(allowed, self.hosts))
        hits += find_places(allowed, self.lexicon, digits=has_digit)
        hits += find_unknown_towns(text, self.lexicon)
        dates = read_dates(allowed) if has_digit else []
        if has_digit:
            hits += find_numbers(allowed)
            hits += find_phones(allowed)
            hits += find_dates(dates)
        if "b" in allowed and has_digit:
            hits += find_birth_dates(allowed)
        if may_hold_age(allowed):
            hits += find_ages(allowed)
        words = read_words(_without(text, hits), self.lexicon)
        if words.items:
            hits += find_names(words, [*hits, *beside_names(dates)], self.roster)
            hits += find_initials(text, words)
            hits += find_titled_initials(text)
        if not text.isascii():
            hits += find_other_writing(text)
        if any(word in allowed for word in ("mploy", "work", "boss", "job")):
            hits += find_employers(text)
        hits += list(find_open_dates(allowed, dates, hits))
        return iter(hits)


def _spellings(roster: Iterable[str]) -> frozenset[str]:
    """Full names, and their single words, in small plain letters."""
    full = [" ".join(re.findall(r"[a-z'-]+", lowered(plainly(name).text))) for name in roster]
    return frozenset(full) | frozenset(word for name in full for word in name.split() if len(word) > 1)


def _with_blanks(text: str, allowed: str) -> str:
    """The text in its own letters, blank where the small text is."""
    if "\x00" not in allowed:
        return text
    return "".join("\x00" if small == "\x00" else letter for letter, small in zip(text, allowed, strict=True))


def _without(text: str, hits: Sequence[Hit]) -> str:
    """The text with letters of e-mail, web addresses and ids turned into dots, so that they are not read as words."""
    for hit in hits:
        if hit.label not in (Label.CITY, Label.DATE, Label.DOB, Label.AGE90):
            text = text[:hit.start] + "#" * (hit.end - hit.start) + text[hit.end:]
    return text


def _settled(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Without overlaps: of two findings on the same characters the one of higher rank stays, and takes in what the other has more; names side by side become one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, _RANK[hit.label])):
        if hit.end <= hit.start:
            continue
        if kept and hit.label is Label.NAME is kept[-1].label and text[kept[-1].end:hit.start] in (" ", ", ", ","):
            kept[-1] = Hit(kept[-1].start, max(hit.end, kept[-1].end), Label.NAME, kept[-1].direct or hit.direct)
        elif kept and hit.start < kept[-1].end:
            last = kept.pop()
            better = min(last, hit, key=lambda one: _RANK[one.label])
            kept.append(Hit(min(last.start, hit.start), max(last.end, hit.end), better.label, last.direct or hit.direct))
        else:
            kept.append(hit)
    return kept


def _in_original(plain: PlainText, findings: list[Finding]) -> list[Finding]:
    if plain.origin is None:
        return findings
    return [Finding(*plain.span(finding.start, finding.end), finding.label, finding.action) for finding in findings]
