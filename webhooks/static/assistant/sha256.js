// SHA-256 as hex. By the browser, or by hand where the page came over plain http and it may not.
const ROOTS = [];
const START = [];

function fraction(x) {
  return ((x - Math.floor(x)) * 0x100000000) | 0;
}

for (let n = 2; ROOTS.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (START.length < 8) START.push(fraction(Math.pow(n, 1 / 2)));
  ROOTS.push(fraction(Math.pow(n, 1 / 3)));
}

function turned(x, by) {
  return (x >>> by) | (x << (32 - by));
}

function block(view, at, state) {
  const w = new Int32Array(64);
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const s0 = turned(w[i - 15], 7) ^ turned(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = turned(w[i - 2], 17) ^ turned(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROOTS[i] + w[i]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0;
    d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((x, i) => { state[i] = (state[i] + x) | 0; });
}

export function byHand(buffer) {
  const length = buffer.byteLength;
  const padded = new Uint8Array(((length + 8 >> 6) + 1) * 64);
  padded.set(new Uint8Array(buffer));
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) block(view, at, state);
  return state.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

export async function sha256(buffer) {
  if (!(self.crypto && crypto.subtle)) return byHand(buffer);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return Array.from(hash, (x) => x.toString(16).padStart(2, "0")).join("");
}
