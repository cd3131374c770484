/*
 * What changes without a reader's doing: another process publishes, an article's hour comes; and
 * what is different under https.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, send } from './client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';

const story = (slug, published) => `---
article: ${slug}
lang: en
slug: ${slug}
headline: "Headline of ${slug}"
standfirst: "A short one."
agencies: ["NORTHWIRE"]
dateline: "ALMATY"
section: culture
published: ${published.toISOString().replace(/\.\d+/, '')}
conversation: open
---
Some words.
`;

/** Asks until the page is as wanted. */
async function until(check, seconds) {
  for (let tries = 0; tries < seconds * 10; tries++) {
    if (await check()) return;
    await sleep(100);
  }
  assert.fail(`not within ${seconds} s`);
}

describe('beside the server', () => {
  let room;
  before(async () => { room = await newsroom(); });
  after(() => room?.stop());
  const publish = (slug, at) => {
    const file = path.join(room.dir, `${slug}.en.md`);
    writeFileSync(file, story(slug, at));
    room.run('publish', '--dir', room.dir, file);
  };
  const front = async () => (await send(`${room.origin}/en`)).body;

  test('what another process publishes is on the cached front page soon', async () => {
    assert.doesNotMatch(await front(), /published-elsewhere/);
    publish('published-elsewhere', new Date());
    await until(async () => (await front()).includes('/en/published-elsewhere'), 5);
  });

  test('an article appears at its hour, not before, everywhere', async () => {
    publish('at-its-hour', new Date(Date.now() + 4000));
    await sleep(1500);
    assert.doesNotMatch(await front(), /at-its-hour/);
    assert.equal((await send(`${room.origin}/en/at-its-hour`)).status, 404);
    assert.doesNotMatch((await send(`${room.origin}/en/feed.atom`)).body, /at-its-hour/);
    await until(async () => (await front()).includes('/en/at-its-hour'), 8);
    assert.equal((await send(`${room.origin}/en/at-its-hour`)).status, 200);
    assert.match((await send(`${room.origin}/en/feed.atom`)).body, /at-its-hour/);
  });

  test('a page that stays is compressed once more under the same tag', async () => {
    const ask = (headers) => send(room.origin + OPEN, { headers: { 'accept-encoding': 'br', ...headers } });
    const first = await ask();
    await until(async () => (await ask()).bytes.length < first.bytes.length, 8);
    assert.equal((await ask({ 'if-none-match': first.headers.etag })).status, 304);
  });
});

describe('under https', () => {
  let room;
  before(async () => {
    room = await newsroom({ AITYS_SITE_ORIGIN: 'https://news.test', AITYS_COMMENTS_MIN_S: '0' });
  });
  after(() => room?.stop());

  test('cookies are bound to the host, and browsers told to stay with https', async () => {
    const r = new Reader(room.origin);
    const answer = await r.comment(OPEN, { name: 'N', text: 'Secure.' });
    assert.match(answer.headers['set-cookie'][0], /^__Host-aitys-key=[0-9a-f]{64}; .*Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    assert.match(answer.headers['strict-transport-security'], /^max-age=\d{7,}/);
    const signed = await r.signIn(room.moderator);
    assert.match(signed.headers['set-cookie'][0], /^__Host-aitys-mod=.*SameSite=Strict; Secure$/);
    assert.match((await r.get(OPEN)).body, /<link rel="canonical" href="https:\/\/news\.test\/en\//);
  });

  test('a form from the http address is foreign', async () => {
    const r = new Reader(room.origin);
    const { action, fields } = await r.form(OPEN, '/comments');
    const answer = await r.post(action, { ...fields, name: 'N', text: 'x' }, { origin: room.origin });
    assert.equal(answer.status, 403);
  });
});
