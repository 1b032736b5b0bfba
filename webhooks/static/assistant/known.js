// Asks, once whose and where is written, whether the household is reported already. Without a
// network it is not asked: the report is written all the same.
import { askKnown } from "./api.js";
import { one, say, tell } from "./say.js";

export class Known {
  constructor(form, vault) {
    this.form = form;
    this.vault = vault;
    this.box = one("[data-known]", form.element);
    this.asked = "";
    form.element.addEventListener("change", () => this.ask());
  }

  async ask() {
    const said = this.form.said();
    const living = (said.living || { choice: [] }).choice[0] || "";
    const name = (said.name || { words: "" }).words;
    const household = this.form.report.id + "/" + living + "/" + name;
    if (household === this.asked) return;
    this.asked = household;
    tell(this.box, "");
    if (!living || !name || navigator.onLine === false) return;
    try {
      const known = await askKnown(this.vault.person, { living, name });
      if (household === this.asked) tell(this.box, known ? say("before") : "");
    } catch (_) {
      this.asked = "";
    }
  }
}
