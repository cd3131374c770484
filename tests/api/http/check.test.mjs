/* aitys check --database beside a server: good as long as nothing is damaged, and told when it is. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { serverAddress, sql } from '../../lib/database.mjs';
import { binary, newsroom } from '../../lib/newsroom.mjs';
import { bring } from './team.mjs';

let room;
before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0' });
  bring(room, 'old-orchard', [{ number: 1, text: 'Quinces.' }, { number: 2, text: '!!!', name: '!!!' }]);
});
after(() => room?.stop());

function check(more = {}) {
  const done = spawnSync(binary, ['check', '--database', room.dir],
    { env: { ...room.env, ...more }, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** SQL past the program, in the database or in the search index; returns the first row's first value. */
function past(text, { inIndex = false } = {}) {
  if (serverAddress)
    return sql(room.env.AITYS_DATABASE, `SET search_path = ${inIndex ? 'aitys_search' : 'public'}; ${text}`);
  return execFileSync('python3', ['-c', 'import sqlite3, sys\n'
    + 'db = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)\n'
    + 'print(*[row[0] for text in sys.argv[2].split(";") for row in db.execute(text)])',
  path.join(room.dir, `aitys.db${inIndex ? '.search' : ''}`), text], { encoding: 'utf8' }).trim();
}

/** Waits until the index has all comments, and the server nothing more to do about them. */
async function whole() {
  for (let tries = 0; tries < 200; tries++) {
    const done = check();
    assert.equal(done.code, 0, done.err);
    if (/search: good/.test(done.out) && past('SELECT COUNT(*) FROM search_todo') === '0') return done;
    await wait(50);
  }
  throw new Error(`the index does not become whole: ${check().out}`);
}

test('a newsroom that serves is good, and so is its index', async () => {
  const done = await whole();
  assert.equal(done.out, 'settings: good\ntheme: good\ndatabase: good\nsearch: good\n');
  assert.equal(done.err, '');
});

test('without search nothing is said of an index', () => {
  const done = check({ AITYS_MODERATION_SEARCH: 'no' });
  assert.equal(done.code, 0, done.err);
  assert.doesNotMatch(done.out, /search/);
});

test('what refers to nothing, and what the index lacks, is told with its id', async () => {
  await whole();
  past('INSERT INTO thread_message (site, thread, lang, text) VALUES (1, 999, \'\', \'x\')');
  past('DELETE FROM words WHERE rowid = (SELECT MIN(place) FROM entry);'
    + ' DELETE FROM entry WHERE place = (SELECT MIN(place) FROM entry)', { inIndex: true });
  const done = check();
  assert.equal(done.code, 1);
  assert.match(done.err, /^aitys: database: 999: there is a line above this conversation, but no conversation$/m);
  assert.match(done.err, /^aitys: database: 1 faults/m);
  assert.match(done.err, /^aitys: search: \d+: the search index does not have the comment$/m);
  assert.match(done.err, /^aitys: search: 1 faults/m);
});
