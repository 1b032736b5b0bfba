// Asking the server, over a network that may fail at any moment.
import { config } from "./say.js";

const PATIENCE_MS = 60000;
const TRIES = 4;
let token = "";

export class NoNetwork extends Error {}

export class Refused extends Error {
  constructor(status, answer) {
    super(String(status));
    this.status = status;
    this.answer = answer;
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

async function once(path, options) {
  const breaker = self.AbortController ? new AbortController() : null;
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => {
      if (breaker) breaker.abort();
      failed(new NoNetwork());
    }, PATIENCE_MS);
  });
  const headers = Object.assign({ Accept: "application/json" }, options.headers);
  const sent = Object.assign({ credentials: "same-origin", cache: "no-store" }, options, { headers });
  if (breaker) sent.signal = breaker.signal;
  let response;
  let answer;
  try {
    response = await Promise.race([fetch(path, sent), late]);
    answer = await Promise.race([response.json(), late]).catch(() => null);
  } catch (_) {
    throw new NoNetwork();
  } finally {
    clearTimeout(timer);
  }
  // A proxy's page, a service that is starting again, too much at once: later.
  if (response.status >= 500 || response.status === 429 || response.status === 408 || answer === null) throw new NoNetwork();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

// A request that breaks off is repeated a few times at once: all of them are harmless twice.
async function again(path, options) {
  for (let turn = 1; ; turn++) {
    try {
      return await once(path, options);
    } catch (error) {
      if (!(error instanceof NoNetwork) || turn >= TRIES || navigator.onLine === false) throw error;
      await pause(300 * turn);
    }
  }
}

// Who is signed in; the token goes with all that is sent after this.
export async function whoAmI() {
  const answer = await again(config.token, {});
  token = answer.token;
  return answer.person;
}

export function currentToken() {
  return token;
}

// Where it goes: reports to one address, what was done for an errand to its own.
function put(place, path, body, type) {
  return again((place || config.reports) + path, { method: "PUT", body, headers: { "Content-Type": type, "X-CSRFToken": token } });
}

export function putReport(place, id, report) {
  return put(place, id, JSON.stringify(report), "application/json");
}

export function putPiece(place, id, sha, from, bytes) {
  return put(place, id + "/photos/" + sha + "?from=" + from, bytes, "application/octet-stream");
}

// What is asked by the way is asked once, and only by whom it belongs to.
async function asPerson(person, path, method, body) {
  if ((await whoAmI()) !== person) throw new NoNetwork();
  const headers = { "X-CSRFToken": token };
  if (body) headers["Content-Type"] = "application/json";
  return once(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
}

export async function askKnown(person, household) {
  return (await asPerson(person, config.known, "POST", household)).known;
}

export async function getDrafts(person) {
  return (await asPerson(person, config.drafts, "GET")).drafts;
}

export function putDraft(person, id, draft) {
  return asPerson(person, config.drafts + "/" + id, "PUT", draft);
}

export function dropDraft(person, id) {
  return asPerson(person, config.drafts + "/" + id, "DELETE");
}
