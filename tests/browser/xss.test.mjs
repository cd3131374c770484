/*
 * Script injection, judged in a real browser. Two halves that must hold on their own:
 *
 * 1. the escaper: other people's vectors in every field by every write path, with the policy
 *    switched off; nothing may run, and no element or attribute that could run may come to be;
 * 2. the policy: the same vectors with the escaper left out, served with exactly our
 *    Content-Security-Policy; nothing may run and nothing may be fetched.
 *
 * What a policy cannot stop, and is not counted as run: plain navigation (meta refresh, a link
 * that is followed, a form that is sent to ourselves). It executes nothing in our origin and tells
 * no referrer; `navigated` says how often.
 *
 * Prints `figure xss_ran_escaper` and `figure xss_ran_csp`. XSS_QUICK=1 takes every eighth vector.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Reader, ask, database, hidden } from '../api/security/lib.mjs';
import { binary, corpora, newsroom, root } from '../lib/newsroom.mjs';
import { launch } from './browser.mjs';

const ARTICLE = '/en/the-reservoir-that-came-back';
const IMPORTED = '/en/the-night-tram-finds-its-passengers';
const HELD = '/en/fourteen-pupils-and-one-bell';
const QUICK = Boolean(process.env.XSS_QUICK);
const PAGE_SIZE = 200;
const absent = existsSync(path.join(corpora, 'xss')) ? false : `absent: xss below ${corpora}`;

/** Other people's vectors and some for what is ours: Markdown, templates, JSON-LD. */
function vectors() {
  const at = (...parts) => path.join(corpora, 'xss', ...parts);
  const list = [];
  for (const item of JSON.parse(readFileSync(at('h5sc-items.json'), 'utf8'))) list.push(item.expanded ?? item.data);
  for (const item of JSON.parse(readFileSync(at('dompurify-expect.json'), 'utf8'))) list.push(item.payload);
  for (const file of readdirSync(at('pat')).filter((name) => name.endsWith('.txt')).sort()) {
    for (const line of readFileSync(at('pat', file), 'utf8').split(/\r?\n/)) {
      if (file.includes('event_handlers')) list.push(`<img src=x ${line}=alert(1)>`, `" ${line}=alert(1) x="`);
      else if (file.includes('jsonp')) list.push(`<script src="${line}"></script>`);
      else list.push(line);
    }
  }
  list.push(
    '[a](javascript:alert(1))', '[a](JaVaScRiPt:alert(1))', '[a](java\tscript:alert(1))', '[a](&#106;avascript:alert(1))', '[a](javascript&colon;alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)', '[a](vbscript:x)', '<javascript:alert(1)>', '![a](javascript:alert(1))', '![a](x "onerror=alert(1)")',
    '[a](http://x" onmouseover="alert(1))', '[a](http://x\' onmouseover=\'alert(1))', '[a]: javascript:alert(1)\n\n[a]', 'http://x"onmouseover="alert(1)', "http://x'onclick='alert(1)",
    'https://x/<script>alert(1)</script>', '[<img src=x onerror=alert(1)>](http://x)', '`<img src=x onerror=alert(1)>`', '```<script>\nalert(1)\n```', '    <script>alert(1)</script>',
    '<!--><script>alert(1)</script>-->', '</script><script>alert(1)</script>', '</textarea><script>alert(1)</script>', '</title><script>alert(1)</script>', '</bdi></h3><script>alert(1)</script>',
    '</script><!--<script>', '<!--<script>', '{{{body}}}<img src=x onerror=alert(1)>', '{{#head}}<script>alert(1)</script>{{/head}}', ']]><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
    '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;', '&amp;lt;img src=x onerror=alert(1)&amp;gt;', '<a id=write><a id=write name=token>', '<form id=write><input name=token>',
    '**<b onclick=alert(1)>**', '> <img src=x onerror=alert(1)>', '- <svg/onload=alert(1)>', '<scr\u0000ipt>alert(1)</script>', '\u2028<script>alert(1)</script>', '<\u0130mg src=x onerror=alert(1)>', '＜script＞alert(1)＜/script＞',
    "';alert(1)//", '"-alert(1)-"', '\\"-alert(1)//', '"}</script><script>alert(1)</script>', '<base href=//evil.example/>', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<link rel=stylesheet href=//evil.example/x.css>', '<style>@import "//evil.example/x.css";</style>', '<iframe srcdoc="<script>alert(1)</script>">', '<object data="data:text/html,<script>alert(1)</script>">',
    '<script src="/en/feed.atom"></script>', '<script src="/robots.txt"></script>', '<portal src=//evil.example>', '<img src=//evil.example/dangling?', '<form action=//evil.example><button>go</button></form>',
  );
  const all = [...new Set(list.map((v) => v.trim()).filter(Boolean))];
  return QUICK ? all.filter((_, i) => i % 8 === 0) : all;
}

/** Runs `work` on every item, some at a time. */
async function each(items, work, width = 12) {
  const queue = items.entries();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [i, item] of queue) await work(item, i);
  }));
}

/* In the page, before anything else: what is called tells us. */
const hooks = () => {
  const tell = (what) => globalThis.__ran(`${what} at ${location.href.slice(0, 80)}`);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
    Object.defineProperty(globalThis, name, { configurable: false, writable: false, value: (...a) => tell(`${name}(${String(a[0]).slice(0, 40)})`) });
  }
  document.write = (...a) => tell(`document.write ${String(a[0]).slice(0, 40)}`);
};

/* In the page, afterwards: what could run, although it did not, and what a reader might trigger. */
const inspect = () => {
  const found = [];
  addEventListener('click', (event) => event.preventDefault(), true);
  addEventListener('submit', (event) => event.preventDefault(), true);
  const never = new Set(['IFRAME', 'FRAME', 'FRAMESET', 'OBJECT', 'EMBED', 'APPLET', 'BASE', 'STYLE', 'SVG', 'MATH', 'VIDEO', 'AUDIO', 'TEMPLATE', 'PORTAL', 'MARQUEE', 'XML', 'NOSCRIPT']);
  const addressed = new Set(['href', 'src', 'action', 'formaction', 'data', 'poster', 'background', 'xlink:href', 'cite', 'ping', 'manifest', 'longdesc']);
  for (const e of document.querySelectorAll('*')) {
    const where = () => `${e.tagName} ${e.outerHTML.slice(0, 120)}`;
    if (never.has(e.tagName.toUpperCase()) || e.namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(`element ${where()}`);
    if (e.tagName === 'SCRIPT' && e.type !== 'application/ld+json' && !/^\/assets\/\w+\/\w+\.js$/.test(e.getAttribute('src') ?? '')) found.push(`script ${where()}`);
    if (e.tagName === 'META' && e.httpEquiv) found.push(`meta ${where()}`);
    const spoken = e.closest('.say, .quoted, blockquote');
    for (const { name, value } of e.attributes) {
      if (/^on/i.test(name) || name === 'style' || name === 'srcdoc' || name === 'is') found.push(`${name} ${where()}`);
      if (spoken && e !== spoken && (name === 'id' || name === 'name')) found.push(`clobbers ${where()}`);
      if (addressed.has(name)) {
        let url;
        try { url = new URL(value, document.baseURI); } catch { /* leads nowhere */ }
        if (url && !['http:', 'https:', 'mailto:'].includes(url.protocol)) found.push(`${url.protocol} ${where()}`);
      }
    }
  }
  for (const e of document.querySelectorAll('main *, .say *')) {
    for (const type of ['mouseover', 'mouseenter', 'focus', 'focusin', 'click', 'toggle', 'animationend', 'transitionend', 'error', 'load', 'wheel', 'keydown']) {
      e.dispatchEvent(new Event(type, { bubbles: type === 'click', cancelable: true }));
    }
  }
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try { JSON.parse(script.textContent); } catch (e) { found.push(`JSON-LD ${e}`); }
  }
  return found;
};

describe('the escaper', { skip: absent }, () => {
  let room, db, browser, context, moderator, serial = 0, isTried = false;
  const ran = [];
  const all = absent ? [] : vectors();
  const documents = new Map();

  before(async () => {
    room = await newsroom({
      AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '10000', AITYS_COMMENTS_PER_HOUR: '1000000', AITYS_COMMENTS_REPEAT_HOURS: '0',
      AITYS_COMMENTS_PAGE_SIZE: String(PAGE_SIZE), AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000',
    });
    db = database(room);
    moderator = new Reader(room);
    await moderator.signIn();
    browser = await launch();
    context = await browser.newContext({ bypassCSP: true });
    await context.exposeBinding('__ran', (source, what) => ran.push(what));
    await context.addInitScript(hooks);
    await context.route('**/*', async (route) => {
      const url = route.request().url();
      if (!url.startsWith(room.origin)) {
        if (!url.startsWith('data:')) ran.push(`request of ${url.slice(0, 100)} from ${route.request().frame()?.url().slice(0, 80)}`);
        return route.abort();
      }
      const document = documents.get(url);
      return document ? route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: document }) : route.continue();
    });
  });

  after(async () => {
    db?.close();
    await browser?.close();
    await room?.stop();
    if (isTried) console.log(`figure xss_ran_escaper ${ran.length} vectors`);
  });

  /** Opens a page and notes what ran or could run. */
  async function judge(targets) {
    const pages = await Promise.all([1, 2].map(() => context.newPage()));
    const queue = targets[Symbol.iterator]();
    await Promise.all(pages.map(async (page) => {
      page.on('pageerror', (error) => ran.push(`error ${error} at ${page.url().slice(0, 80)}`));
      page.on('dialog', (dialog) => { ran.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
      page.on('popup', (popup) => { ran.push('popup'); popup.close(); });
      for (const target of queue) {
        const url = room.origin + target;
        await page.goto(url, { waitUntil: 'load' });
        const found = await page.evaluate(inspect);
        ran.push(...found.map((f) => `${target}: ${f}`));
        if (page.url().replace(/#.*/, '') !== new URL(url).href.replace(/#.*/, '')) ran.push(`${target} led to ${page.url()}`);
      }
      await page.close();
    }));
  }

  /** Remembers an answer as a document of its own, to be judged. */
  function keep(html) {
    const target = `/__document/${documents.size}`;
    documents.set(room.origin + target, html);
    return target;
  }

  const nothingRan = () => assert.deepEqual(ran.slice(0, 10), []);

  test('this detector bites: unescaped vectors are noticed', async () => {
    isTried = true;
    const page = await context.newPage();
    documents.set(`${room.origin}/__raw`, '<main><img src=x onerror=alert(1)><svg onload=confirm(1)></svg><a href="javascript:alert(1)">x</a><img src=//evil.example/x></main>');
    await page.goto(`${room.origin}/__raw`);
    await page.waitForTimeout(100);
    assert.ok((await page.evaluate(inspect)).length >= 4);
    assert.ok(ran.length >= 3, `${ran}`);
    await page.close();
    ran.length = 0;
  });

  test('comments: text, name and answers, on every page of the conversation, in both orders', { timeout: 200000 }, async (t) => {
    const token = await new Reader(room).fields(ARTICLE);
    const refused = [];
    let stored = 0, names = 0;
    await each(all, async (vector, i) => {
      const name = vector.length <= 60 && !vector.includes('\n') ? vector : `Vector ${i}`;
      let answer = await ask(room, `${ARTICLE}/comments`, { form: { ...token, name, text: vector, reply_to: i % 5 === 0 ? '1' : '' } });
      if (answer.status === 303) names += name === vector ? 1 : 0;
      else {
        if (refused.length < 30) refused.push(answer.text);
        answer = await ask(room, `${ARTICLE}/comments`, { form: { ...token, name: `Vector ${i}`, text: vector } });
      }
      if (answer.status === 303) stored++;
    });
    t.diagnostic(`${all.length} vectors: ${stored} stored, ${names} as names; ${refused.length} refused pages`);
    assert.ok(stored > all.length * 0.97 && names > all.length * 0.1);
    const targets = [];
    for (const order of ['oldest', 'newest']) {
      let at = order === 'newest' ? `${ARTICLE}?order=newest` : ARTICLE;
      for (let n = 0; at && n < (order === 'newest' ? 2 : 100); n++) {
        targets.push(at);
        const { text } = await ask(room, at);
        at = text.match(/<a href="([^"]*[?&;]after=[^"]*)"/)?.[1].replace(/&amp;/g, '&').replace(/#.*/, '');
      }
    }
    assert.ok(targets.length >= all.length / PAGE_SIZE, `${targets.length} pages`);
    await judge(targets);
    await judge(refused.map(keep));
    nothingRan();
  });

  test('a comment\'s own pages: permalink, reply, edit, withdraw', { timeout: 100000 }, async () => {
    const some = all.filter((_, i) => i % Math.ceil(all.length / 12) === 0);
    const author = new Reader(room);
    const targets = [];
    for (const vector of some) {
      const { number, status } = await author.comment(ARTICLE, { name: `Own ${++serial}`, text: vector });
      if (status !== 303) continue;
      for (const what of ['', '/reply', '/edit', '/withdraw']) {
        targets.push(keep((await author.get(`${ARTICLE}/comments/${number}${what}`)).text));
      }
      const over = await author.post(`${ARTICLE}/comments/${number}/edit`, {
        token: hidden((await author.get(`${ARTICLE}/comments/${number}/edit`)).text, 'token', `${ARTICLE}/comments/${number}/edit`),
        text: vector + ' x'.repeat(1500),
      });
      targets.push(keep(over.text));
    }
    assert.ok(targets.length > 40);
    await judge(targets);
    nothingRan();
  });

  test('previews, put into the page as our script does', { timeout: 100000 }, async () => {
    const { token } = await new Reader(room).fields(ARTICLE);
    const fragments = [];
    await each(all, async (vector, i) => {
      const from = `127.0.${64 + Math.floor(i / 50 / 250)}.${1 + Math.floor(i / 50) % 250}`;
      const answer = await ask(room, `${ARTICLE}/preview`, { form: { token, text: vector }, from });
      if (answer.status === 200) fragments.push(answer.text);
    });
    assert.ok(fragments.length > all.length * 0.95, `${fragments.length}`);
    const page = await context.newPage();
    page.on('pageerror', (error) => ran.push(`error ${error}`));
    await page.goto(room.origin + ARTICLE);
    await page.evaluate((list) => {
      const box = document.querySelector('#write .preview');
      box.hidden = false;
      for (const html of list) {
        box.innerHTML = html;
        const kept = document.createElement('div');
        kept.className = 'say';
        kept.innerHTML = html;
        document.querySelector('main').append(kept);
      }
    }, fragments);
    await page.waitForTimeout(200);
    ran.push(...await page.evaluate(inspect));
    await page.close();
    nothingRan();
  });

  test('comments brought in by `aitys import`', { timeout: 100000 }, async (t) => {
    const some = all.filter((v, i) => i % 4 === 0 && v.length < 1400 && v.isWellFormed() && !/[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\uffff]/.test(v));
    const entry = (text, i) => ({ number: 1000 + i, reply_to: i % 3 === 1 ? 1000 + i - 1 : null, name: text.replace(/\s+/g, ' ').slice(0, 40).toWellFormed(), lang: 'en', text, at: '2026-11-20T10:00:00Z', state: 'published' });
    const file = path.join(room.dir, '..', 'vectors.json');
    const bring = (comments) => {
      writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article: 'night-tram', comments }] }));
      try {
        execFileSync(binary, ['import', '--dir', room.dir, file], { env: room.env, stdio: 'pipe' });
        return true;
      } catch (error) {
        t.diagnostic(`refused: ${String(error.stderr).slice(0, 300)}`);
        return false;
      }
    };
    // All or nothing: without those whose names are refused.
    assert.ok(bring(some.map(entry)) || bring(some.map((text, i) => ({ ...entry(text, i), name: `Import ${i}` }))));
    const targets = [IMPORTED];
    for (let at = IMPORTED; at && targets.length < 40;) {
      at = (await ask(room, at)).text.match(/<a href="([^"]*[?&;]after=[^"]*)"/)?.[1].replace(/&amp;/g, '&').replace(/#.*/, '');
      if (at) targets.push(at);
    }
    t.diagnostic(`${targets.length} pages`);
    await judge(targets);
    nothingRan();
  });

  test('articles, sections and pages by `aitys publish`: every field of the front matter, and the body', { timeout: 150000 }, async (t) => {
    const folder = path.join(room.dir, '..', 'stories');
    mkdirSync(folder);
    const line = (v, max) => JSON.stringify(v.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, ' ').trim().slice(0, max).toWellFormed());
    // What an article's Markdown refuses (raw HTML, controls) is written as its author would have to.
    const bodyOf = (list) => list.map((v, i) => {
      const safe = v.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\uffff]/g, ' ').toWellFormed().trim();
      return i % 2 ? `\`\`\`\` ${safe} \`\`\`\`` : `x ${safe.replace(/[<`[\]!\\&]/g, '\\$&')}`;
    }).join('\n\n');
    const picture = path.relative(folder, path.join(root, 'demo/pictures/shore.png'));
    const shorts = all.filter((v) => v.length <= 90);
    const files = [];
    const n = QUICK ? 6 : 25;
    const per = Math.ceil(all.length / n);
    for (let i = 0; i < n; i++) {
      const pick = (k) => shorts[(i * 13 + k * 29) % shorts.length];
      const fields = { headline: [pick(1), 200], standfirst: [all[(i * 7) % all.length], 600], dateline: [pick(2), 60] };
      const body = bodyOf(all.slice(i * per, (i + 1) * per));
      const text = `---\narticle: vector-${i}\nlang: en\nslug: vector-${i}\n` +
        Object.entries(fields).map(([k, [v, max]]) => `${k}: ${line(v, max)}\n`).join('') +
        `byline:\n  - key: writer-${i % 5}\n    name: ${line(pick(3), 90)}\nagencies: [${line(pick(4), 60)}]\nsection: vectors\n` +
        `published: 2026-11-2${i % 3}T09:30:0${i % 10}Z\n` +
        (i % 4 === 0 ? `pictures:\n  - file: ${JSON.stringify(picture)}\n    caption: ${line(pick(5), 300)}\n    credit: ${line(pick(6), 90)}\n    alt: ${line(pick(7), 300)}\n` : '') +
        `---\n${body}\n`;
      files.push({ name: `vector-${i}.md`, text });
    }
    files.push({ name: 'section.md', text: `---\nsection: vectors\nlang: en\nslug: vectors\nname: ${line('"><img src=x onerror=alert(1)>', 90)}\nabout: ${line('</title><script>alert(1)</script>', 300)}\n---\n` });
    files.push({ name: 'page.md', text: `---\npage: vectors\nlang: en\nslug: vectors\ntitle: ${line("'\"><svg/onload=alert(1)>", 90)}\n---\n${bodyOf(all.slice(0, 300))}\n` });
    for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
    const publish = (list) => {
      try {
        execFileSync(binary, ['publish', '--dir', room.dir, ...list], { env: room.env, cwd: root, encoding: 'utf8', stdio: 'pipe' });
        return '';
      } catch (error) { return `${error.stdout}${error.stderr}`; }
    };
    files.reverse(); // the section first
    for (const { name, text } of files) {
      const said = publish([path.join(folder, name)]);
      if (said) t.diagnostic(`${name}: ${said.slice(0, 200)}`);
    }
    // Raw HTML in a body is no way in: it is refused.
    writeFileSync(path.join(folder, 'raw.md'), '---\npage: raw\nlang: en\nslug: raw\ntitle: "Raw"\n---\n<script>alert(1)</script>\n');
    assert.match(publish([path.join(folder, 'raw.md')]), /raw HTML/);
    const targets = ['/en', '/en/section/vectors', '/en/page/vectors', ...[0, 1, 2, 3, 4].map((i) => `/en/author/writer-${i}`), '/en?before=9'];
    let there = 0;
    for (let i = 0; i < n; i++) {
      if ((await ask(room, `/en/vector-${i}`)).status !== 200) continue;
      there++;
      targets.push(`/en/vector-${i}`);
    }
    t.diagnostic(`${there} of ${n} articles published`);
    assert.ok(there > n * 0.8);
    await judge(targets);
    nothingRan();
  });

  test('the moderators\' pages: queue, case, notes, refused notes; the author reads the note', { timeout: 100000 }, async () => {
    const some = all.filter((v, i) => i % Math.ceil(all.length / 25) === 0 && v.length < 900);
    const author = new Reader(room);
    const targets = [];
    for (const vector of some) await author.comment(HELD, { name: `Held ${++serial}`, text: vector });
    const [[last]] = await db.all('SELECT max(id) FROM comment WHERE state = 0');
    for (const note of some) {
      for (const what of ['reject', 'publish']) {
        const answer = await moderator.decide(last, what, { reason: 'other', note });
        if (answer.status !== 303) targets.push(keep(answer.text));
      }
    }
    await moderator.decide(last, 'reject', { reason: 'other', note: '<img src=x onerror=alert(1)>"\'</script>' });
    targets.push(keep((await moderator.decide(last, 'publish', { note: '<img src=x onerror=alert(1)>'.repeat(99) })).text));
    const number = last % 16777216;
    targets.push(keep((await author.get(`${HELD}/comments/${number}`)).text));
    for (const at of ['/mod', '/mod?state=published', '/mod?state=rejected', `/mod/comments/${last}`, HELD, ARTICLE]) {
      let next = at;
      for (let i = 0; next && i < 6; i++) {
        const { text } = await moderator.get(next);
        targets.push(keep(text));
        next = text.match(/<a href="(\/mod\?[^"]*)" rel="next"/)?.[1].replace(/&amp;/g, '&');
      }
    }
    await judge(targets);
    nothingRan();
  });

  test('addresses: path, query parameters, refused sign-ins', { timeout: 100000 }, async (t) => {
    const some = all.filter((v, i) => i % Math.ceil(all.length / 50) === 0 && v.length < 1000);
    const seen = new Map();
    const { token } = { token: hidden((await new Reader(room).get('/mod/sign-in')).text, 'token', '/mod/sign-in') };
    for (const vector of some) {
      const v = encodeURIComponent(vector.toWellFormed());
      const answers = await Promise.all([
        `/en/${v}`, `/${v}`, `/en/section/${v}`, `/en/author/${v}`, `/en/page/${v}`, `${ARTICLE}/comments/${v}`, `${ARTICLE}?order=${v}`, `${ARTICLE}?after=${v}`, `${ARTICLE}?before=${v}&order=newest`,
        `/mod/sign-in?next=${v}`, `/mod/sign-in?next=/mod?${v}`, `/en?before=${v}`, `/assets/${v}/x`, `/pictures/${v}/1.png`,
      ].map((target) => ask(room, target)));
      answers.push(await moderator.get(`/mod?state=${v}`), await moderator.get(`/mod?done=${v}`), await moderator.get(`/mod?after=${v}`), await moderator.get(`/mod/comments/${v}`));
      for (const { text } of answers) {
        if (/<[a-z!/?]/i.test(vector) && text.includes(vector)) ran.push(`as it is: ${vector}`);
        seen.set(text.replace(/value="[0-9a-f]*"/g, '').replace(/<ol class="said">[\s\S]*<\/ol>/, ''), text);
      }
    }
    for (const vector of some.slice(0, 40)) {
      const answer = await ask(room, '/mod/sign-in', { form: { token: token.slice(1), name: vector.slice(0, 60), password: vector.slice(0, 100), next: vector.slice(0, 100) } });
      seen.set(answer.text.replace(/value="[0-9a-f]*"/g, ''), answer.text);
    }
    t.diagnostic(`${seen.size} different pages`);
    const pages = [...seen.values()];
    await judge(pages.filter((_, i) => i % Math.ceil(pages.length / 40) === 0).map(keep));
    nothingRan();
  });

  test('feeds and site maps: XML without foreign elements, and their HTML is as safe as the page\'s', { timeout: 100000 }, async () => {
    const page = await context.newPage();
    await page.goto(room.origin + keep('<!doctype html><main></main>'));
    for (const target of ['/en/feed.atom', `${ARTICLE}/comments.atom`, `${IMPORTED}/comments.atom`, '/en/section/vectors/feed.atom', '/sitemap.xml', '/sitemap-0.xml', '/news-sitemap.xml']) {
      const { text } = await ask(room, target);
      const found = await page.evaluate((xml) => {
        const document = new DOMParser().parseFromString(xml, 'application/xml');
        if (document.querySelector('parsererror')) return [document.querySelector('parsererror').textContent.slice(0, 300)];
        const known = ['http://www.w3.org/2005/Atom', 'http://www.sitemaps.org/schemas/sitemap/0.9', 'http://www.google.com/schemas/sitemap-news/0.9', 'http://purl.org/syndication/thread/1.0'];
        const bad = [...document.querySelectorAll('*')].filter((e) => !known.includes(e.namespaceURI) && !(e.localName === 'link' && e.getAttribute('rel') === 'alternate'))
          .map((e) => `${e.namespaceURI} ${e.localName}`);
        for (const content of document.querySelectorAll('content[type=html]')) {
          const box = globalThis.document.createElement('div');
          box.className = 'say';
          box.innerHTML = content.textContent;
          globalThis.document.body.append(box);
        }
        return bad;
      }, text);
      ran.push(...found.map((f) => `${target}: ${f}`));
    }
    await page.waitForTimeout(100);
    ran.push(...await page.evaluate(inspect));
    await page.close();
    nothingRan();
  });
});

describe('the policy', { skip: absent }, () => {
  let room, browser, server, base, policy, isTried = false;
  const all = absent ? [] : vectors();
  const ran = [];
  const fetched = [];
  let navigated = 0;

  before(async () => {
    room = await newsroom();
    const page = await ask(room, ARTICLE);
    policy = page.headers;
    server = http.createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url, 'http://x');
      const n = Number(searchParams.get('n'));
      const kind = pathname.slice(1);
      const html = { 'content-type': 'text/html; charset=utf-8' };
      if (kind === 'batch') {
        response.writeHead(200, html);
        const frames = searchParams.get('list').split(',').map((i) => `<iframe src="/${searchParams.get('of')}?n=${i}" width=80 height=40></iframe>`);
        return response.end(`<!doctype html>${frames.join('')}`);
      }
      if (!['top', 'framed', 'free'].includes(kind) || !all[n]) {
        response.writeHead(404, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' });
        return response.end('nothing');
      }
      const headers = { ...html };
      if (kind !== 'free') {
        for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'permissions-policy', 'cross-origin-resource-policy']) headers[name] = policy[name];
      }
      if (kind === 'top') headers['cross-origin-opener-policy'] = policy['cross-origin-opener-policy'];
      // Many at once stand in frames; for that, and for that alone, the policy says 'self' here.
      if (kind === 'framed') headers['content-security-policy'] = policy['content-security-policy'].replace(/frame-ancestors [^;]*/, "frame-ancestors 'self'");
      response.writeHead(200, headers);
      // As it would stand in a page if nothing were escaped: in text, in an attribute, in a title.
      return response.end(`<!doctype html><html lang="en"><head><title>Vector</title></head><body><main><div class="say">${all[n]}</div><p>`);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await room?.stop();
    if (isTried) console.log(`figure xss_ran_csp ${ran.length + fetched.length} vectors`);
  });

  async function watch() {
    const context = await browser.newContext({ bypassCSP: false });
    const mine = [];
    await context.exposeBinding('__ran', (source, what) => mine.push(what));
    await context.addInitScript(hooks);
    await context.route('**/*', (route) => {
      const request = route.request();
      const url = request.url();
      if (url.startsWith(base) || url.startsWith('data:')) return route.continue();
      if (request.isNavigationRequest()) navigated++;
      else mine.push(`fetched ${request.resourceType()} ${url.slice(0, 80)} from ${request.frame()?.url().slice(-20)}`);
      return route.abort();
    });
    return { context, mine };
  }

  const soon = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function inFrames(kind, { context }, batches) {
    const page = await context.newPage();
    page.on('dialog', (dialog) => dialog.dismiss());
    for (const batch of batches) {
      // Some of them never finish loading; that is their business.
      await page.goto(`${base}/batch?of=${kind}&list=${batch}`, { waitUntil: 'load', timeout: 2500 }).catch(() => {});
      const stir = () => {
        for (const e of document.querySelectorAll('*')) for (const type of ['mouseover', 'focus', 'error', 'load', 'toggle']) e.dispatchEvent(new Event(type));
      };
      await Promise.race([soon(1000), Promise.all(page.frames().slice(1).map((frame) => frame.evaluate(stir).catch(() => {})))]);
      await soon(100);
    }
    await Promise.race([soon(1000), page.close()]);
  }

  const cut = (list, size) => Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

  test('this detector bites: without the policy many of them run', { timeout: 60000 }, async (t) => {
    isTried = true;
    const watched = await watch();
    const likely = all.map((_, i) => i).filter((i) => /^<(img|svg|body|audio|video|input)\b[^>]*\son(error|load|focus)\s*=\s*["']?\w*(javascript:)?(alert|confirm|prompt)\(|^<script>(alert|confirm|prompt)\(/i.test(all[i])).slice(0, 60);
    await inFrames('free', watched, cut(likely, 20));
    t.diagnostic(`${watched.mine.length} calls of ${likely.length} vectors`);
    assert.ok(likely.length > 5 && watched.mine.length > likely.length / 3);
    await watched.context.close();
    navigated = 0;
  });

  test('with it none runs and nothing is fetched, in frames, all of them', { timeout: 300000 }, async (t) => {
    assert.match(policy['content-security-policy'], /^default-src 'none'/);
    const watched = await watch();
    const batches = cut(all.map((_, i) => i), 60);
    await Promise.all([0, 1].map((k) => inFrames('framed', watched, batches.filter((_, i) => i % 2 === k))));
    const calls = watched.mine.filter((m) => !m.startsWith('fetched'));
    ran.push(...calls);
    fetched.push(...watched.mine.filter((m) => m.startsWith('fetched')));
    t.diagnostic(`${all.length} vectors; ${navigated} plain navigations, which a policy cannot stop`);
    await watched.context.close();
    assert.deepEqual([...ran, ...fetched].slice(0, 10), []);
  });

  test('nor at the top of a window, with exactly the header that the server sends', { timeout: 120000 }, async () => {
    const watched = await watch();
    const some = all.map((_, i) => i).filter((i) => i % (i < 372 ? 5 : 40) === 0).filter((_, i) => i % (QUICK ? 4 : 1) === 0);
    await each(some, async (n) => {
      const page = await watched.context.newPage();
      page.on('dialog', (dialog) => { watched.mine.push('dialog'); dialog.dismiss(); });
      await page.goto(`${base}/top?n=${n}`, { waitUntil: 'load', timeout: 5000 }).catch(() => {});
      await page.close();
    }, 4);
    ran.push(...watched.mine.filter((m) => !m.startsWith('fetched')));
    fetched.push(...watched.mine.filter((m) => m.startsWith('fetched')));
    await watched.context.close();
    assert.deepEqual([...ran, ...fetched].slice(0, 10), []);
  });
});
