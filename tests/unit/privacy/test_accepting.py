"""What a specialist meets when text is saved: it goes in, or a sentence says why not and never repeats what was typed."""

from __future__ import annotations

import ast
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.errors import BadInput
from bot.privacy.findings import Action, Label
from bot.privacy.guard import ConfirmReason, Guard
from bot.privacy.lexicon import Lexicon
from bot.privacy.policy import ACTIONS, tightened
from bot.privacy.refusal import PhiFound
from storage.columns import CleanText

HOUSE = Path(bot.__file__).parent


def accept(guard: Guard, text: str, confirmed: ConfirmReason | None = None, max_length: int = 500) -> CleanText:
    return guard.accept_text(text, surface="modal", field="note", max_length=max_length, confirmed=confirmed)


def refused(guard: Guard, text: str, confirmed: ConfirmReason | None = None) -> PhiFound:
    with pytest.raises(PhiFound) as caught:
        accept(guard, text, confirmed)
    return caught.value


def test_ordinary_text_goes_in_without_the_blanks_around_it(guard: Guard) -> None:
    accepted = accept(guard, "  wrong laterality on S52.501A \n")
    assert isinstance(accepted, CleanText)
    assert accepted == "wrong laterality on S52.501A"


def test_a_record_number_is_refused_with_kind_and_place_and_not_its_value(guard: Guard) -> None:
    refusal = refused(guard, "pt john hall MRN 00482913 wrong side")
    assert refusal.sentence == (
        'Looks like a name (words 2-3) and a medical record number (after "MRN", 8 characters). Remove them, or press Redact.'
    )
    assert refusal.field == "note"
    assert refusal.redacted == "pt [NAME] MRN [MRN] wrong side"
    assert refusal.surface == "modal"


def test_one_finding_is_called_it(guard: Guard) -> None:
    assert refused(guard, "wife Maria signed").sentence == "Looks like a name (word 2). Remove it, or press Redact."


def test_a_long_list_of_findings_is_cut_short(guard: Guard) -> None:
    sentence = refused(
        guard, "Moreau, Tess DOB 2/9/1948 MRN 1029384 CSN 5500192834 SSN 512-44-9087 ph 419-555-0142"
    ).sentence
    assert sentence.endswith("and 2 more. Remove them, or press Redact.")


def test_the_redacted_text_goes_in(guard: Guard) -> None:
    redacted = refused(guard, "pt john hall DOB 12/28/2013 MRN 788-00-78 wrong laterality on B20").redacted
    assert accept(guard, redacted) == "pt [NAME] DOB [DOB] MRN [MRN] wrong laterality on B20"


def test_a_lone_name_goes_in_with_one_of_the_fixed_reasons_only(guard: Guard) -> None:
    text = "second look at Vandermolen before final bill"
    assert refused(guard, text).may_confirm
    assert accept(guard, text, ConfirmReason.PROVIDER) == text
    assert refused(guard, text, "because I say so").may_confirm  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "SSN 512-44-9087",
        "ssn ending 9087",
        "MBI 1EG4 TE5 MK73",
        "card 4111 1111 1111 1111",
        "MRN 00482913",
        "DOB 3/14/62",
        "member # ABC123456789",
        "passport X12345678",
        "her email is tess@example.net",
        "call 419-555-0142",
        "lives at 415 N Sycamore St Apt 2B",
        "Kessler, Jonathan acct 60221837",
        "pt Kessler",
        "patient: VANCE, PRISCILLA",
        "HAR 60012345 adm 6/2",
    ],
)
def test_no_reason_opens_the_door_to_what_the_desk_never_needs(guard: Guard, text: str) -> None:
    for reason in ConfirmReason:
        assert not refused(guard, text, reason).may_confirm


def test_each_kind_alone_follows_the_table_and_two_kinds_block(guard: Guard) -> None:
    assert [one.action for one in guard.scan("DOS 6/2-6/5")] == [Action.CONFIRM, Action.CONFIRM]
    assert [one.action for one in guard.scan("HAR 60012345 DOS 6/2")] == [Action.BLOCK, Action.BLOCK]
    assert [one.action for one in guard.scan("re Kessler and Whitlock: query open")] == [Action.CONFIRM, Action.CONFIRM]


def test_an_admin_can_tighten_and_not_loosen() -> None:
    table = tightened([Label.ACCOUNT])
    assert table[Label.ACCOUNT] is Action.BLOCK
    assert all(table[label] is Action.BLOCK for label in Label if ACTIONS[label] is Action.BLOCK)
    strict = Guard.load(blocked=[Label.ACCOUNT])
    assert [one.action for one in strict.scan("HAR 60012345")] == [Action.BLOCK]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "There is no text yet. Type a few words and send it again."),
        ("x" * 501, "Please shorten this: it has 501 characters, and at most 500 fit."),
        (
            "a\x07b",
            "This holds characters that cannot be shown, perhaps from a paste. Type it again, or paste it as plain text.",
        ),
    ],
)
def test_text_that_cannot_be_kept_is_refused_with_what_to_do(guard: Guard, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        accept(guard, text)
    assert caught.value.sentence == sentence
    assert caught.value.field == "note"


def test_a_guard_that_breaks_lets_nothing_in_and_quotes_nothing(guard: Guard) -> None:
    broken = replace(guard, lexicon=Lexicon(kinds=None, cities=frozenset()))  # type: ignore[arg-type]
    typed = " ".join(("ZZ" + "CANARY", "412-55-" + "7810"))
    with pytest.raises(PhiFound) as caught:
        accept(broken, typed)
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert "not saved" in caught.value.sentence
    assert typed not in told
    assert typed not in repr(caught.value.__dict__)
    assert caught.value.__context__ is None


def test_a_refusal_holds_no_value(guard: Guard) -> None:
    refusal = refused(guard, "ZZCANARY, Moe 412-55-7810")
    held = repr([refusal.args, refusal.__dict__, refusal.__cause__, refusal.__context__])
    assert "7810" not in held
    assert "ZZCANARY" not in held


@given(st.text(max_size=300))
def test_offsets_are_in_the_text_sorted_and_apart_whatever_is_typed(text: str) -> None:
    guard = _GUARD
    findings = guard.scan(text)
    assert findings == guard.scan(text)
    edges = [edge for one in findings for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in findings)


@given(
    st.text(alphabet="ａé\u0301\u200bß&;amp<>|- ,.ŁŞİ１2３Z", max_size=20),
    st.sampled_from(["412-55-7810", "４１２-５５-７８１０"]),
)
def test_a_number_is_found_at_its_own_place_behind_any_letters(before: str, number: str) -> None:
    text = f"{before}\nSSN {number} ok"
    assert any(text[one.start : one.end] == number for one in _GUARD.scan(text))


def test_only_the_guard_and_the_column_that_reads_back_make_clean_text() -> None:
    """A text column takes nothing but CleanText, so this is the one door for free text."""
    callers = set()
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("_passed_guard", "_made_by_guard"):
                callers.add(path.relative_to(HOUSE).as_posix())
    assert callers == {"privacy/guard.py"}
    with pytest.raises(TypeError):
        CleanText("typed by somebody")


_GUARD = Guard.load()
