"""Setting up a desk from the command line: database, people, imports, audit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.command_line.people import read_role
from storage.database import Database
from storage.migrations import head
from storage.tables import AuditEntry, Record, ReviewTask, RoiRequest, Workspace
from storage.words import Role
from tests.unit.command_line.conftest import Chartdesk

TASKS = "task_ref,task_type,owner,status\nRR-2F7KQ,coding,sp-03,claimed\nRR-9XJ4M,denial_review,sp-77,claimed\n"
RELEASES = "request_ref,request_type,state,received_date\nROI-7K3QX,patient_access,CA,2026-01-12\n"
DIRTY = 'HAR,MRN,Patient Name,Stop Bill\n9,1,"ZZTEST,ALPHA",Coding Needed\n'


def count(folder: Path, table: type[ReviewTask | RoiRequest | Workspace]) -> int:
    database = Database.open(f"sqlite:///{folder}/cli.db")
    with database.read() as session:
        found = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    database.close()
    return found


class TestDatabase:
    def test_commands_refuse_a_database_without_tables_until_it_is_upgraded(self, chartdesk: Chartdesk) -> None:
        for command in (
            ("people", "list"),
            ("codes", "list"),
            ("code", "E11.9"),
            ("audit", "verify"),
            ("clock",),
            ("web",),
        ):
            assert chartdesk(*command).sentence == "This database has no tables yet. Run: chartdesk db upgrade"

        assert chartdesk("db", "current").out == f"no tables yet (this program needs {head()})\n"
        assert chartdesk("db", "upgrade", "--no-codes").out == f"The database is now at revision {head()}.\n"
        assert chartdesk("db", "upgrade", "--no-codes").out == "The database was up to date already.\n"
        assert json.loads(chartdesk("db", "current", "--json").out) == {"current": head(), "head": head()}

    def test_going_back_asks_first(self, desk_ready: Chartdesk, folder: Path) -> None:
        asked = desk_ready("db", "downgrade", "base", typed="n\n")
        assert asked.code == 1
        assert "deletes what newer tables hold" in asked.err
        assert count(folder, Workspace) == 1

        assert "no revision 'banana'" in desk_ready("db", "downgrade", "banana", "--yes").sentence
        assert desk_ready("db", "downgrade", "base", "--yes").out == "The database has no tables any more.\n"

    def test_a_code_set_that_is_missing_is_told(self, desk_ready: Chartdesk) -> None:
        assert desk_ready("codes", "list").out == "No code set is loaded. Run: chartdesk db upgrade\n"
        assert json.loads(desk_ready("codes", "list", "--json").out) == []


class TestPeople:
    def test_roles_are_given_listed_and_taken(self, desk_ready: Chartdesk) -> None:
        assert desk_ready("people", "grant", "U0NEW", "privacy officer", "Auditor").out == (
            "U0NEW is now auditor, privacy officer.\n"
        )
        shown = desk_ready("people", "list").out
        assert [line.split()[0] for line in shown.splitlines()] == ["Slack", "U0NEW", "U0SPC", "U0SUP"]
        assert desk_ready("people", "revoke", "U0NEW", "auditor", "privacy-officer").out == (
            "U0NEW is now without a role.\n"
        )
        listed = json.loads(desk_ready("people", "list", "--json").out)
        assert {person["slack_user_id"]: person["roles"] for person in listed} == {
            "U0NEW": [],
            "U0SPC": ["specialist"],
            "U0SUP": ["supervisor"],
        }
        assert [person["staff_code"] for person in listed] == [None, "sp-03", None]

    def test_a_mistyped_role_is_guessed_and_changes_nothing(self, desk_ready: Chartdesk) -> None:
        assert desk_ready("people", "grant", "U0NEW", "supervizor").sentence == (
            "'supervizor' is no role. Did you mean supervisor?"
        )
        assert "There are: specialist, roi_specialist" in desk_ready("people", "grant", "U0NEW", "boss").sentence
        assert "U0NEW" not in desk_ready("people", "list").out

    @pytest.mark.parametrize("role", Role)
    def test_every_role_is_read(self, role: Role) -> None:
        assert read_role(role.replace("_", "-").upper()) is role

    def test_ids_that_are_none_are_explained(self, desk_ready: Chartdesk) -> None:
        assert "Copy member ID" in desk_ready("people", "grant", "@noor", "auditor").sentence
        assert "no workspace id" in desk_ready("people", "grant", "U0A", "auditor", "--workspace", "lakeside").sentence
        assert "Nobody here has the Slack id U0A" in desk_ready("people", "revoke", "U0A", "auditor").sentence

    def test_a_staff_code_belongs_to_one_person(self, desk_ready: Chartdesk) -> None:
        taken = desk_ready("people", "grant", "U0SUP", "supervisor", "--staff-code", "SP-03").sentence
        assert taken == "sp-03 is the staff code of U0SPC already."

    def test_with_several_workspaces_one_must_be_named(self, desk_ready: Chartdesk) -> None:
        assert desk_ready("people", "grant", "U0SUP", "admin", "--workspace", "T0BBB").code == 0
        assert desk_ready("people", "list").sentence == (
            "Say which workspace with --workspace TEAM_ID. Known here: T0AAA (T0AAA), T0BBB (T0BBB)."
        )
        assert "U0SPC" not in desk_ready("people", "list", "--workspace", "T0BBB").out
        assert "There is no workspace T0CCC here" in desk_ready("people", "list", "--workspace", "T0CCC").sentence


class TestImport:
    def test_a_file_is_tried_imported_and_imported_again(self, desk_ready: Chartdesk, folder: Path) -> None:
        file = folder / "tasks.csv"
        file.write_text(TASKS)

        tried = desk_ready("import", "tasks", str(file), "--dry-run")
        assert tried.out.startswith("Would import tasks: 2 new, 0 updated, 0 unchanged, 0 rejected.\n")
        assert count(folder, ReviewTask) == 0

        done = desk_ready("import", "tasks", str(file), "--map", str(folder / "map.csv"))
        assert done.code == 0
        assert done.out == (
            "Imported tasks: 2 new, 0 updated, 0 unchanged, 0 rejected.\nPlease note:\n"
            "  Line 3, owner: sp-77 is the staff code of nobody here, so it was left out.\n"
        )
        assert done.err == ""
        mapped = (folder / "map.csv").read_text().splitlines()
        assert mapped[0] == "line,reference"
        assert [line.split(",")[0] for line in mapped[1:]] == ["2", "3"]

        again = json.loads(desk_ready("import", "tasks", str(file), "--json").out)
        assert (again["new"], again["unchanged"]) == (0, 2)
        assert (
            desk_ready("audit", "verify").out == "The audit trail holds: 4 entries, nothing changed, nothing missing.\n"
        )

    def test_releases_come_in_too(self, desk_ready: Chartdesk, folder: Path) -> None:
        (folder / "roi.csv").write_text(RELEASES)
        assert desk_ready("import", "roi", "roi.csv").out == (
            "Imported requests: 1 new, 0 updated, 0 unchanged, 0 rejected.\n"
        )
        assert count(folder, RoiRequest) == 1

    def test_rejected_lines_are_shown_and_the_exit_code_tells(self, desk_ready: Chartdesk, folder: Path) -> None:
        (folder / "tasks.csv").write_text(TASKS + "RR-3MVZL,cooding,,\n")
        done = desk_ready("import", "tasks", "tasks.csv")
        assert done.code == 1
        assert "Rejected:\n  Line 4, task_type: is not a word of the list; did you mean coding?\n" in done.out
        assert count(folder, ReviewTask) == 2

    def test_identifiers_are_refused_by_name_or_left_out(self, desk_ready: Chartdesk, folder: Path) -> None:
        (folder / "ehr.csv").write_text(DIRTY)
        assert "patient identifiers: HAR, MRN, Patient Name." in desk_ready("import", "tasks", "ehr.csv").sentence
        assert count(folder, ReviewTask) == 0

        done = desk_ready("import", "tasks", "ehr.csv", "--drop-identifiers")
        assert done.code == 0
        assert "Left out, because they identify patients: HAR, MRN, Patient Name.\n" in done.out

    def test_what_cannot_be_imported_is_one_sentence(self, desk_ready: Chartdesk, folder: Path) -> None:
        assert desk_ready("import", "tasks", "nowhere.csv").sentence == (
            "nowhere.csv cannot be read: No such file or directory."
        )
        (folder / "half.csv").write_text(TASKS[:-12])
        assert "line 3 has 3 cells, but the header has 4" in desk_ready("import", "tasks", "half.csv").sentence
        (folder / "roi.csv").write_text(RELEASES)
        assert "lacks the column task_ref" in desk_ready("import", "tasks", "roi.csv").sentence
        assert count(folder, ReviewTask) == 0

    def test_without_a_workspace_it_says_how_to_get_one(self, chartdesk: Chartdesk, folder: Path) -> None:
        chartdesk("db", "upgrade", "--no-codes")
        (folder / "tasks.csv").write_text(TASKS)
        for command in (("import", "tasks", "tasks.csv"), ("people", "grant", "U0A", "admin")):
            assert chartdesk(*command).sentence == (
                "No workspace is known yet. Use the bot in Slack once, or name it: "
                "chartdesk people grant USER admin --workspace TEAM_ID"
            )


class TestAudit:
    def test_a_changed_entry_is_found(self, desk_ready: Chartdesk, folder: Path) -> None:
        assert desk_ready("audit", "verify").code == 0
        database = Database.open(f"sqlite:///{folder}/cli.db")
        with database.write() as session:
            session.execute(sa.update(AuditEntry).where(AuditEntry.seq == 1).values(reference="U0EVIL"))
        database.close()

        found = desk_ready("audit", "verify", "--json")
        assert found.code == 1
        assert json.loads(found.out) == {"entries": 2, "breaks": [{"workspace": "T0AAA", "chain": 0, "seq": 1}]}
        assert desk_ready("audit", "verify").out.startswith("T0AAA: the chain of person 0 does not hold at entry 1.")


class TestDisclosures:
    def test_the_accounting_of_a_record_is_csv_for_programs_and_leaves_a_trail(self, desk_ready: Chartdesk, folder: Path) -> None:
        (folder / "releases.csv").write_text(RELEASES)
        desk_ready("import", "roi", str(folder / "releases.csv"))
        record = only_record(folder)

        told = desk_ready("disclosures", record)
        assert (told.code, told.out.lstrip("\ufeff").splitlines()) == (0, ["disclosed_on,recipient,type_of_request,purpose,what,how,release"])
        file = folder / "out.csv"
        assert f"0 lines about {record}" in desk_ready("disclosures", record, "--out", str(file)).out
        assert file.read_bytes().startswith(b"\xef\xbb\xbfdisclosed_on")
        assert "is there already" in desk_ready("disclosures", record, "--out", str(file)).sentence
        assert actions(folder).count("disclosures_read_out") == 2

    def test_a_record_nobody_knows_is_told(self, desk_ready: Chartdesk) -> None:
        assert "No record here has that reference" in desk_ready("disclosures", "RR-22222").sentence
        assert "That is not a reference" in desk_ready("disclosures", "tomorrow").sentence


def only_record(folder: Path) -> str:
    database = Database.open(f"sqlite:///{folder}/cli.db")
    with database.read() as session:
        reference = session.scalars(sa.select(Record.reference)).one()
    database.close()
    return reference


def actions(folder: Path) -> list[str]:
    database = Database.open(f"sqlite:///{folder}/cli.db")
    with database.read() as session:
        told = list(session.scalars(sa.select(AuditEntry.action)))
    database.close()
    return told
