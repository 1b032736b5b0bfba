// Copies an address: the button is there only where a script can do it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const input = document.getElementById(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    input.focus();
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch (_) {
      document.execCommand("copy");
    }
    told.textContent = button.dataset.done;
  });
}
