"""The page in a real browser: messages, threads, Home, keyboard, safety, small screens."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Route, expect

from bot.sandbox.acting import Person
from bot.sandbox.messages import Message
from bot.sandbox.server import SandboxServer
from tests.browser.chromium import needs_chromium
from tests.browser.scene import Scene

pytestmark = needs_chromium


def test_the_page_says_that_it_is_not_slack_and_what_to_try(scene: Scene) -> None:
    expect(scene.page.get_by_test_id("not-slack")).to_contain_text("not Slack")
    expect(scene.page).to_have_title("Lakeside Records (demo) · Sandbox, not Slack")
    expect(scene.page.get_by_test_id("empty")).to_contain_text("/hello — Say hello")
    scene.page.get_by_role("button", name="/hello").click()
    expect(scene.page.get_by_test_id("composer-text")).to_have_value("/hello ")


def test_commands_complete_with_the_keyboard_and_the_answer_is_private(scene: Scene) -> None:
    box = scene.page.get_by_test_id("composer-text")
    box.press_sequentially("/h")
    expect(scene.page.get_by_role("option", name="/hello")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("/hello ")
    expect(scene.page.get_by_test_id("composer-text-hint")).to_contain_text("/hello [name] — Say hello")
    box.press_sequentially("there")
    box.press("Enter")
    private = scene.page.get_by_test_id("ephemeral")
    expect(private).to_contain_text("Only visible to you")
    expect(private).to_contain_text("Hello there, from @Noor Haddad")


def test_a_slow_command_shows_slacks_words(scene: Scene) -> None:
    scene.send("/slow")
    scene.see('/slow failed with the error "operation_timeout"')
    expect(scene.page.get_by_test_id("message")).to_have_count(0)


def test_every_block_is_drawn_and_markup_in_data_stays_text(scene: Scene) -> None:
    scene.send("/everything")
    message = scene.page.get_by_test_id("message")
    for tag, words in [
        ("strong", "bold"), ("em", "italic"), ("s", "struck"), ("code", "code"), ("blockquote", "quoted"),
        ("pre", "block of code"), ("figcaption", "The week"), ("li", "First"), ("pre", "x = 1"), ("th", "Code"),
        ("td", "E11.9"), (".heading", "A heading"), (".mention", "@Tomás Lindqvist"), (".mention", "@Priya Nair"),
    ]:  # fmt: skip
        expect(message.locator(tag).filter(has_text=words).first).to_be_visible()
    expect(message.get_by_role("link", name="a link")).to_have_attribute("href", "https://example.org/")
    expect(message.get_by_role("img", name="A chart of the week")).to_be_visible()
    expect(message.locator(".text").filter(has_text="Right *not bold*")).to_be_visible()
    scene.see("<b>safe</b>")
    scene.see("<script>document.title='taken'</script>")
    assert "taken" not in scene.page.title()
    assert message.locator("script").count() == 0
    assert message.locator("[onerror]").count() == 0


def test_dates_are_shown_in_the_zone_of_whoever_looks(scene: Scene) -> None:
    scene.page.get_by_test_id("place-records-desk").click()
    scene.send("/everything")
    scene.see("Due Nov 18, 2026 6:06 AM")
    scene.page.get_by_test_id("acting-as").select_option("U0TOMAS01")
    scene.see("Due Nov 18, 2026 3:06 AM")
    expect(scene.page.get_by_test_id("acting-role")).to_have_text("Coding specialist")
    expect(scene.page.get_by_test_id("acting-time")).to_contain_text("Los Angeles")


def test_links_that_could_run_code_are_not_links(scene: Scene) -> None:
    noor = scene.person()
    scene.workspace.post(_message(scene, noor, "<javascript:alert(1)|press me> and <data:text/html,x|me too>"))
    scene.see("press me")
    assert scene.page.get_by_test_id("message").locator("a").count() == 0


def _message(scene: Scene, person: Person, text: str) -> Message:
    channel = scene.workspace.channels.direct(person.id).id
    return Message(scene.workspace.next_ts(), channel, scene.workspace.bot_user.id, text)


def test_the_home_is_published_and_its_button_works(scene: Scene) -> None:
    scene.visit("home")
    scene.see("Welcome home, @Noor Haddad.")
    scene.page.get_by_test_id("greet").click()
    scene.see("You pressed the button.")
    expect(scene.page.get_by_text("Welcome home")).to_have_count(0)


def test_threads_open_beside_the_conversation(scene: Scene) -> None:
    scene.visit("records-desk")
    scene.send("hey @Demo")
    scene.page.get_by_test_id("thread-link").click()
    thread = scene.page.get_by_test_id("thread")
    expect(thread).to_contain_text("You called?")
    thread.get_by_test_id("thread-text").fill("thanks")
    thread.get_by_test_id("thread-text-send").click()
    expect(thread.get_by_test_id("message").filter(has_text="thanks")).to_be_visible()
    expect(scene.page.get_by_test_id("thread-link")).to_have_text("2 replies")


def test_shortcuts_for_everywhere_and_for_a_message(scene: Scene) -> None:
    page = scene.page
    scene.send("look at this")
    message = page.get_by_test_id("message").filter(has_text="look at this").first
    message.hover()
    message.get_by_test_id("message-menu").click()
    page.get_by_role("menuitem", name="Flag this message").click()
    scene.see("Flagged: look at this")
    page.get_by_test_id("shortcuts").click()
    page.get_by_role("menuitem", name="Ask the desk").click()
    expect(page.get_by_role("dialog", name="Every input")).to_be_visible()


def test_unread_messages_are_counted_until_they_are_seen(scene: Scene) -> None:
    scene.person("U0PRIYA01").says("news for all", channel="#coding-questions")
    place = scene.page.get_by_test_id("place-coding-questions")
    expect(place.locator(".badge")).to_have_text("1")
    place.click()
    scene.see("news for all")
    expect(place.locator(".badge")).to_have_count(0)


def test_another_person_does_not_see_private_things(scene: Scene) -> None:
    scene.visit("records-desk")
    scene.send("/hello secret")
    scene.see("Hello secret")
    scene.page.get_by_test_id("acting-as").select_option("U0PRIYA01")
    expect(scene.page.get_by_test_id("empty")).to_be_visible()
    expect(scene.page.get_by_text("Hello secret")).to_have_count(0)


def test_files_are_sent_along(scene: Scene) -> None:
    scene.page.get_by_test_id("composer-text-file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": b"a,b\n"}
    )
    scene.send("the list")
    scene.see("list.csv (4 bytes)")
    assert scene.person().eventually(lambda: "file_shared" in dict(scene.recorder.seen))


def test_a_click_nobody_answers_is_said(scene: Scene) -> None:
    scene.send("/card")
    scene.page.get_by_test_id("mute").click()
    expect(scene.page.get_by_test_id("notice")).to_have_text("This app did not respond in time. Try again.")


def test_developers_see_what_was_told_and_can_break_things(scene: Scene) -> None:
    page = scene.page
    scene.send("/hello you")
    page.get_by_test_id("open-developer").click()
    log = page.get_by_test_id("log")
    expect(log).to_contain_text("command /hello")
    expect(log).to_contain_text("200 ·")
    page.get_by_test_id("fault-method").select_option("chat.postMessage")
    page.get_by_test_id("fault-kind").select_option("rate_limited")
    page.get_by_test_id("fault-plan").click()
    expect(page.get_by_test_id("fault-planned")).to_contain_text("chat.postMessage (429, retry after 2 s)")
    scene.person().command("/card")
    expect(log).to_contain_text("429 ·")
    expect(page.get_by_test_id("fault-planned")).to_have_text("Nothing is planned.")


def test_a_link_to_a_message_leads_to_it(scene: Scene) -> None:
    said = scene.person("U0PRIYA01").says("find me", channel="#records-desk")
    scene.page.goto(f"{scene.server.url}/archives/{said.channel}/p{said.ts.replace('.', '')}")
    expect(scene.page.locator(".message.found")).to_contain_text("find me")


def test_pickers_work_with_the_keyboard_alone(scene: Scene) -> None:
    scene.send("/card")
    box = scene.page.get_by_test_id("fruit")
    box.focus()
    box.press("ArrowDown")
    expect(scene.page.get_by_role("option", name="Apple")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    scene.see("fruit = apricot")
    overflow = scene.page.get_by_test_id("more")
    overflow.focus()
    overflow.press("ArrowDown")
    scene.page.keyboard.press("ArrowDown")
    scene.page.keyboard.press("Enter")
    scene.see("more = history")


def test_a_card_that_changes_does_not_close_the_menu_somebody_is_choosing_from(scene: Scene) -> None:
    """The bot changes the card while a list is open; the list stays until something is chosen, then the card is as it should be."""
    scene.send("/card")
    scene.page.get_by_test_id("person").click()
    grace = scene.page.locator('li[role="option"]').filter(has_text="Grace Okafor")
    expect(grace).to_be_visible()
    scene.person().click(scene.person().sees("A card with everything"), "go")
    scene.person().sees("go = go-1")
    scene.person("U0PRIYA01").says("news for all", channel="#coding-questions")
    expect(scene.page.get_by_test_id("place-coding-questions").locator(".badge")).to_have_text("1")
    expect(scene.page.get_by_text("go = go-1")).to_have_count(0)
    scene.page.keyboard.press("Escape")
    scene.see("go = go-1")
    expect(grace).to_be_hidden()
    scene.page.get_by_test_id("person").click()
    expect(grace).to_be_visible()
    scene.person().choose(scene.person().sees("A card with everything"), "fruit", "fig")
    scene.person().sees("fruit = fig")
    grace.click()
    scene.see("person = U0GRACE01")


def test_a_home_that_changes_does_not_close_the_menu_either(scene: Scene) -> None:
    scene.visit("home")
    scene.see("Welcome home, @Noor Haddad.")
    scene.page.get_by_test_id("flavour").click()
    fig = scene.page.locator('li[role="option"]').filter(has_text="Fig")
    expect(fig).to_be_visible()
    home = scene.person().home()
    assert home is not None
    scene.person().click(home, "greet")
    scene.person().sees("You pressed the button.")
    scene.person("U0PRIYA01").says("news for all", channel="#coding-questions")
    expect(scene.page.get_by_test_id("place-coding-questions").locator(".badge")).to_have_text("1")
    expect(fig).to_be_visible()
    expect(scene.page.get_by_text("You pressed the button.")).to_have_count(0)
    fig.click()
    scene.see("You pressed the button.")


def _hold(_route: Route) -> None:
    """Answer nothing for now; what is held goes on when the route is taken away."""


def test_an_open_menu_and_a_slow_answer_do_not_mix_two_people(scene: Scene) -> None:
    """Somebody else acts while a list is open and the sandbox answers late; nothing is drawn from what the one before saw."""
    scene.send("/card")
    scene.page.get_by_test_id("person").click()
    expect(scene.page.locator('li[role="option"]').first).to_be_visible()
    scene.page.route("**/page/state*", _hold)
    scene.page.get_by_test_id("acting-as").select_option("U0PRIYA01")
    scene.page.wait_for_timeout(600)
    expect(scene.page.locator("body")).to_have_attribute("data-drawn-for", "U0NOOR001")
    scene.page.unroute("**/page/state*")
    expect(scene.page.locator("body")).to_have_attribute("data-drawn-for", "U0PRIYA01")
    expect(scene.page.get_by_text("A card with everything")).to_have_count(0)


def test_the_page_fits_a_narrow_screen(stage: Callable[[int, int], Scene]) -> None:
    scene = stage(400, 800)
    page = scene.page
    scene.send("/card")
    scene.send("/everything")
    scene.see("Small print for")
    expect(page.locator("#place-note")).to_contain_text("Sandbox, not Slack")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.locator("#open-sidebar").click()
    scene.visit("records-desk")
    expect(page.locator("#place-title")).to_have_text("#records-desk")
    scene.send("/form")
    expect(page.get_by_test_id("modal")).to_be_visible()
    box = page.get_by_test_id("modal").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400


def test_the_page_finds_the_sandbox_again(scene: Scene) -> None:
    notice = scene.page.get_by_test_id("notice")
    scene.server.stop()
    expect(notice).to_have_text("The connection to the sandbox is lost. Trying again…")
    with SandboxServer(scene.workspace, port=scene.server.port):
        expect(notice).to_be_hidden(timeout=15_000)
        scene.person("U0PRIYA01").write("still here", channel="#records-desk")
        scene.visit("records-desk")
        scene.see("still here")


def test_two_people_see_each_other_live_in_two_windows(scene: Scene) -> None:
    browser = scene.page.context.browser
    assert browser is not None
    other = browser.new_page()
    other.goto(f"{scene.server.url}/#as=U0PRIYA01")
    expect(other.get_by_test_id("acting-role")).to_have_text("Supervisor")
    other.get_by_test_id("place-records-desk").click()
    scene.visit("records-desk")
    scene.send("can you look at this?")
    expect(other.get_by_test_id("message")).to_contain_text("can you look at this?")
    other.close()


CONTRAST = """
() => {
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!own || !node.checkVisibility({ opacityProperty: true })) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${node.className || node.tagName}: ${ratio.toFixed(2)} ${node.textContent.trim().slice(0, 30)}`);
  }
  return low;
}
"""


def test_all_text_has_enough_contrast(scene: Scene) -> None:
    scene.send("/hello you")
    scene.send("/card")
    scene.send("/everything")
    scene.see("A card with everything")
    scene.page.get_by_test_id("open-developer").click()
    expect(scene.page.get_by_test_id("log")).to_contain_text("command /hello")
    assert scene.page.evaluate(CONTRAST) == []
    scene.send("/form")
    scene.page.get_by_test_id("modal-submit").click()
    expect(scene.page.get_by_test_id("error-title_block")).to_be_visible()
    assert scene.page.evaluate(CONTRAST) == []


def test_everything_that_can_be_operated_has_a_name(scene: Scene) -> None:
    scene.send("/card")
    scene.send("/form")
    expect(scene.page.get_by_role("dialog")).to_be_visible()
    nameless = scene.page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea')]
          .filter((node) => node.getAttribute('aria-hidden') !== 'true')
          .filter((node) => !(node.labels?.length || node.getAttribute('aria-label') || node.textContent.trim()))
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
