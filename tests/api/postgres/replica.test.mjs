/*
 * A standby that pages are read from: never behind what this node stored or heard of, and not
 * missed when it is away.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { UNHURRIED, newsroom } from '../../lib/newsroom.mjs';
import { cuttableWay } from '../../lib/way.mjs';
import { Reader } from '../http/client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const server = ownServer();
let room;
let database;
let other;
let standby;
let asked = 0;

before(async () => {
  if (!server) return;
  database = databaseFor(server.address);
  standby = server.standby(database.name);
  room = await newsroom({
    AITYS_DATABASE: database.address, AITYS_STORE_REPLICA: standby.address, AITYS_STORE_READERS: '1',
    ...UNHURRIED,
  });
  other = await room.node();
});
after(async () => {
  await room?.stop();
  standby?.stop();
  server?.stop();
});

const reads = async () => Number((await (await fetch(`${room.operator}/metrics`)).text())
  .match(/^aitys_db_replica_reads_total (\d+)/m)[1]);

/** A page that is in no cache: addresses of their own. */
const fresh = async (node = room) => (await new Reader(node.origin).get(`${OPEN}?after=${++asked}`)).status;

/** Asks for pages until the replica reads some; how many reads it took. */
async function untilNear() {
  const before = await reads();
  for (let tries = 1; tries <= 400; tries++) {
    await fresh();
    if (await reads() > before) return tries;
    await sleep(20);
  }
  throw new Error('the replica is not read');
}

async function say(node, text) {
  const answer = await new Reader(node.origin).comment(OPEN, { name: 'Replica', text });
  assert.equal(answer.status, 303);
  return answer.headers.location.replace(/[?#].*/, '');
}

describe('a replica', { skip: server ? false : 'there is no PostgreSQL here' }, () => {
  test('is read for pages that are the same for all', async () => {
    await untilNear();
    const before = await reads();
    for (let i = 0; i < 5; i++) await fresh();
    assert.equal(await reads() - before, 5);
  });

  test('is not read for a reader’s own page', async () => {
    const r = new Reader(room.origin);
    await r.comment(OPEN, { name: 'Own', text: 'Words of my own.' });
    await untilNear();
    const before = await reads();
    assert.match((await r.get(OPEN)).body, /Words of my own\./);
    assert.equal(await reads(), before);
  });

  test('that stands still shows nobody an old page, on no node', async () => {
    await untilNear();
    sql(standby.address, 'SELECT pg_wal_replay_pause()');
    await sleep(100);
    await say(room, 'Said here meanwhile.');
    const before = await reads();
    assert.match((await new Reader(room.origin).get(OPEN)).body, /Said here meanwhile\./);
    await say(other, 'Said there meanwhile.');
    const until = performance.now() + 500;
    while (!/Said there meanwhile\./.test((await new Reader(room.origin).get(OPEN)).body)) {
      assert.ok(performance.now() < until, 'an old page');
      await sleep(5);
    }
    await fresh();
    assert.equal(await reads(), before);
    sql(standby.address, 'SELECT pg_wal_replay_resume()');
    await untilNear();
  });

  test('that stands still shows nobody what a decision took away whose COMMIT was not answered', async (t) => {
    const way = await cuttableWay(database);
    t.after(() => way.close());
    const node = await room.node({ AITYS_DATABASE: way.address });
    const text = 'Taken away unheard.';
    await say(node, text);
    const id = sql(database.address, `SELECT id FROM comment WHERE text = '${text}'`);
    const m = new Reader(node.origin);
    await m.signIn(room.moderator);
    assert.match((await new Reader(node.origin).get(OPEN)).body, /Taken away unheard\./);
    await untilNear();
    sql(standby.address, 'SELECT pg_wal_replay_pause()');
    await sleep(100);
    way.cutNextCommit();
    assert.equal((await m.decide(id, 'reject', { reason: 'insult' })).status, 503);
    assert.equal(way.cuts, 1);
    for (const until = performance.now() + 1500; performance.now() < until; await sleep(20)) {
      assert.doesNotMatch((await new Reader(node.origin).get(OPEN)).body, /Taken away unheard\./);
    }
    sql(standby.address, 'SELECT pg_wal_replay_resume()');
    await node.end();
  });

  test('that is away is not missed, and is read again when it is back', async () => {
    standby.kill();
    for (let i = 0; i < 5; i++) assert.equal(await fresh(), 200);
    await standby.again();
    await untilNear();
  });

});
