"""The sentences of the guard. They name kinds and places and never repeat a value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.errors import BadInput, Refusal
from bot.privacy.findings import Action, Finding, Label

KIND_WORDS: dict[Label, str] = {
    Label.NAME: "a name",
    Label.INITIALS: "initials",
    Label.DOB: "a date of birth",
    Label.DATE: "a date of care",
    Label.MRN: "a medical record number",
    Label.SSN: "a Social Security number",
    Label.SSN_LAST4: "the last digits of a Social Security number",
    Label.MBI: "a Medicare number",
    Label.MEMBER_ID: "an insurance number",
    Label.ACCOUNT: "an account or claim number",
    Label.PHONE: "a phone number",
    Label.EMAIL: "an e-mail address",
    Label.ADDRESS: "a street address or ZIP code",
    Label.CITY: "a home town",
    Label.LICENSE: "a license or passport number",
    Label.VEHICLE: "a vehicle number",
    Label.DEVICE: "a device number",
    Label.URL: "a web address",
    Label.IP: "an IP address",
    Label.CARD: "a payment card number",
    Label.AGE90: "an age of 90 or over",
}
#: Words that announce a number and may be quoted: none of them is anybody's.
_QUOTED = re.compile(
    r"(?i)\b(MRN|DOB|SSN|SS#|social|MBI|medicare|medicaid|member|subscriber|policy|group|acct|account|HAR"
    r"|CSN|FIN|visit|encounter|enc|claim|invoice|auth|accession|phone|ph|tel|cell|fax|call|email|"
    r"license|DL|passport|plate|VIN|serial|lot|zip|born|birthdate|DOS|adm|admitted|dc|d/c|discharged|LOS"
    r"|chart|record|id)\b[\s:#=.]{0,4}(?:(?:is|no|number|id|ending|in)[\s:#.]{1,3}){0,3}$"
)


class PhiFound(Refusal):
    """This looks like patient information. Remove it, or press Redact."""

    def __init__(
        self,
        sentence: str | None = None,
        *,
        field: str | None = None,
        findings: Sequence[Finding] = (),
        redacted: str = "",
        surface: str = "",
    ) -> None:
        """Build the refusal; it holds the redacted text, never the original."""
        super().__init__(sentence, field=field)
        self.findings = tuple(findings)
        self.redacted = redacted
        self.surface = surface

    @property
    def may_confirm(self) -> bool:
        """Whether one of the fixed reasons would let the text in."""
        return bool(self.findings) and all(finding.action is Action.CONFIRM for finding in self.findings)

    @classmethod
    def of(cls, text: str, findings: Sequence[Finding], redacted: str, surface: str, field: str) -> PhiFound:
        """The refusal for these findings, with the sentence the user reads."""
        return cls(sentence_of(text, findings), field=field, findings=findings, redacted=redacted, surface=surface)

    @classmethod
    def failed(cls, surface: str, field: str) -> PhiFound:
        """The refusal when the guard itself failed: nothing is let in unread."""
        return cls(
            "This could not be checked for patient information, so it was not saved. Try it in simpler words, "
            "or tell an admin.",
            field=field,
            surface=surface,
        )


def sentence_of(text: str, findings: Sequence[Finding]) -> str:
    """Kinds and places: ``Looks like a medical record number (after "MRN", 8 characters) and a name (words 2-3).``"""
    told = [f"{KIND_WORDS[finding.label]} ({_place(text, finding)})" for finding in findings[:4]]
    if len(findings) > 4:
        told.append(f"{len(findings) - 4} more")
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    pronoun = "it" if len(findings) == 1 else "them"
    return f"Looks like {listed}. Remove {pronoun}, or press Redact."


def _place(text: str, finding: Finding) -> str:
    if finding.label not in (Label.NAME, Label.INITIALS, Label.CITY):
        length = f"{finding.end - finding.start} characters"
        cue = _QUOTED.search(text, max(0, finding.start - 30), finding.start)
        return f'after "{cue.group(1)}", {length}' if cue else f"{length}, {_words(text, finding)}"
    return _words(text, finding)


def _words(text: str, finding: Finding) -> str:
    first = len(text[: finding.start].split()) + (0 if finding.start and not text[finding.start - 1].isspace() else 1)
    last = first + len(text[finding.start : finding.end].split()) - 1
    return f"word {first}" if last <= first else f"words {first}-{last}"


def unreadable_text(text: str, field: str, max_length: int, *, has_control: bool) -> BadInput | None:
    """The refusal for a text that is empty, too long or holds control characters, or None."""
    if not text:
        return BadInput("There is no text yet. Type a few words and send it again.", field=field)
    if len(text) > max_length:
        return BadInput(
            f"Please shorten this: it has {len(text):,} characters, and at most {max_length:,} fit.", field=field
        )
    if has_control:
        return BadInput(
            "This holds characters that cannot be shown, perhaps from a paste. Type it again, or paste it as "
            "plain text.",
            field=field,
        )
    return None
