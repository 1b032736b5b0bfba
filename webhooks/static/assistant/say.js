// What the page was given by the server: addresses, limits, and words in the reader's language.
export const config = JSON.parse(document.getElementById("config").textContent);

export function say(key, values = {}) {
  return config.words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function one(selector, within = document) {
  return within.querySelector(selector);
}

export function tell(box, words) {
  box.textContent = words;
  if (box.classList.contains("notice")) box.hidden = !words;
}

export function made(tag, className = "", words = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
}

export function button(words, tapped, more = "") {
  const element = made("button", "button button-plain", words);
  element.type = "button";
  if (more) element.setAttribute("aria-label", more);
  element.addEventListener("click", tapped);
  return element;
}
