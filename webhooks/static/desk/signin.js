// Waits for the phone's answer. Without this script the button on the page does the same.
const box = document.querySelector("[data-sign-in]");
const words = box.querySelector("[data-words]");
const form = box.querySelector("[data-enter]");
const EVERY_MS = 2000;

async function ask() {
  if (document.hidden) return true;
  let answer;
  try {
    const response = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
    answer = await response.json();
  } catch {
    return true; // The network is gone for a moment: ask again.
  }
  if (answer.state === "confirmed") {
    form.submit();
    return false;
  }
  if (answer.state === "refused" || answer.state === "used") {
    location.reload();
    return false;
  }
  if (words.textContent !== answer.words) words.textContent = answer.words;
  // Expired: the page is left as it is, so that a forgotten browser does not ask for ever.
  if (answer.state === "expired") {
    box.classList.add("entry-over");
    return false;
  }
  return true;
}

async function wait() {
  if (await ask()) setTimeout(wait, EVERY_MS);
}

setTimeout(wait, EVERY_MS);
