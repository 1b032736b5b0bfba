// The list of people: the clock, and somebody new.
import { ask, startClocks } from "./clock.js";

startClocks();

const form = document.querySelector("[data-add]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "正在关注…";
  try {
    const { openid } = await ask(form.dataset.add, Object.fromEntries(new FormData(form)));
    location.assign(form.dataset.chat.replace(/_$/, encodeURIComponent(openid)));
  } catch (error) {
    said.textContent = `没有关注上：${error.message}`;
    button.disabled = false;
  }
});
