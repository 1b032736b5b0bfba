// What is kept on the phone: reports and photos, each sealed with a key that cannot be taken out
// of this browser and belongs to one person. Where the phone cannot keep it (no encryption over
// plain http, no database, a full disk) it is held by the page alone, and `lasting` is false.
const NAME = "yimen-assistant";
const REPORTS = "reports";
const PHOTOS = "photos";
const KEYS = "keys";
const KEPT_MS = 14 * 24 * 3600 * 1000;

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const store of [REPORTS, PHOTOS, KEYS]) request.result.createObjectStore(store);
  };
  return asked(request);
}

function finished(change) {
  return new Promise((done, failed) => {
    change.oncomplete = () => done();
    change.onabort = change.onerror = () => failed(change.error || new Error("aborted"));
  });
}

// The person's key; of two pages that open at once, the first one's.
async function keyOf(base, person) {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const change = base.transaction(KEYS, "readwrite");
  const keys = change.objectStore(KEYS);
  let key = await asked(keys.get(person));
  if (!key) {
    key = fresh;
    keys.put(fresh, person);
  }
  await finished(change);
  return key;
}

export class Vault {
  constructor(person) {
    this.person = person;
    this.base = null;
    this.key = null;
    this.held = new Map();
    this.line = Promise.resolve();
  }

  static async open(person) {
    const vault = new Vault(person);
    if (!(self.indexedDB && self.crypto && crypto.subtle)) return vault;
    try {
      const base = await opened();
      vault.key = await keyOf(base, person);
      vault.base = base;
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    } catch (_) {
      vault.base = null; // A private window, or a database that this browser cannot open.
    }
    return vault;
  }

  get lasting() {
    return this.base !== null && this.held.size === 0;
  }

  get disk() {
    return this.base !== null;
  }

  // Whether it is on the disk now; if not, the page holds it. One after the other: of two
  // writings of one report the later one stays.
  _put(store, id, bytes) {
    const put = this.line.then(() => this._putNow(store, id, bytes));
    this.line = put.then(() => {});
    return put;
  }

  async _putNow(store, id, bytes) {
    const name = store + "/" + id;
    if (this.base) {
      try {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, this.key, bytes);
        const change = this.base.transaction(store, "readwrite");
        change.objectStore(store).put({ iv, data }, this.person + "/" + id);
        await finished(change);
        this.held.delete(name);
        return true;
      } catch (_) {
        // QuotaExceededError, or the database is gone: what was there before stays there.
      }
    }
    this.held.set(name, bytes);
    return false;
  }

  async _opened(store, id, kept) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv, additionalData: new TextEncoder().encode(store + "/" + id) }, this.key, kept.data);
  }

  async _get(store, id) {
    const held = this.held.get(store + "/" + id);
    if (held || !this.base) return held || null;
    const kept = await asked(this.base.transaction(store).objectStore(store).get(this.person + "/" + id));
    return kept ? this._opened(store, id, kept) : null;
  }

  _range(prefix) {
    const from = this.person + "/" + prefix;
    return IDBKeyRange.bound(from, from + "\uffff");
  }

  async _drop(store, prefix) {
    for (const name of Array.from(this.held.keys())) if (name.startsWith(store + "/" + prefix)) this.held.delete(name);
    if (!this.base) return;
    const change = this.base.transaction(store, "readwrite");
    change.objectStore(store).delete(this._range(prefix));
    await finished(change);
  }

  async reports() {
    const ids = new Set();
    for (const name of this.held.keys()) if (name.startsWith(REPORTS + "/")) ids.add(name.slice(REPORTS.length + 1));
    if (this.base) {
      const keys = await asked(this.base.transaction(REPORTS).objectStore(REPORTS).getAllKeys(this._range("")));
      keys.forEach((key) => ids.add(key.slice(this.person.length + 1)));
    }
    const found = [];
    for (const id of ids) {
      try {
        found.push(JSON.parse(new TextDecoder().decode(await this._get(REPORTS, id))));
      } catch (_) {
        await this._drop(REPORTS, id); // Sealed with a key that was erased: nobody can read it.
      }
    }
    return found;
  }

  write(report) {
    return this._put(REPORTS, report.id, new TextEncoder().encode(JSON.stringify(report)));
  }

  // The list of what is to be done, as it was last read: of people, so sealed like the rest, and
  // not shown for longer than one can be without a network.
  keepPage(html) {
    return this._put(PHOTOS, "page/today", new TextEncoder().encode(JSON.stringify({ html, at: Date.now() })));
  }

  async page() {
    const kept = await this._get(PHOTOS, "page/today").catch(() => null);
    const page = kept ? JSON.parse(new TextDecoder().decode(kept)) : { html: "", at: 0 };
    return Math.abs(Date.now() - page.at) < KEPT_MS ? page.html : "";
  }

  addPhoto(id, sha, bytes) {
    return this._put(PHOTOS, id + "/" + sha, bytes);
  }

  photo(id, sha) {
    return this._get(PHOTOS, id + "/" + sha);
  }

  dropPhoto(id, sha) {
    return this._drop(PHOTOS, id + "/" + sha);
  }

  dropPhotos(id) {
    return this._drop(PHOTOS, id + "/");
  }

  async drop(id) {
    await this.dropPhotos(id);
    await this._drop(REPORTS, id);
  }

  // Everything of this person, and the key with it.
  async erase() {
    this.held.clear();
    if (!this.base) return;
    const change = this.base.transaction([REPORTS, PHOTOS, KEYS], "readwrite");
    for (const store of [REPORTS, PHOTOS]) change.objectStore(store).delete(this._range(""));
    change.objectStore(KEYS).delete(this.person);
    // What is still being sent at this moment is written nowhere any more.
    this.base = null;
    await finished(change);
  }
}
