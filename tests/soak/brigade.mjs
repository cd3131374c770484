/*
 * A brigade: a few hundred commenters post thousands of near-copies of three texts among ordinary
 * comments. From the first alert on a moderator decides, by the console's forms alone; readers read
 * meanwhile. Counts what the moderator had to do, copies that are still public, ordinary comments
 * that are not, and how much slower reading was while the brigade wrote.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { forms, Reader } from '../api/http/client.mjs';
import { commentSets } from '../lib/newsroom.mjs';
import { ARTICLES, pages } from './forms.mjs';
import { ask, site, sleep } from './server.mjs';

const OPEN = ARTICLES.filter((_, i) => i !== 3 && i !== 6); // in these two everything is held at first
const WINDOW_MS = 2500; // the brigade writes so long, then rests so long
const ACTIONS_MAX = 10;
const WRAPPINGS = 800;

export const hasData = () => existsSync(path.join(commentSets, 'impermium_insults_en.jsonl'));

const TEXTS = [
  'The ministry has known since spring that the reservoir was never empty. Ask them who was paid '
  + 'for the new pumps, why nobody outside was ever shown the bills, and which company got the '
  + 'contract without a tender. Share this before they take it down, as they did the last time!',
  'Министерство ещё весной знало, что водохранилище никогда не пустовало. Спросите, кому заплатили '
  + 'за новые насосы, почему никто не видел счетов и какая фирма получила подряд без конкурса. '
  + 'Распространите это, пока не удалили, как в прошлый раз!',
  'Министрлік су қоймасының ешқашан босамағанын көктемнен бері біледі. Жаңа сорғылар үшін кімге '
  + 'төленгенін, шоттарды неге ешкім көрмегенін, тендерсіз қай компания келісімшарт алғанын '
  + 'сұраңыздар. Өткен жолғыдай өшіріп тастамай тұрғанда таратыңыздар!',
];

/* ---- What is written ------------------------------------------------------------------------ */

/** Numbers that are the same in each run: below(n) is 0 … n - 1. */
function numbers(seed) {
  let state = BigInt(seed);
  return (n) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(n));
  };
}

/** Comments of other people, each other words than all before it. */
function ordinaryTexts(n, below) {
  const seen = new Set();
  const all = [];
  for (const name of ['impermium_insults_en', 'ru_toxic_2ch_pikabu', 'reviews_kk']) {
    for (const line of readFileSync(path.join(commentSets, `${name}.jsonl`), 'utf8').split('\n')) {
      const text = line ? JSON.parse(line).text.trim() : '';
      const key = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
      if (key.length < 20 || text.length > 1000 || seen.has(key)) continue;
      if (!text.isWellFormed() || /[^\P{C}\n\r\t\u200c\u200d]/u.test(text)) continue;
      seen.add(key);
      all.push(text);
    }
  }
  for (let i = all.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [all[i], all[other]] = [all[other], all[i]];
  }
  if (all.length < n) throw new Error(`only ${all.length} ordinary comments in ${commentSets}`);
  return all.slice(0, n);
}

const LOOKALIKES = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', 'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c' };

const KINDS = ['capitals', 'look-alikes', 'edited10', 'edited25', 'wrapped'];

/** A text as somebody else sends it, in one of five kinds: { text, kind }. */
function variant(text, others, below) {
  const foreign = () => {
    const words = others[below(others.length)].split(/\s+/).filter((word) => word.length < 20);
    return words[below(words.length)] ?? 'so';
  };
  const edited = (percent) => text.split(' ').map((word) => (below(100) < percent ? foreign() : word)).join(' ');
  const sentence = () => others[below(others.length)].slice(0, 120);
  const disguised = () => [...text].map((c) => (below(4) === 0 ? LOOKALIKES[c] ?? c : c)).join('');
  const kind = KINDS[below(KINDS.length)];
  const texts = {
    capitals: () => `${text.toUpperCase()} ${foreign()} ${foreign()}`,
    'look-alikes': () => `${disguised()} ${foreign()} ${foreign()}`,
    edited10: () => `${edited(10)} ${foreign()}`,
    edited25: () => `${edited(25)} ${foreign()}`,
    wrapped: () => `${sentence()}\n\n${text}\n\n${sentence()}`,
  };
  return { text: texts[kind](), kind };
}

/** All that will be written, mixed: { text, isCopy, who }. */
function plan({ copies, commenters, ordinary }) {
  const below = numbers(20261123);
  const texts = ordinaryTexts(ordinary + WRAPPINGS, below);
  const others = texts.slice(ordinary); // what the brigade puts around its texts nobody else writes
  const all = texts.slice(0, ordinary).map((text, i) => ({ text, isCopy: false, who: `guest ${i % Math.max(1, ordinary >> 1)}` }));
  for (let i = 0; i < copies; i++) {
    all.push({ ...variant(TEXTS[below(TEXTS.length)], others, below), isCopy: true, who: `brigade ${below(commenters)}` });
  }
  for (let i = all.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [all[i], all[other]] = [all[other], all[i]];
  }
  return all;
}

/* ---- Who writes ----------------------------------------------------------------------------- */

/** Commenters with a network and, after the first comment, a key of their own. */
class Crowd {
  constructor(origin, all) {
    this.origin = origin;
    this.pages = all;
    this.people = new Map();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  }

  person(who) {
    if (!this.people.has(who)) {
      const n = this.people.size;
      this.people.set(who, { from: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, cookies: new Map(), n });
    }
    return this.people.get(who);
  }

  /** Posts one; what became of it is put into it: isStored. */
  async write(one, at) {
    const person = this.person(one.who);
    const page = this.pages[at % OPEN.length];
    const body = new URLSearchParams({ token: page.token, key: randomBytes(16).toString('hex'),
      started: page.started, reply_to: '', name: `Reader ${person.n}`, website: '', text: one.text }).toString();
    const answer = await ask(`${this.origin}${page.address}/comments`, { method: 'POST', agent: this.agent, body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body),
        Origin: 'null', 'Sec-Fetch-Site': 'same-origin', 'X-Forwarded-For': person.from,
        Cookie: [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      person.cookies.set(name, value);
    }
    one.isStored = answer.status === 303;
    if (!one.isStored && answer.status !== 409 && answer.status !== 422) {
      throw new Error(`a comment was answered with ${answer.status}: ${one.text}`);
    }
  }
}

/* ---- Who moderates -------------------------------------------------------------------------- */

class Moderator {
  constructor(room) {
    const [, name, password] = readFileSync(path.join(room.dir, 'moderator.txt'), 'utf8')
      .match(/name: (\S+) {2}password: (\S+)/);
    this.reader = new Reader(room.origin);
    this.person = { name, password };
    this.actions = 0;
    this.decided = new Set();
  }

  signIn() {
    return this.reader.signIn(this.person);
  }

  async post(address, fields, expected) {
    this.actions += 1;
    const answer = await this.reader.post(address, fields);
    if (answer.status !== expected) throw new Error(`${address} was answered with ${answer.status}:\n${answer.body}`);
    return answer.body;
  }

  /** The lines of the list of campaigns, with how many copies are held or published. */
  async lines() {
    const list = (await this.reader.get('/mod/campaigns')).body.split('<li>').slice(1);
    return list.filter((line) => /campaigns\/\d+"/.test(line)).map((line) => ({
      address: line.match(/href="(\/mod\/campaigns\/\d+)"/)[1],
      copies: line.match(/Similar comments: [^<]*/)[0],
      left: Number(line.match(/Held or published: ([\d,]+)/)[1].replaceAll(',', '')),
      isOpen: line.includes('Not decided yet'),
    }));
  }

  /** Decides on those that are chosen, as far as the actions last. */
  async decideAll(print, isChosen = (line) => line.isOpen) {
    const lines = (await this.lines()).filter(isChosen).toSorted((a, b) => b.left - a.left);
    for (const { address, copies, left } of lines) {
      if (this.actions + 2 > ACTIONS_MAX) return;
      const choice = { action: 'reject', reason: 'advertising' };
      const first = forms((await this.reader.get(address)).body).find((form) => form.action === `${address}/ask`);
      const asked = await this.post(first.action, { ...first.fields, ...choice }, 200);
      const second = forms(asked).find((form) => form.action === address);
      await this.post(address, { ...second.fields, ...choice }, 303);
      this.decided.add(address);
      print(`decided on ${address}: ${copies}. Held or published: ${left}`);
    }
  }

  /** Decides while others write; ends when `until` is aborted. */
  async watch(until, print) {
    while (!until.aborted) {
      if (/>Campaigns \d/.test((await this.reader.get('/mod')).body)) await this.decideAll(print);
      await sleep(250);
    }
  }

  /** Waits until all that was begun is done. */
  async settle() {
    for (let tries = 0; tries < 1200; tries++) {
      const list = (await this.reader.get('/mod/batches')).body;
      if (!/Going on|Being undone/.test(list)) return;
      await sleep(100);
    }
    throw new Error('a batch does not end');
  }
}

/* ---- Who reads ------------------------------------------------------------------------------ */

/** Reads in a thread of its own, one page after another. stop() gives { on, off }: ms of each answer. */
function startReading(origin) {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(fileURLToPath(new URL('./brigade-reader.mjs', import.meta.url)),
    { workerData: { origin, addresses: OPEN, shared } });
  return {
    setWriting: (is) => Atomics.store(shared, 0, is ? 1 : 0),
    stop: () => new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      Atomics.store(shared, 0, 2);
    }),
  };
}

const share = (all, part) => all.toSorted((a, b) => a - b)[Math.floor(all.length * part)] ?? 0;
const p99 = (all) => share(all, 0.99);
const spread = (all) => [0.5, 0.9, 0.95, 0.99].map((part) => share(all, part).toFixed(2)).join(', ');

/* ---- All of it ------------------------------------------------------------------------------ */

async function writeAll(crowd, all, { perSecond, setWriting }) {
  for (let next = 0; next < all.length;) {
    const until = Date.now() + WINDOW_MS;
    const jobs = [];
    setWriting(true);
    for (let n = 0, began = Date.now(); next < all.length && Date.now() < until; n++, next++) {
      const at = next;
      jobs.push(crowd.write(all[at], at));
      if (jobs.length >= 8) await Promise.race(jobs.slice(-8));
      await sleep(Math.max(0, began + ((n + 1) * 1000) / perSecond - Date.now()));
    }
    await Promise.all(jobs);
    setWriting(false);
    if (next < all.length) await sleep(WINDOW_MS);
  }
}

/** [text, state] of all comments of the newsroom. */
async function states(room) {
  const { stdout } = await promisify(execFile)('python3', ['-c',
    'import json, sqlite3, sys\n'
    + 'print(json.dumps(sqlite3.connect(sys.argv[1]).execute("SELECT text, state FROM comment").fetchall()))',
    path.join(room.dir, 'aitys.db')], { maxBuffer: 2 ** 30 });
  return new Map(JSON.parse(stdout));
}

/**
 * Runs it. Returns { actions, missed, touched, ratio, refused, decided }: what the moderator sent;
 * copies that are public in the end, and ordinary comments that are not; the 99th percentile of
 * reading while the brigade writes, divided by that while it does not; copies that were not stored;
 * campaigns decided on.
 */
export async function brigade({ copies, commenters, ordinary, perSecond = 100, print = () => {} }) {
  const all = plan({ copies, commenters, ordinary });
  const room = await site();
  try {
    await room.start();
    const written = (await pages(room.origin)).filter((page) => OPEN.includes(page.address));
    const crowd = new Crowd(room.origin, written);
    const moderator = new Moderator(room);
    await moderator.signIn();
    const ended = new AbortController();
    const reading = startReading(room.origin);
    const watching = moderator.watch(ended.signal, print);
    await writeAll(crowd, all, { perSecond, setWriting: reading.setWriting });
    ended.abort();
    await watching;
    await moderator.decideAll(print);
    await moderator.settle();
    await moderator.decideAll(print, (line) => line.left > 0); // who joined only later
    await moderator.settle();
    const times = await reading.stop();
    crowd.agent.destroy();
    const stored = await states(room);
    await room.stop();
    const isPublic = (one) => stored.get(one.text) === 1;
    const copied = all.filter((one) => one.isCopy && one.isStored);
    const others = all.filter((one) => !one.isCopy);
    for (const one of others.filter((other) => !other.isStored || !isPublic(other))) {
      print(`not public (${one.isStored ? stored.get(one.text) : 'refused'}): ${JSON.stringify(one.text.slice(0, 100))}`);
    }
    for (const kind of KINDS) {
      const some = copied.filter((one) => one.kind === kind);
      print(`${kind}: ${some.length} copies, ${some.filter(isPublic).length} still public`);
    }
    print(`read ${times.on.length} pages while the brigade wrote, ${times.off.length} while it did not: 50, 90, `
      + `95 and 99 % within ${spread(times.on)} ms, and ${spread(times.off)} ms`);
    return {
      actions: moderator.actions,
      decided: moderator.decided.size,
      missed: copied.filter(isPublic).length,
      touched: others.filter((one) => !one.isStored || !isPublic(one)).length,
      refused: copies - copied.length,
      ratio: p99(times.on) / p99(times.off),
    };
  } finally {
    await room.remove();
  }
}

export async function figures({ quick, print }) {
  if (!hasData()) {
    console.log(`brigade: skipped: there are no comments in ${commentSets}`);
    return [];
  }
  const result = await brigade(quick ? { copies: 500, commenters: 60, ordinary: 200, print }
    : { copies: 5000, commenters: 200, ordinary: 2000, print });
  print(`brigade: ${result.decided} campaigns decided on, ${result.refused} copies refused as repeated`);
  return [
    { name: 'brigade_actions', value: result.actions, unit: 'actions' },
    { name: 'brigade_missed', value: result.missed, unit: 'comments' },
    { name: 'brigade_ordinary_touched', value: result.touched, unit: 'comments' },
    { name: 'brigade_p99', value: Number(result.ratio.toFixed(2)), unit: 'ratio' },
  ];
}
