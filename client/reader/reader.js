/*
 * What a browser may add to the page; nothing here is needed. For every form.write: a counter of
 * the characters that remain, a preview, a draft that survives a reload, replies in place, and a
 * guard against sending twice. No words of its own: the page brings them.
 */
(() => {
  "use strict";

  const DRAFT = "aitys-draft-";
  const SENT = "aitys-sent-";
  const NEAR = [100, 50, 20, 10, 5, 0];
  const make = (name, className) => Object.assign(document.createElement(name), { className });

  // Private windows and strict settings may refuse storage; then there are no drafts.
  const store = {
    get(key) {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value) sessionStorage.setItem(key, value);
        else sessionStorage.removeItem(key);
      } catch {
        // nothing is kept
      }
    },
    keys() {
      try {
        return Object.keys(sessionStorage);
      } catch {
        return [];
      }
    },
  };

  // What was sent and led to another page has arrived: its draft may go. After a reload or a step
  // back nothing is known, so the draft stays.
  function dropSentDrafts() {
    const [how] = performance.getEntriesByType("navigation");
    const arrived = how && how.type === "navigate" && !document.getElementById("errors");
    for (const key of store.keys()) {
      if (!key.startsWith(SENT)) continue;
      if (arrived) store.set(DRAFT + key.slice(SENT.length));
      store.set(key);
    }
  }

  // How the server treats code points when it counts characters: src/view/cluster_table.c explains
  // the runs. The browser's own segmenter follows another version of Unicode than the server, so
  // it would be wrong now and then.
  const CLUSTERS = "@CLUSTERS@";

  function readClusters() {
    const starts = [];
    const ends = [];
    const classes = [];
    let at = 0;
    for (const run of CLUSTERS.split(",")) {
      const [, gap, name, length] = /^(\w+?)([A-Z])(\w*)$/.exec(run) || [];
      if (!name) continue;
      at += parseInt(gap, 36);
      starts.push(at);
      at += length ? parseInt(length, 36) : 1;
      ends.push(at);
      classes.push(name);
    }
    return (c) => {
      if (c >= 0xac00 && c <= 0xd7a3) return (c - 0xac00) % 28 ? "LVT" : "LV";
      let from = 0;
      let to = starts.length;
      while (from < to) {
        const middle = (from + to) >> 1;
        if (c >= ends[middle]) from = middle + 1;
        else if (c < starts[middle]) to = middle;
        else return classes[middle];
      }
      return "O";
    };
  }

  // Which Hangul may follow which within one character.
  const HANGUL = { L: ["L", "V", "LV", "LVT"], LV: ["V", "T"], V: ["V", "T"], LVT: ["T"], T: ["T"] };

  // Extended grapheme clusters by the rules of UAX #29, as text/count.c has them.
  function counter() {
    const classOf = readClusters();
    const joins = (k, c) =>
      k.last !== "C" &&
      c !== "C" &&
      ("EKNZSM".includes(c) ||
        k.last === "P" ||
        (HANGUL[k.last] || []).includes(c) ||
        (k.linked && c === "Q") ||
        (k.joined && c === "X") ||
        (k.flag && c === "R"));
    const next = (k, c) => {
      const linker = c === "K" || c === "M";
      const keeps = c === "E" || c === "Z";
      return {
        last: c,
        joined: k.picture && c === "Z",
        picture: c === "X" || ("EKN".includes(c) && k.picture),
        flag: c === "R" && !k.flag,
        linked: k.consonant && (linker || (k.linked && keeps)),
        consonant: c === "Q" || (k.consonant && (linker || keeps)),
      };
    };
    return (text) => {
      let n = 0;
      let k = {};
      for (const char of text.replace(/\r\n?/g, "\n")) {
        const c = char >= " " && char <= "~" ? "O" : classOf(char.codePointAt(0));
        if (n > 0 && joins(k, c)) {
          k = next(k, c);
        } else {
          n++;
          k = next({}, c);
        }
      }
      return n;
    };
  }

  function count(form, text) {
    const max = Number(form.dataset.max);
    const left = form.querySelector(".left");
    const shown = form.querySelector(".count");
    if (!left || !max) return () => {};
    const chars = counter();
    // The page's digits: its last one is max's. Left of them a minus, where the language begins.
    const zero = shown.textContent.trim().slice(-1).charCodeAt(0) - (max % 10);
    const minus = document.dir === "rtl" ? "\u061c\u2212" : "\u2212";
    const digits = (n) => `${n < 0 ? minus : ""}${Math.abs(n)}`.replace(/\d/g, (d) => String.fromCharCode(zero + Number(d)));
    // Screen readers hear the number only when a mark near the end is passed.
    const said = make("span", "unseen");
    said.setAttribute("role", "status");
    left.after(said);
    let mark = NEAR.length;
    let waits = 0;
    const update = () => {
      waits = 0;
      const rest = max - chars(text.value);
      shown.textContent = `${digits(rest)} / ${digits(max)}`;
      left.classList.toggle("over", rest < 0);
      const now = NEAR.filter((m) => rest <= m).length + (rest < 0 ? 1 : 0);
      if (now > 0 && now !== mark) said.textContent = left.firstElementChild.textContent + shown.textContent;
      mark = now;
    };
    update();
    return () => {
      waits = waits || requestAnimationFrame(update);
    };
  }

  function preview(form, text, status) {
    const button = form.querySelector(".see");
    const box = form.querySelector(".preview");
    let running = null;
    const stop = () => {
      if (running) running.abort();
      running = null;
      box.hidden = true;
    };
    if (!form.dataset.preview || !button) return stop;
    button.hidden = false;
    button.addEventListener("click", async () => {
      stop();
      if (!text.value.trim()) return text.focus();
      const mine = new AbortController();
      running = mine;
      try {
        const answer = await fetch(form.dataset.preview, {
          method: "POST",
          body: new URLSearchParams({ text: text.value, token: form.elements.token.value }),
          signal: mine.signal,
        });
        if (!answer.ok) throw new Error(answer.status);
        const html = await answer.text();
        if (running !== mine) return;
        box.innerHTML = html;
        box.dir = "auto";
        box.hidden = false;
        box.focus();
        status("");
      } catch {
        if (!mine.signal.aborted) status("failed");
      }
    });
    return stop;
  }

  // The form goes below the comment that is answered, and back.
  function replies(form, text) {
    const place = document.createComment("");
    const field = form.elements.reply_to;
    const target = form.querySelector(".target");
    const cancel = form.querySelector(".cancel");
    const title = form.querySelector("h3");
    const home = field && { to: field.value, title: title.textContent, hidden: target.hidden };
    let link = null;
    if (!home || !title.dataset.reply) return null;

    const back = () => {
      if (!link) return;
      place.replaceWith(form);
      field.value = home.to;
      title.textContent = home.title;
      target.hidden = home.hidden;
      cancel.hidden = true;
      form.dispatchEvent(new Event("moved"));
      link.focus();
      link = null;
    };
    const under = (number, focus) => {
      const said = document.getElementById(`c${number}`);
      const reply = said && said.querySelector("a.reply");
      if (!reply || form.contains(reply)) return false;
      if (!link) form.replaceWith(place);
      link = reply;
      said.append(form);
      field.value = number;
      title.textContent = title.dataset.reply;
      target.querySelector("bdi").textContent = said.querySelector("h3").textContent;
      target.hidden = false;
      cancel.hidden = false;
      form.dispatchEvent(new Event("moved"));
      if (focus) text.focus();
      return true;
    };
    document.addEventListener("click", (e) => {
      const a = e.target.closest("a.reply");
      const plain = !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey && e.button === 0;
      if (a && plain && under(a.closest("li").id.slice(1), true)) e.preventDefault();
    });
    cancel.addEventListener("click", back);
    form.addEventListener("keydown", (e) => {
      if (e.key === "Escape" && !e.isComposing) back();
    });
    return under;
  }

  // The draft of one conversation: its text and what it answers. It lives as long as the tab.
  function drafts(form, text, under, status) {
    const name = form.dataset.draft;
    const key = DRAFT + name;
    const field = form.elements.reply_to;
    if (!name) return;
    const save = () => {
      const draft = { text: text.value, to: field ? field.value : "" };
      store.set(key, text.value.trim() ? JSON.stringify(draft) : "");
    };
    let draft = null;
    try {
      draft = JSON.parse(store.get(key));
    } catch {
      store.set(key);
    }
    if (draft && !text.value) {
      const here = !field || field.value === draft.to || (under && draft.to && under(draft.to));
      if (here) {
        text.value = draft.text;
        text.dispatchEvent(new Event("input"));
        status("kept");
      }
    }
    text.addEventListener("input", save);
    form.addEventListener("moved", save);
    form.addEventListener("submit", (e) => {
      if (!e.defaultPrevented) store.set(SENT + name, "1");
    });
  }

  function once(form) {
    let sent = false;
    const mark = (value) => {
      sent = value;
      for (const b of form.querySelectorAll("button:not([type])"))
        b.setAttribute("aria-disabled", String(value));
    };
    form.addEventListener("submit", (e) => {
      if (sent) e.preventDefault();
      else mark(true);
    });
    window.addEventListener("pageshow", (e) => {
      if (e.persisted) mark(false);
    });
  }

  function write(form) {
    const text = form.elements.text;
    const line = form.querySelector(".kept");
    if (!text || !line) return;
    const status = (what) => {
      line.textContent = what ? line.dataset[what] : "";
    };
    const update = count(form, text);
    const stop = preview(form, text, status);
    text.addEventListener("input", () => {
      update();
      stop();
      status("");
    });
    const under = replies(form, text);
    drafts(form, text, under, status);
  }

  dropSentDrafts();
  for (const form of document.querySelectorAll("form[method=post]")) once(form);
  for (const form of document.querySelectorAll("form.write")) write(form);
  // Why a form was refused stands above it and goes before its draft.
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
