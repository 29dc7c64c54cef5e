// The page as a whole: who acts, where they look, and keeping everything in step with the sandbox.

import { act, fetchState, watchChanges } from "./api.js";
import { Composer } from "./composer.js";
import { Developer } from "./developer.js";
import { closeList, fill, openLists } from "./dom.js";
import { HomeTab } from "./home.js";
import { menu } from "./menus.js";
import { Timeline } from "./messages.js";
import { Modals } from "./modals.js";
import { HOME, Sidebar } from "./sidebar.js";
import { ThreadPanel } from "./thread.js";

const find = (id) => document.getElementById(id);
const NOTICE_MILLISECONDS = 9000;
// What waited for a menu to close is drawn a moment later: the click that closed it still meets what it was aimed at.
const CLICK_MILLISECONDS = 250;

class Page {
  constructor() {
    const kept = new URLSearchParams(location.hash.slice(1));
    this.person = kept.get("as") || "";
    this.place = kept.get("in") || "";
    this.inThread = false;
    this.tell = (words) => this.notice(words);
    this.sidebar = new Sidebar((where) => this.go(where));
    this.timeline = new Timeline(find("timeline"));
    this.home = new HomeTab(find("home"));
    this.thread = new ThreadPanel(find("thread"));
    this.modals = new Modals(find("modal"));
    this.composer = new Composer(find("composer"), { id: "composer-text" });
    this.developer = new Developer(find("developer"), find("open-developer"));
    document.addEventListener("click", (event) => this.followPermalink(event));
    document.addEventListener("list-closed", () => setTimeout(() => this.refresh(), CLICK_MILLISECONDS));
  }

  async start() {
    await this.refresh();
    await this.followAddress(location.pathname);
    watchChanges((count) => this.changed(count), (on) => this.connected(on));
  }

  /** The conversation looked at; undefined at the Home. */
  get channel() {
    return this.state?.channels.find((one) => one.id === this.place);
  }

  changed(count) {
    if (!this.state || count !== this.state.count) this.refresh();
  }

  connected(on) {
    if (on === !this.lost) return;
    this.lost = !on;
    this.notice(on ? "" : "The connection to the sandbox is lost. Trying again…", true);
    if (on) this.refresh();
  }

  /** Fetch and draw the present state; a call during a fetch makes it fetch once more. */
  refresh() {
    this.again = true;
    this.running ||= this.load().finally(() => { this.running = null; });
    return this.running;
  }

  async load() {
    while (this.again) {
      this.again = false;
      const { person, place } = this;
      try {
        const state = await fetchState(person, place);
        if (person === this.person && place === this.place) this.take(state);
      } catch {
        return; // the stream of changes reports a lost connection, and refreshes when it is back
      }
    }
  }

  /** Draw a state, or first find somebody to be and somewhere to look. */
  take(state) {
    const people = state.people.filter((one) => !one.bot && !one.deleted);
    const known = people.some((one) => one.id === this.person);
    const visible = this.place === HOME || state.channels.some((one) => one.id === this.place);
    if (!known) this.person = people[0]?.id || "";
    else if (!visible) this.place = (
      state.channels.find((one) => one.kind === "im") || state.channels[0]
    )?.id || HOME;
    if (!known || !visible) {
      this.again = Boolean(this.person);
      return;
    }
    this.state = state;
    this.world = {
      people: new Map(state.people.map((one) => [one.id, one])),
      channels: new Map(state.channels.map((one) => [one.id, one])),
      zone: state.people.find((one) => one.id === this.person).zone,
      now: state.now,
      app: state.app.name,
    };
    this.clockOffset = state.now - Date.now() / 1000;
    this.draw();
  }

  go({ person = this.person, place = this.place }) {
    if (person !== this.person || place !== this.place) {
      this.thread.close();
      openLists(document).forEach(closeList);
    }
    this.person = person;
    this.place = place;
    this.sidebar.show(false);
    this.notice("");
    history.replaceState(null, "", `/#${new URLSearchParams({ as: person, in: place })}`);
    if (place === HOME) act({ as: person, do: "open_home" });
    return this.refresh();
  }

  draw() {
    const atHome = this.place === HOME;
    document.title = `${this.state.team} · Sandbox, not Slack`;
    this.sidebar.draw(this);
    this.drawBar();
    find("timeline").hidden = atHome;
    find("composer").hidden = atHome;
    find("home").hidden = !atHome;
    if (atHome) this.home.draw(this);
    else this.drawConversation();
    this.thread.draw(this);
    this.modals.draw(this.state.modals, this);
    this.developer.draw(this);
    document.body.dataset.drawnFor = this.person;
  }

  drawConversation() {
    const { channel } = this;
    this.timeline.draw(this.state.messages, this);
    this.composer.draw(this, `Message ${channel.kind === "im" ? this.state.app.name : `#${channel.name}`}`);
    const seen = channel.unread && document.visibilityState === "visible";
    if (seen) act({ as: this.person, do: "read", channel: this.place });
  }

  drawBar() {
    const { app } = this.state;
    const titles = { im: [app.name, "direct message with the app"], none: [`${app.name} Home`, "for you alone"] };
    const [title, note] = titles[this.channel?.kind ?? "none"] || [`#${this.channel.name}`, "channel"];
    find("place-title").textContent = title;
    find("place-note").textContent = `Sandbox, not Slack · ${note}`;
    const shortcuts = app.shortcuts.filter((one) => !one.on_message);
    const sign = JSON.stringify(shortcuts);
    if (sign === this.shortcutSign) return;
    this.shortcutSign = sign;
    const items = shortcuts.map((one) => ({
      label: one.name,
      description: one.description,
      act: async () => this.notice((await act({ as: this.person, do: "shortcut", callback_id: one.id })).words),
    }));
    fill(
      find("shortcut-menu"),
      items.length ? menu({ label: "Shortcuts", text: "Shortcuts", testid: "shortcuts", items }) : null,
    );
  }

  openThread(ts) {
    this.thread.open(ts, this);
  }

  typeCommand(name) {
    this.composer.type(name);
  }

  /** Say something in the bar below the title for a while, or until it is replaced (`stays`). */
  notice(words, stays = false) {
    clearTimeout(this.noticeTimer);
    find("notice").hidden = !words;
    find("notice").textContent = words || "";
    if (words && !stays) this.noticeTimer = setTimeout(() => this.notice(""), NOTICE_MILLISECONDS);
  }

  followPermalink(event) {
    const address = event.target.closest?.("a.permalink")?.href;
    if (!address) return;
    event.preventDefault();
    this.followAddress(new URL(address).pathname);
  }

  /** Go to the message a permalink names and mark it. */
  async followAddress(path) {
    const found = path.match(/^\/archives\/(\w+)\/p(\d+)$/);
    if (!found) return;
    await this.go({ place: found[1] });
    const ts = `${found[2].slice(0, -6)}.${found[2].slice(-6)}`;
    const message = this.state.messages.find((one) => one.ts === ts);
    if (message?.thread_ts && message.thread_ts !== ts) this.openThread(message.thread_ts);
    const node = document.querySelector(`[data-ts="${ts}"]`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
  }
}

new Page().start();
