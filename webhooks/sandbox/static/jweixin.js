// In the place of WeChat's own script for pages: wx.config, wx.ready, and the tag that asks for
// subscription messages. What it draws is in shadow roots: the page's style ends there.
(() => {
  const root = new URL("..", document.currentScript.src);
  const waiting = { ready: [], error: [] };
  let account = "";
  let state = "";

  const look = new CSSStyleSheet();
  look.replaceSync(`
    dialog { position: fixed; inset: auto 0 0 0; width: 100%; max-width: none; margin: 0; border: 0;
      padding: 1.5rem 1.25rem 1.75rem; border-radius: 0.9rem 0.9rem 0 0; box-sizing: border-box;
      font: 18px/1.5 system-ui, sans-serif; color: #191919; background: #fff; }
    dialog::backdrop { background: rgb(0 0 0 / 55%); }
    h2 { margin: 0 0 0.75rem; font-size: 1.1rem; }
    p { margin: 0 0 1.25rem; padding: 0.75rem; background: #f7f7f7; border-radius: 0.4rem; }
    div { display: flex; gap: 1rem; justify-content: center; }
    button { min-width: 8rem; min-height: 2.75rem; border: 0; border-radius: 0.4rem; font: inherit;
      font-weight: 600; background: #f2f2f2; color: #06603c; }
    button.yes { background: #06703f; color: #fff; }
  `);

  async function ask(path, body) {
    const answer = await fetch(new URL(path, root), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    return said;
  }

  function make(name, words, kind) {
    const node = document.createElement(name);
    node.textContent = words;
    if (kind) node.className = kind;
    return node;
  }

  // Asks the person; resolves to true for 允许.
  function prompt() {
    const host = document.body.appendChild(document.createElement("aside"));
    const inside = host.attachShadow({ mode: "open" });
    inside.adoptedStyleSheets = [look];
    const dialog = document.createElement("dialog");
    const no = make("button", "取消");
    const yes = make("button", "允许", "yes");
    const buttons = document.createElement("div");
    buttons.append(no, yes);
    dialog.append(make("h2", `${account} 申请给你发通知`), make("p", "办事进展提醒"), buttons);
    dialog.setAttribute("aria-label", "订阅通知");
    inside.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      let said = false;
      yes.addEventListener("click", () => {
        said = true;
        dialog.close();
      });
      no.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => {
        host.remove();
        resolve(said);
      });
    });
  }

  class Subscribe extends HTMLElement {
    connectedCallback() {
      const words = this.querySelector("template");
      const inside = this.attachShadow({ mode: "closed" });
      const button = make("span", words ? words.content.textContent : "订阅");
      // Set by script, so that no page's policy minds.
      Object.assign(button.style, {
        display: "flex", alignItems: "center", justifyContent: "center", minHeight: "100%",
      });
      inside.append(button);
      this.tabIndex = 0;
      this.setAttribute("role", "button");
      this.setAttribute("aria-label", button.textContent);
      this.addEventListener("click", () => this.open());
      this.addEventListener("keydown", (event) => event.key === "Enter" && this.open());
    }

    async open() {
      const template = this.getAttribute("template");
      try {
        const accept = await prompt();
        await ask("sdk/popup", { template, accept });
        const status = JSON.stringify({ status: accept ? "accept" : "reject" });
        const subscribeDetails = JSON.stringify({ [template]: status });
        this.tell("success", { errMsg: "subscribe:ok", subscribeDetails });
      } catch (error) {
        this.tell("error", { errMsg: `subscribe:fail ${error.message}`, errCode: "20001" });
      }
    }

    tell(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail }));
    }
  }

  function settle(now, detail) {
    state = now;
    for (const call of waiting[now]) call(detail);
  }

  window.wx = {
    ready: (call) => (state === "ready" ? call() : waiting.ready.push(call)),
    error: (call) => waiting.error.push(call),
    config: async (given) => {
      try {
        const { debug, jsApiList, openTagList, ...signed } = given;
        account = (await ask("sdk/config", { ...signed, url: location.href })).account;
        if (openTagList?.includes("wx-open-subscribe")) {
          customElements.define("wx-open-subscribe", Subscribe);
        }
        settle("ready");
      } catch (error) {
        settle("error", { errMsg: error.message });
      }
    },
  };
})();
