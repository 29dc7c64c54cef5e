"""Plain words to the bot: what is talk, and what is asked inside a polite sentence."""

from __future__ import annotations

import pytest

from bot.small_talk import Talk, what_was_said, words_asked


@pytest.mark.parametrize(
    ("said", "talk"),
    [
        ("thanks!", Talk.THANKS),
        ("Thank you so much 🙏", Talk.THANKS),
        ("hello", Talk.HELLO),
        ("Good morning, team", Talk.HELLO),
        ("ok", Talk.PRAISE),
        ("no", Talk.COMPLAINT),
        ("help?", Talk.HELP),
        ("???", Talk.HELP),
        ("who are you?", Talk.WHO),
        ("See you tomorrow", Talk.GOODBYE),
        ("what time is it", Talk.BEYOND),
        ("/claim", Talk.COMMAND),
        ("E11.9", None),
        ("cold", None),
        ("heart attack", None),
        ("hi broken wrist", None),
        ("", None),
    ],
)
def test_talk_is_told_from_questions(said: str, talk: Talk | None) -> None:
    assert what_was_said(said) is talk


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("code for broken wrist?", "broken wrist"),
        ("What’s the code for htn", "htn"),
        ("Hi, what's the code for a broken wrist, please?", "broken wrist"),
        ("can you tell me the icd-10 code for type 2 diabetes", "type 2 diabetes"),
        ("how do I code sepsis due to pneumonia?", "sepsis due to pneumonia"),
        ("I need the code for a dog bite thanks", "dog bite"),
        ("need code: chf", "chf"),
        ("e119?", "e119"),
        ("pain in left knee", "pain in left knee"),
        ("code", "code"),
    ],
)
def test_the_question_is_taken_out_of_its_politeness(said: str, asked: str) -> None:
    assert words_asked(said) == asked
