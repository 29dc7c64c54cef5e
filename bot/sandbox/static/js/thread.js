// The panel of one thread, beside the conversation.

import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { Timeline } from "./messages.js";

export class ThreadPanel {
  constructor(holder) {
    this.holder = holder;
    this.ts = "";
  }

  open(ts, page) {
    if (!this.timeline) this.build();
    this.ts = ts;
    this.draw(page);
    this.composer.text.focus();
  }

  close() {
    this.ts = "";
    this.timeline = null;
    this.holder.hidden = true;
    this.holder.replaceChildren();
  }

  build() {
    const list = el("div", {
      class: "scroll",
      role: "log",
      "aria-live": "polite",
      "aria-label": "Thread messages",
      tabindex: "0",
    });
    const leave = () => {
      this.close();
      document.getElementById("composer-text").focus();
    };
    const foot = el("div");
    const cross = {
      type: "button",
      class: "quiet square",
      "aria-label": "Close the thread",
      text: "×",
      on: { click: leave },
    };
    fill(
      this.holder,
      el("header", { class: "panel-head" }, el("h2", { text: "Thread" }), el("button", cross)),
      list,
      foot,
    );
    this.holder.hidden = false;
    this.timeline = new Timeline(list);
    this.composer = new Composer(foot, { id: "thread-text", thread: () => this.ts });
  }

  draw(page) {
    if (!this.ts) return;
    const messages = page.state.messages.filter((one) => one.ts === this.ts || one.thread_ts === this.ts);
    const inside = Object.create(page, { inThread: { value: true } });
    this.timeline.draw(messages, inside);
    this.composer.draw(inside, "Reply in the thread");
  }
}
