"""The addresses beside Slack's: is it alive, is it ready, and what it says when something it leans on is away."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.actors import NoSuchPerson, whoami
from bot.health import beat
from handlers.app import build_app
from handlers.serve import PortTaken, Site, require_free
from storage.coordination import open_coordinator
from storage.tables import Notice, Workspace
from storage.words import NoticeKind, NoticeState, Role, Subject
from tests.clinic import Clinic
from tests.integration.bot_process import free_port
from tests.servers import PostgresServer, RedisServer


@pytest.fixture
def http(clinic: Clinic) -> Iterator[httpx.Client]:
    """Somebody who asks the web application of the clinic, without a socket between."""
    with ThreadPoolExecutor(2) as executor:
        clinic.desk.settings = clinic.desk.settings.model_copy(update={"slack_signing_secret": None})
        site = Site(clinic.desk, build_app(clinic.desk, executor))
        with httpx.Client(transport=httpx.WSGITransport(app=site), base_url="http://desk") as client:
            yield client


def test_alive_and_ready(http: httpx.Client, clinic: Clinic) -> None:
    assert http.get("/healthz").json() == {"alive": True}
    assert http.get("/readyz").status_code == 200
    assert http.get("/readyz").json() == {
        "ready": True, "database": True, "shared_memory": True, "clock": False, "oldest_notice_seconds": 0,
    }  # fmt: skip
    beat(clinic.desk, "clock:here", clinic.clock())
    assert http.get("/readyz").json()["clock"] is True
    clinic.clock.move(minutes=2)
    assert http.get("/readyz").json()["clock"] is False


def test_how_long_the_oldest_notice_waits_is_told(http: httpx.Client, clinic: Clinic) -> None:
    noor = clinic.key_of(clinic.person("Noor", Role.SPECIALIST))
    states = (NoticeState.PENDING, NoticeState.AMBIGUOUS, NoticeState.SENT)
    with clinic.database.write() as session:
        session.add_all(
            Notice(
                workspace_id=clinic.workspace_id, recipient_id=noor, kind=NoticeKind.WELCOME, subject=Subject.PERSON, subject_id=1,
                dedupe_key=str(number), state=state, not_before=clinic.clock() - timedelta(minutes=number), created_at=clinic.clock(),
            )
            for number, state in enumerate(states)
        )  # fmt: skip
    assert http.get("/readyz").json()["oldest_notice_seconds"] == 60


def test_metrics_are_there_for_prometheus(http: httpx.Client) -> None:
    page = http.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert "chartdesk_redis_up 1.0" in page.text


def test_a_database_that_is_gone_makes_it_not_ready_and_still_alive(http: httpx.Client, clinic: Clinic, request: pytest.FixtureRequest) -> None:
    assert http.get("/readyz").status_code == 200
    if clinic.database.is_sqlite:
        with clinic.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE heartbeats")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        server.drop_database(str(clinic.database.url.render_as_string(hide_password=False)))
    assert http.get("/readyz").status_code == 503
    assert http.get("/readyz").json()["ready"] is False
    assert http.get("/healthz").status_code == 200


def test_with_redis_away_it_stays_ready_and_says_that_memory_is_not_shared(
    http: httpx.Client, clinic: Clinic, private_redis: RedisServer
) -> None:
    clinic.desk.coordinator = open_coordinator(private_redis.url)
    assert http.get("/readyz").json()["shared_memory"] is True
    private_redis.stop()
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json()["ready"], answer.json()["shared_memory"]) == (200, True, False)


def test_other_addresses_are_not_found(http: httpx.Client) -> None:
    assert http.get("/").status_code == 404
    assert http.get("/slack/install").status_code == 404
    assert http.post("/healthz").status_code == 404


def test_what_goes_wrong_beneath_is_answered_without_a_word_of_it(clinic: Clinic) -> None:
    def breaks(_environ: object, _respond: object) -> list[bytes]:
        raise RuntimeError("412-55-7810")

    site = Site(clinic.desk)
    site.slack = breaks
    with httpx.Client(transport=httpx.WSGITransport(app=site), base_url="http://desk") as client:
        answer = client.post("/slack/events", content="text=412-55-7810")
    assert answer.status_code == 500
    assert "412-55-7810" not in answer.text


def test_beside_socket_mode_there_is_only_health(clinic: Clinic) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=Site(clinic.desk)), base_url="http://desk") as client:
        assert client.get("/readyz").status_code == 200
        assert client.post("/slack/events").status_code == 404


def test_a_port_is_looked_at_before_it_is_served_on() -> None:
    require_free("127.0.0.1", free_port())
    with pytest.raises(PortTaken, match=r"PORT 80 on 203\.0\.113\.1 cannot be used"):
        require_free("203.0.113.1", 80)


def test_an_uninstalled_workspace_is_served_no_more(clinic: Clinic) -> None:
    noor = clinic.person("Noor", Role.SPECIALIST)
    with clinic.database.write() as session:
        session.execute(sa.update(Workspace).values(active=False))
    with pytest.raises(NoSuchPerson):
        clinic.desk.look(noor, whoami)
