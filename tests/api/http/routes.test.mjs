/*
 * Every row of src/web/routes.def over real sockets: no role, wrong role, wrong or no token,
 * foreign origin, a body one byte too large. The rows are read from the file itself, so a new row
 * is tested the day it is written.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { UNHURRIED, newsroom, root } from '../../lib/newsroom.mjs';
import { Reader, forms, send } from './client.mjs';

const KiB = 1024;
const table = readFileSync(path.join(root, 'src/web/routes.def'), 'utf8');
const rows = [...table.matchAll(/^ROUTE\((\w+), "([^"]+)", (\w+), (\w+), (\d+)(?: \* ([KM])iB)?, (\w+), (\w+), (\w+), (\w+), (\w+),/gm)]
  .map(([, method, pattern, role, csrf, max, unit, rate, tx, cache, form, handler]) => (
    { method, pattern, role, csrf, bodyMax: Number(max) * (unit === 'M' ? KiB * KiB : KiB), rate, tx, cache, form, handler }));
assert.equal(rows.length, table.match(/^ROUTE\(/gm).length, 'every row is read');

let room;
let held;
before(async () => {
  room = await newsroom({
    ...UNHURRIED, AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000',
  });
  const moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
  held = (await moderator.get('/mod')).body.match(/\/mod\/comments\/(\d+)"/)[1];
});
after(() => room?.stop());

const address = (pattern) => pattern
  .replace('{lang}', 'en').replace('section/{slug}', 'section/environment')
  .replace('page/{slug}', 'page/comment-policy').replace('author/{key}', 'author/aigerim-sadykova')
  .replace('{slug}', 'the-reservoir-that-came-back').replace('{number}', '1').replace('{id}', held)
  .replace('{key}', '00').replace('{after}', '0').replace('{hash}', '00').replace('{name}', 'theme.css').replace('{file}', '1.jpg');

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const here = { ...form, 'sec-fetch-site': 'same-origin', origin: 'null' };
const changing = rows.filter((row) => row.method === 'POST');
const forModerators = rows.filter((row) => row.role !== 'READER');

describe('without a role', () => {
  for (const row of forModerators) {
    test(`${row.method} ${row.pattern}`, async () => {
      const answer = await send(room.origin + address(row.pattern), { method: row.method, headers: here, body: row.method === 'POST' ? '' : undefined });
      if (row.method === 'GET') {
        assert.equal(answer.status, 303);
        assert.match(answer.headers.location, /^\/mod\/sign-in/);
      } else {
        assert.equal(answer.status, 403);
      }
    });
  }
});

describe('with a session that is none', () => {
  for (const row of forModerators) {
    test(`${row.method} ${row.pattern}`, async () => {
      const cookie = `aitys-mod=${'ab'.repeat(32)}; aitys-key=${'cd'.repeat(32)}`;
      const answer = await send(room.origin + address(row.pattern), { method: row.method, headers: { ...here, cookie }, body: row.method === 'POST' ? '' : undefined });
      assert.equal(answer.status, row.method === 'GET' ? 303 : 403);
    });
  }
});

describe('without a token, or with one of something else', () => {
  for (const row of changing) {
    test(row.pattern, async () => {
      const reader = new Reader(room.origin);
      if (row.role !== 'READER') await reader.signIn(room.moderator);
      const other = row.csrf === 'SIGN_IN' || row.csrf === 'RATING' ? '/comments' : '/rating';
      const { fields } = await reader.form('/en/the-reservoir-that-came-back', other);
      for (const token of ['', fields.token, '0'.repeat(64), 'x']) {
        const answer = await reader.post(address(row.pattern), { token, text: 'x', name: 'N', answer: 'yes', password: 'x' });
        assert.equal(answer.status, 403, token);
      }
    });
  }
});

describe('from another site', () => {
  const foreign = [
    { ...form, origin: 'https://evil.test' },
    { ...form, 'sec-fetch-site': 'cross-site', origin: 'null' },
    { ...form, 'sec-fetch-site': 'same-site' },
    { ...form, 'sec-fetch-site': 'cross-site' },
  ];
  for (const row of changing) {
    test(row.pattern, async () => {
      const reader = new Reader(room.origin);
      if (row.role !== 'READER') await reader.signIn(room.moderator);
      for (const headers of foreign) {
        const answer = await reader.send(address(row.pattern), { method: 'POST', headers, body: 'text=secret-words&name=N' });
        assert.equal(answer.status, 403, JSON.stringify(headers));
        assert.doesNotMatch(answer.body, /secret-words/);
      }
    });
  }
});

describe('a body one byte too large', () => {
  for (const row of changing) {
    test(row.pattern, async () => {
      const url = room.origin + address(row.pattern);
      const large = await send(url, { method: 'POST', headers: here, body: 'x'.repeat(row.bodyMax + 1) });
      assert.equal(large.status, 413);
      const fits = await send(url, { method: 'POST', headers: here, body: 'x'.repeat(row.bodyMax) });
      assert.notEqual(fits.status, 413);
    });
  }
  for (const row of rows.filter((r) => r.method === 'GET' && !changing.some((c) => c.pattern === r.pattern))) {
    test(`GET-only ${row.pattern}`, async () => {
      const answer = await send(room.origin + address(row.pattern), { method: 'POST', headers: here, body: 'x' });
      assert.ok([404, 405, 413].includes(answer.status), String(answer.status));
    });
  }
});

describe('every answer carries the headers', () => {
  for (const row of rows) {
    test(`${row.method} ${row.pattern}`, async () => {
      const answer = await send(room.origin + address(row.pattern), { method: row.method, headers: row.method === 'POST' ? here : {}, body: row.method === 'POST' ? '' : undefined });
      assert.match(answer.headers['content-security-policy'], /^default-src 'none'/);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.equal(answer.headers['referrer-policy'], 'no-referrer');
      assert.match(answer.headers['cache-control'] ?? '', /no-store|must-revalidate|immutable/);
      if (row.method === 'POST') assert.match(answer.headers['cache-control'], /no-store/);
      for (const line of answer.headers['set-cookie'] ?? []) assert.match(line, /HttpOnly/);
      assert.ok(forms(answer.body) !== null);
    });
  }
});
