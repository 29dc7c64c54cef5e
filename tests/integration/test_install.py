"""Installing by "Add to Slack": the consent page, the token kept sealed, the first admin, and leaving again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.desk import utc_now
from bot.installations import KeyChanged, Sealer, SignedStates, WorkspaceInstallations, bot_token, require_same_key
from bot.manifest import BOT_SCOPES, manifest
from bot.sandbox.app_setup import AppSetup
from bot.sandbox.demo import workspace_for_demo
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace as Slack
from bot.settings import SettingsError
from handlers.app import build_app
from handlers.serve import Site
from storage.coordination.in_process import InProcessCoordinator
from storage.tables import Person, Workspace
from storage.words import Role
from tests.clinic import KEY, Clinic
from tests.scenario.conftest import SignedDelivery


@dataclass
class Installation:
    """A desk that anybody's workspace may install, a Slack, and a browser."""

    clinic: Clinic
    slack: Slack
    server: SandboxServer
    browser: httpx.Client

    def consent(self) -> str:
        """Open the install page; returns the state that travels through Slack's consent page."""
        page = self.browser.get("/slack/install")
        assert page.status_code == 200
        address = re.search(r'href="([^"]*/oauth/[^"]*)"', page.text)
        assert address is not None
        asked = parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)
        assert asked["client_id"] == [self.slack.credentials.client_id]
        assert set(asked["scope"][0].split(",")) == set(BOT_SCOPES)
        return asked["state"][0]

    def come_back(self, state: str, user: str = "U0PRIYA01") -> httpx.Response:
        """Slack leads the browser back to us."""
        return self.browser.get("/slack/oauth_redirect", params={"code": self.slack.issue_oauth_code(user), "state": state})

    def row(self) -> Workspace | None:
        with self.clinic.database.read() as session:
            return session.scalars(sa.select(Workspace).where(Workspace.team_id == self.slack.team_id)).first()

    def roles(self, user_id: str) -> tuple[Role, ...]:
        with self.clinic.database.read() as session:
            return session.scalars(sa.select(Person.roles).where(Person.slack_user_id == user_id)).one()


@pytest.fixture
def installation(sqlite_clinic: Clinic) -> Iterator[Installation]:
    clinic = sqlite_clinic
    slack = workspace_for_demo(AppSetup.from_manifest(manifest()))
    clinic.clock.moment = utc_now()
    with SandboxServer(slack) as server, ThreadPoolExecutor(4) as executor:
        told = {
            "slack_bot_token": None,
            "slack_client_id": slack.credentials.client_id,
            "slack_client_secret": SecretStr(slack.credentials.client_secret),
            "slack_signing_secret": SecretStr(slack.credentials.signing_secret),
            "slack_api_url": server.api_url,
        }
        clinic.desk.settings = clinic.desk.settings.model_copy(update=told)
        app = build_app(clinic.desk, executor)
        server.deliver_by(SignedDelivery(app, slack.credentials.signing_secret, executor))
        transport = httpx.WSGITransport(app=Site(clinic.desk, app))
        with httpx.Client(transport=transport, base_url="https://desk.example.com") as browser:
            yield Installation(clinic, slack, server, browser)


def test_whoever_installs_is_the_first_admin_and_the_bot_works(installation: Installation) -> None:
    answer = installation.come_back(installation.consent())

    assert answer.status_code == 200
    assert installation.roles("U0PRIYA01") == (Role.ADMIN,)
    row = installation.row()
    assert row is not None
    assert row.name == "Lakeside Records (demo)"
    assert bot_token(row, installation.clinic.desk.settings) == installation.slack.credentials.bot_token
    priya = installation.server.person("U0PRIYA01")
    priya.command("/desk")
    priya.sees("What this desk can do")
    assert "Admin" in priya.sees("Your roles").text


def test_the_token_is_nowhere_in_clear(installation: Installation) -> None:
    installation.come_back(installation.consent())
    token = installation.slack.credentials.bot_token
    row = installation.row()
    assert row is not None
    assert row.bot_token is not None
    assert token.encode() not in row.bot_token
    file = Path(str(installation.clinic.database.url.database))
    for part in (file, file.with_name(f"{file.name}-wal")):
        assert token.encode() not in part.read_bytes()


def test_a_second_installation_keeps_the_first_admin_and_takes_the_new_token(installation: Installation) -> None:
    installation.come_back(installation.consent())
    installation.slack.install()
    assert installation.come_back(installation.consent(), "U0DANIEL1").status_code == 200
    row = installation.row()
    assert row is not None
    assert row.installed_by == "U0PRIYA01"
    assert bot_token(row, installation.clinic.desk.settings) == installation.slack.credentials.bot_token
    assert Role.ADMIN not in installation.roles("U0DANIEL1")


def test_a_state_is_good_once_and_only_ours(installation: Installation) -> None:
    state = installation.consent()
    assert installation.come_back(state).status_code == 200
    for wrong in (state, "made up", "", "1.2.3", f"{state[:-1]}x", "9999999999.päivää.ä"):
        assert installation.come_back(wrong).status_code in {400, 401}


def test_another_browser_cannot_finish_what_one_began(installation: Installation) -> None:
    state = installation.consent()
    installation.browser.cookies.clear()
    assert installation.come_back(state).status_code == 400
    assert installation.row() is None


def test_a_state_ends_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    states = SignedStates(b"key", InProcessCoordinator())
    early, late = states.issue(), states.issue()
    now = utc_now().timestamp()
    monkeypatch.setattr("bot.installations.time.time", lambda: now + 590)
    assert states.consume(early)
    monkeypatch.setattr("bot.installations.time.time", lambda: now + 611)
    assert not states.consume(late)


def test_when_the_app_is_removed_its_token_is_forgotten_and_its_work_stays(installation: Installation) -> None:
    installation.come_back(installation.consent())
    installation.server.uninstall()
    row = installation.row()
    assert row is not None
    assert (row.bot_token, row.active) == (None, False)
    assert installation.roles("U0PRIYA01") == (Role.ADMIN,)

    installation.slack.install()
    installation.come_back(installation.consent())
    again = installation.row()
    assert again is not None
    assert again.active
    assert again.bot_token is not None


def test_with_another_key_one_sentence_says_so_at_the_start(installation: Installation) -> None:
    installation.come_back(installation.consent())
    settings, database = installation.clinic.desk.settings, installation.clinic.database
    require_same_key(database, settings)
    with pytest.raises(KeyChanged, match="CHARTDESK_SECRET_KEY is not the one"):
        require_same_key(database, settings.model_copy(update={"chartdesk_secret_key": SecretStr("another")}))


def test_without_a_key_on_postgresql_installing_is_refused_at_the_start(postgres_clinic: Clinic) -> None:
    told = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("x"), "chartdesk_secret_key": None}
    settings = postgres_clinic.desk.settings.model_copy(update=told)
    with pytest.raises(SettingsError, match="CHARTDESK_SECRET_KEY is missing"):
        require_same_key(postgres_clinic.database, settings)


def test_a_sealed_text_opens_with_its_key_only_and_never_looks_the_same() -> None:
    sealer = Sealer(KEY.encode())
    assert sealer.unseal(sealer.seal("xoxb-1")) == "xoxb-1"
    assert sealer.seal("xoxb-1") != sealer.seal("xoxb-1")
    with pytest.raises(KeyChanged):
        Sealer(b"another").unseal(sealer.seal("xoxb-1"))


def test_a_workspace_that_never_installed_has_no_bot(sqlite_clinic: Clinic) -> None:
    clinic = sqlite_clinic
    store = WorkspaceInstallations(clinic.database, Sealer(b"key"), clinic.clock)
    assert store.find_bot(enterprise_id=None, team_id=clinic.team) is None
    assert store.find_installation(enterprise_id=None, team_id="T0NOBODY") is None
