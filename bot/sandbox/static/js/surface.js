// A message or view as something to operate: what is filled in, and how a change reaches the bot.

import { act } from "./api.js";

/** Values typed or chosen on this page and not yet known to the sandbox, by surface. */
const drafts = new Map();

/** Forget what was typed on surfaces that are gone. */
export function forgetDrafts(key) {
  drafts.delete(key);
}

export class Surface {
  /** `where`: {view_id} or {channel, ts}. `tell(words)` shows a sentence to the person. */
  constructor({ person, where, values, errors = {}, world, tell }) {
    Object.assign(this, { person, where, values, errors, world, tell });
    this.key = `${person}:${where.view_id || where.ts}`;
  }

  /** The state entry of an element. */
  entry(block, element) {
    const draft = drafts.get(this.key)?.[block.block_id]?.[element.action_id];
    if (draft && draft.type === element.type) return draft;
    return this.values?.[block.block_id]?.[element.action_id] || { type: element.type };
  }

  /** Remember a value without telling anybody. */
  draft(block, element, entry) {
    const mine = drafts.get(this.key) || {};
    mine[block.block_id] = { ...mine[block.block_id], [element.action_id]: { type: element.type, ...entry } };
    drafts.set(this.key, mine);
  }

  /** Everything typed here so far. */
  get drafted() {
    return drafts.get(this.key) || {};
  }

  /** A new value; the bot is told unless it is an input that only counts on submit. */
  async change(block, element, entry) {
    this.draft(block, element, entry);
    if (block.type === "input" && !block.dispatch_action) return;
    await this.operate(block, element, { type: element.type, ...entry });
  }

  /** Press a button or report a choice. */
  async operate(block, element, entry = {}) {
    const answer = await act({
      as: this.person,
      do: "operate",
      ...this.where,
      block_id: block.block_id,
      action_id: element.action_id,
      entry,
      values: this.drafted,
    });
    if (answer.words) this.tell(answer.words);
  }

  /** Ask for the options of an external select. */
  async suggest(block, element, typed) {
    const answer = await act(
      { as: this.person, do: "suggest", ...this.where, block_id: block.block_id, action_id: element.action_id, typed }
    );
    if (answer.words) return answer.words;
    return [{ label: "", options: answer.options.map(optionChoice) }];
  }
}

/** An option object as a picker shows it. */
export function optionChoice(option) {
  return { key: option.value, text: option.text.text, description: option.description?.text, option };
}
