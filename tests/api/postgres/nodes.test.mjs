/*
 * Several nodes on one PostgreSQL: what one stores, all show; a node that cannot hear the others
 * does not show what they took down.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { UNHURRIED, newsroom } from '../../lib/newsroom.mjs';
import { cuttableWay } from '../../lib/way.mjs';
import { Reader, numberOf } from '../http/client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const OTHER = '/en/give-us-back-the-dark';
const server = ownServer();
const LISTENS = "datname = current_database() AND query LIKE ANY (ARRAY['LISTEN aitys', 'SELECT (pg_current_wal%'])";
let room;
let nodes;
let database;

before(async () => {
  if (!server) return;
  database = databaseFor(server.address);
  room = await newsroom({
    AITYS_DATABASE: database.address,
    ...UNHURRIED,
  });
  nodes = [room, await room.node(), await room.node()];
});
after(async () => {
  await room?.stop();
  server?.stop();
});

/* The newest first: what a test has just said is on the first page. */
const NEWEST = `${OPEN}?order=newest`;
const page = async (node, path = NEWEST) => (await new Reader(node.origin).get(path)).body;

/** Waits until every node serves the page and it has, or has no more, these words; returns how long it took. */
async function untilAll(words, has, path = NEWEST) {
  const began = performance.now();
  for (;;) {
    const pages = await Promise.all(nodes.map((node) => new Reader(node.origin).get(path)));
    if (pages.every(({ status, body }) => status === 200 && body.includes(words) === has)) return performance.now() - began;
    assert.ok(performance.now() - began < 2000, `"${words}" ${has ? 'missing' : 'shown'} after 2 s`);
    await sleep(5);
  }
}

async function signedIn(node) {
  const m = new Reader(node.origin);
  await m.signIn(room.moderator);
  return m;
}

/** The id behind a comment's number, as the moderators' pages have it. */
const idOf = (number) => sql(database.address,
  `SELECT c.id FROM comment c JOIN edition e ON e.article = c.thread WHERE e.slug = '${OPEN.slice(4)}'
   AND e.lang = 'en' AND c.id & ((1 << 24) - 1) = ${number}`);

describe('three nodes on one PostgreSQL', { skip: server ? false : 'there is no PostgreSQL here' }, () => {
  test('a comment on one is on all', async () => {
    for (const [i, node] of nodes.entries()) {
      await untilAll('Said on node', i > 0);
      const answer = await new Reader(node.origin).comment(OPEN, { name: 'Ayan', text: `Said on node ${i}.` });
      assert.equal(answer.status, 303);
      const ms = await untilAll(`Said on node ${i}.`, true);
      console.log(`# seen on all nodes after ${ms.toFixed(0)} ms`);
    }
  });

  test('a rule made on one is in force on all within a second', async () => {
    const m = await signedIn(nodes[0]);
    const form = await m.form('/mod/new-rule/words', '/mod/new-rule/words');
    const saved = await m.post(form.action, { ...form.fields, name: 'Everywhere', does: '2', on: '1', words: 'everywhereword' });
    assert.equal(saved.status, 303);
    const began = performance.now();
    const held = [];
    for (let i = 0; held.length < nodes.length; i++) {
      const node = nodes[held.length];
      const answer = await new Reader(node.origin).comment(OPEN, { name: 'Ayan', text: `everywhereword ${i}` });
      assert.equal(answer.status, 303);
      const seen = (await new Reader(node.origin).get(answer.headers.location.replace(/[?#].*/, ''))).status;
      if (seen === 404) held.push(performance.now() - began);
      else await sleep(20);
      assert.ok(performance.now() - began < 3000, 'the rule is not in force on every node after 3 s');
    }
    console.log(`# in force after ${held.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    assert.ok(held.at(-1) < 1000, `${held.at(-1).toFixed(0)} ms`);
    const remove = await m.form(`${saved.headers.location.split('?')[0]}/remove`, '/remove');
    assert.equal((await m.post(remove.action, remove.fields)).status, 303);
  });

  test('a moderation on one is on all; a session of one holds on all', async () => {
    const m = await signedIn(nodes[0]);
    for (const [i, what] of ['withdraw', 'reject', 'spam'].entries()) {
      const text = `To be gone: ${what}.`;
      const answer = await new Reader(nodes[(i + 1) % nodes.length].origin).comment(OPEN, { name: 'Dana', text });
      await untilAll(text, true);
      m.origin = nodes[i].origin;
      const done = await m.decide(idOf(numberOf(answer.headers.location)), what, { reason: 'insult' });
      assert.equal(done.status, 303);
      await untilAll(text, false);
    }
  });

  describe('readers who report', () => {
    const NETWORKS = `SELECT count(DISTINCT network), count(*), max(length(network)) FROM report r JOIN comment c ON c.id = r.comment WHERE c.text`;
    const published = async (text) => numberOf((await new Reader(nodes[0].origin).comment(OPEN, { name: 'Dana', text })).headers.location);
    const stored = (text) => sql(database.address, `${NETWORKS} = '${text}'`).split('|').map(Number);
    /** Reports a comment on a node; browser: its cookies. */
    const report = async (node, number, browser = new Reader(node.origin)) => {
      browser.origin = node.origin;
      const form = await browser.form(`${OPEN}/comments/${number}/report`, '/report');
      assert.equal((await browser.post(form.action, { ...form.fields, reason: 'insult' })).status, 303);
      return browser;
    };

    test('are one on all nodes: by their cookie', async () => {
      const number = await published('Reported twice by one.');
      const browser = await report(nodes[0], number);
      for (const node of nodes) await report(node, number, browser);
      assert.deepEqual(stored('Reported twice by one.'), [1, 1, 8]);
    });

    test('and by their network, so that one of them alone has nothing held', async () => {
      const number = await published('Reported from one place.');
      for (let i = 0; i < 6; i++) await report(nodes[i % nodes.length], number);
      assert.deepEqual(stored('Reported from one place.'), [1, 6, 8]);
      assert.equal(sql(database.address, `SELECT state FROM comment WHERE text = 'Reported from one place.'`), '1');
    });

    test('and one click that reached two nodes, before there was a cookie', async () => {
      const number = await published('Reported with a double click.');
      const browser = new Reader(nodes[0].origin);
      const form = await browser.form(`${OPEN}/comments/${number}/report`, '/report');
      if (Date.now() % 10000 > 8000) await sleep(2500); /* both within the same ten seconds */
      for (const node of nodes) {
        const answer = await new Reader(node.origin).post(form.action, { ...form.fields, reason: 'insult' });
        assert.equal(answer.status, 303);
      }
      assert.deepEqual(stored('Reported with a double click.'), [1, 1, 8]);
    });

    test('until the key of the networks is another, which all take', async () => {
      const key = () => sql(database.address, `SELECT encode(value, 'hex') FROM network_key`);
      const before = key();
      assert.equal(before.length, 64);
      assert.equal(sql(database.address, `SELECT relpersistence FROM pg_class WHERE relname = 'network_key'`), 'u', 'in no log');
      const number = await published('Reported before and after.');
      await report(nodes[0], number);
      sql(database.address, 'UPDATE network_key SET since_s = since_s - 86400');
      await sleep(11000); /* the nodes look every five seconds */
      assert.notEqual(key(), before);
      for (const node of nodes) await report(node, number);
      assert.deepEqual(stored('Reported before and after.'), [2, 4, 8]);
    });
  });

  test('only the pages of what changed are made anew', async () => {
    const asked = () => room.figure('cache_builds_total');
    await page(room, OTHER);
    await page(room, OPEN);
    await new Reader(nodes[1].origin).comment(OPEN, { name: 'Only', text: 'Only this conversation.' });
    await untilAll('Only this conversation.', true);
    await sleep(500); /* pages that others asked for before are made anew meanwhile */
    const before = await asked();
    await page(room, OTHER);
    assert.equal(await asked(), before, 'a page that nobody changed was made anew');
  });

  test('what a command publishes is on all', async () => {
    await page(nodes[2], '/en');
    sql(database.address, "UPDATE edition SET headline = 'A headline of another day' WHERE slug = 'give-us-back-the-dark'");
    room.run('import', new URL('../../../demo/comments.json', import.meta.url).pathname);
    await untilAll('A headline of another day', true, '/en');
  });

  test('writers on all nodes in the same conversations do not end each other', async () => {
    const articles = [OPEN, OTHER, '/en/fourteen-pupils-and-one-bell'];
    const statuses = new Set();
    const writer = async (k) => {
      for (let i = 0; i < 10; i++) {
        const r = new Reader(nodes[(k + i) % nodes.length].origin);
        const form = await r.form(articles[(k * 7 + i) % articles.length], '/comments').catch(() => null);
        if (!form) continue; /* closed */
        const words = { key: '', name: `Writer ${k}`, text: `By writer ${k}: ${i}` };
        statuses.add((await r.post(form.action, { ...form.fields, ...words })).status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, k) => writer(k)));
    assert.deepEqual([...statuses], [303]);
    assert.equal(sql(database.address,
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), '0');
  });

  test('a node whose listener was cut off hears again, and shows what came meanwhile', async () => {
    sql(database.address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${LISTENS}`);
    await new Reader(nodes[0].origin).comment(OPEN, { name: 'Cut', text: 'Said while nobody heard.' });
    assert.ok(await untilAll('Said while nobody heard.', true) < 1000);
  });
});

describe('a server that falls silent', { skip: server ? false : 'there is no PostgreSQL here' }, () => {
  test('pages that others changed meanwhile are shown for no longer than 1 s', async () => {
    const listeners = sql(database.address, `SELECT pid FROM pg_stat_activity WHERE ${LISTENS}`)
      .split('\n').map(Number);
    assert.equal(listeners.length, nodes.length);
    await Promise.all(nodes.map((node) => page(node)));
    /* Nobody is heard and nobody can connect anew; connections that are open still work. */
    server.signal('SIGSTOP');
    listeners.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    try {
      await new Reader(nodes[0].origin).comment(OPEN, { name: 'Silence', text: 'Said into the silence.' });
      const ms = await untilAll('Said into the silence.', true);
      assert.ok(ms < 1000, `after ${ms.toFixed(0)} ms`);
    } finally {
      listeners.forEach((pid) => process.kill(pid, 'SIGCONT'));
      server.signal('SIGCONT');
    }
    await sleep(1000);
    await new Reader(nodes[1].origin).comment(OPEN, { name: 'After', text: 'Said after the silence.' });
    const ms = await untilAll('Said after the silence.', true);
    assert.ok(ms < 250, `heard again, but after ${ms.toFixed(0)} ms`);
  });

  test('a node that nobody reaches the database from shows nothing that was taken away', async () => {
    const way = await cuttableWay(database);
    const cut = await room.node({ AITYS_DATABASE: way.address });
    const words = 'An address, shown for a moment.';
    const said = await new Reader(room.origin).comment(OPEN, { name: 'Cut off', text: words });
    const id = idOf(numberOf(said.headers.location));
    const m = await signedIn(room);
    while (!(await page(cut)).includes(words)) await sleep(20);
    way.silence(true);
    assert.equal((await m.decide(id, 'withdraw', { reason: 'insult' })).status, 303);
    /* A page that has to wait for the database shows nothing either. */
    const shows = () => Promise.race([page(cut), sleep(1000)]).then((body) => body?.includes(words));
    const began = performance.now();
    while (await shows()) {
      assert.ok(performance.now() - began < 2000, 'still shown after 2 s');
      await sleep(20);
    }
    way.silence(false);
    await cut.end();
    way.close();
  });
});
