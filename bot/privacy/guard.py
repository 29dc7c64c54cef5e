"""The guard: finds patient identifiers in free text, redacts them, and is the only door to :class:`CleanText`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import Refusal
from bot.privacy.detect import find_hits
from bot.privacy.findings import Action, Finding, Label
from bot.privacy.lexicon import Lexicon
from bot.privacy.plain import lowered, plainly
from bot.privacy.policy import decide, tightened
from bot.privacy.refusal import PhiFound, unreadable_text
from storage.columns import CleanText

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

    def knowing(self, roster: Iterable[str]) -> Guard:
        """The same guard, for people among whom these coworkers' names are allowed."""
        return replace(self, roster=_spellings(roster))

    def scan(self, text: str) -> list[Finding]:
        """Findings of the text, sorted, without overlaps; offsets count characters of ``text``, half-open."""
        plain = plainly(text)
        findings = decide(find_hits(plain.text, self.lexicon, self.roster, self.hosts), self.actions)
        if plain.origin is None:
            return findings
        return [Finding(*plain.span(one.start, one.end), one.label, one.action) for one in findings]

    def redact(self, text: str, findings: Sequence[Finding]) -> str:
        """The text with each finding replaced by its kind: ``pt [NAME] DOB [DOB] wrong laterality``."""
        parts, end = [], 0
        for finding in findings:
            parts += [text[end : finding.start], f"[{finding.label}]"]
            end = finding.end
        return "".join([*parts, text[end:]])

    def accept_text(
        self, raw: str, *, surface: str, field: str, max_length: int, confirmed: ConfirmReason | None = None
    ) -> CleanText:
        """Let free text in, on every surface of the desk.

        :param surface: where it was typed (``modal``, ``slash``, ``message``, ``import``); in no sentence, kept for the guard's events.
        :param field: the form field a refusal belongs under.
        :param max_length: most characters of the text, counted after blanks around it are removed.
        :param confirmed: one of the fixed reasons, when the user said that this is no patient information.
        :raises BadInput: the text is empty, too long, or holds control characters.
        :raises PhiFound: it looks like patient information; also when the guard itself failed.
        """
        text = raw.strip()
        unreadable = unreadable_text(
            text, field, min(max_length, LONGEST), has_control=_CONTROL.search(text) is not None
        )
        refusal: Refusal | None = unreadable or self._refusal(text, surface, field, confirmed)
        if refusal is not None:
            raise refusal
        return CleanText._passed_guard(text)

    def _refusal(self, text: str, surface: str, field: str, confirmed: ConfirmReason | None) -> PhiFound | None:
        """The refusal for this text, or None. Fails closed, and drops the cause of a failure because it may quote the text."""
        try:
            findings = self.scan(text)
            if not findings or (
                isinstance(confirmed, ConfirmReason) and all(one.action is Action.CONFIRM for one in findings)
            ):
                return None
            return PhiFound.of(text, findings, self.redact(text, findings), surface, field)
        except Exception:  # noqa: BLE001 - whatever went wrong, the text must not be let in nor quoted
            return PhiFound.failed(surface, field)


def _spellings(roster: Iterable[str]) -> frozenset[str]:
    """Full names, and their single words, in small plain letters."""
    full = [" ".join(re.findall(r"[a-z'-]+", lowered(plainly(name).text))) for name in roster]
    return frozenset(full) | frozenset(word for name in full for word in name.split() if len(word) > 1)
