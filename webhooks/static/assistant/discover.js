// The page of assistants in the field: a form, what is kept on the phone, and what is sent.
import { currentToken, whoAmI } from "./api.js";
import { config, one, say, tell } from "./say.js";
import { Drafts } from "./drafts.js";
import { Form } from "./form.js";
import { Known } from "./known.js";
import { keepPage } from "./kept.js";
import { Outbox, drawn } from "./outbox.js";
import { Sender } from "./sending.js";
import { Vault } from "./vault.js";

const net = one("[data-net]");
const trouble = one("[data-trouble]");
const waits = one("[data-waits]");
const list = one("[data-outbox]");
const savedBox = one("[data-saved]");
let vault;
let outbox;
let sender;
let form;
let drafts;

function saved(lasting) {
  const words = lasting ? "kept" : vault.disk ? "full" : "memory";
  tell(savedBox, say(words));
  if (!lasting) tell(trouble, say(words));
}
saved.box = savedBox;

function draw(state) {
  const offline = navigator.onLine === false;
  if (offline) tell(net, say("offline"));
  else tell(net, state === "later" ? say("again_in", { seconds: sender.seconds }) : "");
  if (state === "enter" || state === "other" || state === "closed") tell(trouble, say(state));
  else if (state !== undefined && vault.lasting) tell(trouble, "");
  const unsent = outbox.unsent().filter((report) => report.state !== "draft" && !report.errand).length;
  waits.hidden = !unsent;
  waits.textContent = say("waits_now", { count: unsent });
  const shown = outbox.reports.filter((report) => report !== form.report && !report.errand).reverse();
  list.textContent = "";
  for (const report of shown) list.append(drawn(report, sender.now === report.id, act));
  if (!shown.length) {
    const empty = document.createElement("li");
    empty.className = "cell cell-note";
    empty.textContent = say("none");
    list.append(empty);
  }
}

const act = {
  async edit(report) {
    if (report.tried) return;
    report.state = "draft";
    if (form.empty) await drop(form.report);
    else await form.flush();
    await outbox.keep(report);
    await form.show(report);
    draw();
    form.element.scrollIntoView();
  },
  async drop(report) {
    if (report.state !== "done") drafts.drop(report.id);
    await outbox.drop(report);
    draw();
  },
  send() {
    return sender.soon();
  },
};

// Begun on another phone: what was being written here stays in the list.
async function take(draft) {
  if (form.empty) await drop(form.report);
  else await form.flush();
  const report = Object.assign(outbox.fresh(), { id: draft.id, said: draft.said, at: draft.at, name: (draft.said.name || { words: "" }).words, begun: true });
  await outbox.keep(report);
  await form.show(report);
  draw();
  form.element.scrollIntoView();
}

function keep(report) {
  drafts.changed(report);
  return outbox.keep(report);
}

async function drop(report) {
  if (outbox.reports.includes(report)) await outbox.drop(report);
}

async function handIn(event) {
  event.preventDefault();
  await form.work;
  if (!form.complete()) return;
  const report = form.report;
  if (report.state !== "draft") return;
  report.state = "waiting";
  report.why = "";
  report.step = "";
  report.noted_at = new Date().toISOString();
  await form.flush();
  await form.show(outbox.fresh());
  tell(savedBox, "");
  tell(one("[data-handed]"), say(navigator.onLine === false ? "handed_offline" : "handed"));
  draw();
  one("#outbox").scrollIntoView();
  sender.soon();
}

// Erased before the browser is signed out; what has not been sent only by a second tap.
async function leave(event) {
  event.preventDefault();
  const left = outbox.unsent().length;
  const told = one("[data-leave-told]");
  if (left && !told.textContent) {
    tell(told, say("leave_waits", { count: left }));
    one("button", event.target).textContent = say("leave_sure");
    return;
  }
  clearTimeout(form.timer);
  await vault.erase().catch(() => {});
  if (self.caches) for (const name of await caches.keys()) if (name.startsWith("yimen-")) await caches.delete(name);
  event.target.submit();
}

// The page may have been open for days: the link is asked for with a fresh token.
async function openElsewhere(event) {
  event.preventDefault();
  const asking = event.target;
  try {
    await whoAmI();
    asking.elements.csrf_token.value = currentToken();
    asking.submit();
  } catch (_) {
    tell(one("[data-browser-told]", asking), say("browser_offline"));
  }
}

async function begin() {
  vault = await Vault.open(config.person);
  outbox = new Outbox(vault);
  await outbox.load();
  drafts = new Drafts(vault, outbox, take);
  form = new Form(one("[data-form]"), vault, keep, saved);
  new Known(form, vault);
  sender = new Sender(vault, outbox, draw);
  const open = outbox.reports.filter((report) => report.state === "draft" && !report.errand);
  await form.show(open.length ? open[open.length - 1] : outbox.fresh());
  one("[data-without]").hidden = true;
  one("[data-with]").hidden = false;
  if (!vault.disk) tell(trouble, say("memory"));
  draw();
  form.element.addEventListener("submit", handIn);
  one("[data-leave]").addEventListener("submit", leave);
  for (const asking of document.querySelectorAll("[data-browser]")) asking.addEventListener("submit", openElsewhere);
  // WeChat on iOS opens no page without a network: there the way out stands above everything.
  one("[data-way-out]").hidden = Boolean(navigator.serviceWorker) || !navigator.userAgent.includes("MicroMessenger");
  self.addEventListener("online", () => {
    sender.soon();
    drafts.again();
  });
  self.addEventListener("offline", () => draw());
  document.addEventListener("visibilitychange", () => document.hidden || sender.soon());
  document.documentElement.dataset.ready = "";
  keepPage(location.pathname);
  sender.soon();
  drafts.again();
  drafts.offer();
}

begin();
