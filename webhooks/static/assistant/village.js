// 村里的事: what is asked of the assistant, and looking in on people (去看看), is done here with or without a network, by the same
// store and outbox as reports. Without scripts each screen is a plain form.
import { config, made, one, say, tell } from "./say.js";
import { Form } from "./form.js";
import { keepPage } from "./kept.js";
import { Outbox, drawn } from "./outbox.js";
import { Sender } from "./sending.js";
import { Vault } from "./vault.js";

const ERRANDS = "/m/errands/";
const SHELL = "/m/village/kept";
const MENDED = ["draft", "fix"];
const today = one("[data-today]");
const list = one("[data-outbox]");
const net = one("[data-net]");
const trouble = one("[data-trouble]");
const forms = new Map();
let vault;
let outbox;
let sender;

function lineOf(key) {
  return one("#do-" + key, today);
}

// What was handed in leaves the list, and is below until it is there.
function draw(state) {
  if (navigator.onLine === false) tell(net, say("offline"));
  else tell(net, state === "later" ? say("again_in", { seconds: sender.seconds }) : "");
  if (["enter", "other", "closed"].includes(state)) tell(trouble, say(state));
  else if (state !== undefined && vault.lasting) tell(trouble, "");
  if (state === "closed") vault.keepPage("");
  const mine = outbox.reports.filter((report) => report.errand);
  for (const report of mine) {
    const line = lineOf(report.id);
    if (line) line.hidden = !MENDED.includes(report.state);
  }
  list.textContent = "";
  for (const report of mine.filter((one_) => one_.state !== "draft").reverse()) list.append(drawn(report, sender.now === report.id, act));
  one("[data-with]").hidden = !list.children.length && !one("form", today);
  if (!list.children.length) list.append(made("li", "cell cell-note", say("errand_none")));
}

const act = {
  async edit(report) {
    if (report.tried || !forms.has(report.id)) return;
    report.state = "draft";
    await outbox.keep(report);
    await forms.get(report.id).show(report);
    draw();
    lineOf(report.id).open = true;
    lineOf(report.id).scrollIntoView();
  },
  async drop(report) {
    await outbox.drop(report);
    const form = forms.get(report.id);
    if (form) await form.show(fresh(form.element));
    draw();
  },
  send() {
    return sender.soon();
  },
};

function fresh(element) {
  const key = element.dataset.errand;
  return Object.assign(outbox.fresh(), { id: key, errand: true, to: element.dataset.to || ERRANDS, name: element.dataset.name });
}

// A screen with what was begun on it. What was handed in is no longer its own.
async function takeOver(element) {
  const key = element.dataset.errand;
  const box = one("[data-saved]", element);
  const saved = (lasting) => tell(box, say(lasting ? "kept" : vault.disk ? "full" : "memory"));
  saved.box = box;
  const form = new Form(element, vault, (report) => outbox.keep(report), saved);
  forms.set(key, form);
  const begun = outbox.reports.find((report) => report.id === key && MENDED.includes(report.state));
  await form.show(begun || fresh(element));
  element.addEventListener("submit", handIn);
}

async function handIn(event) {
  event.preventDefault();
  const form = forms.get(event.target.dataset.errand);
  await form.work;
  if (!form.complete()) return;
  const report = form.report;
  if (!MENDED.includes(report.state)) return;
  Object.assign(report, { state: "waiting", why: "", step: "", begun: true, noted_at: new Date().toISOString() });
  await form.flush();
  await form.show(fresh(form.element));
  tell(one("[data-handed]"), say("errand_done"));
  draw();
  one("#outbox").scrollIntoView();
  sender.soon();
}

// 去不了: the reason goes the same way, instead of all that was filled in.
async function cannot(event) {
  event.preventDefault();
  const element = event.target;
  const input = one("input.input", element);
  const words = input.value.trim();
  const error = one("[data-error]", element);
  error.textContent = words ? "" : say("needed");
  error.hidden = Boolean(words);
  const form = forms.get(element.dataset.cannot);
  if (!words) return input.focus();
  await form.work;
  const report = form.report;
  if (!MENDED.includes(report.state)) return;
  await form.show(fresh(form.element));
  await vault.dropPhotos(report.id);
  Object.assign(report, { state: "waiting", said: { cannot: { words, choice: [] } }, at: null, photos: [], why: "", step: "", begun: true, noted_at: new Date().toISOString() });
  await outbox.keep(report);
  tell(one("[data-handed]"), say("errand_cannot"));
  draw();
  one("#outbox").scrollIntoView();
  sender.soon();
}

async function begin() {
  vault = await Vault.open(config.person);
  outbox = new Outbox(vault);
  await outbox.load();
  sender = new Sender(vault, outbox, draw);
  if (config.kept) today.innerHTML = await vault.page() || made("p", "group-note", say("errand_nothing")).outerHTML;
  else await vault.keepPage(today.innerHTML);
  for (const element of today.querySelectorAll("form[data-errand]")) await takeOver(element);
  for (const element of today.querySelectorAll("form[data-cannot]")) element.addEventListener("submit", cannot);
  if (!vault.disk && today.querySelector("form")) tell(trouble, say("memory"));
  draw();
  self.addEventListener("online", () => sender.soon());
  self.addEventListener("offline", () => draw());
  document.addEventListener("visibilitychange", () => document.hidden || sender.soon());
  document.documentElement.dataset.ready = "";
  keepPage(SHELL);
  sender.soon();
}

begin();
