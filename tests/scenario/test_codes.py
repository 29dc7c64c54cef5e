"""Looking up codes: by code in any spelling, by words, by plain words to the bot."""

from __future__ import annotations

import re

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
    assert "inherited from S52:" in card.text
    assert "7th characters (inherited from S52)" in card.text
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
    form = office.noor.needs_modal("Look up a code")
    offered = office.noor.suggest(form, "query", "broken wrist").option_texts
    assert offered[0] == "Everything for “broken wrist”"
    office.noor.submit(form, {"query": offered[0]})
    office.noor.sees("Codes for “broken wrist”")


def test_the_shortcut_offers_codes_while_somebody_types(office: Office) -> None:
    office.noor.shortcut("look_up_code")
    form = office.noor.needs_modal("Look up a code")
    chosen = office.noor.suggest(form, "query", "i10").option_texts[1]
    office.noor.submit(form, {"query": chosen})
    office.noor.sees("I10 Essential (primary) hypertension")


@pytest.mark.parametrize("typed", ["", "x" * 3000, "🙂🙂", "'; DROP TABLE code_concepts; --", "E11.9 on 2026-02-30", "in hcpcs", "check", "%_"])
def test_whatever_is_typed_into_a_form_gets_choices_or_none(office: Office, typed: str) -> None:
    office.noor.shortcut("look_up_code")
    form = office.noor.needs_modal("Look up a code")
    assert len(office.noor.suggest(form, "query", typed).option_texts) <= 21


def test_patient_data_is_not_said_back_while_somebody_types(office: Office) -> None:
    office.noor.shortcut("look_up_code")
    form = office.noor.needs_modal("Look up a code")
    offered = office.noor.suggest(form, "query", "pt John Okonkwo MRN 61744441 fracture").option_texts
    assert not any("Okonkwo" in text for text in offered)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("code for broken wrist?", "Codes for “broken wrist”"),
        ("Hi, what's the code for htn please?", "I10"),
        ("e119?", "E11.9 Type 2 diabetes mellitus without complications"),
        ("E11.9 on 2026-02-30", "is no date of the calendar"),
        ("99213 in cpt", "No code system “cpt” is loaded."),
        ("check I10 I10", "I10 is there 2 times."),
        ("thanks!", "You're welcome!"),
        ("Good morning", "I look up codes from plain words"),
        ("🙂", "I look up codes from plain words"),
        ("claim", "type /claim with the slash"),
        ("can I take tomorrow off", "I am not sure what you mean."),
        ("x" * 2999, "Keep it under 300 characters"),
        ("'; DROP TABLE code_concepts; --", "I am not sure what you mean."),
    ],
)
def test_a_message_to_the_bot_is_a_question_or_gets_a_kind_answer(office: Office, said: str, answer: str) -> None:
    office.noor.says(said)
    office.noor.sees(answer)


def test_who_was_not_understood_still_reaches_the_nearest_codes(office: Office) -> None:
    office.noor.says("can I take tomorrow off")
    office.noor.click(office.noor.sees("I am not sure what you mean."), "code_page:anyway")
    office.noor.sees("Codes for “can I take tomorrow off”")


def test_results_are_shared_without_the_words_that_were_typed(office: Office) -> None:
    office.noor.command("/code", "fracture of radius", channel="records-desk")
    office.noor.click(office.noor.sees("Codes for “fracture of radius”"), "code_share:list")

    shared = office.tomas.sees("shared 6 codes")
    assert not shared.is_ephemeral
    assert "fracture of radius" not in shared.text


def test_results_and_codes_are_copied_as_plain_text(office: Office) -> None:
    office.noor.command("/code", "fracture of radius")
    office.noor.click(office.noor.sees("Codes for “fracture of radius”"), "code_copy:list")
    copied = office.noor.needs_modal("Copy codes").text
    assert re.search(r"The \d+ codes alone", copied)
    office.noor.close()

    office.noor.command("/code", "I10")
    office.noor.click(office.noor.sees("I10 Essential (primary) hypertension"), "code_copy")
    assert "I10  Essential (primary) hypertension" in office.noor.needs_modal("Copy a code").text


def test_a_card_leads_to_its_neighbours_and_to_every_code_below(office: Office) -> None:
    office.noor.command("/code", "S52.5")
    card = office.noor.sees("S52.5 Fracture of lower end of radius")
    office.noor.choose(card, "code_detail:below", "S52.57")
    below = office.noor.sees("S52.57 Other")
    office.noor.click(below, "code_detail:next")
    office.noor.sees("S52.59 Other fractures of lower end of radius")
