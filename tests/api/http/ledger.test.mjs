/*
 * The ledger's public pages: what they show, and that a new signature is shown at once.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, send } from './client.mjs';

let room;
before(async () => { room = await newsroom(); });
after(() => room?.stop());

const get = (path, headers) => send(room.origin + path, { headers });

/** Pages of this node drop what another process wrote within half a second or a second. */
async function until(path, wanted) {
  for (let tries = 0; tries < 60; tries++) {
    const { body } = await get(path);
    if (wanted.test(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} never showed ${wanted}`);
}

describe('the ledger', () => {
  test('leads to the reader’s language', async () => {
    const answer = await get('/ledger', { 'accept-language': 'ru' });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.location, '/ru/about/ledger');
    assert.match(answer.headers.vary, /Accept-Language/);
  });

  test('is empty but for its beginning before it is signed', async () => {
    const { status, headers, body } = await get('/ledger.txt');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(body, /^aitys ledger heads 1\n/);
    assert.doesNotMatch(body, /^head /m);
    assert.match((await get('/en/about/ledger')).body, /Nothing has been signed yet\./);
  });

  test('shows a new signed head on both pages, and it verifies', async () => {
    const moderator = new Reader(room.origin);
    await moderator.signIn(room.moderator);
    const head = room.run('ledger', 'sign').trim();
    const [, seq, , hash, , key, signature] = head.split(' ');
    const text = await until('/ledger.txt', /^head /m);
    assert.ok(text.includes(`\n${head}\n`));
    assert.match(text, new RegExp(`^[0-9a-f]{64} 0 \\d+ 0 genesis site=1 origin=${room.origin} key=${key}$`, 'm'));
    for (const lang of ['en', 'kk', 'ar']) {
      const page = await until(`/${lang}/about/ledger`, new RegExp(signature));
      assert.ok(page.includes(hash) && page.includes(key));
    }
    assert.match((await get('/en/about/ledger')).body, new RegExp(`${seq} (entry|entries)`));
    assert.match(room.run('ledger', 'verify', '--head', head, '--key', key), /^good: /);
  });

  test('never shows an entry', async () => {
    for (const path of ['/ledger.txt', '/en/about/ledger']) {
      assert.doesNotMatch((await get(path)).body, /[0-9a-f]{64} [1-9]\d* \d+ \d+ |strength=|of=\d/, path);
    }
  });
});
