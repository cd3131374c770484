/*
 * PostgreSQL is killed while the newsroom serves: readers go on reading, writers get their words
 * back, and a comment whose COMMIT nobody answered is stored once or not acknowledged at all.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { UNHURRIED, newsroom } from '../../lib/newsroom.mjs';
import { cuttableWay } from '../../lib/way.mjs';
import { Reader, forms, numberOf, unescape } from '../http/client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const RARE = '/en/give-us-back-the-dark';
const server = ownServer();
const skip = server ? false : 'there is no PostgreSQL here';
let room;
let database;

before(async () => {
  if (!server) return;
  database = databaseFor(server.address);
  room = await newsroom({
    AITYS_DATABASE: database.address,
    ...UNHURRIED,
  });
});
after(async () => {
  await room?.stop();
  server?.stop();
});

const reader = () => new Reader(room.origin);
const stored = (words) => Number(sql(database.address, `SELECT count(*) FROM comment WHERE text = '${words}'`));

/** Sends a comment's form until the server takes it; returns how long that took. */
async function untilStored(r, form, fields) {
  const began = performance.now();
  for (;;) {
    const answer = await r.post(form.action, { ...form.fields, ...fields });
    if (answer.status === 303) return performance.now() - began;
    assert.equal(answer.status, 503);
    assert.ok(performance.now() - began < 10000, 'not taken 10 s after the server came back');
    await sleep(50);
  }
}

describe('PostgreSQL is killed', { skip }, () => {
  test('pages flow from the cache, words come back with 503, and all is well afterwards', async () => {
    const r = reader();
    const form = await r.form(OPEN, '/comments');
    const words = { name: 'Асель', text: 'Words <kept> & "given" back, line\r\nby line' };
    server.kill();
    try {
      for (let i = 0; i < 30; i++) {
        const page = await reader().get(OPEN);
        assert.equal(page.status, 200, 'a page that was in the cache');
        await sleep(50);
      }
      const missed = await reader().get(RARE);
      assert.equal(missed.status, 503);
      assert.match(missed.headers['retry-after'], /^\d+$/);
      const began = performance.now();
      const refused = await r.post(form.action, { ...form.fields, ...words });
      assert.ok(performance.now() - began < 2000, 'said at once');
      assert.equal(refused.status, 503);
      assert.match(refused.headers['retry-after'], /^\d+$/);
      assert.equal(refused.headers['cache-control'], 'private, no-store');
      const back = forms(refused.body).find((one) => one.action === form.action);
      assert.equal(back.fields.text, words.text);
      assert.equal(back.fields.name, words.name);
      assert.match(unescape(refused.body), /The server is busy/);
      form.fields = back.fields;
    } finally {
      await server.again();
    }
    const ms = await untilStored(r, form, {});
    console.log(`# stored ${ms.toFixed(0)} ms after the server was there again`);
    assert.match((await reader().get(OPEN)).body, /Words &lt;kept&gt;/);
    assert.equal((await reader().get(RARE)).status, 200);
    assert.equal(Number(sql(database.address, "SELECT count(*) FROM comment WHERE text LIKE 'Words <kept>%'")), 1);
  });

  test('under load nothing acknowledged is lost and nothing is stored twice', async () => {
    const acknowledged = new Set();
    let sent = 0;
    let ends = false;
    const writer = async (n) => {
      const r = reader();
      const form = await r.form(OPEN, '/comments');
      for (let i = 0; !ends; i++) {
        const text = `Load ${n} ${i}`;
        sent++;
        const answer = await r.post(form.action, { ...form.fields, key: '', name: `Load ${n}`, text })
          .catch(() => ({ status: 0 }));
        if (answer.status === 303) acknowledged.add(text);
        else assert.equal(answer.status, 503);
        if (answer.status !== 303) await sleep(20);
      }
    };
    const writers = Array.from({ length: 8 }, (_, n) => writer(n));
    for (let round = 0; round < 3; round++) {
      await sleep(700);
      server.kill();
      await server.again();
    }
    await sleep(1500);
    ends = true;
    await Promise.all(writers);
    const rows = sql(database.address, "SELECT text FROM comment WHERE text LIKE 'Load %'").split('\n');
    const lost = [...acknowledged].filter((text) => !rows.includes(text));
    assert.deepEqual(lost, []);
    assert.equal(new Set(rows).size, rows.length, 'stored twice');
    assert.ok(acknowledged.size > 20);
    console.log(`# ${sent} sent, ${acknowledged.size} acknowledged, ${rows.length} stored`);
  });
});

describe('PostgreSQL is frozen', { skip }, () => {
  test('those that wait are told within seconds, and all is well when it goes on', async () => {
    const node = await room.node({ AITYS_STORE_BUSY_MS: '1000' });
    const r = new Reader(node.origin);
    const form = await r.form(OPEN, '/comments');
    const words = { name: 'Frost', text: 'Said while nothing moved.' };
    const timed = async (asked) => {
      const began = performance.now();
      return { ...await asked, ms: performance.now() - began };
    };
    server.freeze();
    try {
      const [refused, missed, missedToo] = await Promise.all([
        timed(r.post(form.action, { ...form.fields, ...words })),
        timed(new Reader(node.origin).get(RARE)), timed(new Reader(node.origin).get('/ru'))]);
      for (const answer of [refused, missed, missedToo]) {
        assert.equal(answer.status, 503);
        assert.match(answer.headers['retry-after'], /^\d+$/);
        assert.ok(answer.ms < 8000, `told after ${answer.ms.toFixed(0)} ms`);
      }
      const back = forms(refused.body).find((one) => one.action === form.action);
      assert.equal(back.fields.text, words.text);
      form.fields = back.fields;
      const old = await new Reader(node.origin).get(OPEN);
      assert.equal(old.status, 503, 'a page of before, which other nodes may have changed');
      assert.match(old.headers['retry-after'], /^\d+$/);
      console.log(`# told after ${refused.ms.toFixed(0)} and ${missed.ms.toFixed(0)} ms`);
    } finally {
      server.thaw();
    }
    const ms = await untilStored(r, form, {});
    console.log(`# stored ${ms.toFixed(0)} ms after the server went on`);
    assert.equal(stored(words.text), 1);
    assert.equal((await new Reader(node.origin).get(RARE)).status, 200);
    await node.end();
  });

  test('in the middle of writing nothing is lost or stored twice', async () => {
    const node = await room.node({ AITYS_STORE_BUSY_MS: '1000' });
    const acknowledged = new Set();
    let ends = false;
    const writer = async (n) => {
      const r = new Reader(node.origin);
      const form = await r.form(OPEN, '/comments');
      for (let i = 0; !ends; i++) {
        const text = `Frozen ${n} ${i}`;
        const answer = await r.post(form.action, { ...form.fields, key: '', name: `Frozen ${n}`, text });
        if (answer.status === 303) acknowledged.add(text);
        else assert.equal(answer.status, 503);
      }
    };
    const writers = Array.from({ length: 8 }, (_, n) => writer(n));
    await sleep(700);
    server.freeze();
    await sleep(4000);
    server.thaw();
    await sleep(3000);
    const before = acknowledged.size;
    await sleep(700);
    ends = true;
    await Promise.all(writers);
    assert.ok(acknowledged.size > before, 'written again');
    const rows = sql(database.address, "SELECT text FROM comment WHERE text LIKE 'Frozen %'").split('\n');
    assert.deepEqual([...acknowledged].filter((text) => !rows.includes(text)), []);
    assert.equal(new Set(rows).size, rows.length, 'stored twice');
    await node.end();
  });
});

describe('the connection is lost in COMMIT', { skip }, () => {
  /* At the end of a transaction that holds such a comment the server's process ends itself; the
   * sequence, which no rollback takes back, counts how often. */
  const cut = (times) => sql(database.address, `
    DROP TRIGGER IF EXISTS cut ON comment;
    DROP SEQUENCE IF EXISTS cuts; CREATE SEQUENCE cuts;
    CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.text LIKE 'Cut%' AND nextval('cuts') <= ${times}
      THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON comment DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION cut()`);

  test('once: it is stored by the second try, and acknowledged', async () => {
    cut(1);
    const answer = await reader().comment(OPEN, { name: 'Cut', text: 'Cut once.' });
    assert.equal(answer.status, 303);
    assert.equal(stored('Cut once.'), 1);
    assert.equal(sql(database.address, "SELECT last_value FROM cuts"), '2');
    assert.match((await reader().get(answer.headers.location.replace(/[?#].*/, ''))).body, /Cut once\./);
  });

  test('always: there are two tries, none more, and no acknowledgement', async () => {
    cut(1000);
    const r = reader();
    const form = await r.form(OPEN, '/comments');
    const fields = { ...form.fields, name: 'Cut', text: 'Cut always.' };
    const answer = await r.post(form.action, fields);
    assert.equal(answer.status, 503);
    assert.match(answer.headers['retry-after'], /^\d+$/);
    assert.equal(forms(answer.body).find((one) => one.action === form.action).fields.text, 'Cut always.');
    assert.equal(stored('Cut always.'), 0);
    assert.equal(sql(database.address, "SELECT last_value FROM cuts"), '2');
    cut(0);
    assert.equal((await r.post(form.action, fields)).status, 303, 'the same form later');
    assert.equal(stored('Cut always.'), 1);
  });

  test('after it was stored: the second try finds it, and stores nothing', async () => {
    cut(0);
    const way = await cuttableWay(database);
    const node = await room.node({ AITYS_DATABASE: way.address });
    const r = new Reader(node.origin);
    const form = await r.form(OPEN, '/comments');
    way.cutNextCommit();
    const answer = await r.post(form.action, { ...form.fields, name: 'Lost', text: 'The answer was lost.' });
    assert.equal(way.cuts, 1);
    assert.equal(answer.status, 303);
    assert.equal(stored('The answer was lost.'), 1);
    await node.end();
    way.close();
  });

  test('after a rule was stored: it holds here, too, although nobody could say so', async () => {
    const way = await cuttableWay(database);
    const node = await room.node({ AITYS_DATABASE: way.address });
    const m = new Reader(node.origin);
    await m.signIn(room.moderator);
    const form = await m.form('/mod/new-rule/words', '/mod/new-rule/words');
    const writer = new Reader(node.origin);
    const sending = await writer.form(OPEN, '/comments');
    way.cutNextCommit();
    const answer = await m.post(form.action, { ...form.fields, name: 'Unheard', does: '2', on: '1', words: 'unheardword' });
    assert.equal(way.cuts, 1);
    assert.equal(answer.status, 503);
    assert.equal(sql(database.address, "SELECT count(*) FROM rule WHERE name = 'Unheard'"), '1', 'it is stored');
    await sleep(1500); /* rules are loaded anew four times a second */
    await untilStored(writer, sending, { name: 'Unheard', text: 'Here comes the unheardword.' });
    assert.equal(sql(database.address, "SELECT state FROM comment WHERE text = 'Here comes the unheardword.'"), '0', 'held');
    sql(database.address, "UPDATE rule SET is_on = 0 WHERE name = 'Unheard'");
    await node.end();
    way.close();
  });

  test('a connection that breaks while it is made anew: later, please, and then it is stored', async () => {
    const way = await cuttableWay(database);
    const node = await room.node({ AITYS_DATABASE: way.address });
    const r = new Reader(node.origin);
    const form = await r.form(OPEN, '/comments');
    const fields = { ...form.fields, name: 'Anew', text: 'The connection broke twice.' };
    way.breakNew(true);
    const refused = await r.post(form.action, fields);
    assert.equal(refused.status, 503);
    assert.ok(way.broken > 0);
    way.breakNew(false);
    form.fields = fields;
    await untilStored(r, form, {});
    assert.equal(stored('The connection broke twice.'), 1);
    await node.end();
    way.close();
  });

  test('and the server killed while comments are committed', async () => {
    for (let round = 0; round < 3; round++) {
      const r = reader();
      const form = await r.form(OPEN, '/comments');
      const sending = Array.from({ length: 20 }, (_, i) =>
        r.post(form.action, { ...form.fields, key: '', name: 'Kill', text: `Killed ${round} ${i}` }));
      await sleep(round * 4);
      server.kill();
      await server.again();
      for (const [i, answer] of (await Promise.all(sending)).entries()) {
        const n = stored(`Killed ${round} ${i}`);
        if (answer.status === 303) assert.equal(n, 1, 'acknowledged');
        else assert.equal(answer.status, 503);
        assert.ok(n <= 1, 'stored twice');
        if (answer.status === 303) assert.ok(numberOf(answer.headers.location) > 0);
      }
    }
  });
});
