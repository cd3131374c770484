/*
 * A newsroom moved from SQLite to PostgreSQL and back: byte for byte, pictures and all; interrupted
 * and continued; never over another one.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { binary, root } from '../../lib/newsroom.mjs';

const server = ownServer();
const skip = server ? false : 'there is no PostgreSQL here';
const env = { ...process.env };
delete env.AITYS_DATABASE;
let dir;
let site;
let file;
before(() => {
  if (!server) return;
  dir = mkdtempSync(path.join(tmpdir(), 'aitys-copy-'));
  site = path.join(dir, 'site');
  execFileSync(path.join(root, 'tools/make-demo'), [binary, site], { env, stdio: 'pipe' });
  file = path.join(site, 'aitys.db');
  // What the demo has not: two decisions on each of two commenters.
  execFileSync('python3', ['-c', `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for (key,) in db.execute("SELECT id FROM commenter ORDER BY id LIMIT 2").fetchall():
    for seq, was, now in ((1, 0, 1), (2, 1, 3)):
        db.execute("INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s, at_s, reason, note)"
                   " VALUES (1, ?, ?, 1, ?, 0, ?, 0, 9, 'insult', 'Сөз')", (key, seq, was, now))
    db.execute("UPDATE commenter SET trust = 3 WHERE id = ?", (key,))
db.commit()`, file]);
});
after(() => {
  if (dir) rmSync(dir, { recursive: true, force: true });
  server?.stop();
});

const copy = (from, to) => execFileSync(binary, ['copy', '--dir', site, '--from', from, '--to', to],
  { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function refusal(from, to) {
  try {
    copy(from, to);
  } catch (e) {
    return e.stderr;
  }
  throw new Error('it was not refused');
}

/*
 * Every table as the engine itself has it: name → { n, hash }, rows and columns in a fixed order. Of
 * what search has to do each database makes its own list.
 */
const READ_SQLITE = `
import sqlite3, sys, hashlib
db = sqlite3.connect(sys.argv[1])
names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'search_todo'")]
def show(v):
    return 'NULL' if v is None else v.hex() if isinstance(v, bytes) else v.encode().hex() if isinstance(v, str) else str(v)
for name in sorted(names):
    columns = sorted(r[1] for r in db.execute(f'PRAGMA table_info({name})'))
    rows = sorted('|'.join(show(v) for v in row) for row in db.execute(f'SELECT {",".join(columns)} FROM {name}'))
    print(name, len(rows), hashlib.sha256('\\n'.join(rows).encode()).hexdigest())
`;
const ofFile = (name) => execFileSync('python3', ['-c', READ_SQLITE, name], { encoding: 'utf8' }).trim().split('\n');

function ofServer(address) {
  const columns = sql(address, `SELECT table_name, string_agg(CASE data_type
      WHEN 'bytea' THEN format('encode(%s, ''hex'')', column_name)
      WHEN 'text' THEN format('encode(convert_to(%s, ''UTF8''), ''hex'')', column_name)
      ELSE format('%s::text', column_name) END, ',' ORDER BY column_name COLLATE "C")
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('schema_migration', 'search_todo')
    GROUP BY table_name ORDER BY table_name COLLATE "C"`).split('\n').map((line) => line.split('|'));
  return columns.map(([name, list]) => {
    const rows = sql(address, `SELECT ${list} FROM ${name}`).split('\n').filter(Boolean).sort();
    return `${name} ${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex')}`;
  });
}

/** A database with an empty schema whose comments are stored with a hindrance. */
function prepared(hindrance) {
  const database = databaseFor(server.address);
  try {
    execFileSync(binary, ['check', '--database', site],
      { env: { ...env, AITYS_DATABASE: database.address }, stdio: 'ignore' });
  } catch {
    /* there is no newsroom in it, but the tables are made */
  }
  sql(database.address, `CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    ${hindrance.startsWith('pg_') ? 'PERFORM ' : ''}${hindrance}; RETURN NEW; END $$;
    CREATE TRIGGER hinder BEFORE INSERT ON comment FOR EACH ROW EXECUTE FUNCTION hinder()`);
  return database;
}

describe('aitys copy', { skip }, () => {
  test('SQLite to PostgreSQL and back: every byte of every table', () => {
    const { address } = databaseFor(server.address);
    const back = path.join(dir, 'back.db');
    const said = copy(file, address);
    assert.match(said, /^comment +\d+ rows, the same$/m);
    assert.match(said, /^picture_file +[1-9]\d* rows, the same$/m);
    copy(address, back);
    const original = ofFile(file);
    assert.ok(original.length >= 19);
    assert.deepEqual(ofServer(address), original);
    assert.deepEqual(ofFile(back), original);
    for (const [database, where] of [[address, 'server'], [back, 'file']]) {
      const told = execFileSync(binary, ['check', '--database', site],
        { env: { ...env, AITYS_DATABASE: database }, encoding: 'utf8' });
      assert.match(told, /database: good/, where);
    }
  });

  test('interrupted again and again it goes on where it was', async () => {
    const { address } = prepared(`pg_sleep(0.02)`);
    sql(address, `DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'comment'
      LOOP EXECUTE format('CREATE TRIGGER hinder BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION hinder()', name);
      END LOOP; END $$`);
    const place = () => sql(address, "SELECT coalesce(max(next_id), 0) FROM counter WHERE site = -1 AND name = 'table'");
    const places = [place()];
    for (let round = 0; round < 3; round++) {
      const child = spawn(binary, ['copy', '--dir', site, '--from', file, '--to', address], { env, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      while (child.exitCode === null && place() === places.at(-1)) await sleep(10);
      child.kill('SIGKILL');
      await ended;
      places.push(place());
    }
    assert.ok(places.filter((n) => n !== '0').length > 1, `interrupted twice on the way: ${places}`);
    sql(address, 'DROP FUNCTION hinder() CASCADE');
    copy(file, address);
    assert.equal(sql(address, 'SELECT count(*) FROM counter WHERE site < 0'), '0');
    assert.deepEqual(ofServer(address), ofFile(file));
  });

  test('a target that holds something is refused and left alone', () => {
    const { address } = databaseFor(server.address);
    copy(file, address);
    const before = ofServer(address);
    assert.match(refusal(file, address), /holds a newsroom already/);
    assert.deepEqual(ofServer(address), before);

    const { address: foreign } = databaseFor(server.address);
    sql(foreign, 'CREATE TABLE accounts (id int)');
    assert.match(refusal(file, foreign), /tables of something else/);
    assert.equal(sql(foreign, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), '1');

    assert.match(refusal(path.join(dir, 'none.db'), address), /none\.db/);
    assert.ok(!existsSync(path.join(dir, 'none.db')));
    assert.match(refusal(file, file), /another process|in use|serves|lock/i);
  });

  test('an unfinished copy of another newsroom is refused', () => {
    const { address } = databaseFor(server.address);
    copy(file, address);
    sql(address, "INSERT INTO counter VALUES (-1, 'source', 1), (-1, 'table', 3)");
    assert.match(refusal(file, address), /another newsroom/);
    assert.match(refusal(address, path.join(dir, 'half.db')), /unfinished/);
  });

  test('what differs in the end is told, and the copy stays unfinished', () => {
    const { address } = prepared("NEW.edited_s := NEW.edited_s + 1");
    assert.match(refusal(file, address), /table comment differs from its copy/);
    assert.equal(sql(address, 'SELECT count(*) FROM counter WHERE site = -1'), '2');
  });
});
