/*
 * Comments that wait for the server ask it together. A decision of the team among them still counts
 * for those behind it, and for none before it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { UNHURRIED, newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from '../http/client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const HELD = '0';
const PUBLISHED = '1';
const server = ownServer();
const skip = server ? false : 'there is no PostgreSQL here';
let room, database, admin, at;

before(async () => {
  if (!server) return;
  database = databaseFor(server.address);
  /* What the index has learnt is struck off in transactions of their own, whenever that comes. */
  room = await newsroom({ AITYS_DATABASE: database.address, AITYS_STORE_BUSY_MS: '20000',
    AITYS_MODERATION_SEARCH: 'no', ...UNHURRIED });
  admin = new Reader(room.origin);
  await admin.signIn(room.moderator);
  at = (await admin.get(OPEN)).body.match(/href="(\/mod\/conversations\/\d+)"/)[1];
});
after(async () => {
  await room?.stop();
  server?.stop();
});

const reader = () => new Reader(room.origin);
const stateOf = (text) => sql(database.address, `SELECT state FROM comment WHERE text = '${text}'`);
const figure = async (name) => Number((await (await fetch(`${room.operator}/metrics`)).text())
  .match(new RegExp(`^aitys_${name} (\\d+)`, 'm'))[1]);

/** Another node's turn to write, for as long as `work` takes. */
async function meanwhile(work) {
  const other = spawn('psql', ['--no-psqlrc', '-qAt', database.address], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { other.once('exit', resolve); });
  other.stdin.write("SELECT pg_advisory_lock(1097430138, hashtext(current_schema())), 'mine';\n");
  await new Promise((resolve) => { other.stdout.once('data', resolve); });
  await work();
  other.stdin.end();
  await ended;
}

describe('in one transaction', { skip }, () => {
  test('what the team decides counts for those behind it, and for none before it', async () => {
    const { action, fields } = await reader().form(OPEN, '/comments');
    const known = reader();
    await known.comment(OPEN, { name: 'Known', text: 'Known before.' });
    const id = sql(database.address, "SELECT id FROM comment WHERE text = 'Known before.'");
    const author = (await admin.get(`/mod/comments/${id}`)).body.match(/href="(\/mod\/commenters\/[0-9a-f]{32})"/)[1];
    const formAt = async (page, ending) => forms((await admin.get(page)).body).find((f) => f.action.endsWith(ending));
    const control = await formAt(at, at);
    const ban = await formAt(author, '/trust');
    const hold = await formAt('/mod/site', '/mod/site/hold');
    const messages = control.html.match(/name="message"/g).map(() => ['message', '']);
    const set = (mode, slow) => admin.post(at,
      [['token', control.fields.token], ['mode', mode], ['slow', slow], ['closes', ''], ...messages]);
    const say = (text, who = reader(), name = 'Guest') => who.post(action, { ...fields, name, text });
    const sent = [];
    const later = async (expected, answer) => {
      sent.push([expected, answer]);
      await sleep(60); /* they wait in the order in which they were sent */
    };
    const commits = await figure('db_commits_total');
    await meanwhile(async () => {
      await later(303, say('Before all.'));
      await later(303, say('Before slow mode.'));
      await later(303, set('0', '10'));
      await later(429, say('Too early.', known));
      await later(303, say('New in slow mode.'));
      await later(303, set('3', '0'));
      await later(403, say('Closed.'));
      await later(403, say('Closed, too.', known));
      await later(303, set('0', '0'));
      await later(303, say('Open again.', known));
      await later(303, say('Said twice.'));
      await later(409, say('Said twice.', reader(), 'Echo'));
      await later(303, say('Published.'));
      await later(303, admin.post(hold.action, { ...hold.fields, on: '1' }));
      await later(303, say('Held.'));
      await later(303, admin.post(hold.action, { ...hold.fields, on: '0' }));
      await later(303, say('Not held.'));
      await later(303, admin.post(ban.action, { ...ban.fields, trust: '3', days: '0', note: '', reason: 'insult' }));
      await later(403, say('Banned.', known));
      await later(303, say('By their network.'));
    });
    const answers = await Promise.all(sent.map(([, answer]) => answer));
    assert.deepEqual(answers.map((answer) => answer.status), sent.map(([expected]) => expected));
    assert.equal(await figure('db_commits_total'), commits + 1, 'all in one transaction');
    for (const text of ['Too early.', 'Closed.', 'Closed, too.', 'Banned.']) assert.equal(stateOf(text), '', text);
    assert.deepEqual(['Before all.', 'Open again.', 'Published.', 'Held.', 'Not held.', 'By their network.'].map(stateOf),
      [PUBLISHED, PUBLISHED, PUBLISHED, HELD, PUBLISHED, HELD]);
  });
});
