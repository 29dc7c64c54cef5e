"""The knowledge files are in order: what they name exists, nothing stands twice, and every line says where it comes from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.codes.entry import plain_code
from bot.codes.search.index import CodeIndex
from bot.codes.search.knowledge import Knowledge
from bot.codes.search.words import split_words

KNOWLEDGE = Knowledge.shipped()
TERMS = KNOWLEDGE.terms()
REWRITES = KNOWLEDGE.rewrites()


def test_every_code_exists_in_the_shipped_edition(code_index: CodeIndex) -> None:
    named = {code for term in [*TERMS, *KNOWLEDGE.neoplasms()] for code in term.codes}
    assert [code for code in sorted(named) if code_index.table.find(plain_code(code)) is None] == []
    assert len(named) > 2_500


def test_no_wording_stands_twice() -> None:
    for wordings in ([term.phrase for term in TERMS], [row.phrase for row in REWRITES]):
        assert [wording for wording, count in Counter(wordings).items() if count > 1] == []


def test_no_pair_of_synonyms_stands_twice() -> None:
    pairs = Counter((pair.typed, pair.printed) for pair in KNOWLEDGE.synonyms())
    assert [pair for pair, count in pairs.items() if count > 2] == []


def test_wordings_are_kept_as_they_are_compared() -> None:
    assert [term.phrase for term in TERMS if " ".join(split_words(term.phrase)) != term.phrase] == []


def test_every_line_says_its_kind_and_its_source() -> None:
    kinds = {term.kind for term in TERMS} | {row.kind for row in REWRITES}
    assert kinds == {"abbr", "lay", "status", "encounter", "clinical", "default", "external", "drug", "short", "word"}
    sources = [term.source for term in TERMS] + [row.source for row in REWRITES] + [pair.source for pair in KNOWLEDGE.synonyms()]
    assert all(sources)


def test_a_saying_stands_once_and_says_something_else() -> None:
    sayings = KNOWLEDGE.sayings()
    assert [wording for wording, count in Counter(wording for wording, _ in sayings).items() if count > 1] == []
    assert [wording for wording, meaning in sayings if wording == meaning or " ".join(split_words(wording)) != wording] == []


def test_a_rewrite_brings_other_words() -> None:
    assert [row.phrase for row in REWRITES if any(split_words(meaning) == split_words(row.phrase) for meaning in row.meanings)] == []


def test_weights_and_sureness_are_shares() -> None:
    assert all(0 < pair.weight <= 1 for pair in KNOWLEDGE.synonyms())
    assert all(0 <= weight <= 2 for weight in KNOWLEDGE.weights().values())
    assert all(0.9 <= trust <= 1 for trust in KNOWLEDGE.chapters().values())


def test_roles_are_factors_and_a_word_has_one_group() -> None:
    roles = KNOWLEDGE.roles()
    assert all(0 < role.unsaid <= 1 and 0 < role.unmet <= 1 for role in roles)
    assert [word for word, count in Counter(role.word for role in roles).items() if count > 1] == []
    assert {"side", "course", "body", "number"} <= {role.group for role in roles}


def test_alternatives_are_printed_in_titles(code_index: CodeIndex) -> None:
    titles = "\n".join(code_index.table.title(at) for at in range(len(code_index.table))).lower()
    assert [printed for printed in KNOWLEDGE.alternatives() if printed not in titles] == []


def test_a_shortened_word_has_one_meaning() -> None:
    assert [row.phrase for row in REWRITES if row.kind == "short" and len(row.meanings) != 1] == []


def test_every_ending_leads_to_a_drug_that_is_listed() -> None:
    drugs = {term.phrase for term in TERMS if term.kind == "drug"}
    assert {drug for drug in KNOWLEDGE.endings().values() if drug not in drugs} == set()


def test_a_line_with_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms-x.tsv").write_text("# wording\tcodes\tkind\tsource\nhtn\tI10\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"terms-x\.tsv, line 2: 2 columns instead of 4"):
        Knowledge(tmp_path).terms()
