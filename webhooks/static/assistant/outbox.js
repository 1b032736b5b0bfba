// The reports on this phone: what waits, what is being sent, what has arrived.
import { button, made, say } from "./say.js";

// Of what has arrived only the receipt is kept, and of so many.
const KEPT = 20;
const WAITING = ["waiting", "going"];

export function newId() {
  const bytes = new Uint8Array(16);
  self.crypto.getRandomValues(bytes);
  return Array.from(bytes, (x) => x.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  constructor(vault) {
    this.vault = vault;
    this.reports = [];
  }

  async load() {
    this.reports = await this.vault.reports();
    this.reports.sort((a, b) => a.place - b.place);
  }

  // By the order of writing, not by a clock that may stand in 1970.
  fresh() {
    const place = Math.max(0, ...this.reports.map((report) => report.place)) + 1;
    return { id: newId(), place, state: "draft", said: {}, at: null, photos: [], noted_at: "", receipt: "", name: "", why: "" };
  }

  // What is pressing goes first.
  waiting() {
    const rank = (report) => (report.urgent ? 0 : 1);
    return this.reports.filter((report) => WAITING.includes(report.state)).sort((a, b) => rank(a) - rank(b) || a.place - b.place);
  }

  unsent() {
    return this.reports.filter((report) => report.state !== "done");
  }

  async keep(report) {
    if (!this.reports.includes(report)) this.reports.push(report);
    return this.vault.write(report);
  }

  async arrived(report) {
    report.state = "done";
    report.said = {};
    report.at = null;
    await this.keep(report);
    await this.vault.dropPhotos(report.id);
    const done = this.reports.filter((one) => one.state === "done");
    for (const old of done.slice(0, Math.max(0, done.length - KEPT))) await this.drop(old);
  }

  async drop(report) {
    this.reports = this.reports.filter((one) => one !== report);
    await this.vault.drop(report.id);
  }
}

function progressOf(report) {
  const total = report.photos.reduce((sum, photo) => sum + photo.size, 0);
  const here = report.photos.reduce((sum, photo) => sum + (photo.state === "coming" ? photo.have : photo.state ? photo.size : 0), 0);
  const bar = made("progress");
  bar.max = total;
  bar.value = here;
  bar.setAttribute("aria-label", photosOf(report));
  return bar;
}

function photosOf(report) {
  const arrived = report.photos.filter((photo) => photo.state === "arrived").length;
  return say("photos", { count: report.photos.length, arrived });
}

// One line of the list; `act` has what its buttons do.
export function drawn(report, sending, act) {
  const line = made("li", "cell");
  line.dataset.report = report.id;
  line.dataset.state = report.state;
  const title = made("span", "cell-value", report.name || say("unnamed"));
  if (report.urgent) title.prepend(made("span", "urgent", say("urgent")), " ");
  line.append(title);
  const state = sending && report.state === "waiting" ? "sending" : report.state;
  line.append(made("span", "state state-" + report.state, say(state)));
  if (report.receipt) line.append(made("span", "cell-note", say("receipt", { receipt: report.receipt })));
  if (report.known) line.append(made("span", "cell-note", say(report.known === "joined" ? "joined" : "beside")));
  for (const note of report.notes || []) line.append(made("span", "cell-note", say("note_" + note)));
  if (report.photos.length) line.append(made("span", "cell-note", photosOf(report)));
  if (report.state === "going" && report.photos.length) line.append(progressOf(report));
  if (report.why) line.append(made("span", "error", report.why));
  const refused = report.photos.filter((photo) => photo.state === "refused");
  if (refused.length) line.append(made("span", "error", say("refused", { count: refused.length, why: refused[0].why })));
  const row = made("div", "row");
  if (report.state === "draft") row.append(button(say("go_on"), () => act.edit(report)));
  if (report.state === "fix") row.append(button(say("mend"), () => act.edit(report)));
  if (report.state === "waiting" && !sending) {
    if (navigator.onLine !== false) row.append(button(say("send_now"), () => act.send()));
    if (!report.tried) row.append(button(say("mend"), () => act.edit(report)));
  }
  if (report.state === "draft" || report.state === "fix") row.append(sure(report, act));
  if (report.state === "done") row.append(button(say("clear"), () => act.drop(report)));
  if (row.children.length) line.append(row);
  return line;
}

// Thrown away by a second tap only.
function sure(report, act) {
  const first = button(say("drop"), () => {
    first.replaceWith(button(say("drop_sure"), () => act.drop(report)));
  });
  return first;
}
