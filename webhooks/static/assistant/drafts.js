// What is half written lies on the server too, as soon as it can: another phone goes on with it
// under the same key, so that it becomes one report.
import { dropDraft, getDrafts, putDraft } from "./api.js";
import { button, made, one, say } from "./say.js";

const SOON_MS = 2000;

export class Drafts {
  // `take(draft)` goes on with what was begun elsewhere.
  constructor(vault, outbox, take) {
    this.vault = vault;
    this.outbox = outbox;
    this.take = take;
    this.timers = new Map();
    this.box = one("[data-offered]");
    this.list = one("ul", this.box);
  }

  // Something was written: it goes to the server when the writing pauses.
  changed(report) {
    clearTimeout(this.timers.get(report.id));
    if (report.state !== "draft") return;
    this.timers.set(report.id, setTimeout(() => this._send(report), SOON_MS));
  }

  // Whatever could not be sent then goes now.
  again() {
    for (const report of this.outbox.reports) if (report.state === "draft" && report.ahead) this._send(report);
  }

  async _send(report) {
    report.ahead = true;
    if (navigator.onLine === false || report.state !== "draft" || !this.outbox.reports.includes(report)) return;
    const photos = report.photos.map((photo) => ({ sha256: photo.sha256, size: photo.size }));
    try {
      await putDraft(this.vault.person, report.id, { said: report.said, at: report.at, photos });
      report.ahead = false;
    } catch (_) {
      // It lies on the phone; the next change, or the network, sends it.
    }
  }

  drop(id) {
    clearTimeout(this.timers.get(id));
    return dropDraft(this.vault.person, id).catch(() => {});
  }

  // What was begun on another phone, if anything.
  async offer() {
    if (navigator.onLine === false) return;
    const here = new Set(this.outbox.reports.map((report) => report.id));
    const found = await getDrafts(this.vault.person).catch(() => []);
    this._draw(found.filter((draft) => !here.has(draft.id)));
  }

  _draw(found) {
    this.list.textContent = "";
    for (const draft of found) this.list.append(this._line(draft, found));
    this.box.hidden = !found.length;
  }

  _line(draft, found) {
    const line = made("li", "cell");
    line.append(made("span", "cell-value", (draft.said.name || { words: "" }).words || say("unnamed")));
    line.append(made("span", "cell-note", say("begun", { day: draft.day })));
    if (draft.photos) line.append(made("span", "cell-note", say("photos_there", { count: draft.photos })));
    const rest = () => this._draw(found.filter((one) => one !== draft));
    const row = made("div", "row");
    row.append(button(say("go_on"), () => this.take(draft).then(rest)));
    const first = button(say("drop"), () => {
      first.replaceWith(button(say("drop_sure"), () => this.drop(draft.id).then(rest)));
    });
    row.append(first);
    line.append(row);
    return line;
  }
}
