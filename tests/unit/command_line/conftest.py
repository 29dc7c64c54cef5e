"""``chartdesk`` as a person at a terminal uses it: a line typed, what came out, and how it ended."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import carry_out

#: Everything in the environment that could reach an installation of this machine.
SETTINGS = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_URL", "REDIS_URL",
    "PORT", "HOST", "CHARTDESK_SECRET_KEY", "CHARTDESK_ADMINS",
)  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence a refused command says, and nothing else."""
        assert self.code == 2
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


Chartdesk = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with an installation that has nothing yet."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/cli.db")
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path


@pytest.fixture
def chartdesk(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Chartdesk:
    """Run a command in this process, with what is typed into it."""

    def run(*words: str, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["chartdesk", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            carry_out()
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def desk_ready(chartdesk: Chartdesk) -> Chartdesk:
    """A migrated installation with one workspace, one supervisor and one specialist."""
    assert chartdesk("db", "upgrade", "--no-codes").code == 0
    assert chartdesk("people", "grant", "U0SUP", "supervisor", "--workspace", "T0AAA").code == 0
    assert chartdesk("people", "grant", "U0SPC", "specialist", "--staff-code", "sp-03").code == 0
    return chartdesk
