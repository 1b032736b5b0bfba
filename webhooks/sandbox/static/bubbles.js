// Draws what is on the phone. Everything is put in as text, never as markup.
const phone = document.getElementById("phone");

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function openLink(url) {
  return `${phone.dataset.open}?url=${encodeURIComponent(url)}`;
}

function link(className, url, ...children) {
  const node = make("a", className, ...children);
  node.href = openLink(url);
  node.target = "_blank";
  node.rel = "noopener";
  return node;
}

function saying(className, words, option, say) {
  const node = make("button", className, words.label);
  node.type = "button";
  node.addEventListener("click", () => say({ text: words.text, menu_id: option }));
  return node;
}

function pieces(segments, say) {
  return segments.map((piece) => {
    if (piece.href) return link("", piece.href, piece.text);
    if (piece.say) {
      return saying("inline", { label: piece.text, text: piece.say }, piece.menu_id, say);
    }
    return document.createTextNode(piece.text);
  });
}

function plain(segments) {
  return segments.map((piece) => piece.text).join("");
}

function picture(url, className) {
  const image = make("img", className);
  image.src = url;
  image.alt = "图片";
  image.addEventListener("load", () => image.dispatchEvent(new Event("grown", { bubbles: true })));
  return image;
}

function photo(url) {
  const node = make("a", "photo", picture(url, ""));
  node.href = url;
  node.target = "_blank";
  return node;
}

function card(item) {
  const rows = make("dl", "rows");
  for (const row of item.rows) rows.append(make("dt", "", row.label), make("dd", "", row.value));
  const title = make("p", "card-title", item.channel === "subscribe" ? "订阅通知" : "服务通知");
  const inside = [title, rows];
  if (!item.url) return make("div", "card", ...inside);
  return link("card", item.url, ...inside, make("span", "card-more", "查看详情"));
}

function news(item) {
  const list = make("div", "news");
  item.articles.forEach((article, index) => {
    const text = make("span", "news-text", make("strong", "", article.title));
    if (article.description && item.articles.length === 1) {
      text.append(make("small", "", article.description));
    }
    const inside = article.picture ? [picture(article.picture, "news-picture"), text] : [text];
    const name = index === 0 ? "article" : "article small";
    list.append(
      article.url ? link(name, article.url, ...inside) : make("div", name, ...inside),
    );
  });
  return list;
}

function menu(item, say) {
  const box = make("div", "bubble choice");
  if (item.head.length) box.append(make("p", "", ...pieces(item.head, say)));
  for (const { id, content } of item.options) {
    box.append(saying("option", { label: content, text: content }, id, say));
  }
  if (item.tail.length) box.append(make("p", "tail", ...pieces(item.tail, say)));
  return box;
}

function body(item, say) {
  switch (item.type) {
    case "image":
      return item.url ? photo(item.url) : make("p", "bubble", "[图片]");
    case "voice": {
      const words = plain(item.text || []);
      const seconds = Math.max(1, Math.min(60, Math.ceil(words.length / 4)));
      const box = make("div", "voice", make("p", "bubble voice-bar", `${seconds}″`));
      if (words) box.append(make("p", "voice-text", words));
      return box;
    }
    case "location":
      return make(
        "div",
        "location",
        make("p", "", plain(item.text) || "位置"),
        make("small", "", `${item.latitude.toFixed(4)}，${item.longitude.toFixed(4)}`),
        make("span", "map"),
      );
    case "template":
      return card(item);
    case "news":
      return news(item);
    case "msgmenu":
      return menu(item, say);
    case "text":
      return make("p", "bubble", ...pieces(item.text, say));
    default:
      return make("p", "bubble", `[${item.type}]`);
  }
}

function avatar(item) {
  const mine = item.side === "phone";
  const name = mine ? phone.dataset.person : phone.dataset.account;
  const node = make("span", `avatar ${mine ? `colour-${phone.dataset.personColour}` : "official"}`);
  node.textContent = name.slice(0, 1);
  node.setAttribute("aria-hidden", "true");
  return node;
}

export function bubble(item, say) {
  if (item.type === "note" || item.type === "outage") {
    return make("p", "note", plain(item.text));
  }
  if (item.type === "template" || item.type === "news" || item.channel === "subscribe") {
    return make("div", "message wide", item.type === "news" ? news(item) : card(item));
  }
  const side = item.side === "phone" ? "mine" : "theirs";
  const who = make("span", "hidden", item.side === "phone" ? "你：" : `${phone.dataset.account}：`);
  return make("div", `message ${side}`, avatar(item), make("div", "content", who, body(item, say)));
}
