// Talking to the sandbox: its state, its changes, and what the person does.

/** What this person sees, looking at this conversation. */
export async function fetchState(person, place) {
  const answer = await fetch(`/page/state?as=${encodeURIComponent(person)}&in=${encodeURIComponent(place)}`);
  return answer.json();
}

/** The last requests to the bot and calls by the bot. */
export async function fetchLog() {
  return (await fetch("/page/log")).json();
}

async function send(address, body) {
  try {
    const answer = await fetch(
      address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    );
    return await answer.json();
  } catch {
    return { ok: false, words: "The sandbox does not answer. Is it still running?", errors: {}, options: [] };
  }
}

/** Do something as a person; gives {ok, words, errors, options}. */
export const act = (body) => send("/page/act", body);

/** Plan a failure of the Web API. */
export const planFault = (body) => send("/sandbox/faults", body);

/** Forget all planned failures. */
export const clearFaults = () => fetch("/sandbox/faults", { method: "DELETE" });

/** Call `changed(count)` after every change, and `connected(bool)` when the line drops or comes back. */
export function watchChanges(changed, connected) {
  const source = new EventSource("/page/changes");
  source.onmessage = (event) => {
    connected(true);
    changed(JSON.parse(event.data).count);
  };
  source.onerror = () => {
    connected(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watchChanges(changed, connected), 1000);
  };
}

/** A chosen file as {name, content in base64}. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content: String(reader.result).split(",")[1] || "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
