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
import { newsroom } from '../../lib/newsroom.mjs';
import { Reader } from '../http/client.mjs';

const COMMENTS = 300;
/* On the last page, which has room: a full one is tidied by whoever reads it next. */
const WITHDRAWN = COMMENTS;
const WAIT_MS = 30000;
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
  room = await newsroom({ AITYS_DATABASE: server.address });
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
const versions = (words) => Number(sql(server.address, `
  SELECT count(*)
  FROM generate_series(0, pg_relation_size('comment') / 8192 - 1) AS page,
       heap_page_items(get_raw_page('comment', page::int))
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

test('the statistics hold no words', { skip }, () => {
  sql(server.address, 'ANALYZE comment');
  assert.equal(sql(server.address, `SELECT count(*) FROM pg_stats
    WHERE tablename = 'comment' AND attname IN ('text', 'name')`), '0');
  assert.equal(sql(server.address, `SELECT count(*) FROM pg_stats
    WHERE tablename = 'comment' AND attname = 'state'`), '1');
});
