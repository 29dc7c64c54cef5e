// Slack's date markup, written out in the zone of the person who reads.

function parts(unix, zone, options) {
  const written = new Intl.DateTimeFormat(
    "en-US", { timeZone: zone, ...options },
  ).formatToParts(new Date(unix * 1000));
  return Object.fromEntries(written.map((part) => [part.type, part.value]));
}

function numbers(unix, zone) {
  return parts(unix, zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
}

function dayNumber(unix, zone) {
  const { year, month, day } = numbers(unix, zone);
  return Math.round(Date.UTC(+year, +month - 1, +day) / 86400000);
}

function ordinal(day) {
  if (day % 100 > 10 && day % 100 < 14) return "th";
  return { 1: "st", 2: "nd", 3: "rd" } [day % 10] || "th";
}

function ago(unix, now) {
  const distance = Math.abs(now - unix);
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const count = Math.floor(distance / length);
    if (count) {
      const words = `${count} ${unit}${count > 1 ? "s" : ""}`;
      return unix <= now ? `${words} ago` : `in ${words}`;
    }
  }
  return "just now";
}

function token(name, unix, zone, now) {
  if (name.endsWith("_pretty")) {
    const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" } [dayNumber(unix, zone) - dayNumber(now, zone)];
    return near || token(name.replace("_pretty", ""), unix, zone, now);
  }
  const { year, month, day } = numbers(unix, zone);
  const words = parts(unix, zone, { month: "long", weekday: "long" });
  const short = parts(unix, zone, { month: "short" });
  const dated = `${words.month} ${+day}${ordinal(+day)}`;
  return {
    date_num: `${year}-${month}-${day}`,
    date_slash: `${month}/${day}/${year}`,
    date_short: `${short.month} ${+day}, ${year}`,
    date: `${dated}, ${year}`,
    date_long: `${words.weekday}, ${dated}, ${year}`,
    day_divider: `${words.weekday}, ${dated}`,
    time: clock(unix, zone),
    time_secs: new Intl.DateTimeFormat(
      "en-US", { timeZone: zone, timeStyle: "medium" },
    ).format(new Date(unix * 1000)),
    ago: ago(unix, now),
  } [name];
}

/** "3:05 PM" in this zone. */
export function clock(unix, zone) {
  return new Intl.DateTimeFormat(
    "en-US", { timeZone: zone, hour: "numeric", minute: "2-digit" },
  ).format(new Date(unix * 1000)).replace(/ /g, " ");
}

/** A template such as "{date_short_pretty} {time}" written out; unknown tokens stay as they are. */
export function writeDate(unix, template, zone, now) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => token(name, unix, zone, now) ?? whole);
}

/** "2026-11-12T09:30" as people in this zone write that moment. */
export function toLocal(unix, zone) {
  const { year, month, day, hour, minute } = numbers(unix, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The moment people in this zone mean by "2026-11-12T09:30", as whole seconds since 1970. */
export function fromLocal(local, zone) {
  const wanted = Date.parse(`${local}:00Z`) / 1000;
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    guess += wanted - Date.parse(`${toLocal(guess, zone)}:00Z`) / 1000;
  }
  return guess;
}
