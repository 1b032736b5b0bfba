// Keys for frequent moves: j and k through the queue, / to find, u back to it, 1-9 a move.
// They can be turned off (who speaks to the computer must not set one off by a word).
const KEPT = "yimen-keys";
const help = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-off]");
const offWords = toggle?.textContent;
let on = localStorage.getItem(KEPT) !== "off";

function shown() {
  if (!help) return;
  help.hidden = matchMedia("(hover: none)").matches;
  help.classList.toggle("keys-off", !on);
  toggle.textContent = on ? offWords : toggle.dataset.on;
}

toggle?.addEventListener("click", () => {
  on = !on;
  localStorage.setItem(KEPT, on ? "on" : "off");
  shown();
});
shown();

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
}

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const here = at >= 0 ? at : all.findIndex((row) => row.hasAttribute("aria-current"));
  all[Math.min(all.length - 1, Math.max(0, here + by))]?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  u: () => document.querySelector("[data-up]")?.click(),
  "/": () => document.getElementById("q")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const move = document.querySelectorAll(".moves .button")[Number(event.key) - 1];
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  } else if (move) {
    event.preventDefault();
    move.click();
  }
});

// A case opened from the middle of a long queue shows its row.
const here = document.querySelector(".column [aria-current]");
if (here?.offsetParent) {
  const column = here.closest(".column");
  column.scrollTop = here.offsetTop - column.clientHeight / 3;
}
