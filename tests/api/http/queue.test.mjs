/*
 * A queue longer than is worth counting: the page says "more than" instead of counting on, the
 * figure for operators is exact.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader } from './client.mjs';

const COUNTED = 1000;
let room;
let moderator;

const held = (number) => ({
  number, reply_to: null, name: `Reader ${number}`, lang: 'en', text: `Words of number ${number}.`,
  at: new Date(Date.UTC(2026, 9, 21, 8) + number * 1000).toISOString().replace('.000', ''),
  state: 'held',
});

before(async () => {
  room = await newsroom();
  moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
});
after(async () => room?.stop());

/** The figure of /metrics. */
async function figure() {
  const text = await (await fetch(`${room.operator}/metrics`)).text();
  return Number(text.match(/^aitys_comments_held (\d+)/m)[1]);
}

async function fill(from, to) {
  const file = path.join(room.dir, `held-${from}.json`);
  const comments = Array.from({ length: to - from + 1 }, (_, i) => held(from + i));
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1',
    conversations: [{ article: 'old-orchard', comments }] }));
  room.run('import', '--dir', room.dir, file);
}

test('a queue is counted up to a thousand, and then no further', async () => {
  const before = await figure();
  await fill(1, COUNTED - before);
  const counted = (await moderator.send('/mod')).body;
  assert.match(counted, /1,000 comments wait/);
  assert.doesNotMatch(counted, /1,000\+|More than/);
  await fill(COUNTED - before + 1, COUNTED + 5);
  const more = (await moderator.send('/mod')).body;
  assert.match(more, /More than 1,000 comments wait/);
  assert.match(more, />1,000\+<\/b>/);
  assert.equal(await figure(), COUNTED + 5 + before);
});
