"""What an import leaves behind beside the work itself: its audit entries, the guard's counts, and how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import audit
from bot.actors import Actor
from bot.guard_events import count_guarded
from bot.intake.errors import ImportRunning
from bot.intake.line_cells import CodeCheck
from bot.intake.report import ImportReport
from bot.notices import tell
from bot.people import names
from storage.tables import ImportRun
from storage.words import ImportState, NoticeKind, Role, Subject, Surface

#: An import that has not moved for so long has died with its process.
GIVEN_UP = timedelta(minutes=3)
#: What PostgreSQL's advisory lock is called, so that two imports into one workspace never store the same record at once.
LOCK = 7_214_306


def begin(session: Session, actor: Actor, now: datetime, report: ImportReport) -> int:
    """Write down that an import begins; returns its key.

    :raises NotAllowed: unless a supervisor (or the command line) does it.
    :raises ImportRunning: while another one of the same person is at work.
    """
    actor.require(Role.SUPERVISOR)
    running = sa.select(ImportRun).where(
        ImportRun.workspace_id == actor.workspace_id,
        ImportRun.started_by_id == actor.person_id,
        ImportRun.state == ImportState.RUNNING,
    )
    for other in session.scalars(running) if actor.person_id else ():
        if other.moved_at > now - GIVEN_UP:
            raise ImportRunning(
                f"An import of yours is still at work: {other.done:,} of {other.total:,} are done. Wait for its answer."
            )
        other.state = ImportState.STOPPED
    run = ImportRun(
        workspace_id=actor.workspace_id, started_by_id=actor.person_id, kind=report.kind, digest=report.digest,
        state=ImportState.RUNNING, total=report.total, started_at=now, moved_at=now,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run.id


def move(session: Session, actor: Actor, now: datetime, run_id: int, report: ImportReport, *, last: bool) -> None:
    """Write down how far an import is, in the transaction of the part that brought it there."""
    state = ImportState.FINISHED if last else ImportState.RUNNING
    session.execute(
        sa.update(ImportRun)
        .where(ImportRun.workspace_id == actor.workspace_id, ImportRun.id == run_id)
        .values(done=report.done, moved_at=now, state=state, **report.counts())
    )


def stop(session: Session, actor: Actor, now: datetime, run_id: int) -> None:
    """Write down that an import stopped before its end."""
    session.execute(
        sa.update(ImportRun)
        .where(ImportRun.workspace_id == actor.workspace_id, ImportRun.id == run_id)
        .values(state=ImportState.STOPPED, moved_at=now)
    )


def alone(session: Session, actor: Actor) -> None:
    """Keep other imports into this workspace waiting until this transaction ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK, actor.workspace_id)))


def note_part(
    session: Session, actor: Actor, now: datetime, report: ImportReport, counts: dict[str, int], check: CodeCheck
) -> None:
    """Write down what one part of a file brought: one audit entry with its counts, and what the guard stopped."""
    audit.record(
        session, actor, now, f"{report.kind}_imported", Subject.WORKSPACE, f"import:{report.digest[:16]}",
        **counts, dropped_columns=len(report.dropped),
    )  # fmt: skip
    if check.found:
        count_guarded(session, actor, now, Surface.IMPORT, check.found)
        check.found.clear()
    session.flush()


def tell_stopped(session: Session, now: datetime) -> int:
    """Close imports that died with their process, in every workspace, and tell who began them; returns how many there were."""
    dead = session.scalars(
        sa.select(ImportRun)
        .where(ImportRun.state == ImportState.RUNNING, ImportRun.moved_at < now - GIVEN_UP)
        .with_for_update(skip_locked=True)
        .execution_options(all_workspaces=True)
    ).all()
    for run in dead:
        run.state = ImportState.STOPPED
        person = names(session, run.workspace_id, [run.started_by_id]).get(run.started_by_id or 0)
        if person is not None:
            tell(session, person, now, NoticeKind.IMPORT_STOPPED, Subject.IMPORT, run.id, key=f"import_stopped:{run.id}")
    session.flush()
    return len(dead)


def stopped_import(session: Session, workspace_id: int, run_id: int) -> ImportRun | None:
    """An import that stopped; None when the same file came to its end since."""
    run = session.scalars(
        sa.select(ImportRun).where(ImportRun.workspace_id == workspace_id, ImportRun.id == run_id)
    ).one()
    later = session.scalars(
        sa.select(ImportRun.id).where(
            ImportRun.workspace_id == workspace_id,
            ImportRun.id > run_id,
            ImportRun.digest == run.digest,
            ImportRun.state == ImportState.FINISHED,
        )
    ).first()
    return None if later is not None or run.state is not ImportState.STOPPED else run
