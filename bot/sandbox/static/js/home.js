// The App Home of the person who acts.

import { redrawKeepingFocus, renderBlocks } from "./blocks.js";
import { el, fill, openLists } from "./dom.js";
import { Surface } from "./surface.js";

function nothingYet() {
  return el("div", { class: "empty", "data-testid": "empty" },
    el("p", { class: "empty-title", text: "The app has not published a Home for you yet." }),
    el("p", { text: "It usually does when you open this tab." }));
}

export class HomeTab {
  constructor(holder) {
    this.holder = holder;
  }

  draw(page) {
    const { home } = page.state;
    const sign = JSON.stringify([home, page.person, page.world.zone]);
    if (sign === this.sign || openLists(this.holder).length) return;
    this.sign = sign;
    redrawKeepingFocus(this.holder, () => fill(this.holder, home ? this.blocks(home, page) : nothingYet()));
  }

  blocks(home, page) {
    const { person, world, tell } = page;
    const where = { view_id: home.id };
    const surface = new Surface({ person, where, values: home.values, errors: home.errors, world, tell });
    return el("div", { class: "home-page" }, renderBlocks(home.blocks, surface));
  }
}
