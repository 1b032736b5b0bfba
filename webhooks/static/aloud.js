// Reads the page aloud with the phone's own voice. The button is there only where the browser has a
// voice of the page's language: half a page in a foreign one helps nobody.
const button = document.querySelector("[data-aloud]");
const speech = window.speechSynthesis;
const language = document.documentElement.lang.split("-")[0].toLowerCase();
// Some browsers stop in the middle of what is longer.
const LONGEST = 120;

function voice() {
  const own = speech.getVoices()
    .filter((one) => one.lang.split(/[-_]/)[0].toLowerCase() === language);
  return own.find((one) => /cn|hans/i.test(one.lang)) || own[0];
}

// What stands in the page's middle, line by line, as it is seen: what is hidden is not read.
function lines() {
  const pieces = [];
  for (const line of document.getElementById("main").innerText.split("\n")) {
    let rest = line.trim();
    while (rest.length > LONGEST) {
      const stop = Math.max(...[..."。；！？，.;, "].map((sign) => rest.lastIndexOf(sign, LONGEST)));
      const end = stop > 0 ? stop + 1 : LONGEST;
      pieces.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
    if (rest) pieces.push(rest);
  }
  return pieces;
}

function show(reading) {
  button.textContent = reading ? button.dataset.stop : button.dataset.read;
  button.setAttribute("aria-pressed", String(reading));
}

function read() {
  const pieces = lines();
  const chosen = voice();
  pieces.forEach((text, place) => {
    const said = new SpeechSynthesisUtterance(text);
    said.lang = chosen.lang;
    said.voice = chosen;
    said.rate = 0.9;
    if (place === pieces.length - 1) said.addEventListener("end", () => show(false));
    said.addEventListener("error", () => show(false));
    speech.speak(said);
  });
  show(pieces.length > 0);
}

function stop() {
  speech.cancel();
  show(false);
}

if (button && speech && "SpeechSynthesisUtterance" in window) {
  button.dataset.read = button.textContent;
  const offer = () => { button.hidden = !voice(); };
  offer();
  // Voices come late on some phones.
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") stop();
    else read();
  });
  window.addEventListener("pagehide", () => speech.cancel());
}
