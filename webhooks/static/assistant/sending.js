// Sends what waits: first the words of every report, then the photos, piece by piece.
import { NoNetwork, Refused, putPiece, putReport, whoAmI } from "./api.js";
import { config } from "./say.js";

const LONGEST_MS = 60000;
const FIRST_MS = 2000;

export class Sender {
  // `shown(trouble)` is called whenever something has changed; trouble: "", enter, other, later.
  constructor(vault, outbox, shown) {
    this.vault = vault;
    this.outbox = outbox;
    this.shown = shown;
    this.busy = false;
    this.more = false;
    this.pause = FIRST_MS;
    this.timer = 0;
    this.now = "";
    this.seconds = 0;
  }

  // The network is back, the page is looked at again, or something new waits.
  soon() {
    this.pause = FIRST_MS;
    return this.go();
  }

  async go() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.more = true;
      return;
    }
    this.busy = true;
    let trouble = "";
    try {
      do {
        this.more = false;
        trouble = await this._round();
      } while (this.more && !trouble);
    } finally {
      this.busy = false;
      this.now = "";
    }
    if (trouble === "later") this._later();
    this.shown(trouble);
  }

  _later() {
    this.seconds = Math.round(this.pause / 1000);
    this.timer = setTimeout(() => this.go(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_MS);
  }

  async _round() {
    if (!this.outbox.waiting().length) return "";
    try {
      const person = await whoAmI();
      if (person !== this.vault.person) return "other";
      const words = await this._each("waiting", (report) => this._words(report));
      const photos = await this._each("going", (report) => this._photos(report));
      return words || photos;
    } catch (error) {
      return this._trouble(error);
    }
  }

  // One that does not get through keeps no other back, unless nobody is signed in any more.
  async _each(state, send) {
    let trouble = "";
    for (const report of this.outbox.waiting()) {
      if (report.state !== state) continue;
      try {
        await send(report);
      } catch (error) {
        trouble = this._trouble(error);
        if (trouble !== "later" || navigator.onLine === false) throw error;
      }
    }
    return trouble;
  }

  _trouble(error) {
    if (error instanceof NoNetwork) return "later";
    if (!(error instanceof Refused)) throw error;
    // Any other refusal is of a token that has just grown old.
    return { 401: "enter", 404: "closed" }[error.status] || "later";
  }

  async _words(report) {
    this._at(report);
    report.tried = true; // From now on it may have arrived: it is not changed any more.
    await this.outbox.keep(report);
    const photos = report.photos.map((photo) => Object.assign({ sha256: photo.sha256, size: photo.size }, photo.item ? { item: photo.item } : {}, photo.proof ? { proof: photo.proof } : {}));
    try {
      const answer = await putReport(report.to, report.id, { said: report.said, at: report.at, noted_at: report.noted_at, photos });
      report.receipt = answer.receipt;
      report.known = answer.known;
      report.notes = answer.notes;
      report.state = "going";
      report.why = "";
      for (const photo of report.photos) Object.assign(photo, answer.photos[photo.sha256]);
    } catch (error) {
      if (!(error instanceof Refused) || ![403, 413, 422].includes(error.status)) throw error;
      report.state = "fix";
      report.tried = false;
      report.step = error.answer.step || "";
      report.why = error.answer.why;
    }
    await this.outbox.keep(report);
    this.shown("");
  }

  async _photos(report) {
    this._at(report);
    for (const photo of report.photos) {
      if (photo.state === "arrived" || photo.state === "refused") continue;
      await this._photo(report, photo);
      await this.outbox.keep(report);
      this.shown("");
    }
    await this.outbox.arrived(report);
    this.shown("");
  }

  async _photo(report, photo) {
    const bytes = await this.vault.photo(report.id, photo.sha256);
    if (!bytes) {
      photo.state = "refused";
      photo.why = config.words.lost;
      return;
    }
    while (photo.state !== "arrived" && photo.state !== "refused") {
      const from = photo.have || 0;
      try {
        Object.assign(photo, await putPiece(report.to, report.id, photo.sha256, from, bytes.slice(from, from + config.piece)));
      } catch (error) {
        if (!(error instanceof Refused) || ![409, 422].includes(error.status)) throw error;
        Object.assign(photo, error.answer);
      }
      this.shown("");
    }
  }

  _at(report) {
    this.now = report.id;
    this.shown("");
  }
}
