// Shows what the resident will read while it is typed, and keeps a second click from being sent.
const form = document.querySelector("[data-move]");
const preview = form.querySelector("[data-preview]");
const UNKNOWN = "……";

function value(name) {
  const field = form.elements[name];
  if (!field) return UNKNOWN;
  if (name === "officer") {
    return field.value ? field.selectedOptions[0].textContent : UNKNOWN;
  }
  if (name === "departments") {
    const chosen = [...form.querySelectorAll("[name=departments]:checked")];
    return chosen.map((box) => box.dataset.name).join("、") || UNKNOWN;
  }
  return field.value.trim() || UNKNOWN;
}

function missing() {
  const chosen = [...form.querySelectorAll("[name=paper]:checked")].map((box) => box.value);
  const typed = form.elements.missing.value.split("\n").map((line) => line.trim());
  const all = [...new Set([...chosen, ...typed])].filter(Boolean);
  return (all.length ? all : [UNKNOWN]).map((item, place) => `${place + 1} ${item}`).join("\n");
}

function show() {
  // "1 {missing}" is the first line of a numbered list.
  preview.textContent = form.dataset.template.replace(/1 \{missing\}|\{(\w+)\}/g, (_, name) =>
    name ? value(name) : missing(),
  );
}

form.addEventListener("input", show);
form.addEventListener("change", show);
form.addEventListener("submit", () => {
  // After this turn: a button that is off now would not be sent along.
  setTimeout(() => form.querySelector("button[type=submit]").setAttribute("disabled", ""), 0);
});
// Back from the next page: the button works again.
window.addEventListener("pageshow", () => {
  form.querySelector("button[type=submit]").removeAttribute("disabled");
});
show();
