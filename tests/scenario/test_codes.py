"""Looking up codes: by code in any spelling, by words, by plain words to the bot."""

from __future__ import annotations

import pytest

from tests.scenario.conftest import Office


@pytest.mark.parametrize("typed", ["E11.9", "e119", " e11,9 ", "`E11.9`", "El1.9"])
def test_a_code_in_any_spelling_shows_its_card(office: Office, typed: str) -> None:
    office.noor.command("/code", typed)

    card = office.noor.sees("E11.9 Type 2 diabetes mellitus without complications")
    assert "Billable" in card.text
    assert "ICD-10-CM, April 2026" in card.text


def test_the_card_shows_instructions_and_where_they_come_from(office: Office) -> None:
    office.noor.command("/code", "S52.501A")

    card = office.noor.sees("S52.501A")
    assert "Excludes1 (not coded together)" in card.text
    assert "from S52:" in card.text
    assert "initial encounter for closed fracture" in card.text


def test_words_with_a_typo_find_the_code_and_details_open(office: Office) -> None:
    office.noor.command("/code", "pneumnia klebsiella")
    results = office.noor.sees("J15.0")

    office.noor.click(results, "code_detail", "J15.0")
    assert "Billable" in office.noor.sees("J15.0 Pneumonia due to Klebsiella pneumoniae").text


def test_a_category_says_that_it_is_not_billable_and_leads_below(office: Office) -> None:
    office.noor.command("/code", "E11")
    card = office.noor.sees("E11 Type 2 diabetes mellitus")
    assert "Not billable" in card.text
    assert "E11.9" in card.text


def test_a_code_can_be_shared_with_the_channel(office: Office) -> None:
    office.noor.command("/code", "I10", channel="records-desk")
    card = office.noor.sees("I10 Essential (primary) hypertension")
    office.noor.click(card, "code_share")
    assert not office.tomas.sees("shared").is_ephemeral


def test_results_are_paged(office: Office) -> None:
    office.noor.command("/code", "fracture of radius")
    first = office.noor.sees("Codes for “fracture of radius”")
    office.noor.click(first, "code_page:next")
    office.noor.sees("Previous")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Type words or a code after /code"),
        ("zzzqqq wwwxxx", "No code found for"),
        ("x" * 301, "Keep it under 300 characters"),
        ("x" * 2900, "Keep it under 300 characters"),
        ("🙂🙂🙂", "No code found for"),
        ("'; DROP TABLE code_concepts; --", "'; DROP TABLE code_concepts; --"),
        ("<!channel> <script>", "<!channel> <script>"),
    ],
)
def test_what_cannot_be_looked_up_is_answered_in_a_sentence(office: Office, typed: str, answer: str) -> None:
    office.noor.command("/code", typed)
    office.noor.sees(answer)


def test_plain_words_to_the_bot_are_a_lookup(office: Office) -> None:
    office.noor.says("klebsiella pneumonia")
    office.noor.sees("J15.0")


def test_the_shortcut_asks_and_answers_by_direct_message(office: Office) -> None:
    office.noor.shortcut("look_up_code")
    office.noor.submit(office.noor.needs_modal("Look up a code"), {"query": "I10"})
    office.noor.sees("I10 Essential (primary) hypertension")
