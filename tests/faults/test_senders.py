"""The small form of the experiment: three senders, some of them killed, a Slack that fails, and everything is said exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.senders import Experiment, run

#: Times a twelfth of the product's own, so that the whole is over in some fifteen seconds.
SCALE = 1 / 12


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_said_twice_though_senders_are_killed(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}" if database == "sqlite" else str(request.getfixturevalue("postgres_url"))
    result = run(Experiment(notices=300, seed=11, database=database, scale=SCALE, kill_every=1.2, most_kills=4), url)
    assert (result.notices, result.lost, result.duplicated, result.misremembered) == (300, 0, 0, 0)
    assert result.messages < 300
    assert result.kills >= 1
    assert result.ambiguous > 0
