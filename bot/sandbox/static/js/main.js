// The page as a whole: who acts, where they look, and keeping everything in step with the sandbox.

import { act, fetchState, watchChanges } from "./api.js";
import { redrawKeepingFocus, renderBlocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { clock } from "./dates.js";
import { Developer } from "./developer.js";
import { el, fill } from "./dom.js";
import { menu } from "./menus.js";
import { Timeline } from "./messages.js";
import { Modals } from "./modals.js";
import { Surface } from "./surface.js";

const find = (id) => document.getElementById(id);
const HOME = "home";

class Page {
  constructor() {
    const kept = new URLSearchParams(location.hash.slice(1));
    this.person = kept.get("as") || "";
    this.place = kept.get("in") || "";
    this.threadTs = "";
    this.inThread = false;
    this.tell = (words) => this.notice(words);
    this.timeline = new Timeline(find("timeline"));
    this.modals = new Modals(find("modal"));
    this.composer = new Composer(find("composer"), { id: "composer-text" });
    this.developer = new Developer(find("developer"), find("open-developer"));
    find("acting-as").addEventListener("change", (event) => this.go({ person: event.target.value, place: this.isDirect() || this.place === HOME ? "" : this.place }));
    find("open-sidebar").addEventListener("click", () => this.showSidebar(!document.body.classList.contains("sidebar-open")));
    find("main").addEventListener("click", (event) => { if (!event.target.closest("#open-sidebar")) this.showSidebar(false); });
    document.addEventListener("click", (event) => this.followPermalink(event));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.showSidebar(false); });
  }

  async start() {
    await this.refresh();
    this.followAddress(location.pathname);
    watchChanges((count) => this.changed(count), (on) => this.connected(on));
    setInterval(() => this.drawTime(), 20000);
  }

  changed(count) {
    if (this.state && count === this.state.count && !this.stale) return;
    this.refresh();
  }

  connected(on) {
    if (on && this.lost) { this.lost = false; this.stale = true; this.notice(""); }
    if (!on) { this.lost = true; this.notice("The connection to the sandbox is lost. Trying again…", true); }
  }

  async refresh() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    try {
      do {
        this.again = false;
        const asked = `${this.person} ${this.place}`;
        const state = await fetchState(this.person, this.place);
        if (asked === `${this.person} ${this.place}`) this.take(state);
        else this.again = true;
      } while (this.again);
      this.stale = false;
    } catch {
      this.stale = true;
    } finally {
      this.busy = false;
    }
  }

  take(state) {
    const people = state.people.filter((one) => !one.bot && !one.deleted);
    if (!people.some((one) => one.id === this.person)) { this.person = people[0]?.id || ""; this.again = Boolean(this.person); return; }
    if (this.place !== HOME && !state.channels.some((one) => one.id === this.place)) {
      this.place = (state.channels.find((one) => one.kind === "im") || state.channels[0])?.id || HOME;
      this.again = true;
      return;
    }
    this.state = state;
    const me = state.people.find((one) => one.id === this.person);
    this.world = {
      people: new Map(state.people.map((one) => [one.id, one])), channels: new Map(state.channels.map((one) => [one.id, one])), zone: me.zone, now: state.now, app: state.app.name,
    };
    this.clockOffset = state.now - Date.now() / 1000;
    this.draw();
  }

  go({ person = this.person, place = this.place }) {
    if (person !== this.person || place !== this.place) this.closeThread();
    this.person = person;
    this.place = place;
    this.showSidebar(false);
    this.notice("");
    history.replaceState(null, "", `/#${new URLSearchParams({ as: person, in: place })}`);
    if (place === HOME) act({ as: person, do: "open_home" });
    return this.refresh();
  }

  isDirect() {
    return this.state?.channels.find((one) => one.id === this.place)?.kind === "im";
  }

  draw() {
    const channel = this.state.channels.find((one) => one.id === this.place);
    const atHome = this.place === HOME;
    document.title = `${this.state.team} · Sandbox, not Slack`;
    find("team").textContent = this.state.team;
    this.drawPeople();
    this.drawPlaces();
    this.drawTime();
    this.drawBar(channel);
    find("timeline").hidden = atHome;
    find("home").hidden = !atHome;
    find("composer").hidden = atHome;
    if (atHome) this.drawHome();
    else {
      this.timeline.draw(this.state.messages, this);
      this.composer.draw(this, channel.kind === "im" ? `Message ${this.state.app.name} or type /` : `Message #${channel.name} or type /`);
      if (channel.unread && document.visibilityState === "visible") act({ as: this.person, do: "read", channel: this.place });
    }
    this.drawThread();
    this.modals.draw(this.state.modals, this);
    this.developer.draw(this);
  }

  drawPeople() {
    const people = this.state.people.filter((one) => !one.bot && !one.deleted);
    const sign = JSON.stringify([people, this.person]);
    if (sign === this.peopleSign) return;
    this.peopleSign = sign;
    fill(find("acting-as"), people.map((one) => el("option", { value: one.id, text: one.name })));
    find("acting-as").value = this.person;
  }

  drawTime() {
    if (!this.world) return;
    const now = Date.now() / 1000 + this.clockOffset;
    const place = this.world.zone.split("/").at(-1).replace(/_/g, " ");
    find("acting-role").textContent = this.world.people.get(this.person).title;
    find("acting-time").textContent = `${clock(now, this.world.zone)} local time (${place})`;
  }

  drawPlaces() {
    const sign = JSON.stringify([this.state.channels, this.place, this.state.app.name]);
    if (sign === this.placesSign) return;
    this.placesSign = sign;
    const item = (place, sign_, name, unread, testid) => el("li", {}, el("button", {
      type: "button", class: "place", "aria-current": place === this.place ? "page" : null, "data-testid": testid, "data-key": `place/${place}`, on: { click: () => this.go({ place }) },
    }, el("span", { class: "sign", "aria-hidden": "true", text: sign_ }), el("span", { class: "place-name", text: name }),
    unread ? el("span", { class: "badge", "aria-label": `${unread} unread`, text: String(unread) }) : null));
    const rooms = this.state.channels.filter((one) => one.kind !== "im");
    const direct = this.state.channels.filter((one) => one.kind === "im");
    redrawKeepingFocus(find("places"), () => fill(find("places"),
      el("h2", { text: this.state.app.name }), el("ul", {}, item(HOME, "⌂", "App Home", 0, "place-home"), direct.map((one) => item(one.id, "✉", "Direct message", one.unread, "place-direct"))),
      el("h2", { text: "Channels" }), el("ul", {}, rooms.map((one) => item(one.id, one.kind === "group" ? "⚿" : "#", one.name, one.unread, `place-${one.name}`)))));
  }

  drawBar(channel) {
    const title = this.place === HOME ? `${this.state.app.name} Home` : channel.kind === "im" ? this.state.app.name : `#${channel.name}`;
    find("place-title").textContent = title;
    const note = this.place === HOME ? "what the app shows to you alone" : channel.kind === "im" ? "direct message with the app" : "channel";
    find("place-note").textContent = `Sandbox, not Slack · ${note}`;
    const shortcuts = this.state.app.shortcuts.filter((one) => !one.on_message);
    const sign = JSON.stringify([shortcuts, this.person]);
    if (sign === this.shortcutSign) return;
    this.shortcutSign = sign;
    fill(find("shortcut-menu"), shortcuts.length ? menu({ label: "Shortcuts", text: "Shortcuts", testid: "shortcuts", items: shortcuts.map((one) => ({
      label: one.name, description: one.description, act: async () => this.notice((await act({ as: this.person, do: "shortcut", callback_id: one.id })).words),
    })) }) : null);
  }

  drawHome() {
    const { home } = this.state;
    const sign = JSON.stringify([home, this.person]);
    if (sign === this.homeSign) return;
    this.homeSign = sign;
    redrawKeepingFocus(find("home"), () => {
      if (!home) { fill(find("home"), el("div", { class: "empty", "data-testid": "empty" }, el("p", { class: "empty-title", text: "The app has not published a Home for you yet." }), el("p", { text: "It usually does when you open this tab." }))); return; }
      const surface = new Surface({ person: this.person, where: { view_id: home.id }, values: home.values, errors: home.errors, world: this.world, tell: this.tell });
      fill(find("home"), el("div", { class: "home-page" }, renderBlocks(home.blocks, surface)));
    });
  }

  openThread(ts) {
    this.threadTs = ts;
    this.drawThread();
    this.threadComposer?.text.focus();
  }

  closeThread() {
    this.threadTs = "";
    find("thread").hidden = true;
    find("thread").replaceChildren();
    this.threadTimeline = null;
  }

  drawThread() {
    if (!this.threadTs) return;
    const holder = find("thread");
    if (!this.threadTimeline) {
      holder.hidden = false;
      const list = el("div", { class: "scroll", role: "log", "aria-live": "polite", "aria-label": "Thread messages", tabindex: "0" });
      const foot = el("div");
      const leave = () => { this.closeThread(); find("composer-text").focus(); };
      fill(holder, el("header", { class: "panel-head" }, el("h2", { text: "Thread" }), el("button", { type: "button", class: "quiet square", "aria-label": "Close the thread", text: "×", on: { click: leave } })), list, foot);
      this.threadTimeline = new Timeline(list);
      this.threadComposer = new Composer(foot, { id: "thread-text", thread: () => this.threadTs });
    }
    const messages = this.state.messages.filter((one) => one.ts === this.threadTs || one.thread_ts === this.threadTs);
    const inside = Object.create(this, { inThread: { value: true }, place: { value: this.place } });
    this.threadTimeline.draw(messages, inside);
    this.threadComposer.draw(inside, "Reply in the thread");
  }

  typeCommand(name) {
    this.composer.type(name);
  }

  notice(words, stays = false) {
    clearTimeout(this.noticeTimer);
    find("notice").hidden = !words;
    find("notice").textContent = words || "";
    if (words && !stays) this.noticeTimer = setTimeout(() => this.notice(""), 9000);
  }

  showSidebar(open) {
    document.body.classList.toggle("sidebar-open", open);
    find("open-sidebar").setAttribute("aria-expanded", String(open));
    if (open) find("acting-as").focus();
  }

  followPermalink(event) {
    const address = event.target.closest?.("a.permalink")?.href;
    if (!address) return;
    event.preventDefault();
    this.followAddress(new URL(address).pathname);
  }

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
