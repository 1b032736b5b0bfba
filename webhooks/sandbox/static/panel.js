// The foot of the phone: the account's menu, the keyboard, and what is behind ＋.
import { make, openLink } from "./bubbles.js";

const find = (id) => document.getElementById(id);
const panel = find("panel");
const parts = [...panel.querySelectorAll("[data-part]")];

export function showPart(name) {
  for (const part of parts) part.hidden = part.dataset.part !== name;
  panel.hidden = !name;
  find("plus").setAttribute("aria-expanded", String(Boolean(name)));
}

function closePopups() {
  for (const column of find("columns").querySelectorAll("[aria-expanded=true]")) {
    column.setAttribute("aria-expanded", "false");
    column.nextElementSibling.hidden = true;
  }
}

function tap(button, say) {
  closePopups();
  if (button.type === "view" || button.type === "miniprogram") {
    window.open(openLink(button.url), "_blank", "noopener");
    say({ view: button.url });
  } else if (button.key) {
    say({ click: button.key });
  }
}

function entry(button, say) {
  const node = make("button", "", button.name);
  node.type = "button";
  node.addEventListener("click", () => tap(button, say));
  return node;
}

function column(button, say) {
  const box = make("div", "column");
  if (!button.sub_button?.length) {
    box.append(entry(button, say));
    return box;
  }
  const opener = make("button", "has-more", button.name);
  opener.type = "button";
  opener.setAttribute("aria-expanded", "false");
  const list = make("div", "popup", ...button.sub_button.map((sub) => entry(sub, say)));
  list.hidden = true;
  opener.addEventListener("click", () => {
    const wasHidden = list.hidden;
    closePopups();
    list.hidden = !wasHidden;
    opener.setAttribute("aria-expanded", String(wasHidden));
  });
  box.append(opener, list);
  return box;
}

let shown = "";

// Called at every poll: redraws only what has changed.
export function refresh(feed, say) {
  const key = JSON.stringify([feed.menu, feed.following, feed.codes, feed.blocks, feed.subscriptions]);
  if (key === shown) return;
  shown = key;
  find("columns").replaceChildren(...feed.menu.map((button) => column(button, say)));
  find("blocks").setAttribute("aria-pressed", String(feed.blocks));
  find("blocks").textContent = feed.blocks ? "已拒收模板消息，点此恢复" : "拒收模板消息";
  find("subscriptions").replaceChildren(
    ...feed.subscriptions.map((each) => subscription(each, say)),
  );
  find("codes").replaceChildren(
    ...feed.codes.map(({ scene, expired }) => {
      const node = make("button", "", expired ? `${scene}（已过期）` : scene);
      node.type = "button";
      node.disabled = expired;
      node.addEventListener("click", () => say({ scan: scene }));
      return make("li", "", node);
    }),
  );
  if (!feed.codes.length) find("codes").append(make("li", "empty", "还没有生成过二维码。"));
  showRows(feed, sessionStorage.getItem("keyboard") === "yes");
}

let latest = { menu: [], following: true };

// WeChat's own settings of the account: what was allowed, and a way to refuse it.
function subscription({ template, lasting, left, refused }, say) {
  const state = refused ? "已拒收" : lasting && left ? "一直接收" : `还能收 ${left} 条`;
  const row = make("li", "", make("span", "", `办事进展提醒：${state}`));
  if (!refused) {
    const off = make("button", "", "不再接收");
    off.type = "button";
    off.addEventListener("click", () => say({ refuse: { template } }));
    row.append(off);
  }
  return row;
}

function showRows(feed, keyboard) {
  latest = feed;
  const hasMenu = feed.menu.length > 0;
  find("follow-row").hidden = feed.following;
  find("menu-row").hidden = !feed.following || !hasMenu || keyboard;
  find("input-row").hidden = !feed.following || (hasMenu && !keyboard);
  find("to-menu").hidden = !hasMenu;
}

function useKeyboard(yes) {
  sessionStorage.setItem("keyboard", yes ? "yes" : "no");
  closePopups();
  showPart("");
  showRows(latest, yes);
  if (yes) find("text").focus();
}

// Pictures are made smaller before they go, as WeChat does.
async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", 0.85);
}

async function sendPicture(file, say, complain) {
  try {
    say({ image: await shrink(file) });
  } catch {
    complain("这个文件不是能打开的照片，请换一张 JPG 或 PNG。");
  }
}

export function startFoot(say, complain) {
  const act = (what) => {
    showPart("");
    say(what);
  };
  const number = (id) => Number(find(id).value);
  find("to-keyboard").addEventListener("click", () => useKeyboard(true));
  find("to-menu").addEventListener("click", () => useKeyboard(false));
  find("plus").addEventListener("click", () => showPart(panel.hidden ? "tiles" : ""));
  for (const button of document.querySelectorAll("[data-panel]")) {
    button.addEventListener("click", () => {
      showPart(button.dataset.panel);
      panel.querySelector("[data-part]:not([hidden]) :is(textarea, button)")?.focus();
    });
  }
  for (const button of panel.querySelectorAll("[data-sample]")) {
    button.addEventListener("click", async () => {
      showPart("");
      const answer = await fetch(button.dataset.sample);
      sendPicture(await answer.blob(), say, complain);
    });
  }
  find("file").addEventListener("change", () => {
    const [file] = find("file").files;
    find("file").value = "";
    showPart("");
    if (file) sendPicture(file, say, complain);
  });
  find("voice-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act({ voice: find("voice").value.trim() });
    find("voice").value = "";
  });
  for (const button of panel.querySelectorAll("[data-latitude]")) {
    const { latitude, longitude, label } = button.dataset;
    const location = { latitude: Number(latitude), longitude: Number(longitude), label };
    button.addEventListener("click", () => act({ location }));
  }
  find("place-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [latitude, longitude] = [number("latitude"), number("longitude")];
    act({ location: { latitude, longitude, label: find("label").value.trim() } });
  });
  find("scan-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act({ scan: find("scene").value.trim() });
    find("scene").value = "";
  });
  find("follow").addEventListener("click", () => act({ follow: true }));
  find("unfollow").addEventListener("click", () => act({ unfollow: true }));
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".column")) closePopups();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closePopups();
      showPart("");
    }
  });
}
