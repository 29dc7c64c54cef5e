"""From a flag to its verified correction: one thread under the card of each, guarded words, reminders of silence, and a private note for learning."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.sandbox.acting import Person as Somebody
from bot.sandbox.seen import SeenMessage
from jobs.cards import sweep_cards
from jobs.leases import sweep_leases
from storage.coordination.in_process import InProcessCoordinator
from storage.tables import AuditEntry, FlagHistory, Notice, Person
from storage.words import FlagEvent, NoticeKind, NoticeState
from tests.scenario.conftest import Office
from tests.scenario.test_flagging import flags, report


@pytest.fixture(autouse=True)
def _slacks_time(office: Office) -> None:
    """The budget of a conversation follows the test's clock, and everybody is at work all week in one zone."""
    office.desk.coordinator = InProcessCoordinator(lambda: office.clock().timestamp())
    with office.desk.database.write() as session:
        session.execute(sa.update(Person).values(zone="America/New_York", hours_start=480, hours_end=1020, works_holidays=False, digest=False))


def deliver(office: Office) -> None:
    """Let everything leave, and bring the cards up to date."""
    for _ in range(4):
        office.deliver_notices()
        office.clock.move(seconds=10)
        sweep_cards(office.desk)


def tick(office: Office) -> None:
    sweep_leases(office.desk)
    deliver(office)


def card_of(who: Somebody, reference: str) -> SeenMessage:
    """The message that shows the flag, and no reply under it."""
    found = [one for one in who.messages() if reference in one.text and not one.message.in_thread]
    assert len(found) == 1, [one.text for one in found]
    return found[0]


def replies(who: Somebody, card: SeenMessage) -> list[str]:
    return [one.text for one in who.messages() if one.message.in_thread and one.message.thread_ts == card.ts]


def step(who: Somebody, reference: str, name: str, words: str = "") -> None:
    """Press a step on the card, and write why if it asks."""
    card = card_of(who, reference)
    who.click(card, f"flag_step:{name}")
    if words:
        who.submit(who.needs_modal(), {"note": words})


def flagged(office: Office, error_type: str = "misfiled", **more: object) -> str:
    """Noor reports something about a task of Tomás; its reference."""
    task = office.new_task()
    office.tomas.command("/claim", task)
    report(office, task, error_type, **more)
    deliver(office)
    return flags(office)[-1].reference


def test_the_story_of_a_flag_from_its_report_to_its_verified_correction(office: Office) -> None:
    reference = flagged(office, note="The operative report is another chart's")
    mine = card_of(office.tomas, reference)
    step(office.tomas, reference, "acknowledge")
    deliver(office)
    step(office.tomas, reference, "rebut", "It belongs here, the scan was late")
    deliver(office)

    to_decide = card_of(office.priya, reference)
    assert "It belongs here, the scan was late" in to_decide.text
    assert "Uphold" in to_decide.buttons()
    step(office.priya, reference, "uphold", "The header names another record")
    deliver(office)

    [told] = replies(office.tomas, mine)
    assert "The header names another record" in told
    assert "It is your turn" in told
    assert "Corrected" in card_of(office.tomas, reference).buttons()

    office.tomas.says("Moved it to the right chart", thread=mine.ts)
    assert "Noted on" in replies(office.tomas, mine)[-1]
    step(office.tomas, reference, "correct")
    deliver(office)
    for who in (office.noor, office.priya):
        said = " ".join(replies(who, card_of(who, reference)))
        assert "Moved it to the right chart" in said
        assert "Corrected" in said

    step(office.priya, reference, "verify")
    deliver(office)
    assert "verified now" in card_of(office.tomas, reference).text
    assert card_of(office.tomas, reference).buttons() == []
    step(office.priya, reference, "close")
    assert [flag.state for flag in flags(office)] == ["closed"]
    assert not [channel for channel in office.workspace.channels.all() if not channel.is_direct and office.workspace.messages.in_channel(channel.id)]


def test_patient_data_in_a_reply_is_refused_in_private_and_not_kept(office: Office) -> None:
    reference = flagged(office)
    mine = card_of(office.tomas, reference)
    office.tomas.says("It is pt John Okonkwo MRN 61744441", thread=mine.ts)
    [answer] = [one for one in replies(office.tomas, mine) if "I kept nothing of it" in one]
    assert "[MRN]" in answer
    with office.desk.database.read() as session:
        events = session.scalars(sa.select(FlagHistory.event).where(FlagHistory.workspace_id == office.workspace_id)).all()
        told = session.scalars(sa.select(Notice.kind).where(Notice.workspace_id == office.workspace_id)).all()
    assert FlagEvent.COMMENTED not in events
    assert NoticeKind.FLAG_COMMENTED not in told


def test_words_in_another_thread_are_a_lookup_still(office: Office) -> None:
    office.tomas.says("broken wrist left")
    answer = office.tomas.sees("Codes for")
    assert isinstance(answer, SeenMessage)
    office.tomas.says("E11.9", thread=answer.ts)
    office.tomas.sees("Type 2 diabetes mellitus without complications")


def test_a_comment_by_the_form_reaches_the_others_too(office: Office) -> None:
    reference = flagged(office)
    office.tomas.choose(card_of(office.tomas, reference), "flag_more:more", "Comment")
    office.tomas.submit(office.tomas.needs_modal("Comment"), {"note": "Which page is it?"})
    deliver(office)
    assert "Which page is it?" in card_of(office.noor, reference).text
    office.tomas.choose(card_of(office.tomas, reference), "flag_more:more", "History")
    assert "Which page is it?" in office.tomas.needs_modal(reference).text


def test_several_steps_while_somebody_is_away_come_as_one_reply(office: Office) -> None:
    reference = flagged(office)
    step(office.tomas, reference, "acknowledge")
    step(office.tomas, reference, "rebut", "No")
    deliver(office)
    card = card_of(office.noor, reference)
    before = len(replies(office.noor, card))
    step(office.priya, reference, "uphold", "It stands")
    deliver_later = office.tomas.says("All right, then", thread=card_of(office.tomas, reference).ts)
    assert deliver_later
    step_card = card_of(office.tomas, reference)
    assert step_card
    deliver(office)
    [together] = replies(office.noor, card)[before:]
    assert "It stands" in together
    assert "All right, then" in together


def test_a_stale_button_and_a_second_click_change_nothing(office: Office) -> None:
    reference = flagged(office)
    old = card_of(office.tomas, reference)
    office.tomas.click(old, "flag_step:acknowledge")
    office.clock.move(seconds=5)
    office.tomas.click(old, "flag_step:acknowledge")
    assert [flag.state for flag in flags(office)] == ["acknowledged"]
    step_card = office.tomas.sees("acknowledged")
    office.tomas.click(step_card, "flag_step:accept")
    office.desk.coordinator = InProcessCoordinator()
    office.tomas.click(old, "flag_step:acknowledge")
    office.tomas.sees(f"{reference} is accepted now, so that is not possible.")


def test_a_rebuttal_without_words_is_refused_under_its_field(office: Office) -> None:
    reference = flagged(office)
    step(office.tomas, reference, "acknowledge")
    deliver(office)
    office.tomas.click(card_of(office.tomas, reference), "flag_step:rebut")
    form = office.tomas.needs_modal("Disagree")
    office.tomas.submit(form, {"note": "   "})
    assert office.tomas.needs_modal("Disagree").errors
    assert [flag.state for flag in flags(office)] == ["acknowledged"]


def test_silence_is_reminded_after_two_and_four_business_days_and_then_the_supervisor_hears(office: Office) -> None:
    """Reported on a Monday before Thanksgiving: Thursday is no business day."""
    reference = flagged(office)
    office.clock.move(days=1, hours=12)
    tick(office)
    assert waiting(office.tomas) == []
    office.clock.move(hours=12)
    tick(office)
    tick(office)
    [first] = waiting(office.tomas)
    assert "waits for you since" in first.text
    office.tomas.click(first, "flag_snooze")
    assert "You are reminded again" in waiting(office.tomas, "You are reminded")[0].text
    office.clock.move(days=2)
    tick(office)
    assert len(waiting(office.tomas)) == 1
    office.clock.move(days=3)
    tick(office)
    assert len(waiting(office.tomas)) == 2
    assert waiting(office.priya) == []
    office.clock.move(days=1)
    tick(office)
    [overseen] = waiting(office.priya, "has been silent since")
    assert "Tomás" in overseen.text
    office.clock.move(days=20)
    tick(office)
    assert (len(waiting(office.tomas)), len(waiting(office.priya, "has been silent since"))) == (2, 1)
    assert reference in overseen.text


def test_reminders_stop_when_the_flag_moves(office: Office) -> None:
    reference = flagged(office)
    office.clock.move(days=2)
    sweep_leases(office.desk)
    step(office.tomas, reference, "acknowledge")
    deliver(office)
    assert waiting(office.tomas) == []
    with office.desk.database.read() as session:
        states = session.scalars(sa.select(Notice.state).where(Notice.kind == NoticeKind.FLAG_WAITS)).all()
    assert states == [NoticeState.CANCELLED]


def waiting(who: Somebody, words: str = "waits for you since") -> list[SeenMessage]:
    return [one for one in who.messages() if words in one.text]


def test_the_third_of_a_kind_brings_a_private_note_with_the_way_to_the_instructions(office: Office) -> None:
    for number in range(4):
        reference = flagged(office, "unspecified_diagnosis", root_reason="documentation_missed", code_after="E11.9", citation="I.C.4.a")
        step(office.tomas, reference, "acknowledge")
        deliver(office)
        step(office.tomas, reference, "accept")
        deliver(office)
        assert len([one for one in office.tomas.messages() if "For you alone" in one.text]) == (number >= 2)
        office.clock.move(days=7)
    note = office.tomas.sees("For you alone: “documentation missed” was the reason of 3 flags on your work within 30 days")
    assert "unspecified though specific is documented" in note.text
    assert "I.C.4.a" in note.text
    office.tomas.click(note, "code_detail")
    office.tomas.sees("Type 2 diabetes mellitus without complications")
    for other in (office.priya, office.noor, office.daniel):
        assert not [one for one in other.messages() if "For you alone" in one.text]
    home = office.priya.open_home()
    assert home is not None
    assert "Unspecified though specific is documented, documentation missed: 1" in home.text
    assert "Tomás" not in home.text.split("Notes for learning")[1].split("No patient data")[0]


def test_the_supervisor_sets_how_often_a_reason_repeats_until_the_note(office: Office) -> None:
    office.priya.command("/team", "settings")
    form = office.priya.needs_modal("Limits of this desk")
    assert (form.value("education_repeats"), form.value("education_days")) == ("3", "30")
    assert "Please enter 2 or more" in office.priya.submit(form, {"education_repeats": "1"}).errors["education_repeats"]
    office.priya.submit(form, {"education_repeats": "2", "education_days": "14"})
    office.priya.sees("Kept. The new limits hold from now on")
    for error_type in ("misfiled", "copy_forward"):
        reference = flagged(office, error_type, root_reason="documentation_missed")
        step(office.tomas, reference, "acknowledge")
        deliver(office)
        step(office.tomas, reference, "accept")
        deliver(office)
    office.tomas.sees("For you alone: “documentation missed” was the reason of 2 flags on your work within 14 days")
    with office.desk.database.read() as session:
        [kept] = session.scalars(sa.select(AuditEntry).where(AuditEntry.workspace_id == office.workspace_id, AuditEntry.action == "limits_kept"))
    assert kept.facts["changed"] == {"education_repeats": [3, 2], "education_days": [30, 14]}


def test_a_card_that_came_with_several_words_at_once_is_kept_up_to_date_and_keeps_them(office: Office) -> None:
    reference = flagged(office)
    for words in ("Which page is it?", "And who scanned it?"):
        office.tomas.choose(card_of(office.tomas, reference), "flag_more:more", "Comment")
        office.tomas.submit(office.tomas.needs_modal("Comment"), {"note": words})
        office.clock.move(seconds=5)
    deliver(office)
    before = card_of(office.noor, reference)
    assert all(words in before.text for words in ("Which page is it?", "And who scanned it?"))
    step(office.tomas, reference, "acknowledge")
    deliver(office)
    after = card_of(office.noor, reference)
    assert f"{reference} · Misfiled document · high · acknowledged" in after.text
    assert all(words in after.text for words in ("Which page is it?", "And who scanned it?"))
