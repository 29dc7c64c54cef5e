"""/team people and /team settings: what each coworker can do, leave, roles, and the limits of the desk."""

from __future__ import annotations

from slack_sdk.errors import SlackClientError
from slack_sdk.models.views import View

from bot.actors import Identity, NoSuchPerson, whoami
from bot.errors import Refusal
from bot.team.limits import keep_limits, limits
from bot.team.orders import people_in
from bot.team.people import coworker, keep_coworker, people_page
from bot.views import team_limits as limit_views
from bot.views import team_people as views
from bot.views.ids import ActionId, CallbackId
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, CommandCall, FormCall
from storage.words import Role


class NotAPerson(Refusal):
    """This is no coworker of yours: a bot, or somebody who has left. Choose a person."""


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.PERSON_EDIT, on_edit_click)
    boundary.action(ActionId.PEOPLE_PAGE, on_page_click)
    boundary.action(ActionId.LIMITS_OPEN, on_limits_click)
    boundary.form(CallbackId.PERSON_FORM, on_person_submission)
    boundary.form(CallbackId.LIMITS_FORM, on_limits_submission)


def show_people(call: CommandCall) -> None:
    """``/team people`` lists them, ``/team people @person`` opens one."""
    named = people_in(call.text)
    if named:
        _open_person(call, named[0])
    elif len(call.text.split()) > 1:
        raise NoSuchPerson
    else:
        call.reply(views.people_message(call.look(people_page)))


def on_edit_click(call: ActionCall) -> None:
    """*Change* beside a person."""
    _open_person(call, call.value)


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under the people."""
    page = call.look(people_page, int(call.value))
    call.show(views.people_message(page), views.people_window(page))


def on_person_submission(call: FormCall) -> None:
    """The form of a person."""
    gives_roles = call.look(whoami).has(Role.ADMIN)
    said = views.read_person_form(call.values, gives_roles=gives_roles)
    kept = views.kept_message(call.change(keep_coworker, call.subject, said))
    call.finish(kept)


def open_limits(call: Call) -> None:
    """``/team settings``."""
    call.open(limit_views.limits_form(call.look(limits), call.form_context()))


def on_limits_click(call: ActionCall) -> None:
    """*Limits* under the board."""
    open_limits(call)


def on_limits_submission(call: FormCall) -> View | None:
    """The form of limits. A channel named anew is told what it will hear; where that is refused, the supervisor reads what to do."""
    said = limit_views.read_limits_form(call.values)
    if call.change(keep_limits, said):
        call.later(lambda: _announce(call, str(said.queue_channel)))
    else:
        call.finish(limit_views.kept_message())
    return None


def _get_to_know(call: Call, slack_user_id: str) -> None:
    """An admin may name somebody who has not used the desk yet.

    :raises NotAPerson: for a bot, or somebody who has left.
    """
    try:
        user = call.client.users_info(user=slack_user_id)["user"]
    except SlackClientError as error:
        raise NotAPerson from error
    if user.get("is_bot") or user.get("deleted"):
        raise NotAPerson
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name", "")
    who = Identity(call.who.team_id, slack_user_id)
    call.desk.meet(who)
    call.desk.know_profile(who, name=name, zone=user.get("tz") or "UTC")


def _announce(call: FormCall, channel: str) -> None:
    try:
        call.post_to(channel, limit_views.counts_begin())
    except SlackClientError:
        call.post(limit_views.cannot_write())
    else:
        call.post(limit_views.kept_message())


def _open_person(call: Call, slack_user_id: str) -> None:
    gives_roles = call.look(whoami).has(Role.ADMIN)
    try:
        one = call.look(coworker, slack_user_id)
    except NoSuchPerson:
        if not gives_roles:
            raise
        _get_to_know(call, slack_user_id)
        one = call.look(coworker, slack_user_id)
    call.open(views.person_form(one, call.form_context(slack_user_id), gives_roles=gives_roles))
