// A modest set of emoji short codes; others stay as they were written.

const KNOWN = {
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_down: "⬇️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️", bar_chart: "📊",
  bell: "🔔", blue_circle: "🔵", bookmark_tabs: "📑", books: "📚", bulb: "💡", calendar: "📅", card_index_dividers: "🗂️",
  chart_with_upwards_trend: "📈", clap: "👏", clipboard: "📋", clock3: "🕒", eyes: "👀", file_folder: "📁", gear: "⚙️",
  grey_question: "❔", hourglass: "⌛", hourglass_flowing_sand: "⏳", house: "🏠", inbox_tray: "📥", information_source: "ℹ️",
  key: "🔑", large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠", large_red_square: "🟥",
  large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", mailbox: "📫", memo: "📝", no_entry: "⛔", ok: "🆗", ok_hand: "👌",
  outbox_tray: "📤", page_facing_up: "📄", paperclip: "📎", pencil: "📝", pencil2: "✏️", pushpin: "📌", question: "❓",
  raised_hands: "🙌", recycle: "♻️", red_circle: "🔴", rotating_light: "🚨", scales: "⚖️", shield: "🛡️", slightly_smiling_face: "🙂",
  smile: "😄", sparkles: "✨", speech_balloon: "💬", star: "⭐", stopwatch: "⏱️", tada: "🎉", thumbsup: "👍", triangular_flag_on_post: "🚩",
  unlock: "🔓", warning: "⚠️", wave: "👋", white_check_mark: "✅", white_circle: "⚪", x: "❌", zap: "⚡", zzz: "💤",
};

/** The character for a short code, or null. */
export function emoji(name) {
  return KNOWN[name] ?? null;
}

/** Plain text with its short codes replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
