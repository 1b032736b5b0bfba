// Asks whether WeChat may tell of the next step, where WeChat's own script is there to do it.
// What was said reaches the service by WeChat's event: this page only thanks for it.
const box = document.getElementById("ask");
const tag = document.getElementById("ask-tag");

function isAllowed(detail) {
  try {
    const said = JSON.parse(detail.subscribeDetails)[tag.getAttribute("template")];
    return JSON.parse(said).status === "accept";
  } catch (_) {
    return false;
  }
}

function thank(words) {
  const told = document.getElementById("ask-told");
  told.textContent = words;
  box.hidden = true;
}

async function start() {
  const here = location.href.split("#")[0];
  const answer = await fetch(`${box.dataset.sign}?url=${encodeURIComponent(here)}`, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) return;
  const signed = await answer.json();
  tag.addEventListener("success", (event) => {
    thank(isAllowed(event.detail) ? box.dataset.yes : box.dataset.no);
  });
  document.addEventListener("WeixinOpenTagsError", () => {
    box.hidden = true;
  });
  window.wx.ready(() => {
    box.hidden = false;
  });
  // With no call at all in the list some versions draw no tag.
  window.wx.config({ debug: false, ...signed, jsApiList: ["checkJsApi"] });
}

if (box && window.wx) start().catch(() => {});
