// Nothing here is needed: it lets the page say goodbye, look again while work is under way, and show a result at once.
"use strict";
(() => {
  const origin = location.origin;
  const me = new URLSearchParams({ page: crypto.randomUUID() });
  addEventListener("pageshow", () => fetch("/bonjour", { method: "POST", body: me }));
  addEventListener("pagehide", () => navigator.sendBeacon(origin + "/adieu", me));

  const problems = document.getElementById("errors");
  if (problems) problems.focus();

  const waiting = document.getElementById("waiting");
  if (waiting) {
    const look = async () => {
      const answer = await fetch("/attente");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.getElementById("said");
      if (!said) { location.replace(answer.url); return; }
      const here = document.getElementById("said");
      if (here.textContent !== said.textContent) here.textContent = said.textContent;
      setTimeout(look, 300);
    };
    look().catch(() => {});
  }

  const form = document.querySelector("form[data-live]");
  if (form) {
    let asked = 0;
    form.addEventListener("input", () => {
      const mine = ++asked;
      setTimeout(async () => {
        if (mine !== asked) return;
        const answer = await fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (answer.ok && mine === asked) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          document.getElementById("live").replaceChildren(...page.body.childNodes);
        }
      }, 250);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
    });
  }

  for (const button of document.querySelectorAll("[data-png]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = await (await fetch(button.dataset.png)).text();
      const image = new Image();
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = 1680; canvas.height = 1320;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.download = "auditkit.png";
      link.href = canvas.toDataURL("image/png");
      link.click();
    });
  }
})();
