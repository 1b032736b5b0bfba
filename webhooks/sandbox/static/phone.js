// One person's phone: what arrives, and what is said.
import { bubble, make } from "./bubbles.js";
import { ask, showNow, startClocks } from "./clock.js";
import { refresh, showPart, startFoot } from "./panel.js";

const EVERY = 1200;
const GAP_SECONDS = 300;
const find = (id) => document.getElementById(id);
const phone = find("phone");
const chat = find("chat");
let last = 0;
let lastTime = -Infinity;
let polling = null;
let sending = 0;

function complain(words) {
  find("oops").textContent = words;
  find("oops").hidden = !words;
  if (words) setTimeout(() => complain(""), 6000);
}

function toEnd() {
  chat.scrollTop = chat.scrollHeight;
}

function draw(items) {
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120 || last === 0;
  let mine = false;
  for (const item of items) {
    if (item.seq <= last) continue;
    last = item.seq;
    find("empty")?.remove();
    if (Math.abs(item.epoch - lastTime) > GAP_SECONDS) chat.append(make("p", "time", item.time));
    lastTime = item.epoch;
    chat.append(bubble(item, say));
    mine ||= item.side === "phone";
  }
  if (items.length && (atEnd || mine)) toEnd();
}

async function load() {
  const answer = await fetch(`${phone.dataset.feed}?after=${last}`);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const feed = await answer.json();
  draw(feed.items);
  refresh(feed, say);
  showNow(feed.now);
}

// One at a time; whoever asks meanwhile gets a fresh look afterwards.
function poll() {
  polling = (polling ?? Promise.resolve()).then(load).catch(() => {});
  return polling;
}

async function say(what) {
  complain("");
  sending += 1;
  const slow = setTimeout(() => {
    find("title").textContent = "对方正在输入…";
  }, 1000);
  const early = setTimeout(poll, 80);
  try {
    await ask(phone.dataset.send, what);
  } catch (error) {
    complain(`没有发出去：${error.message}`);
  }
  clearTimeout(slow);
  clearTimeout(early);
  sending -= 1;
  if (!sending) find("title").textContent = phone.dataset.account;
  await poll();
}

const text = find("text");

function fit() {
  const some = text.value.trim() !== "";
  find("send").hidden = !some;
  find("plus").hidden = some;
  text.rows = Math.min(4, Math.max(1, text.value.split("\n").length, Math.ceil(text.value.length / 14)));
}

function sendText() {
  const said = text.value.trim();
  if (!said) return;
  text.value = "";
  fit();
  say({ text: said });
}

text.addEventListener("input", fit);
text.addEventListener("focus", () => showPart(""));
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    sendText();
  }
});
find("input-row").addEventListener("submit", (event) => {
  event.preventDefault();
  sendText();
});
find("more").addEventListener("click", () => {
  const closed = find("settings").hidden;
  find("settings").hidden = !closed;
  find("more").setAttribute("aria-expanded", String(closed));
});
find("blocks").addEventListener("click", async () => {
  const blocks = find("blocks").getAttribute("aria-pressed") !== "true";
  await ask(phone.dataset.settings, { blocks }).catch((error) => complain(error.message));
  poll();
});
chat.addEventListener("grown", toEnd);
// When a panel opens, what was last said stays in sight.
new ResizeObserver(toEnd).observe(chat);
document.addEventListener("visibilitychange", () => document.hidden || poll());
startFoot(say, complain);
startClocks(poll);
poll();
setInterval(() => document.hidden || poll(), EVERY);
