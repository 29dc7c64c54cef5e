"""The migrations build exactly our tables on both databases, take them down again, and keep what is in them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import audit
from bot.actors import Identity, actor
from storage.columns import Base
from storage.database import Database
from storage.migrations import (
    NoSuchRevision,
    NotMigrated,
    current,
    downgrade,
    head,
    known,
    require_current,
    upgrade,
)
from storage.migrations.draft import differences, draft
from storage.tables import AuditEntry, Person, Workspace
from storage.words import Role, Subject

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
VERSIONS = Path(__file__).parents[2] / "storage" / "migrations" / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path}/desk.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    opened = Database.open(url)
    yield opened
    opened.close()


def tables_of(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names()) - {"alembic_version"}


def add_a_person(database: Database) -> None:
    with database.write() as session:
        workspace = Workspace(team_id="T1", name="Example Clinic", created_at=NOW)
        session.add(workspace)
        session.flush()
        session.add(
            Person(
                workspace_id=workspace.id,
                slack_user_id="U1",
                name="Specialist One",
                roles=(Role.SPECIALIST,),
                created_at=NOW,
            )
        )


def definitions(database: Database) -> list[str]:
    """How the database itself describes every table, constraint and index."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars()
        else:
            rows = connection.exec_driver_sql(
                "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
                " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " UNION ALL SELECT table_name || column_name || data_type || is_nullable || coalesce(column_default, '')"
                " || coalesce(character_maximum_length::text, '') FROM information_schema.columns WHERE table_schema = 'public'"
            ).scalars()
        found = [" ".join(str(row).split()) for row in rows]
    return sorted(row for row in found if "alembic_version" not in row)


def parts(definition: str) -> list[str]:
    return sorted(definition.replace(",", " ").replace("(", " ").replace('"', "").split())


def test_an_empty_database_gets_every_table_and_nothing_differs(database: Database) -> None:
    assert current(database) is None

    assert upgrade(database) == head()

    assert current(database) == head()
    assert tables_of(database) == set(Base.metadata.tables)
    assert differences(database) == []
    require_current(database)


def test_the_migrations_build_what_the_tables_say_word_for_word(database: Database) -> None:
    """Checks and the conditions of partial indexes too, which Alembic does not compare."""
    upgrade(database)
    migrated = definitions(database)
    downgrade(database, "base")
    Base.metadata.create_all(database.engine)
    straight = definitions(database)

    assert any("owner_fits_state" in row for row in straight)
    assert any("state = 'available'" in row or "'available'::" in row for row in straight)
    if database.is_sqlite:
        # The same parts; only the order inside CREATE TABLE may differ, and a table that was rebuilt has its name in quotes.
        assert sorted(map(parts, migrated)) == sorted(map(parts, straight))
    else:
        assert migrated == straight


def test_upgrading_again_changes_nothing_and_keeps_what_is_there(database: Database) -> None:
    upgrade(database)
    add_a_person(database)

    assert upgrade(database) == head()

    with database.read() as session:
        person = session.scalars(sa.select(Person)).one()
        assert (person.name, person.roles, person.created_at) == ("Specialist One", (Role.SPECIALIST,), NOW)


def test_every_step_down_and_up_again_keeps_the_rows_of_the_steps_below(database: Database) -> None:
    upgrade(database)
    add_a_person(database)
    for below in known()[1:]:
        downgrade(database, below)
        assert current(database) == below
    upgrade(database)

    with database.read() as session:
        assert session.scalars(sa.select(Person.name)).all() == ["Specialist One"]

    assert downgrade(database, "base") is None
    assert tables_of(database) == set()
    assert upgrade(database) == head()
    assert differences(database) == []


def test_an_audit_chain_holds_through_a_step_that_makes_its_table_anew(database: Database) -> None:
    upgrade(database)
    add_a_person(database)
    with database.write() as session:
        noor = actor(session, Identity("T1", "U1"), lock=True)
        for task in ("RV-1", "RV-2", "RV-3"):
            audit.record(session, noor, NOW, "task_claimed", Subject.TASK, task)

    downgrade(database, "0015")
    upgrade(database)

    with database.read() as session:
        entries = session.execute(sa.select(AuditEntry.seq, AuditEntry.reference).order_by(AuditEntry.seq)).all()
        assert entries == [(1, "RV-1"), (2, "RV-2"), (3, "RV-3")]
        assert list(audit.breaks(session, noor.workspace_id)) == []


def test_postgresql_clears_a_queue_of_dead_rows_before_a_fifth_of_its_table_is_dead(postgres_url: str) -> None:
    database = Database.open(postgres_url)
    options = "SELECT relname FROM pg_class WHERE 'autovacuum_vacuum_scale_factor=0.01' = ANY (reloptions) ORDER BY relname"
    upgrade(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(options).scalars().all() == ["notices", "review_tasks", "roi_requests"]
    downgrade(database, "0017")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(options).scalars().all() == []
    database.close()


def test_foreign_keys_are_still_enforced_after_a_migration(database: Database) -> None:
    upgrade(database)
    orphan = sa.insert(Person).values(workspace_id=999, slack_user_id="U9", name="Nobody", created_at=NOW)
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.execute(orphan)


def test_a_program_refuses_to_start_on_tables_of_another_age(database: Database) -> None:
    with pytest.raises(NotMigrated, match=r"no tables yet\. Run: chartdesk db upgrade"):
        require_current(database)

    upgrade(database)
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotMigrated, match="made by a newer Chartdesk"):
        require_current(database)
    with pytest.raises(NotMigrated, match="made by a newer Chartdesk"):
        upgrade(database)
    assert tables_of(database) == set(Base.metadata.tables)


def test_an_unknown_revision_gets_a_sentence_and_changes_nothing(database: Database) -> None:
    upgrade(database)
    with pytest.raises(NoSuchRevision, match=r"There is no revision 'banana'\. This program knows: .*0001"):
        downgrade(database, "banana")
    assert current(database) == head()


def upgrade_in_a_process(url: str, told: multiprocessing.SimpleQueue[str]) -> None:
    database = Database.open(url)
    try:
        told.put(upgrade(database))
    except Exception as error:  # noqa: BLE001 - the test shows what went wrong
        told.put(f"{type(error).__name__}: {error}")
    database.close()


def test_two_processes_that_start_together_migrate_once(database: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    told: multiprocessing.SimpleQueue[str] = spawn.SimpleQueue()
    url = database.url.render_as_string(hide_password=False)
    starters = [spawn.Process(target=upgrade_in_a_process, args=(url, told)) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(30)

    assert [told.get() for _ in starters] == [head()] * 3
    assert differences(database) == []


def test_a_draft_names_every_table_and_every_named_constraint(tmp_path: Path) -> None:
    drafted = draft(tmp_path)
    text = drafted.read_text()

    assert [path.name for path in tmp_path.iterdir()] == ["0001_the_desk.py"]
    assert all(f"create_table('{name}'" in text for name in Base.metadata.tables)
    assert "ck_review_tasks_owner_fits_state" in text


def test_a_draft_never_rewrites_a_migration_others_build_on(tmp_path: Path) -> None:
    (tmp_path / "0002_something.py").write_text("")
    with pytest.raises(FileExistsError, match="0002_something"):
        draft(tmp_path)


def test_migrations_do_not_import_our_column_classes() -> None:
    for path in VERSIONS.glob("*.py"):
        assert "storage" not in path.read_text()
