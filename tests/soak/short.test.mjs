/*
 * The short forms of script/soak.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { commentSets } from '../lib/newsroom.mjs';
import { brigade, hasData } from './brigade.mjs';
import { full } from './full.mjs';
import { kill9 } from './kill9.mjs';
import { documented } from './patroni.mjs';
import { powercut, powercutBuild } from './powercut.mjs';

before(powercutBuild);

test('a server that is killed loses nothing acknowledged and stores nothing twice', async () => {
  const result = await kill9({ rounds: 3 });
  assert.ok(result.acknowledged > 0);
  assert.equal(result.lost.size, 0);
  assert.equal(result.twice.size, 0);
  // The best of three: other programs may keep the processors from one start, not a server that
  // needs too long from all of them. With sanitizers it is a third of a second.
  assert.ok(Math.min(...result.readyMs) < 1000, `ready after ${result.readyMs} ms`);
});

test('a power cut loses nothing acknowledged', async () => {
  const result = await powercut({ cuts: 300 });
  assert.deepEqual({ ...result, cuts: 0 }, { cuts: 0, hit: 0, lost: 0, half: 0, corrupt: 0 });
});

test('the model of a power cut finds what synchronous=NORMAL loses', async () => {
  const result = await powercut({ cuts: 50, disk: 'normal' });
  assert.ok(result.lost > 0);
  assert.equal(result.corrupt + result.half, 0);
});

test('the model of a power cut finds what a lying disk loses', async () => {
  assert.ok((await powercut({ cuts: 50, disk: 'lying' })).lost > 0);
});

test('a full disk stops writers only, and only as long as it is full', async (t) => {
  if (!await full()) t.skip('only root may mount a small disk');
});

test('a brigade is one decision for each of its texts', async (t) => {
  if (!hasData()) {
    t.skip(`there are no comments in ${commentSets}`);
    return;
  }
  const result = await brigade({ copies: 300, commenters: 40, ordinary: 120 });
  assert.ok(result.decided >= 3, `${result.decided} campaigns were decided on`);
  assert.ok(result.actions <= 10, `${result.actions} actions`);
  assert.equal(result.touched, 0, 'ordinary comments are untouched');
  assert.ok(result.missed <= 15, `${result.missed} copies are still public`);
  assert.ok(result.refused < 30, `${result.refused} copies were refused`);
});

test('the document of failover shows what its run needs', () => {
  const { dynamic, database, replica } = documented();
  assert.match(dynamic, /^synchronous_mode: true$/m);
  assert.match(dynamic, /^ttl: \d+$/m);
  for (const address of [database, replica]) {
    assert.equal(new URL(address.replace(/@[^/]+/, '@one')).pathname, '/aitys');
    assert.deepEqual(address.match(/@([^/]+)/)[1].split(',').sort(), ['db1', 'db2', 'db3']);
  }
});
