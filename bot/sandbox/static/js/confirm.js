// The question some elements ask before they act.

import { el, fill } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Ask `confirm` (a confirmation object, or nothing to ask) and tell whether to go on. */
export function confirmed(confirm, world) {
  if (!confirm) return Promise.resolve(true);
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    const answer = (yes) => () => {
      dialog.onclose = null;
      dialog.close();
      resolve(yes);
    };
    fill(dialog,
      el("h2", { id: "confirm-title", text: confirm.title.text }),
      el("p", { id: "confirm-text" }, textObject(confirm.text, world)),
      el("div", { class: "dialog-foot" },
        el(
          "button", {
            type: "button",
            class: "button",
            text: confirm.deny.text,
            "data-testid": "confirm-deny",
            on: { click: answer(false) },
          },
        ),
        el(
          "button", {
            type: "button",
            class: `button ${confirm.style === "danger" ? "danger" : "primary"}`,
            text: confirm.confirm.text,
            "data-testid": "confirm-yes",
            on: { click: answer(true) },
          },
        )));
    dialog.onclose = () => resolve(false);
    dialog.showModal();
  });
}
