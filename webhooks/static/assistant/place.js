// Where the phone is, with how far that may be wrong; the report does without it as well.
import { one, say, tell } from "./say.js";

const PATIENCE = { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 };

export class Place {
  constructor(box, changed) {
    this.told = one("[data-place-told]", box);
    this.find = one("[data-place-find]", box);
    this.words = this.find.textContent;
    this.changed = changed;
    this.at = null;
    this.find.addEventListener("click", () => (this.at ? this._set(null, "") : this._ask()));
  }

  show(at) {
    this.at = at;
    tell(this.told, at ? say("place_found", { metres: Math.max(1, Math.round(at.accuracy || 0)) }) : "");
    this.find.textContent = at ? say("place_drop") : this.words;
  }

  _set(at, words) {
    this.show(at);
    if (words) tell(this.told, words);
    this.changed();
  }

  _ask() {
    if (!navigator.geolocation) return this._set(null, say("place_none"));
    tell(this.told, say("place_wait"));
    const found = (fix) => this._set({ latitude: fix.coords.latitude, longitude: fix.coords.longitude, accuracy: fix.coords.accuracy }, "");
    const failed = (error) => this._set(null, say(error.code === 1 ? "place_denied" : "place_none"));
    return navigator.geolocation.getCurrentPosition(found, failed, PATIENCE);
  }
}
