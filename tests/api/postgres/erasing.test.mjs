/*
 * What is withdrawn leaves the table: the server vacuums it at its next round, on a table of which a
 * fifth would otherwise have to change first; and its statistics never held readers' words.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { ownServer, sql } from '../../lib/database.mjs';
import { UNHURRIED, newsroom } from '../../lib/newsroom.mjs';
import { Reader, numberOf } from '../http/client.mjs';

const COMMENTS = 300;
/* On the last page, which has room: a full one is tidied by whoever reads it next. */
const WITHDRAWN = COMMENTS;
const WAIT_MS = 30000;
const ARTICLE = '/en/the-reservoir-that-came-back';
const server = ownServer();
const skip = server ? false : 'there is no PostgreSQL here';
let room;

const comment = (number) => ({
  number, reply_to: null, name: `Reader ${number}`, lang: 'en', state: 'published',
  text: `Words of number ${number}, and no more than that.`, at: '2026-10-21T08:00:00Z',
});

before(async () => {
  if (!server) return;
  sql(server.address, "ALTER SYSTEM SET autovacuum_naptime = '1s'");
  sql(server.address, 'SELECT pg_reload_conf()');
  room = await newsroom({ AITYS_DATABASE: server.address, ...UNHURRIED });
  sql(server.address, 'CREATE EXTENSION pageinspect');
  const file = path.join(room.dir, 'comments.json');
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [
    { article: 'old-orchard', comments: Array.from({ length: COMMENTS }, (_, i) => comment(i + 1)) }] }));
  room.run('import', '--dir', room.dir, file);
});
after(async () => {
  await room?.stop();
  server?.stop();
});

/* Versions of rows with these words, dead ones too, as they lie in the table's pages. */
const versions = (words, table = 'comment') => Number(sql(server.address, `
  SELECT count(*)
  FROM generate_series(0, pg_relation_size('${table}') / 8192 - 1) AS page,
       heap_page_items(get_raw_page('${table}', page::int))
  WHERE position(convert_to('${words}', 'UTF8') IN t_data) > 0`));

test('withdrawn words leave the table at the next round', { skip }, async () => {
  const words = `Words of number ${WITHDRAWN},`;
  assert.equal(versions(words), 1);
  const id = sql(server.address, `SELECT id FROM comment WHERE text LIKE '${words}%'`);
  const moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
  const answer = await moderator.decide(id, 'withdraw', { reason: 'private-data' });
  assert.equal(answer.status, 303);
  assert.equal(sql(server.address, `SELECT text FROM comment WHERE id = ${id}`), '');
  const until = Date.now() + WAIT_MS;
  while (versions(words) > 0 && Date.now() < until) await sleep(200);
  assert.equal(versions(words), 0);
  assert.equal(versions(`Words of number ${WITHDRAWN - 1},`), 1);
});

/** Waits until a table holds no version of these words. */
async function untilGone(words, table) {
  const until = Date.now() + WAIT_MS;
  while (versions(words, table) > 0 && Date.now() < until) await sleep(200);
  assert.equal(versions(words, table), 0, `${words} in ${table}`);
}

/** A comment that a moderator withdrew and whose words are kept: { author, number, id }. */
async function withdrawn(words) {
  const author = new Reader(room.origin);
  const answer = await author.comment(ARTICLE, { name: 'Kept', text: words });
  assert.equal(answer.status, 303);
  const id = sql(server.address, `SELECT id FROM comment WHERE text = '${words}'`);
  const moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
  assert.equal((await moderator.decide(id, 'withdraw', { reason: 'private-data' })).status, 303);
  assert.equal(sql(server.address, `SELECT text FROM kept_words WHERE comment = ${id}`), words);
  assert.equal(versions(words, 'kept_words'), 1);
  return { author, moderator, id, number: numberOf(answer.headers.location) };
}

test('words kept for undoing leave the table when they are due, though nobody asks', { skip }, async () => {
  const { id } = await withdrawn('Zhumabek keeps this for a day.');
  sql(server.address, `UPDATE kept_words SET until_s = 1 WHERE comment = ${id}`);
  await untilGone('Zhumabek', 'kept_words');
  await untilGone('Zhumabek', 'comment');
});

test('their author erases them at once, and nobody takes the decision back', { skip }, async () => {
  const { author, moderator, id, number } = await withdrawn('Zhanibek wants this gone.');
  const undo = (await moderator.form(`/mod/comments/${id}`, '/undo'));
  const at = `${ARTICLE}/comments/${number}/withdraw`;
  assert.match((await author.get(ARTICLE)).body, new RegExp(`href="${at}"`));
  const form = await author.form(at, '/withdraw');
  assert.equal((await author.post(form.action, form.fields)).status, 303);
  assert.equal(sql(server.address, `SELECT count(*) FROM kept_words WHERE comment = ${id}`), '0');
  assert.equal((await moderator.post(undo.action, undo.fields)).status, 409);
  assert.equal(sql(server.address, `SELECT state, withdrawn_by, text, name FROM comment WHERE id = ${id}`), '4|2||');
  assert.match((await author.get(ARTICLE)).body, /A moderator withdrew this comment\./);
  assert.doesNotMatch((await author.get(ARTICLE)).body, new RegExp(`href="${at}"`));
  await untilGone('Zhanibek', 'kept_words');
  await untilGone('Zhanibek', 'comment');
});

test('the statistics hold no words', { skip }, () => {
  sql(server.address, `INSERT INTO kept_words SELECT site, id, 4000000000, 0, '', name, text
    FROM comment WHERE state = 1 LIMIT 100`);
  sql(server.address, `INSERT INTO report SELECT site, id, '', '', 'other', 1, 0, text FROM comment`);
  sql(server.address, 'ANALYZE comment, kept_words, report');
  assert.equal(sql(server.address, `SELECT count(*) FROM pg_stats
    WHERE tablename IN ('comment', 'kept_words', 'report') AND attname IN ('text', 'name')`), '0');
  assert.equal(sql(server.address, `SELECT count(*) FROM pg_stats
    WHERE tablename = 'comment' AND attname = 'state'`), '1');
});
