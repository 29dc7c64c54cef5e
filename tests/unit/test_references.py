"""References: easy to say, hard to mistake, and nothing can be read from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.references import ALPHABET, Prefix, free_references, looks_like_reference, mint, read_reference
from storage.tables import ReviewTask
from tests.clinic import Clinic

bodies = st.text(ALPHABET, min_size=5, max_size=5)


def test_no_vowel_and_no_look_alike_can_spell_a_word_or_a_riddle() -> None:
    assert set("AEIOU01LSZB").isdisjoint(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 25
    assert {mint(Prefix.TASK)[:3] for _ in range(50)} == {"RV-"}
    assert len({mint(Prefix.TASK) for _ in range(200)}) > 195


@given(prefix=st.sampled_from(list(Prefix)), body=bodies, between=st.sampled_from(["-", "_", " ", ""]), lower=st.booleans())
def test_any_spelling_of_a_reference_is_read(prefix: Prefix, body: str, between: str, *, lower: bool) -> None:
    typed = f"  `{prefix}{between}{body}`. "
    assert read_reference(typed.lower() if lower else typed, prefix) == f"{prefix}-{body}"
    assert looks_like_reference(f"{prefix}{between}{body}")
    assert read_reference(body, prefix) == f"{prefix}-{body}"
    assert looks_like_reference(body)


@given(body=bodies)
def test_another_kind_is_said_to_be_another_kind(body: str) -> None:
    with pytest.raises(BadInput, match="another kind"):
        read_reference(f"ROI-{body}", Prefix.TASK, Prefix.RECORD)


@pytest.mark.parametrize("text", ["", "RV-", "RV-2F7K", "RV-2F7KQQ", "wrong patient", "RV-2F7KQ RV-33333", "<@U012AB3CD>"])
def test_what_is_no_reference_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"It looks like RV-2F7KQ or RR-2F7KQ\."):
        read_reference(text, Prefix.TASK, Prefix.RECORD)


@pytest.mark.parametrize("word", ["queue", "holds", "wrong", "today", "list", "mine", "", "next one"])
def test_a_word_of_five_letters_is_not_taken_for_a_reference(word: str) -> None:
    assert not looks_like_reference(word)


def test_free_references_avoid_what_is_taken(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = clinic.task()
    offered = iter([taken, "RV-22222", taken, "RV-33333"])
    monkeypatch.setattr("bot.references.mint", lambda _prefix: next(offered))
    with clinic.database.read() as session:
        found = free_references(session, ReviewTask.reference, clinic.workspace_id, Prefix.TASK, 2)
    assert found == ["RV-22222", "RV-33333"]


def test_thousands_are_made_at_once(clinic: Clinic) -> None:
    with clinic.database.read() as session:
        found = free_references(session, ReviewTask.reference, clinic.workspace_id, Prefix.TASK, 2500)
    assert len(set(found)) == 2500
