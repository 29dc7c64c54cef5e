"""What a supervisor types is read as it is meant, and what makes no sense gets a sentence."""

from __future__ import annotations

import pytest

from bot.errors import BadInput
from bot.team.orders import AssignWhat, HowMany, Order, read_order

NOOR, TOMAS = "<@U0NOOR001|noor>", "<@U0TOMAS01>"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (f"rv-2f7kq {NOOR}", Order(references=("RV-2F7KQ",), to=("U0NOOR001",))),
        (f"RV-2F7KQ, RV-7KQ2F to {NOOR} and {TOMAS}", Order(references=("RV-2F7KQ", "RV-7KQ2F"), to=("U0NOOR001", "U0TOMAS01"))),
        (f"RV-2F7KQ RV-2F7KQ {NOOR}", Order(references=("RV-2F7KQ",), to=("U0NOOR001",))),
        (f"next 10 inpatient F1 to {NOOR}", Order(count=10, words="inpatient F1", to=("U0NOOR001",))),
        (f"next {NOOR}", Order(count=1, to=("U0NOOR001",))),
        ("NEXT 30 coding team", Order(count=30, words="coding", team=True)),
        (f"everything of {NOOR} to {TOMAS}", Order(of="U0NOOR001", to=("U0TOMAS01",))),
        (f"all from {NOOR} to everybody", Order(of="U0NOOR001", team=True)),
        ("RV-2F7KQ", Order(references=("RV-2F7KQ",))),
        (NOOR, Order(to=("U0NOOR001",))),
        ("", Order()),
    ],
)
def test_it_is_read_as_it_is_meant(typed: str, meant: Order) -> None:
    assert read_order(typed) == meant


def test_people_picked_in_a_form_come_after_those_typed() -> None:
    assert read_order(f"next 2 {NOOR}", ["U0TOMAS01", "U0NOOR001"]).to == ("U0NOOR001", "U0TOMAS01")
    assert read_order("next 2", team=True).team


@pytest.mark.parametrize(
    ("typed", "kind", "told"),
    [
        ("next 0 coding @x", HowMany, "from 1 to 200"),
        ("next -3", HowMany, "from 1 to 200"),
        ("next 100000 team", HowMany, "At most 200"),
        ("next 99999999999999999999999 team", HowMany, "At most 200"),
        ("something to @somebody please", AssignWhat, "/assign RV-2F7KQ @person"),
        ("RV-2F7KQ tomorrow", AssignWhat, "/assign RV-2F7KQ @person"),
        ("everything", AssignWhat, "everything of @person"),
        (f"everything coding of {NOOR} to {TOMAS}", AssignWhat, "everything of @person"),
        ("tomorrow", BadInput, "It looks like RV-2F7KQ"),
        (" ".join(["RV-2F7KQ"] * 201), HowMany, "At most 200"),
        ("x" * 10_000, BadInput, "It looks like RV-2F7KQ"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_under_its_field(typed: str, kind: type[BadInput], told: str) -> None:
    with pytest.raises(kind, match=told) as refused:
        read_order(typed)
    assert refused.value.field == "task"
