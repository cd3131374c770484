/*
 * The moderators' queue with one key for each decision and without losing the place; nothing here
 * is needed. Decisions are the same forms as without it, sent by fetch; what comes back is the page
 * /mod/done, of which the notice and the counts are taken. No words of its own: the page brings them.
 */
(() => {
  "use strict";

  const main = document.querySelector("[data-console]");
  const panel = document.getElementById("keys");
  if (!main || !panel) return;

  const KEPT = "aitys-console";
  const DWELL_MS = 1500; // so long somebody looks at a card before it is claimed
  const make = (name, props) => Object.assign(document.createElement(name), props);
  const words = panel.dataset;
  const status = document.querySelector("[data-said]");
  const decided = []; // cards that were decided on here, the newest last
  let current = null; // the card that keys are about
  let asking = null; // { card, button, box }: which reason?

  const say = (text) => {
    status.textContent = "";
    requestAnimationFrame(() => {
      status.textContent = text;
    });
  };
  const cards = () => [...main.querySelectorAll("article.case")];
  const open = () => cards().filter((card) => !card.classList.contains("line"));

  // ---- What the moderator set: on or off, other keys. Strict browsers may refuse to keep it. ----

  const inputs = [...panel.querySelectorAll("[data-does]")];
  const own = { on: true, keys: Object.fromEntries(inputs.map((i) => [i.dataset.does, i.value])) };
  const keep = () => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(own));
    } catch {
      // until the page is left
    }
  };

  function restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT)) || {};
      own.on = kept.on !== false;
      for (const i of inputs) {
        const key = (kept.keys || {})[i.dataset.does];
        if (typeof key === "string" && key.length === 1) own.keys[i.dataset.does] = key;
      }
    } catch {
      // as it was delivered
    }
  }

  function settings() {
    const on = document.getElementById("keys-on");
    restore();
    on.checked = own.on;
    on.addEventListener("change", () => {
      own.on = on.checked;
      keep();
    });
    for (const i of inputs) {
      const does = i.dataset.does;
      i.value = own.keys[does];
      i.addEventListener("focus", () => i.select());
      i.addEventListener("input", () => {
        const key = i.value.toLowerCase();
        if (!key.trim()) return;
        const taken = /\d/.test(key) || Object.entries(own.keys).some(([d, k]) => d !== does && k === key);
        if (taken) {
          say(words.taken);
          i.value = own.keys[does];
          return;
        }
        own.keys[does] = key;
        keep();
      });
      i.addEventListener("blur", () => {
        i.value = own.keys[does];
      });
    }
    panel.hidden = false;
    const title = panel.querySelector("h2").textContent;
    main.querySelector(".filter").before(make("a", { href: "#keys", textContent: title, className: "to-keys" }));
  }

  // ---- Sending a form as it is, and reading the page that answers --------------------------------

  // Tokens belong to a sign-in: after another one, in another tab, the refused form comes back with
  // a new token. This page then takes that for all of its forms, and it is sent once more.
  async function send(address, fields) {
    const body = new URLSearchParams(fields);
    body.set("next", main.dataset.done);
    for (let again = false; ; again = true) {
      const answer = await fetch(address, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = !again && answer.status === 403 && page.querySelector('.decide [name="token"]');
      if (!fresh) return { ok: answer.ok, isStale: answer.status === 409, page };
      body.set("token", fresh.value);
      for (const old of document.querySelectorAll('[name="token"]')) old.value = fresh.value;
    }
  }

  // The counts of the page that came, where this page has counts.
  function count(page) {
    for (const place of main.querySelectorAll("[data-count]")) {
      const now = page.querySelector(`[data-count="${place.dataset.count}"]`);
      place.textContent = now ? now.textContent : "";
    }
    const found = [main, page].map((p) => p.querySelector("[data-found]"));
    if (found[0] && found[1]) found[0].textContent = found[1].textContent;
    const waiting = page.querySelector("[data-waiting]");
    if (!waiting) return;
    main.querySelector("[data-waiting]").textContent = waiting.textContent;
    const bar = document.querySelector('.modbar a[href="/mod"]');
    const fresh = page.querySelector('.modbar a[href="/mod"]');
    if (bar && fresh) bar.textContent = fresh.textContent;
  }

  function complain(card, page) {
    const from = page ? [".error", ".problem b", "main :is(h1, .standfirst)"].map((s) => [...page.querySelectorAll(s)]).find((all) => all.length) : [];
    const text = (from || []).map((part) => part.textContent.trim()).join(" ");
    const door = page && page.querySelector('main .turn a[href*="?next="]');
    const line = card.querySelector(".failed") || make("p", { className: "failed error" });
    line.setAttribute("role", "alert");
    line.textContent = text || words.failed;
    if (door) line.append(" ", make("a", { href: door.getAttribute("href"), target: "_blank", textContent: door.textContent }));
    (card.querySelector("form") || card).prepend(line);
  }

  // A card that was not as it stood here any more becomes what it is now, as the page that came has
  // it, reason and note included. Its old tick would not count.
  function renew(card, page) {
    const fresh = page.getElementById(card.id);
    const links = card.querySelector(":scope > .do");
    const tick = card.querySelector('[name="chosen"]');
    if (!fresh || !links) return;
    if (tick) tick.parentNode.remove();
    fresh.querySelector(":scope > .do").replaceWith(links);
    card.replaceChildren(...fresh.childNodes);
    card.focus();
  }

  // ---- Moving ------------------------------------------------------------------------------------

  function go(card) {
    if (!card) {
      say(words.end);
      return;
    }
    current = card;
    card.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cards();
    const at = all.indexOf(current);
    go(at < 0 ? all[0] : all[at + by]);
  }

  // ---- Deciding ----------------------------------------------------------------------------------

  function collapse(card, notice) {
    const inside = document.createDocumentFragment();
    inside.append(...card.childNodes);
    card.append(document.adoptNode(notice));
    card.classList.add("line");
    decided.push({ card, inside });
  }

  async function decide(card, button) {
    const form = button.form;
    if (card.dataset.busy) return;
    card.dataset.busy = "1";
    stopAsking();
    say(words.busy);
    const after = open().slice(open().indexOf(card) + 1)[0];
    try {
      const { ok, isStale, page } = await send(button.formAction, new FormData(form));
      const notice = page.querySelector("[data-notice]");
      if (isStale) renew(card, page);
      if (!ok || !notice) throw page;
      count(page);
      const text = notice.querySelector("p").textContent;
      collapse(card, notice);
      go(after || card);
      say(after ? text : `${text} ${words.end}`);
    } catch (e) {
      complain(card, e.querySelector ? e : null);
    }
    delete card.dataset.busy;
  }

  async function undo(form) {
    const at = decided.findIndex((d) => d.card.contains(form));
    if (at < 0) return;
    const { card, inside } = decided[at];
    try {
      const { ok, page } = await send(form.action, new FormData(form));
      const notice = page.querySelector("[data-notice]");
      if (!ok || !notice) throw page;
      count(page);
      card.replaceChildren(inside);
      card.classList.remove("line");
      for (const old of card.querySelectorAll(".failed")) old.remove();
      decided.splice(at, 1);
      go(card);
      say(notice.querySelector("p").textContent);
    } catch (e) {
      complain(card, e.querySelector ? e : null);
    }
  }

  // ---- Which reason? -----------------------------------------------------------------------------

  function stopAsking() {
    if (asking) asking.box.remove();
    asking = null;
  }

  function choose(option) {
    const { card, button } = asking;
    button.form.elements.reason.value = option.value;
    stopAsking();
    if (!("note" in option.dataset)) {
      decide(card, button);
      return;
    }
    const note = button.form.elements.note;
    const details = note.closest("details");
    if (details) details.open = true;
    note.focus();
  }

  function ask(card, button) {
    const select = button.form.elements.reason;
    stopAsking();
    if (!select || select.value) {
      decide(card, button);
      return;
    }
    const box = make("div", { className: "reasons" });
    const list = make("ol");
    box.append(make("p", { textContent: words.reason }), list);
    for (const option of [...select.options].slice(1)) {
      const line = make("li");
      const pick = make("button", { type: "button", textContent: option.textContent });
      pick.addEventListener("click", () => choose(option));
      line.append(pick);
      list.append(line);
    }
    button.form.prepend(box);
    asking = { card, button, box };
    say(words.reason);
    box.scrollIntoView({ block: "nearest" });
  }

  // ---- Keys --------------------------------------------------------------------------------------

  function press(does) {
    const card = current && current.isConnected ? current : open()[0];
    const names = does === "feature" ? ["feature", "unfeature"] : [does];
    const button = card && names.map((n) => card.querySelector(`.decide [data-key="${n}"]`)).find(Boolean);
    if (!button) return;
    current = card;
    if (does === "reject" || does === "withdraw") ask(card, button);
    else decide(card, button);
  }

  const does = {
    next: () => step(1),
    previous: () => step(-1),
    undo() {
      const newest = decided[decided.length - 1];
      const form = newest ? newest.card.querySelector("form") : main.querySelector("[data-notice] form");
      if (form) form.requestSubmit();
    },
    choose() {
      const box = current && current.querySelector('[name="chosen"]');
      if (!box) return;
      box.checked = !box.checked;
      say(`${words.chosen} ${main.querySelectorAll('[name="chosen"]:checked').length}`);
    },
    filter() {
      const filter = main.querySelector("details.filter");
      filter.open = true;
      filter.querySelector("select").focus();
    },
    help() {
      panel.scrollIntoView();
      panel.focus();
    },
  };

  // A key by what is printed on it; on keyboards without Latin letters by its place.
  function doing(e) {
    const key = e.key.toLowerCase();
    const place = /^Key[A-Z]$/.test(e.code) && !/^[\x20-\x7e]$/.test(key) ? e.code.slice(3).toLowerCase() : key;
    const found = Object.entries(own.keys).find(([, k]) => k === key) || Object.entries(own.keys).find(([, k]) => k === place);
    return found && found[0];
  }

  function onKey(e) {
    const typing = e.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!own.on || typing || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented) return;
    if (asking && e.key === "Escape") {
      const { card } = asking;
      stopAsking();
      go(card);
      return;
    }
    if (asking && /^[1-9]$/.test(e.key)) {
      const option = asking.button.form.elements.reason.options[Number(e.key)];
      e.preventDefault();
      if (option) choose(option);
      return;
    }
    const what = doing(e);
    if (!what || e.repeat) return;
    e.preventDefault();
    if (does[what]) does[what]();
    else press(what);
  }

  // ---- Claims: where others of the team are at work, a card that is looked at is one's own -------

  let claimed = null;
  let waits = 0;

  async function claim(card) {
    const token = card.querySelector('[name="token"]');
    if (!token || claimed === card) return;
    if (claimed) release();
    claimed = card;
    const { ok, page } = await send(`/mod/comments/${card.dataset.id}/claim`, { token: token.value });
    if (!ok) {
      claimed = null;
      complain(card, page);
    }
  }

  function release() {
    const token = claimed && claimed.querySelector('[name="token"]');
    if (token && !claimed.classList.contains("line"))
      navigator.sendBeacon(`/mod/comments/${claimed.dataset.id}/release`, new URLSearchParams({ token: token.value, next: main.dataset.done }));
    claimed = null;
  }

  // ---- Start -------------------------------------------------------------------------------------

  settings();
  document.addEventListener("keydown", onKey);
  main.addEventListener("focusin", (e) => {
    const card = e.target.closest("article.case");
    if (!card) return;
    current = card;
    clearTimeout(waits);
    if ("shared" in main.dataset) waits = setTimeout(() => claim(card).catch(() => {}), DWELL_MS);
  });
  window.addEventListener("pagehide", release);
  main.addEventListener("submit", (e) => {
    const card = e.target.closest("article.case");
    if (!card) return;
    if (e.target.classList.contains("decide")) {
      if (!e.submitter) return;
      e.preventDefault();
      decide(card, e.submitter);
    } else if (decided.some((d) => d.card === card)) {
      e.preventDefault();
      undo(e.target);
    }
  });
})();
