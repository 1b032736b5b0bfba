// Photos of the report that is being written: kept as they are, byte for byte, as they are chosen.
import { button, config, made, say, tell } from "./say.js";
import { sha256 } from "./sha256.js";

function bytesOf(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsArrayBuffer(file);
  });
}

export function sizeOf(bytes) {
  const mega = bytes / 1048576;
  return mega >= 1 ? say("mega", { size: mega.toFixed(1) }) : say("kilo", { size: Math.ceil(bytes / 1024) });
}

export class Photos {
  // `saved(lasting)` after every photo.
  constructor(box, vault, saved) {
    this.item = Number(box.dataset.item) || 0; // Of which paper they are, where each has its own box.
    this.proof = box.dataset.proof || ""; // What they prove, where that is asked for by itself.
    this.vault = vault;
    this.saved = saved;
    this.told = box.querySelector("[data-photos-told]");
    this.list = box.querySelector("[data-thumbs]");
    this.report = null;
    this.work = Promise.resolve();
    for (const input of box.querySelectorAll("[data-photos]")) {
      input.addEventListener("change", () => {
        const files = Array.from(input.files);
        const report = this.report;
        this.work = this.work.then(() => this._take(files, report)).catch(() => {}).then(() => { input.value = ""; });
      });
    }
  }

  async _take(files, report) {
    const problems = [];
    let twice = 0;
    const room = config.most - report.photos.length;
    for (let i = 0; i < files.length && report.photos.length < config.most; i++) {
      tell(this.told, say("reading", { number: i + 1, count: files.length }));
      const number = i + 1;
      if (files[i].size > config.largest) {
        problems.push(say("too_large", { number }));
        continue;
      }
      let bytes;
      try {
        bytes = await bytesOf(files[i]);
      } catch (_) {
        problems.push(say("unreadable", { number }));
        continue;
      }
      const name = await sha256(bytes);
      if (!bytes.byteLength || report.photos.some((photo) => photo.sha256 === name)) {
        twice += bytes.byteLength ? 1 : 0;
        if (!bytes.byteLength) problems.push(say("unreadable", { number }));
        continue;
      }
      const lasting = await this.vault.addPhoto(report.id, name, bytes);
      report.photos.push(Object.assign({ sha256: name, size: bytes.byteLength }, this.item ? { item: this.item } : {}, this.proof ? { proof: this.proof } : {}));
      await this.saved(report, lasting);
    }
    if (files.length > room) problems.push(say("too_many", { most: config.most, taken: Math.max(0, room), left: files.length - Math.max(0, room) }));
    if (twice) problems.push(say("twice", { count: twice }));
    tell(this.told, problems.join(" "));
    if (report === this.report) await this.show(report);
  }

  async show(report) {
    this.report = report;
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.textContent = "";
    const own = report.photos.filter((photo) => (photo.item || 0) === this.item && (photo.proof || "") === this.proof);
    for (let i = 0; i < own.length; i++) this.list.append(await this._thumb(report, own[i], i + 1));
  }

  async _thumb(report, photo, number) {
    const line = made("li");
    const image = made("img");
    const bytes = await this.vault.photo(report.id, photo.sha256);
    if (bytes) image.src = URL.createObjectURL(new Blob([bytes]));
    image.alt = say("photo", { number, size: sizeOf(photo.size) });
    line.append(image, button(say("drop"), () => this._remove(report, photo), say("photo_drop", { number })));
    return line;
  }

  async _remove(report, photo) {
    report.photos = report.photos.filter((one) => one !== photo);
    await this.vault.dropPhoto(report.id, photo.sha256);
    await this.saved(report, true);
    await this.show(report);
  }
}
