// The left column: who acts, what time it is there, and where they can look.

import { redrawKeepingFocus } from "./blocks.js";
import { clock } from "./dates.js";
import { el, fill } from "./dom.js";

export const HOME = "home";

const find = (id) => document.getElementById(id);

export class Sidebar {
  /** `go({person, place})` takes the page somewhere else. */
  constructor(go) {
    this.go = go;
    find("acting-as").addEventListener("change", (event) => {
      const shared = this.page.channel && this.page.channel.kind !== "im";
      go({ person: event.target.value, place: shared ? this.page.place : "" });
    });
    find("open-sidebar").addEventListener(
      "click",
      () => this.show(!document.body.classList.contains("sidebar-open")),
    );
    find("main").addEventListener("click", (event) => {
      if (!event.target.closest("#open-sidebar")) this.show(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.show(false);
    });
    setInterval(() => this.drawTime(), 20000);
  }

  /** On a narrow screen the column is a drawer. */
  show(open) {
    document.body.classList.toggle("sidebar-open", open);
    find("open-sidebar").setAttribute("aria-expanded", String(open));
    if (open) find("acting-as").focus();
  }

  draw(page) {
    this.page = page;
    find("team").textContent = page.state.team;
    this.drawPeople(page);
    this.drawPlaces(page);
    this.drawTime();
  }

  drawPeople(page) {
    const people = page.state.people.filter((one) => !one.bot && !one.deleted);
    const sign = JSON.stringify([people, page.person]);
    if (sign === this.peopleSign) return;
    this.peopleSign = sign;
    fill(find("acting-as"), people.map((one) => el("option", { value: one.id, text: one.name })));
    find("acting-as").value = page.person;
    find("acting-role").textContent = page.world.people.get(page.person).title;
  }

  drawTime() {
    if (!this.page) return;
    const { zone } = this.page.world;
    const place = zone.split("/").at(-1).replace(/_/g, " ");
    find("acting-time").textContent = `${clock(Date.now() / 1000 + this.page.clockOffset, zone)} local time (${place})`;
  }

  drawPlaces(page) {
    const { channels, app } = page.state;
    const sign = JSON.stringify([channels, page.place, app.name]);
    if (sign === this.placesSign) return;
    this.placesSign = sign;
    const direct = channels.filter((one) => one.kind === "im");
    const rooms = channels.filter((one) => one.kind !== "im");
    const places = [
      el("h2", { text: app.name }),
      el(
        "ul",
        {},
        this.item(HOME, "⌂", "App Home"),
        direct.map((one) => this.item(one.id, "✉", "Direct message", one)),
      ),
      el("h2", { text: "Channels" }),
      el("ul", {}, rooms.map((one) => this.item(one.id, one.kind === "group" ? "⚿" : "#", one.name, one))),
    ];
    redrawKeepingFocus(find("places"), () => fill(find("places"), places));
  }

  item(place, sign, name, channel = null) {
    const unread = channel?.unread || 0;
    const testid = channel?.kind === "im" ? "direct" : channel?.name || place;
    return el("li", {}, el(
      "button", {
        type: "button",
        class: "place",
        "aria-current": place === this.page.place ? "page" : null,
        "data-testid": `place-${testid}`,
        "data-key": `place/${place}`,
        on: { click: () => this.go({ place }) },
      },
      el("span", { class: "sign", "aria-hidden": "true", text: sign }),
      el("span", { class: "place-name", text: name }),
      unread ? el("span", { class: "badge", "aria-label": `${unread} unread`, text: String(unread) }) : null,
    ));
  }
}
