// For developers: what went to the bot and came from it, and failures on demand.

import { clearFaults, fetchLog, planFault } from "./api.js";
import { clock } from "./dates.js";
import { el, fill } from "./dom.js";

const KINDS = [
  ["rate_limited", "429, retry after 2 s"],
  ["broken_before", "500, nothing done"],
  ["broken_after", "500, but done"],
  ["timed_out", "no answer for 35 s"],
];
const STATUS = { 0: "no answer in 3 s", "-1": "no bot connected" };

export class Developer {
  constructor(holder, button) {
    Object.assign(this, { holder, button, count: -1, unfolded: new Set() });
    button.addEventListener("click", () => this.toggle(holder.hidden));
  }

  toggle(open) {
    this.holder.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("with-panel", open);
    if (open) {
      this.build();
      this.count = -1;
      this.draw(this.page);
      this.close.focus();
    } else this.button.focus();
  }

  build() {
    this.method = el("select", {
        "aria-label": "Web API method",
        "data-testid": "fault-method",
      }, el("option", { value: "*", text: "any method" }),
      this.page.state.app.methods.map((name) => el("option", { value: name, text: name })));
    this.kind = el(
      "select", { "aria-label": "Kind of failure", "data-testid": "fault-kind" },
      KINDS.map(([value, text]) => el("option", { value, text })),
    );
    this.planned = el("p", { class: "hint", "data-testid": "fault-planned", role: "status" });
    this.log = el("ol", { class: "log", "data-testid": "log" });
    this.close = el(
      "button", {
        type: "button",
        class: "quiet square",
        "aria-label": "Close the panel",
        text: "×",
        on: { click: () => this.toggle(false) },
      },
    );
    fill(this.holder, el("header", { class: "panel-head" }, el("h2", { text: "What the bot was told" }), this.close),
      el("div", { class: "faults" }, el(
          "p", { class: "label", text: "Let the bot's next call fail" },
        ), this.method, this.kind,
        el(
          "button", {
            type: "button",
            class: "button",
            text: "Plan it",
            "data-testid": "fault-plan",
            on: { click: () => this.plan() },
          },
        ),
        el(
          "button", { type: "button", class: "quiet", text: "Forget all", on: { click: () => clearFaults() } },
        ), this.planned),
      this.log);
  }

  plan() {
    const kind = this.kind.value;
    planFault({ method: this.method.value, kind, times: 1, seconds: kind === "timed_out" ? 35 : 2 });
  }

  async draw(page) {
    this.page = page;
    if (this.holder.hidden || page.state.count === this.count) return;
    this.count = page.state.count;
    const names = Object.fromEntries(KINDS);
    const planned = page.state.faults.map(
      ([method, kind]) => `${method === "*" ? "any call" : method} (${names[kind]})`
    );
    this.planned.textContent = planned.length ? `Planned: ${planned.join(", ")}` : "Nothing is planned.";
    const entries = await fetchLog();
    fill(this.log, entries.map((entry) => this.row(entry, page.world.zone)));
  }

  row(entry, zone) {
    const key = `${entry.at}${entry.about}`;
    const pre = (value) => el(
      "pre", { tabindex: "0", text: typeof value === "string" ? value : JSON.stringify(value, null, 2) },
    );
    const details = el("details", { class: entry.ok ? "" : "failed", open: this.unfolded.has(key) },
      el("summary", {}, el(
          "span", { class: "way", text: entry.way === "told" ? "→ bot" : "bot →" },
        ), el("span", { class: "about", text: entry.about }),
        el(
          "span", {
            class: "status",
            text: `${STATUS[entry.status] ?? entry.status} · ${entry.milliseconds} ms · ${clock(entry.at, zone)}`,
          },
        )),
      el("p", { class: "label", text: "Sent" }), pre(entry.sent), el(
        "p", { class: "label", text: "Answer" },
      ), pre(entry.answer || "(empty)"));
    details.addEventListener("toggle", () => (details.open ? this.unfolded.add(key) : this.unfolded.delete(key)));
    return el("li", {}, details);
  }
}
