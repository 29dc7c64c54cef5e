"""Comparing a coder's codes with a reviewer's.

Two measures come of it and are never merged. *Code over code*: of the reviewer's codes, how many the coder had, each in its place. *Case over case*: whether
the whole case was right. Of places only the principal one counts: the order of secondary codes carries no meaning (ICD-10-CM Official Guidelines, section II
defines the principal diagnosis; section III the other ones without an order).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reviews.assigned_codes import AssignedCode


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reviewer's codes against a coder's; each tuple keeps the order of its list.

    ``agreed``: both have it, in the same place. ``moved``: both have it, but it is the principal one of only one of them. ``added``: only the reviewer has it.
    ``removed``: only the coder has it; it counts in no denominator of *code over code* and is reported beside it.
    """

    agreed: tuple[AssignedCode, ...]
    moved: tuple[AssignedCode, ...]
    added: tuple[AssignedCode, ...]
    removed: tuple[AssignedCode, ...]
    principal_changed: bool

    @property
    def reviewer_codes(self) -> int:
        """The denominator of *code over code*."""
        return len(self.agreed) + self.errors

    @property
    def errors(self) -> int:
        """How many of the reviewer's codes the coder lacked or had in the wrong place."""
        return len(self.moved) + len(self.added)

    @property
    def swapped(self) -> tuple[AssignedCode, AssignedCode] | None:
        """The code as it was and as it should be, where exactly one was changed for another of its system."""
        if len(self.removed) != 1 or len(self.added) != 1 or self.removed[0].system != self.added[0].system:
            return None
        return self.removed[0], self.added[0]

    @property
    def case_right(self) -> bool:
        """Whether nothing would have to be changed."""
        return not self.errors and not self.removed


def compare(coder: Sequence[AssignedCode], reviewer: Sequence[AssignedCode]) -> Comparison:
    """Compare two lists of codes, each with the principal one first and every code once.

    Two diagnosis codes A, B whose principal one becomes C before them give 2 errors of 3 codes: C is added, A is moved, B is agreed on.
    """
    had, has = set(coder), set(reviewer)
    first_had, first_has = coder[:1], reviewer[:1]
    same_principal = list(first_had) == list(first_has)
    out_of_place = set() if same_principal else {*first_had, *first_has}
    shared = [code for code in reviewer if code in had]
    return Comparison(
        agreed=tuple(code for code in shared if code not in out_of_place),
        moved=tuple(code for code in shared if code in out_of_place),
        added=tuple(code for code in reviewer if code not in had),
        removed=tuple(code for code in coder if code not in has),
        principal_changed=not same_principal,
    )
