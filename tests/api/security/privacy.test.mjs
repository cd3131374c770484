/*
 * Rule: nothing public is derived from an IP address. No IP address, user agent or referrer is
 * written to disk, ever: not in the database, its write-ahead log, the logs, a core dump or a
 * backup. Prints `figure pii_found`.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { FAST, HELD, OPEN, Reader, ask, commentId, complaints, database, filesOf, hidden, talk } from './lib.mjs';

const PROXY = '127.93.171.207';
const DIRECT = '127.93.171.206';
const FORWARDED4 = '203.0.113.77';
const FORWARDED6 = '2001:db8:4d5a:9f3c:1b2e:77a1:c0de:f00d';
const UNTRUSTED = '198.51.100.231';

/* What a browser says of its user, each with a mark that occurs nowhere else. */
const HEADERS = {
  'user-agent': 'PlantedAgent/93.171 (Qwxzj; Kyzylorda)',
  referer: 'https://planted-referrer.example/secret-forum?from=Qwxzj-ref',
  'accept-language': 'kk-Planted, en;q=0.5',
  via: '1.1 planted-via.example',
  from: 'planted-from@mail.example',
  dnt: 'planted-dnt',
  'sec-ch-ua': '"PlantedBrand";v="93"',
  'sec-ch-ua-platform': '"PlantedPlatform"',
  'x-real-ip': UNTRUSTED,
  cookie: 'foreign=planted-cookie-value',
};

const bytes4 = (text) => Buffer.from(text.split('.').map(Number));
const bytes6 = (text) => Buffer.from(text.split(':').map((g) => g.padStart(4, '0')).join(''), 'hex');

/** Every form in which a thing could lie on a disk: name → bytes. */
function markers() {
  const all = new Map();
  const put = (name, value) => all.set(name, Buffer.from(value));
  for (const [name, value] of Object.entries(HEADERS)) {
    const text = name === 'cookie' ? 'planted-cookie-value' : value;
    put(`${name}`, text);
    put(`${name}, in part`, text.match(/[Pp]lanted[\w-]*|198[\d.]+/)[0]);
    put(`${name}, in hex`, Buffer.from(text).toString('hex'));
    put(`${name}, in base64`, Buffer.from(text).toString('base64').slice(0, -4));
    put(`${name}, in UTF-16`, Buffer.from(text, 'utf16le'));
    for (const kind of ['md5', 'sha1', 'sha256', 'blake2b512', 'blake2s256']) {
      put(`${name}, ${kind}`, createHash(kind).update(text).digest().subarray(0, 16));
      put(`${name}, ${kind} in hex`, createHash(kind).update(text).digest('hex').slice(0, 24));
    }
  }
  for (const ip of [DIRECT, PROXY, FORWARDED4, UNTRUSTED]) {
    const raw = bytes4(ip);
    put(`${ip}`, ip);
    put(`${ip}, in bytes`, raw);
    put(`${ip}, in bytes, the other way round`, Buffer.from(raw).reverse());
    put(`${ip}, in hex`, raw.toString('hex'));
    put(`${ip}, as a number`, String(raw.readUInt32BE()));
    put(`${ip}, mapped`, Buffer.concat([Buffer.from('ffff', 'hex'), raw]));
    for (const kind of ['md5', 'sha1', 'sha256', 'blake2b512', 'blake2s256']) {
      for (const [form, value] of [['text', ip], ['bytes', raw]]) {
        put(`${ip}, ${kind} of ${form}`, createHash(kind).update(value).digest().subarray(0, 8));
        put(`${ip}, ${kind} of ${form}, in hex`, createHash(kind).update(value).digest('hex').slice(0, 16));
      }
    }
  }
  const raw6 = bytes6(FORWARDED6);
  put('IPv6', FORWARDED6);
  put('IPv6, its /64', '2001:db8:4d5a:9f3c');
  put('IPv6, in bytes', raw6);
  put('IPv6, its /64 in bytes', raw6.subarray(0, 8));
  put('IPv6, its /64 in hex', raw6.subarray(0, 8).toString('hex'));
  for (const kind of ['md5', 'sha1', 'sha256']) {
    put(`IPv6, ${kind} of its /64`, createHash(kind).update(raw6.subarray(0, 8)).digest().subarray(0, 8));
  }
  return all;
}

let room, db;

before(async () => {
  room = await newsroom({
    ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000', AITYS_LOG_LEVEL: 'debug', AITYS_SERVER_TRUSTED_PROXIES: PROXY,
    AITYS_SERVER_HEAD_MS: '1000',
  });
  db = database(room);
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

/** Everything that one can do, with everything that a browser can tell. */
async function live(who, mark) {
  for (const target of ['/', '/en', OPEN, '/en/feed.atom', `${OPEN}/comments.atom`, '/nowhere', '/mod', '/mod/sign-in', `${OPEN}?order=newest`]) {
    await who.get(target);
  }
  const own = await who.comment(OPEN, { name: `Person ${mark}`, text: `Something ${mark}.` });
  assert.equal(own.status, 303);
  const held = await who.comment(HELD, { name: `Person ${mark}`, text: `Something held ${mark}.` });
  assert.equal((await who.edit(OPEN, own.number, `Something else ${mark}.`)).status, 303);
  await who.post(`${OPEN}/comments`, { ...await who.fields(OPEN), name: '', text: '' });
  await who.post(`${OPEN}/comments`, { token: 'bad', name: 'x', text: 'y' });
  await who.post(`${OPEN}/preview`, { ...await who.fields(OPEN), text: '*x*' });
  for (const number of [1, 2]) {
    const at = `${OPEN}/comments/${number}/report`;
    const token = hidden((await who.get(at)).text, 'token', at);
    assert.equal((await who.post(at, { token, reason: 'other', text: `Report ${mark}.` })).status, 303);
  }
  const rating = { token: hidden((await who.get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes' };
  assert.equal((await who.post(`${OPEN}/rating`, rating)).status, 303);
  await who.signIn({ name: 'moderator', password: 'a wrong one' });
  await who.signIn({ name: 'no-such-person', password: 'a wrong one' });
  assert.equal((await who.signIn()).status, 303);
  await who.decide(await commentId(db, HELD, held.number), 'publish');
  await who.decide(await commentId(db, OPEN, own.number), 'reject');
  await who.get('/mod?state=rejected');
}

test('no IP address, user agent or referrer is written to disk, ever', async (t) => {
  const direct = new Reader(room, { from: DIRECT, headers: HEADERS });
  const behind4 = new Reader(room, { from: PROXY, headers: { ...HEADERS, 'x-forwarded-for': `10.9.8.7, ${FORWARDED4}`, 'x-forwarded-proto': 'https' } });
  const behind6 = new Reader(room, { from: PROXY, headers: { ...HEADERS, 'x-forwarded-for': FORWARDED6, forwarded: `for="[${FORWARDED6}]"` } });
  const liar = new Reader(room, { from: DIRECT, headers: { ...HEADERS, 'x-forwarded-for': UNTRUSTED, forwarded: `for=${UNTRUSTED}` } });
  let n = 0;
  for (const who of [direct, behind4, behind6, liar]) await live(who, ++n);

  // What goes wrong is logged, and must not be logged with its sender.
  const tell = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  for (const bytes of [`GET / HTTP/1.1\r\n${tell}\r\n`, `NONSENSE\r\n${tell}\r\n`, `GET / HTTP/1.1\r\nHost: a\r\n${tell}`,
    `GET /${'a'.repeat(70000)} HTTP/1.1\r\nHost: a\r\n${tell}\r\n`, `POST ${OPEN}/comments HTTP/1.1\r\nHost: a\r\n${tell}Content-Length: 99999999\r\n\r\n`,
    `POST ${OPEN}/comments HTTP/1.1\r\nHost: a\r\n${tell}Content-Length: 100\r\n\r\nhalf`]) {
    await talk(room, bytes, { from: DIRECT, wait: 1500 });
  }

  const figures = await ask(room, '/metrics', { origin: room.operator });
  assert.equal(figures.status, 200);
  const places = new Map([['the log', Buffer.from(room.log)], ['/metrics', figures.bytes]]);
  assert.ok(room.log.length > 1000, 'the log is on');
  const backup = path.join(room.dir, '..', 'backup.db');
  const known = new Set();
  const gather = (when) => {
    for (const file of filesOf(path.dirname(room.dir))) {
      const bytes = readFileSync(file);
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (!known.has(hash)) places.set(`${path.basename(file)} ${when}`, bytes);
      known.add(hash);
    }
  };
  gather('while it runs');
  room.run('backup', '--dir', room.dir, backup);
  gather('with its backup');
  assert.ok([...places.keys()].some((name) => name.includes('-wal')), 'the write-ahead log was looked at');
  // What the process keeps open without a name is on the disk, too.
  for (const fd of readdirSync(`/proc/${room.pid}/fd`)) {
    try {
      const target = readlinkSync(`/proc/${room.pid}/fd/${fd}`);
      if (/deleted|\/tmp\//.test(target) && !/memfd|socket|pipe/.test(target)) places.set(`open: ${target}`, readFileSync(`/proc/${room.pid}/fd/${fd}`));
    } catch { /* closed meanwhile */ }
  }
  await room.restart();
  gather('after the end');

  // This search bites: words that must be there are found.
  assert.ok([...places.values()].some((bytes) => bytes.includes('Something else 1.')));

  const found = [];
  for (const [name, marker] of markers()) {
    for (const [place, bytes] of places) if (bytes.includes(marker)) found.push(`${name} in ${place}`);
  }
  t.diagnostic(`${markers().size} forms of planted data looked for in ${places.size} places`);
  console.log(`figure pii_found ${found.length} count`);
  assert.deepEqual(found, []);
});

test('reports of two comments cannot be joined, and say nothing of who made them', async () => {
  const one = new Reader(room, { from: '127.0.5.9' });
  for (const number of [3, 4]) {
    const at = `${OPEN}/comments/${number}/report`;
    const token = hidden((await one.get(at)).text, 'token', at);
    assert.equal((await one.post(at, { token, reason: 'hate', text: '' })).status, 303);
  }
  const rows = await db.all('SELECT comment, hex(reporter), hex(network) FROM report');
  assert.ok(rows.length >= 8, `${rows.length} reports`);
  for (const [column, what] of [[1, 'reporters'], [2, 'networks']]) {
    const comments = new Map();
    for (const row of rows.filter((r) => r[column])) comments.set(row[column], new Set([...comments.get(row[column]) ?? [], row[0]]));
    assert.deepEqual([...comments.values()].filter((set) => set.size > 1), [], `${what} of one comment only`);
    assert.ok(comments.size > 0, what);
  }
  const cookie = one.jar.get('aitys-report');
  assert.match(cookie, /^[0-9a-f]{64}$/);
  const stored = rows.map((r) => r[1].toLowerCase());
  for (const form of [cookie, createHash('sha256').update(cookie).digest('hex'), createHash('blake2b512').update(cookie).digest('hex')]) {
    assert.ok(!stored.some((hash) => form.includes(hash) || hash.includes(form.slice(0, 16))));
  }
});

test('the server leaves no core dump: the limit is 0, hard and soft', () => {
  const limits = readFileSync(`/proc/${room.pid}/limits`, 'utf8');
  assert.match(limits, /Max core file size\s+0\s+0\s/);
});

test('nothing public is derived from an address: two readers from two places look the same', async () => {
  const one = new Reader(room, { from: '127.0.5.1', headers: { 'user-agent': 'One' } });
  const two = new Reader(room, { from: '127.0.6.2', headers: { 'user-agent': 'Two' } });
  const numbers = [];
  for (const who of [one, two]) numbers.push((await who.comment(OPEN, { name: 'Same', text: `From somewhere ${numbers.length}.` })).number);
  const { text } = await new Reader(room).get(OPEN);
  const [first, second] = numbers.map((n) => text.match(new RegExp(`<li class="c[^>]*id="c${n}">[\\s\\S]*?</li>`))[0]
    .replaceAll(String(n), 'N').replace(/somewhere \d/, '').replace(/<time[\s\S]*?<\/time>/g, ''));
  assert.equal(first, second);
  const rows = await db.all("SELECT hex(commenter), hex(idem) FROM comment WHERE name = 'Same'");
  assert.notEqual(rows[0][0], rows[1][0]);
});
