// The buttons that move the demo's clock on.
export function ask(address, body) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).then(async (answer) => {
    const result = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(result.error || `HTTP ${answer.status}`);
    return result;
  });
}

export function showNow(text) {
  for (const place of document.querySelectorAll("[data-now]")) place.textContent = text;
}

function spoken(iso) {
  const parts = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(iso));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const month = part.month.replace("月", "");
  return `${part.year}年${month}月${part.day}日 ${part.weekday} ${part.hour}:${part.minute}`;
}

export function startClocks(afterwards = () => {}) {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const said = clock.querySelector("[data-clock-said]");
    const buttons = clock.querySelectorAll("[data-advance]");
    for (const button of buttons) {
      button.addEventListener("click", async () => {
        for (const each of buttons) each.disabled = true;
        said.textContent = "正在办到期的事…";
        try {
          const body = { [button.dataset.advance]: Number(button.dataset.amount) };
          showNow(spoken((await ask(clock.dataset.clock, body)).now));
          said.textContent = "";
          afterwards();
        } catch (error) {
          said.textContent = `时钟没有动：${error.message}`;
        }
        for (const each of buttons) each.disabled = false;
      });
    }
  }
}
