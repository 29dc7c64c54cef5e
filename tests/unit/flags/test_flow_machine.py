"""Whatever people try with a flag, it stands as a plain model of the flow says, and a refused step changes nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import Refusal
from bot.flags.cards import open_card
from bot.flags.comments import comment
from bot.flags.flow import take_step
from bot.flags.reporting import Problem, report
from bot.flags.states import Step
from storage.tables import AccuracyFlag, FlagHistory, Person
from storage.words import ErrorType, FlagOutcome, FlagState, NoticeState, Role
from tests.unit.roi.scene import Scene, clean

#: Who is at the desk, and as what. Cora is flagged in some stories although she audits and supervises; Tomás reports.
PEOPLE = {
    "NOOR": {Role.SPECIALIST}, "CORA": {Role.SPECIALIST, Role.AUDITOR, Role.SUPERVISOR}, "TOMAS": {Role.SPECIALIST, Role.AUDITOR},
    "ANA": {Role.AUDITOR}, "PRIYA": {Role.SUPERVISOR}, "DANIEL": {Role.PRIVACY_OFFICER}, "GRACE": {Role.ROI_SPECIALIST},
}  # fmt: skip
DECIDE = {Role.AUDITOR, Role.SUPERVISOR}
#: The flow once more, in other words than the desk's: from where, by whose kind of decision, to where.
FLOW = {
    ("open", "acknowledge"): "acknowledged", ("acknowledged", "accept"): "accepted", ("acknowledged", "rebut"): "rebutted",
    ("rebutted", "uphold"): "upheld", ("rebutted", "overturn"): "overturned", ("rebutted", "escalate"): "escalated",
    ("escalated", "uphold"): "upheld", ("escalated", "overturn"): "overturned", ("accepted", "correct"): "corrected",
    ("upheld", "correct"): "corrected", ("corrected", "verify"): "verified", ("verified", "close"): "closed",
    ("overturned", "close"): "closed", ("corrected", "reopen"): "open", ("verified", "reopen"): "open", ("overturned", "reopen"): "open",
    ("closed", "reopen"): "open",
}  # fmt: skip
FROZEN_IN = {"open", "acknowledged", "accepted", "rebutted", "upheld", "escalated", "corrected"}
WHO, STEPS = st.sampled_from(sorted(PEOPLE)), st.sampled_from(sorted(Step))


@dataclass
class Plain:
    """A flag as somebody would keep it on a sheet of paper."""

    flagged: str | None
    state: str = "open"
    reporters: set[str] = field(default_factory=lambda: {"TOMAS"})
    corrected_by: str | None = None
    fell: bool = False
    here: bool = True
    last: tuple[str, str] | None = None

    def allows(self, who: str, step: str, *, words: bool) -> bool:
        sees = who in {self.flagged, *self.reporters} or PEOPLE[who] & (DECIDE | {Role.PRIVACY_OFFICER})
        said = words or step not in {"rebut", "reopen"}
        return bool(sees) and said and (self.state, step) in FLOW and self._is_for(who, step)

    def _is_for(self, who: str, step: str) -> bool:
        roles = PEOPLE[who]
        if step in {"acknowledge", "accept", "rebut", "correct"}:
            if self.flagged and self.here:
                return who == self.flagged
            return bool(roles & DECIDE) and step != "rebut"
        if not roles & DECIDE or who in {self.flagged, self.corrected_by}:
            return False
        if step in {"uphold", "overturn"}:
            return who not in self.reporters and (self.state != "escalated" or Role.SUPERVISOR in roles)
        return not (step == "reopen" and self.fell and who in self.reporters)

    def repeats(self, who: str, step: str) -> bool:
        """A second click on what this person just did."""
        return self.last is not None and self.last == (who, self.state) and any(to == self.state for (_, by), to in FLOW.items() if by == step)

    def take(self, who: str, step: str) -> None:
        self.state = FLOW[self.state, step]
        self.last = (who, self.state)
        self.corrected_by = {"correct": who, "reopen": None}.get(step, self.corrected_by)
        self.fell = {"overturn": True, "reopen": False}.get(step, self.fell)


class FlagMachine(RuleBasedStateMachine):
    """People at their worst, and the plain model beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.scene = Scene.open(Path(self.folder.name))
        for name, roles in PEOPLE.items():
            self.scene.person(name.lower(), *roles)

    def teardown(self) -> None:
        self.scene.close()
        self.folder.cleanup()

    @initialize(flagged=st.sampled_from([None, "NOOR", "CORA"]))
    def somebody_reports(self, flagged: str | None) -> None:
        self.task, _ = self.scene.task(f"U0{flagged}" if flagged else None)
        self.reference = self.scene.do("U0TOMAS", report, self.task, Problem(ErrorType.WRONG_PATIENT)).reference
        self.plain = Plain(flagged)

    @rule(who=WHO, step=STEPS, words=st.booleans())
    def somebody_tries(self, who: str, step: Step, words: bool) -> None:
        if who == self.plain.flagged and not self.plain.here:
            return
        before = self.scene.everything()
        try:
            self.scene.do(f"U0{who}", take_step, self.reference, step, clean("Because of the note") if words else None)
        except Refusal as refusal:
            refused = refusal.sentence
        else:
            refused = ""
        if refused:
            assert not self.plain.allows(who, step, words=words), f"{who} may {step} from {self.plain.state}: {refused}"
            assert refused.endswith(".")
            assert self.scene.everything() == before
            return
        if self.plain.repeats(who, step):
            assert self.scene.everything() == before
            return
        assert self.plain.allows(who, step, words=words), f"{who} must not {step} from {self.plain.state}"
        self.plain.take(who, step)

    @precondition(lambda self: self.plain.state in FROZEN_IN)
    @rule(who=st.sampled_from(["ANA", "PRIYA", "GRACE"]))
    def somebody_sees_it_too(self, who: str) -> None:
        card = self.scene.do(f"U0{who}", report, self.task, Problem(ErrorType.WRONG_PATIENT))
        assert (card.joined, card.reference) == (True, self.reference)
        self.plain.reporters.add(who)

    @rule(who=st.sampled_from(["TOMAS", "ANA", "PRIYA"]))
    def somebody_comments(self, who: str) -> None:
        self.scene.do(f"U0{who}", comment, self.reference, clean("Please look once more"))

    @precondition(lambda self: self.plain.flagged is not None and self.plain.here)
    @rule()
    def the_person_flagged_leaves(self) -> None:
        with self.scene.database.write() as session:
            session.execute(sa.update(Person).where(Person.slack_user_id == f"U0{self.plain.flagged}").values(active=False))
        self.plain.here = False

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        if not hasattr(self, "plain"):
            return
        card = self.scene.do("U0DANIEL", open_card, self.reference)
        assert card.state == self.plain.state
        assert card.freezes is (self.plain.state in FROZEN_IN)
        for who, roles in PEOPLE.items():
            if who == self.plain.flagged and not self.plain.here:
                continue
            wanted = {step for step in Step if self.plain.allows(who, step, words=True)}
            if who in {self.plain.flagged, *self.plain.reporters} or roles & DECIDE:
                assert self.scene.do(f"U0{who}", open_card, self.reference).may == wanted

    @invariant()
    def its_row_and_its_history_agree(self) -> None:
        if not hasattr(self, "plain"):
            return
        with self.scene.database.read() as session:
            flag = session.scalars(sa.select(AccuracyFlag)).one()
            moves = session.execute(
                sa.select(FlagHistory.from_state, FlagHistory.to_state).where(FlagHistory.event == "moved").order_by(FlagHistory.id)
            ).all()
        path = [FlagState.OPEN, *(to for _, to in moves)]
        assert [before for before, _ in moves] == path[:-1]
        assert flag.state is path[-1]
        decided = {"accepted", "upheld", "overturned"} & {str(state) for state in path[len(path) - path[::-1].index(FlagState.OPEN) :]}
        assert (flag.outcome is not None) is bool(decided)
        assert (flag.outcome is FlagOutcome.FELL) is self.plain.fell
        settled = self.plain.state not in FROZEN_IN
        assert (flag.remind_at is None) is settled
        assert not settled or not [one for one in self.scene.notices(state=NoticeState.PENDING) if one.kind == "flag_raised" and one.subject_id == flag.id]


TestFlagMachine = FlagMachine.TestCase
TestFlagMachine.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
