"""How much the guard finds and how often it is wrong, on the sets shipped here: written by hand, all people invented."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from faker import Faker

from bot.privacy.guard import Guard
from tests.unit.privacy.marked import Marked, Score, house_set, marked, read_set, score

SETS = ("fresh", "second", "third", "fourth")
#: Messages of the job with a place for a name; the names come from Faker, in the ways people type them.
NAMED = (
    "pt {} has no H&P",
    "MRN {{MRN:00482913}} {} needs an op note",
    "{} DOB {{DOB:3/14/1962}}, wrong laterality",
    "records for {} went to the wrong fax",
    "spoke with {} about the authorization",
    "wife {} signed the form",
    "query on {} is still open",
    "patient name: {}",
    "discharge summary for {} never came over",
    "re: {} - denial letter came",
)
WRITTEN: tuple[Callable[[str], str], ...] = (str.title, str.lower, str.upper, str)
LOCALES = ("en_US", "es_MX", "en_IN", "fr_FR", "vi_VN", "pl_PL", "tr_TR", "en_NG", "it_IT", "de_DE")


def scored(guard: Guard, texts: list[Marked]) -> Score:
    return score((text, guard.scan(text.text)) for text in texts)


@pytest.mark.parametrize("name", SETS)
def test_patients_are_found_in_the_voice_of_the_desk(guard: Guard, name: str) -> None:
    found = scored(guard, read_set(f"{name}_phi"))
    assert found.recall >= 0.97, found.missed
    assert found.clean_share >= 0.93
    assert found.precision >= 0.97


@pytest.mark.parametrize("name", SETS)
def test_ordinary_messages_pass(guard: Guard, name: str) -> None:
    texts = read_set(f"{name}_harmless")
    alarms = [text.text for text in texts if guard.scan(text.text)]
    assert len(alarms) <= 0.01 * len(texts), alarms


def test_names_of_the_world_are_found_after_the_cues_of_the_job(guard: Guard) -> None:
    rng = random.Random(7)
    texts = []
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(11)
        for template in NAMED:
            name = f"{fake.first_name()} {fake.last_name()}"
            written = rng.choice(WRITTEN)(name)
            texts.append(marked(template.format("{NAME:" + written + "}")))
    found = scored(guard, texts)
    assert found.recall >= 0.95, found.missed


@pytest.mark.parametrize("name", ["inhouse_dev", "hardneg_dev", "stress_dev"])
def test_the_house_sets_where_they_are_at_hand(guard: Guard, name: str) -> None:
    path = Path(__file__).parents[4] / "shared/data/phi/eval" / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the house sets are not on this machine")
    found = scored(guard, house_set(path))
    assert found.recall >= 0.97 or name == "hardneg_dev", found.missed
    assert found.precision >= 0.97 or name == "hardneg_dev"
    assert found.alarm_rate <= 0.01
