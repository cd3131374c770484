/*
 * Rules: every limit that the page shows is enforced by the server; X-Forwarded-For is believed
 * only from configured proxies; IPv6 counts by /64; IPv4-mapped IPv6 is IPv4. Bodies, heads and
 * slowness are bounded on every route.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { newsroom } from '../../lib/newsroom.mjs';
import {
  CLOSED, FAST, OPEN, OTHER, Reader, ask, commentId, complaints, database, everything, hidden, routes, talk, textarea,
} from './lib.mjs';

const PROXY = '127.0.0.9';
let room, db;

before(async () => {
  room = await newsroom({
    ...FAST, AITYS_COMMENTS_BURST: '2', AITYS_COMMENTS_PER_HOUR: '1', AITYS_MODERATION_SIGN_INS_PER_HOUR: '3', AITYS_RATINGS_PER_HOUR: '4',
    AITYS_SERVER_TRUSTED_PROXIES: PROXY, AITYS_SERVER_HEAD_MS: '1000', AITYS_SERVER_BODY_MS: '1000', AITYS_SERVER_IDLE_MS: '1500',
  });
  db = database(room);
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

let address = 0;
/** A reader behind the proxy with an address that nobody had. */
const elsewhere = () => {
  address++;
  return new Reader(room, { from: PROXY, headers: { 'x-forwarded-for': `198.51.${address >> 8}.${address & 255}` } });
};

describe('every limit that the page shows is enforced by the server', () => {
  for (const [what, one] of [['letters', 'a'], ['Cyrillic', 'ж'], ['families', '👨‍👩‍👧'], ['flags', '🇰🇿'], ['stacked accents', 'e\u0301'],
    ['Devanagari conjuncts', 'क्षि'], ['Hangul jamo', '\u1112\u1161\u11ab'], ['CR LF', '\r\n']]) {
    test(`1,500 characters as a person counts them: ${what}`, async () => {
      const text = (n) => (what === 'CR LF' ? `a${one.repeat(n - 2)}b` : one.repeat(n));
      const who = elsewhere();
      const most = await who.comment(OPEN, { name: 'Counter', text: text(1500) });
      assert.equal(most.status, 303);
      const over = await who.comment(OPEN, { name: 'Counter', text: text(1501) });
      assert.equal(over.status, 422);
      if (what !== 'CR LF') assert.equal(textarea(over.text), text(1501), 'given back whole');
      const edited = await who.edit(OPEN, most.number, text(1501));
      assert.equal(edited.status, 422);
      const [[stored]] = await db.all(`SELECT text FROM comment WHERE id = ${await commentId(db, OPEN, most.number)}`);
      assert.equal(stored, text(1500));
    });
  }

  test('a reply to nothing, the trap, no name, blanks, text that nobody can see', async () => {
    const before = await everything(db);
    const who = elsewhere();
    const fields = await who.fields(OPEN);
    const cases = [
      { name: '' }, { name: '   ' }, { text: '' }, { text: ' \r\n\t ' }, { text: '\u200b\u200b' }, { text: '\u2800' }, { website: 'http://spam.example' },
      { reply_to: '9999' }, { reply_to: '-1' }, { reply_to: '1e3' }, { reply_to: '99999999999999999999' }, { name: 'x'.repeat(500) },
      { name: 'two\r\nlines' }, { name: 'a\u0000b' }, { text: 'a\u0000b' }, { text: 'bell \u0007' }, { text: 'escape \u001b[31m' },
    ];
    const passed = [];
    for (const more of cases) {
      const one = elsewhere();
      one.jar = who.jar;
      const answer = await one.post(`${OPEN}/comments`, { ...fields, name: 'Limit', text: `Limit ${Math.random()}`, ...more });
      if (answer.status < 400) passed.push(JSON.stringify(more));
    }
    assert.deepEqual(passed, []);
    assert.deepEqual(await everything(db), before);
  });

  test('comments made to grow: pages, the feed and the queue are still there', async () => {
    const marks = '\u0300';
    const grows = (n) => {
      const head = `[a]: https://a.example/${marks.repeat(990)}\n\nGrows ${n} ${'[a]'.repeat(265)} z`;
      return head + marks.repeat(Math.floor((59000 - Buffer.byteLength(head)) / 2));
    };
    for (let n = 0; n < 12; n++) {
      assert.equal((await elsewhere().comment(OPEN, { name: 'Grower', text: grows(n) })).status, 303);
    }
    const moderator = new Reader(room, { from: '127.0.0.34' });
    assert.equal((await moderator.signIn()).status, 303);
    for (const [who, path] of [[elsewhere(), `${OPEN}?order=newest`], [elsewhere(), `${OPEN}/comments.atom`],
      [moderator, '/mod?state=published']]) {
      const answer = await who.get(path);
      assert.equal(answer.status, 200, path);
      assert.ok(answer.text.length < 12 * 8 * 60000, `${path}: ${answer.text.length}`);
    }
  });

  test('a closed conversation takes no comment, no edit and no form of another article', async () => {
    const before = await everything(db);
    for (const source of [`${CLOSED}/comments/1/reply`, CLOSED, OPEN]) {
      const who = elsewhere();
      const answer = await who.post(`${CLOSED}/comments`, { ...await who.fields(source), name: 'Late', text: `Late ${Math.random()}`, reply_to: '' });
      assert.equal(answer.status, 403, source);
    }
    assert.deepEqual(await everything(db), before);
  });

  test('bytes that are not UTF-8 are refused, never repaired', async () => {
    const before = await everything(db);
    const { token } = await new Reader(room).fields(OPEN);
    for (const bytes of ['%FF', '%C0%AF', '%ED%A0%80', '%F5%80%80%80', 'a%80', '%E2%82', '%EF%BF', '%C3%28']) {
      for (const field of ['text', 'name']) {
        const form = { text: 'fine', name: 'fine', [field]: '@' };
        const body = `token=${token}&${Object.entries(form).map(([k, v]) => `${k}=${v}`).join('&').replace('@', bytes)}`;
        const answer = await elsewhere().ask(`${OPEN}/comments`, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
        assert.ok(answer.status >= 400 && answer.status < 500, `${field}=${bytes}: ${answer.status}`);
      }
    }
    assert.deepEqual(await everything(db), before);
  });

  test('fields given twice, too many fields, broken multipart: refused or the first counts, never both', async () => {
    const who = elsewhere();
    const fields = await who.fields(OPEN);
    const twice = new URLSearchParams({ ...fields, name: 'Twice', text: 'First words.' });
    twice.append('text', 'Second words.');
    twice.append('token', 'x');
    const answer = await who.ask(`${OPEN}/comments`, { body: twice.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.ok([303, 400, 403, 422].includes(answer.status));
    const rows = await db.all("SELECT text FROM comment WHERE name = 'Twice'");
    assert.ok(rows.length === 0 || rows[0][0] === 'First words.');
    const many = Array.from({ length: 5000 }, (_, i) => `f${i}=x`).join('&');
    assert.ok((await elsewhere().ask(`${OPEN}/comments`, { body: many, headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status >= 400);
    for (const body of ['--x', '--x\r\n', '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n', '--x--', '--x\r\n\r\n\r\n--x--\r\n', 'x'.repeat(1000)]) {
      const { status } = await elsewhere().ask(`${OPEN}/comments`, { body, headers: { 'content-type': 'multipart/form-data; boundary=x' } });
      assert.ok(status >= 400 && status < 500, `${JSON.stringify(body)}: ${status}`);
    }
  });
});

describe('bodies, heads and slowness are bounded', () => {
  test('a body of one byte too many is 413 on every route, before it is read', async () => {
    for (const route of routes().filter((r) => r.method === 'POST')) {
      const target = route.pattern.replace('{lang}', 'en').replace('{slug}', OPEN.slice(4)).replace('{number}', '1').replace('{id}', '1');
      const head = (n) => `POST ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
        `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${n}\r\n\r\n`;
      const over = await talk(room, head(route.bodyMax + 1));
      assert.match(over.text, /^HTTP\/1\.1 413 /, `${route.pattern} + 1`);
      assert.ok(over.closed, route.pattern);
      const most = await talk(room, head(route.bodyMax) + 'x'.repeat(route.bodyMax));
      assert.match(most.text, /^HTTP\/1\.1 4(03|00|22) /, `${route.pattern} at its most`);
      const chunked = `POST ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${(route.bodyMax + 1).toString(16)}\r\n${'x'.repeat(route.bodyMax + 1)}\r\n0\r\n\r\n`;
      assert.match((await talk(room, chunked)).text, /^HTTP\/1\.1 413 /, `${route.pattern} in chunks`);
    }
  });

  test('a body where none belongs is refused', async () => {
    for (const target of ['/en', OPEN, '/mod', '/healthz', '/no/such/place']) {
      const { text } = await talk(room, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx`);
      assert.match(text, /^HTTP\/1\.1 4(00|13) /, target);
    }
    const { text } = await talk(room, 'POST /no/such/place HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n');
    assert.match(text, /^HTTP\/1\.1 (404|413) /);
  });

  test('huge heads: 414, 431 and a closed connection', async () => {
    for (const [bytes, status] of [
      [`GET /${'a'.repeat(70000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
      [`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(200000)}\r\n\r\n`, 431],
      [`GET / HTTP/1.1\r\nHost: a\r\n${'A: b\r\n'.repeat(5000)}\r\n`, 431],
    ]) {
      const answer = await talk(room, bytes);
      assert.match(answer.text, new RegExp(`^HTTP/1.1 ${status} `));
      assert.ok(answer.closed);
    }
  });

  test('slow heads and bodies are cut in time, whatever trickles in', async () => {
    const trickle = async (first, more) => {
      const { hostname, port } = new URL(room.origin);
      const { connect } = await import('node:net');
      return new Promise((resolve) => {
        const started = Date.now();
        const socket = connect(port, hostname);
        let text = '';
        socket.write(first);
        const drip = setInterval(() => socket.write(more), 200);
        socket.on('data', (d) => { text += d; });
        socket.on('error', () => {});
        socket.on('close', () => { clearInterval(drip); resolve({ ms: Date.now() - started, text }); });
        setTimeout(() => socket.destroy(), 8000).unref();
      });
    };
    const [head, headers, body, idle] = await Promise.all([
      trickle('G', 'E'),
      trickle('GET / HTTP/1.1\r\nHost: a\r\n', 'X: y\r\n'),
      trickle(`POST ${OPEN}/comments HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n`, 'x'),
      talk(room, 'GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n', { wait: 8000 }),
    ]);
    for (const [name, { ms }] of Object.entries({ head, headers, body })) assert.ok(ms < 4000, `${name}: ${ms} ms`);
    assert.ok(idle.closed && idle.ms < 5000, `idle: ${idle.ms} ms`);
  });
});

describe('requests that are never complete keep nobody out', () => {
  const UNFINISHED = `POST ${OPEN}/comments HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n`;
  const STRANGERS = ['127.0.0.41', '127.0.0.42', '127.0.0.43'];
  let small;
  let held = [];
  before(async () => {
    small = await newsroom({
      ...FAST, AITYS_SERVER_LOOPS: '1', AITYS_SERVER_CONNECTIONS_MAX: '16', AITYS_SERVER_NETWORK_CONNECTIONS_MAX: '8',
      AITYS_SERVER_TRUSTED_PROXIES: PROXY,
    });
  });
  const letGo = () => { held.forEach((s) => s.destroy()); held = []; };
  after(async () => { letGo(); await small?.stop(); });

  /** Sends a head and never its body; resolves when the server waits for that, or has closed. */
  const hold = (from) => new Promise((resolve) => {
    const { hostname, port } = new URL(small.origin);
    const socket = net.connect({ host: hostname, port, localAddress: from });
    held.push(socket);
    socket.on('error', () => {});
    socket.once('data', resolve);
    socket.on('close', () => { socket.isOver = true; resolve(); });
    socket.write(UNFINISHED);
  });
  const holding = () => held.filter((s) => !s.isOver).length;

  test('one network has its share; a trusted proxy, through which all come, has none', async () => {
    for (let i = 0; i < 12; i++) await hold('127.0.0.40');
    await sleep(50);
    assert.equal(holding(), 8);
    assert.equal((await new Reader(small, { from: '127.0.0.40' }).get(OPEN)).status, 200, 'its other readers come first');
    letGo();
    for (let i = 0; i < 12; i++) await hold(PROXY);
    assert.equal(holding(), 12, 'of the proxy');
    letGo();
  });

  test('readers and writers come in while others hold every connection', async () => {
    for (const from of STRANGERS) for (let i = 0; i < 8; i++) await hold(from);
    await sleep(50); /* those that were closed hear of it */
    assert.equal(holding(), 16, 'all are taken');
    const who = new Reader(small);
    assert.equal((await who.get(OPEN)).status, 200);
    for (let i = 0; i < 8; i++) await hold(STRANGERS[i % STRANGERS.length]);
    assert.equal((await who.comment(OPEN, { name: 'Patient', text: 'Among strangers.' })).status, 303);
    letGo();
  });
});

describe('bodies that are never complete take a limited amount of memory', () => {
  let narrow;
  const held = [];
  before(async () => { narrow = await newsroom({ ...FAST, AITYS_SERVER_BODIES: '16 MiB', AITYS_SERVER_TRUSTED_PROXIES: PROXY }); });
  after(async () => { held.forEach((s) => s.destroy()); await narrow?.stop(); });

  /** Begins a comment of so many bytes; resolves when all but the last is sent. */
  const begin = (bytes) => new Promise((resolve) => {
    const { hostname, port } = new URL(narrow.origin);
    const socket = net.connect({ host: hostname, port, localAddress: PROXY });
    held.push(socket);
    socket.text = '';
    socket.on('data', (piece) => { socket.text += piece; });
    socket.on('error', () => {});
    socket.on('close', () => resolve(socket));
    socket.write(`POST ${OPEN}/comments HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `Content-Length: ${bytes}\r\n\r\n`);
    socket.write('x'.repeat(bytes - 1), () => resolve(socket));
  });

  test('the largest are asked to come again; who says little is heard, however slowly', async () => {
    const slow = await begin(3000);
    const large = await Promise.all(Array.from({ length: 200 }, () => begin(250000)));
    const given = () => large.filter((s) => s.text.startsWith('HTTP/1.1 503 '));
    while (given().length < 200 - 16 * 1048576 / 250000) await sleep(10);
    for (const { text } of given()) assert.match(text, /^Retry-After: \d+\r\n[\s\S]*The server is busy/m);
    const who = new Reader(narrow);
    assert.equal((await who.comment(OPEN, { name: 'Brief', text: 'Little to say.' })).status, 303);
    slow.write('x');
    while (!slow.text) await sleep(10);
    assert.match(slow.text, /^HTTP\/1\.1 4(00|03|22) /, 'it was read to its end');
  });
});

describe('X-Forwarded-For is believed only from configured proxies', () => {
  let serial = 0;
  const post = async (from, forwarded, more = {}) => {
    const who = new Reader(room, { from, headers: { ...(forwarded ? { 'x-forwarded-for': forwarded } : {}), ...more } });
    return who.comment(OTHER, { name: 'Prober', text: `Probe ${++serial}.` });
  };
  /** Uses up the two comments of one address. */
  const drain = async (from, forwarded, more) => {
    for (let i = 0; i < 2; i++) assert.equal((await post(from, forwarded, more)).status, 303, `${from} ${forwarded}`);
    assert.equal((await post(from, forwarded, more)).status, 429, `${from} ${forwarded}`);
  };

  test('not from anybody else, in none of its forms', async () => {
    await drain('127.0.0.21', undefined);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip']) {
      const value = name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9';
      assert.equal((await post('127.0.0.21', undefined, { [name]: value })).status, 429, name);
    }
  });

  test('the proxy\'s word counts: the last address that is not a proxy, not what the client put before', async () => {
    await drain(PROXY, '203.0.113.50');
    assert.equal((await post(PROXY, '203.0.113.51')).status, 303);
    assert.equal((await post(PROXY, '1.2.3.4, 203.0.113.50')).status, 429, 'the client\'s own claim');
    assert.equal((await post(PROXY, `203.0.113.50, ${PROXY}`)).status, 429, 'a chain of proxies');
    assert.equal((await post(PROXY, 'unknown, garbage, 203.0.113.50')).status, 429);
  });

  test('IPv6 counts by /64: two addresses in one share one bucket', async () => {
    await drain(PROXY, '2001:db8:5:6::1');
    assert.equal((await post(PROXY, '2001:db8:5:6:ffff:eeee:dddd:cccc')).status, 429);
    assert.equal((await post(PROXY, '[2001:db8:5:6::9]:4711')).status, 429);
    assert.equal((await post(PROXY, '2001:db8:5:7::1')).status, 303);
  });

  test('IPv4-mapped IPv6 is IPv4', async () => {
    await drain(PROXY, '192.0.2.77');
    assert.equal((await post(PROXY, '::ffff:192.0.2.77')).status, 429);
    assert.equal((await post(PROXY, '::ffff:c000:24d')).status, 429);
    assert.equal((await post(PROXY, '192.0.2.77:55555')).status, 429);
    assert.equal((await post(PROXY, '::ffff:192.0.2.78')).status, 303);
  });
});

describe('rate limits answer 429 with Retry-After', () => {
  test('comments: the words come back', async () => {
    const who = elsewhere();
    for (let i = 0; i < 2; i++) assert.equal((await who.comment(OPEN, { name: 'Rate', text: `Rate ${Math.random()}` })).status, 303);
    const words = 'These <i>words</i> & "quotes" must come back.\r\nAnd the second line.';
    const answer = await who.comment(OPEN, { name: 'Rate <b>', text: words });
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.equal(textarea(answer.text).replace(/\r?\n/g, '\n'), words.replace(/\r\n/g, '\n'));
    assert.match(answer.text, /value="Rate &lt;b&gt;"/);
    const once = await who.get(OPEN);
    assert.equal(once.status, 200, 'reading goes on');
  });

  test('ratings and sign-ins', async () => {
    const rate = async () => {
      const who = new Reader(room, { from: '127.0.0.31' });
      return who.post(`${OPEN}/rating`, { token: hidden((await who.get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes' });
    };
    let answer;
    for (let i = 0; i < 6; i++) answer = await rate();
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    const who = new Reader(room, { from: '127.0.0.32' });
    for (let i = 0; i < 3; i++) assert.equal((await who.signIn({ name: 'moderator', password: `wrong ${i}` })).status, 422);
    const right = await who.signIn();
    assert.equal(right.status, 429, 'even with the right password');
    assert.ok(Number(right.headers['retry-after']) > 0);
    assert.deepEqual(right.cookies, []);
    assert.doesNotMatch(right.text, new RegExp(room.moderator.password.replace(/[^\w]/g, '\\$&')), 'a password is never shown again');
    const elsewhereReader = new Reader(room, { from: '127.0.0.33' });
    assert.equal((await elsewhereReader.signIn()).status, 303, 'the moderator is not locked out elsewhere');
  });

  test('a limit of one network is no limit of another', async () => {
    assert.equal((await ask(room, OPEN)).status, 200);
    assert.equal((await elsewhere().comment(OPEN, { name: 'Free', text: `Free ${Math.random()}` })).status, 303);
  });
});
