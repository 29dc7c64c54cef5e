"""What people type, press or forge about flags, audits and reports that cannot be: a sentence each, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.actors import Identity, desk_actor
from bot.people import meet
from bot.reviews.creation import TaskFacts, create_tasks
from bot.sandbox.acting import Person as Somebody
from bot.sandbox.seen import Seen, SeenMessage
from storage.tables import AuditCase, FlagHistory, Person, ReviewTask
from storage.words import FlagState, TaskType
from tests.scenario.conftest import Office
from tests.scenario.test_audits_and_reports import coded, drawn
from tests.scenario.test_flag_conversation import _slacks_time as _slacks_time  # noqa: PLC0414 - a fixture for this file too
from tests.scenario.test_flag_conversation import card_of, deliver, flagged, step
from tests.scenario.test_flagging import flags, form_of, refused

Standing = tuple[list[tuple[object, ...]], int, list[tuple[object, ...]]]


def standing(office: Office) -> Standing:
    """All flags and cases as they are, and how much has happened to the flags."""
    with office.desk.database.read() as session:
        here = office.workspace_id
        flagged_as = [(one.reference, one.state, one.changed_at) for one in flags(office)]
        said = session.scalar(sa.select(sa.func.count()).select_from(FlagHistory).where(FlagHistory.workspace_id == here)) or 0
        cases = session.scalars(sa.select(AuditCase).where(AuditCase.workspace_id == here).order_by(AuditCase.id))
        return flagged_as, said, [(one.state, one.reviewer_codes, one.note) for one in cases]


def forge(office: Office, who: Somebody, where: Seen, was: str, value: str, action_id: str = "") -> None:
    """Press a button of a message with another value than the bot has given it, as somebody with a tool of their own could."""
    assert isinstance(where, SeenMessage)
    messages = office.workspace.messages
    message = messages.find_ephemeral(who.id, where.ts) if where.is_ephemeral else messages.find(where.channel, where.ts)
    assert message is not None
    buttons = [one for block in message.blocks for one in block.get("elements", ()) if one.get("value") == was]
    pressed = next(one for one in buttons if action_id in {"", one["action_id"]})
    pressed["value"] = value
    who.click(where, pressed["action_id"])


@pytest.fixture
def unchanged(office: Office) -> Iterator[list[Standing]]:
    """A list to put the standing into that must be the same at the end of the test."""
    before: list[Standing] = []
    yield before
    assert before, "nothing was compared"
    assert standing(office) == before[-1]


def test_a_rebuttal_needs_words_also_when_its_form_is_gone_round(office: Office, unchanged: list[Standing]) -> None:
    reference = flagged(office)
    step(office.tomas, reference, "acknowledge")
    deliver(office)
    unchanged.append(standing(office))
    office.tomas.click(card_of(office.tomas, reference), "flag_step:rebut")
    form = office.tomas.needs_modal("Disagree")
    for block in form.view.blocks:
        block["optional"] = True
    for nothing in ("", "   ", "\u200b"):
        office.tomas.submit(form, {"note": nothing})
        assert office.tomas.needs_modal("Disagree").errors


@pytest.mark.parametrize("forged", ["close", "verify", "uphold", "overturn"])
def test_nobody_decides_or_closes_a_flag_on_their_own_work(office: Office, unchanged: list[Standing], forged: str) -> None:
    reference = flagged(office)
    unchanged.append(standing(office))
    forge(office, office.tomas, card_of(office.tomas, reference), f"acknowledge|{reference}", f"{forged}|{reference}")
    if office.tomas.modal() is not None:
        office.tomas.submit(office.tomas.needs_modal(), {"note": "It is fine"})
        assert "somebody else decides, verifies and closes it" in str(office.tomas.needs_modal().errors)
    else:
        office.tomas.sees("This flag is about your own work, so somebody else decides, verifies and closes it.")


def test_a_step_that_is_none_and_a_flag_that_is_none(office: Office, unchanged: list[Standing]) -> None:
    reference = flagged(office)
    unchanged.append(standing(office))
    forge(office, office.tomas, card_of(office.tomas, reference), f"acknowledge|{reference}", "acknowledge|FL-22222")
    office.tomas.sees("No accuracy flag here is called FL-22222")
    for typed, told in (("FL-22222", "No accuracy flag here is called FL-22222"), ("RR-22222", "Nothing here is called RR-22222")):
        office.noor.command("/flag", typed)
        office.noor.sees(told)


def test_the_old_card_of_a_closed_flag(office: Office, unchanged: list[Standing]) -> None:
    reference = flagged(office)
    for who, name in ((office.tomas, "acknowledge"), (office.tomas, "accept"), (office.tomas, "correct")):
        step(who, reference, name)
        deliver(office)
    office.priya.command("/flag", reference)
    old = office.priya.sees("corrected")
    office.priya.command("/flag", reference)
    newer = office.priya.sees("corrected")
    office.priya.click(newer, "flag_step:verify")
    office.priya.click(office.priya.sees("verified"), "flag_step:close")
    assert [flag.state for flag in flags(office)] == [FlagState.CLOSED]
    unchanged.append(standing(office))
    office.priya.click(old, "flag_step:verify")
    office.priya.sees(f"{reference} is closed now, so that is not possible.")


def test_work_of_another_workspace_cannot_be_flagged_nor_its_flags_read(office: Office, unchanged: list[Standing]) -> None:
    other = Identity("T0ELSEWHER", "U0ELSEWHER")
    with office.desk.database.write() as session:
        workspace_id = meet(session, other, office.clock()).workspace_id
        theirs = create_tasks(
            session, desk_actor(session, workspace_id, "test"), office.clock(), [TaskFacts(TaskType.CODING, office.clock().date())]
        )[0].reference
    unchanged.append(standing(office))
    office.noor.command("/flag", theirs)
    office.noor.sees(f"Nothing here is called {theirs}")
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "misfiled")
    assert f"Nothing here is called {theirs}" in refused(office.noor, form, {"record": theirs})["record"]


def test_codes_that_do_not_exist_are_refused_when_forged_past_the_type_ahead(office: Office, unchanged: list[Standing]) -> None:
    unchanged.append(standing(office))
    office.noor.command("/flag", office.new_task())
    form = form_of(office.noor, "wrong_diagnosis")
    office.noor.suggest(form, "code_after", "E11.9")
    office.noor.fill(form, {"code_after": "E11.9"})
    live = office.noor._live_view(form)
    chosen = next(one["code_after"]["selected_option"] for one in live.values.values() if "code_after" in one)
    for code in ("E11.999", "<script>", "x" * 5_000):
        chosen["value"] = code
        office.noor.submit(form)
        assert "is not in the code set" in str(office.noor.needs_modal("Report a problem").errors)


def test_words_that_are_too_long_or_about_a_patient_are_kept_nowhere(office: Office, unchanged: list[Standing]) -> None:
    reference = flagged(office)
    drawn(office, charts=1)
    deliver(office)
    mine = card_of(office.tomas, reference)
    unchanged.append(standing(office))
    office.tomas.says("w" * 10_000, thread=mine.ts)
    office.tomas.sees("it has 10,000 characters, and at most 500 fit")
    office.tomas.says("It is pt John Okonkwo MRN 61744441", thread=mine.ts)
    office.tomas.sees("I kept nothing of it")
    office.tomas.choose(mine, "flag_more:more", "Comment")
    office.tomas.submit(office.tomas.needs_modal("Comment"), {"note": "pt John Okonkwo MRN 61744441"})
    office.tomas.sees("Nothing was kept")
    office.tomas.close(everything=True)
    office.priya.command("/team", "audits 1")
    office.priya.choose(office.priya.sees("1 of 1"), "audit_more:more", "cancel|1")
    office.priya.submit(office.priya.needs_modal("Cancel audit 1"), {"note": "pt John Okonkwo MRN 61744441"})
    office.priya.sees("Nothing was kept")


def test_an_auditor_cannot_finish_a_chart_of_their_own(office: Office, unchanged: list[Standing]) -> None:
    own = coded(office, office.tomas, "I10")
    drawn(office, charts=1)
    office.tomas.click(office.tomas.sees("1 chart of audit 1 wait"), "audit_next")
    sheet = office.tomas.sees("to be audited")
    with office.desk.database.read() as session:
        case = session.scalars(
            sa.select(AuditCase.id)
            .join(ReviewTask, ReviewTask.id == AuditCase.task_id)
            .where(AuditCase.workspace_id == office.workspace_id, ReviewTask.reference == own)
        ).one()
        noors = session.scalars(sa.select(AuditCase.id).where(AuditCase.workspace_id == office.workspace_id, AuditCase.id != case)).one()
    unchanged.append(standing(office))
    for pressed in ("audit_agree", "audit_edit"):
        forge(office, office.tomas, sheet, f"{noors}|open", f"{case}|open", pressed)
        assert "This is your own coding. Somebody else audits it" in office.tomas.ephemerals()[-1].text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("report -3", "Type /team report"),
        ("report 12 4", "Type /team report"),
        ("report 2026-11-20", "Type /team report"),
        ("report 99999999999", "Type /team report"),
        ("report 54", "A report covers 1 to 53 weeks"),
        ("report turnaround 0", "A report covers 1 to 53 weeks"),
    ],
)
def test_weeks_that_cannot_be(office: Office, typed: str, told: str) -> None:
    office.priya.command("/team", typed)
    office.priya.sees(told)


def test_every_report_of_nothing_says_so(office: Office) -> None:
    for typed, told in (
        ("report", "No audit of the team’s coding was finished"),
        ("report turnaround", "No task was finished"),
        ("report reasons", "No flag and no audit found a problem"),
        ("audits", "Nothing was audited yet"),
    ):
        office.priya.command("/team", typed)
        office.priya.sees(told)
    office.noor.command("/desk", "report")
    office.noor.sees("No audit of your coding was finished")


def test_the_charts_of_somebody_who_left_stay_in_the_figures_and_can_be_audited(office: Office) -> None:
    drawn(office, charts=1)
    office.tomas.click(office.tomas.sees("1 chart of audit 1 wait"), "audit_next")
    office.tomas.click(office.tomas.sees("to be audited"), "audit_agree")
    with office.desk.database.write() as session:
        session.execute(sa.update(Person).where(Person.slack_user_id == office.noor.id).values(active=False))
    office.priya.command("/team", "report")
    office.priya.choose(office.priya.sees("Accuracy of coding"), "report_show:more", "accuracy|12|person")
    assert "Noor" in office.priya.sees("By person").text
    office.priya.command("/team", "audits")
    office.priya.click(office.priya.sees("Audit 1"), "audit_draw")
    form = office.priya.needs_modal("Draw a sample")
    stranger = next(one for one in office.workspace.members.values() if one.is_bot)
    told = office.priya.submit(form, {"how_many": "per_coder", "size": "1", "coders": [stranger.id]}).errors
    assert told == {"coders": "One of these never worked at this desk. Choose people who have coded here."}
    office.priya.submit(form, {"coders": [office.noor.id]})
    office.priya.sees("Audit 2 is drawn: 1 chart of 1 by 1 coder")
