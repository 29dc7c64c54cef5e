"""The action table as data (privacy rules §1). An admin may tighten it, never loosen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.privacy.findings import Action, Finding, Hit, Label

#: What each kind asks for when it stands alone. Kinds of the block rows are never needed: the task's reference stands for the record.
ACTIONS: Mapping[Label, Action] = MappingProxyType(
    {
        Label.SSN: Action.BLOCK,
        Label.SSN_LAST4: Action.BLOCK,
        Label.MBI: Action.BLOCK,
        Label.CARD: Action.BLOCK,
        Label.MRN: Action.BLOCK,
        Label.DOB: Action.BLOCK,
        Label.MEMBER_ID: Action.BLOCK,
        Label.LICENSE: Action.BLOCK,
        Label.EMAIL: Action.BLOCK,
        Label.PHONE: Action.BLOCK,
        Label.ADDRESS: Action.BLOCK,
        Label.NAME: Action.CONFIRM,
        Label.INITIALS: Action.CONFIRM,
        Label.ACCOUNT: Action.CONFIRM,
        Label.DEVICE: Action.CONFIRM,
        Label.VEHICLE: Action.CONFIRM,
        Label.URL: Action.CONFIRM,
        Label.IP: Action.CONFIRM,
        Label.CITY: Action.CONFIRM,
        Label.AGE90: Action.CONFIRM,
        Label.DATE: Action.CONFIRM,
    }
)


def tightened(blocked: Iterable[Label]) -> Mapping[Label, Action]:
    """The action table with these kinds blocked as well. There is no way to loosen it."""
    return MappingProxyType({**ACTIONS, **dict.fromkeys(blocked, Action.BLOCK)})


def decide(hits: Sequence[Hit], actions: Mapping[Label, Action]) -> list[Finding]:
    """Give every hit its action. A name after "pt" blocks; so do two different kinds, or anything beside a name, in one text."""
    several = len({hit.label for hit in hits}) > 1
    return [
        Finding(hit.start, hit.end, hit.label, Action.BLOCK if several or hit.direct else actions[hit.label])
        for hit in hits
    ]
