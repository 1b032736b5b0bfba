// The form: everything that is changed is saved at once.
import { one, say, tell } from "./say.js";
import { Photos } from "./photos.js";
import { Place } from "./place.js";

const SOON_MS = 150;

// The phone's day; of a phone whose clock was never set, none.
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return now.getFullYear() < 2026 ? "" : [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
}

function stepsOf(form) {
  return Array.from(form.querySelectorAll("[data-step]"));
}

export class Form {
  // `keep(report)` saves; `saved(lasting)` says so.
  constructor(element, vault, keep, saved) {
    this.element = element;
    this.keep = keep;
    this.saved = saved;
    this.report = null;
    this.timer = 0;
    this.writing = Promise.resolve();
    this.place = one("[data-place]", element) ? new Place(one("[data-place]", element), () => this._changed()) : null;
    const boxes = stepsOf(element).filter((step) => one("[data-photos]", step));
    this.photos = boxes.map((box) => new Photos(box, vault, (report, lasting) => this._write(report, lasting)));
    element.addEventListener("input", () => this._changed());
    element.addEventListener("change", () => this._changed());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    self.addEventListener("pagehide", () => this.flush());
  }

  // Whether anything has been written that the page did not fill in itself.
  get empty() {
    const said = Object.keys(this.said()).filter((key) => !this._given(key));
    return !said.length && !this.report.photos.length && !this.report.at;
  }

  // When every photo that was chosen is kept.
  get work() {
    return Promise.all(this.photos.map((photos) => photos.work));
  }

  _given(key) {
    if (one('[name="words-' + key + '"][data-today]', this.element)) return true;
    const inputs = this.element.querySelectorAll('[name="choice-' + key + '"]');
    return inputs.length === 1;
  }

  show(report) {
    this.report = report;
    for (const step of stepsOf(this.element)) {
      const said = report.said[step.dataset.step] || { words: "", choice: [] };
      for (const input of step.querySelectorAll("[name^=words-]")) input.value = said.words || ("today" in input.dataset ? today() : "");
      const options = Array.from(step.querySelectorAll("[name^=choice-]"));
      for (const input of options) input.checked = said.choice.includes(input.value) || (options.length === 1 && step.matches("fieldset"));
      this._wrong(step, report.step === step.dataset.step ? report.why : "");
    }
    const known = one("[data-known]", this.element);
    if (known) tell(known, "");
    this._mark();
    if (this.place) this.place.show(report.at);
    return Promise.all(this.photos.map((photos) => photos.show(report)));
  }

  _mark() {
    for (const label of this.element.querySelectorAll(".picks .choice")) label.classList.toggle("chosen", one("input", label).checked);
    // A question that another answer opens.
    for (const step of this.element.querySelectorAll("[data-after]")) {
      const opener = Array.from(this.element.querySelectorAll('[name="' + step.dataset.after + '"]')).find((input) => input.value === step.dataset.opens);
      step.hidden = !(opener && opener.checked);
    }
  }

  _wrong(step, why) {
    const box = one("[data-error]", step);
    box.textContent = why;
    box.hidden = !why;
    step.classList.toggle("field-wrong", Boolean(why));
  }

  said() {
    const said = {};
    for (const step of stepsOf(this.element)) {
      const words = Array.from(step.querySelectorAll("[name^=words-]"), (input) => input.value).join("").trim();
      const choice = Array.from(step.querySelectorAll("[name^=choice-]:checked"), (input) => input.value);
      if (words || choice.length) said[step.dataset.step] = { words, choice };
    }
    return said;
  }

  _take() {
    const report = this.report;
    report.said = this.said();
    report.at = this.place ? this.place.at : null;
    report.name = this.element.dataset.name || (report.said.name || { words: "" }).words;
    report.urgent = ((report.said.urgent || { choice: [] }).choice[0] || "").startsWith("now");
  }

  _changed() {
    this._mark();
    tell(this.saved.box, say("saving"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON_MS);
  }

  flush() {
    clearTimeout(this.timer);
    if (this.empty && !this.report.begun) return this.writing;
    return this._write(this.report, true);
  }

  _write(report, lasting) {
    if (report === this.report) this._take();
    report.begun = true;
    this.writing = this.writing.then(() => this.keep(report)).then((kept) => this.saved(kept && lasting));
    return this.writing;
  }

  // Whether nothing lacks; else it is told where it does, and the first is brought into sight.
  complete() {
    const first = this._lacking();
    if (!first) return true;
    const input = one("input, textarea", first);
    first.scrollIntoView();
    if (input) input.focus({ preventScroll: true });
    return false;
  }

  _lacking() {
    this._take();
    let first = null;
    for (const step of stepsOf(this.element)) {
      const there = one("[data-photos]", step) ? this.report.photos.length : this.report.said[step.dataset.step];
      const lacks = "needed" in step.dataset && !there;
      this._wrong(step, lacks ? say("needed") : "");
      if (lacks && !first) first = step;
    }
    return first;
  }
}
