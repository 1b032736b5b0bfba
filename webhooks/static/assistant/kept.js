// Keeps a page on the phone, with what it is drawn with; see worker.js.
import { config } from "./say.js";

export async function keepPage(path) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(config.worker, { scope: "/m/" });
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ keep: [path, ...config.assets] });
  } catch (_) {
    // Without it the page still works while it is open.
  }
}
