/*
 * A newsroom moved from SQLite to PostgreSQL and back: byte for byte, pictures and all, and every table
 * that the database knows of; interrupted, written to and continued; never over another one.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
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
  dir = mkdtempSync(path.join(tmpdir(), 'aitys-copy-'));
  site = path.join(dir, 'site');
  execFileSync(path.join(root, 'tools/make-demo'), [binary, site], { env, stdio: 'pipe' });
  file = path.join(site, 'aitys.db');
  // What the demo has not: two decisions on each of two commenters, in the ledger as well.
  execFileSync('python3', ['-c', `
import hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
entry, at, last = db.execute("SELECT seq, at_s, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
for (key,) in db.execute("SELECT id FROM commenter ORDER BY id LIMIT 2").fetchall():
    for seq, was, now in ((1, 0, 1), (2, 1, 3)):
        db.execute("INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s, at_s, reason, note)"
                   " VALUES (1, ?, ?, 1, ?, 0, ?, 0, ?, 'insult', 'Сөз')", (key, seq, was, now, at))
        entry += 1
        body = f"commenter={key.hex()} seq={seq} trust={now} until=0 reason=insult"
        last = hashlib.blake2b(f"{last.hex()} {entry} {at} 1 trust {body}\\n".encode(), digest_size=32).digest()
        db.execute("INSERT INTO ledger (site, seq, at_s, moderator, kind, body, hash) VALUES (1, ?, ?, 1, 'trust', ?, ?)",
                   (entry, at, body, last))
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

/* What stays behind: claims, the networks' key, and what search has to do, which each database lists itself. */
const LEFT_OUT = ['claim', 'network_key', 'search_todo'];

/*
 * Every table as the engine itself has it, each value with its type: name → "name n hash", rows and
 * columns in a fixed order.
 */
const READ_SQLITE = `
import sqlite3, sys, hashlib
db = sqlite3.connect(sys.argv[1])
names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
def show(v):
    return 'null' if v is None else 'b' + v.hex() if isinstance(v, bytes) else 't' + v.encode().hex() if isinstance(v, str) else f'i{v}'
for name in sorted(set(names) - set(sys.argv[2:])):
    columns = sorted(r[1] for r in db.execute(f'PRAGMA table_info({name})'))
    rows = sorted('|'.join(show(v) for v in row) for row in db.execute(f'SELECT {",".join(columns)} FROM {name}'))
    print(name, len(rows), hashlib.sha256('\\n'.join(rows).encode()).hexdigest())
`;
const python = (script, ...args) => execFileSync('python3', ['-c', script, ...args], { encoding: 'utf8' }).trim();
const ofFile = (name) => python(READ_SQLITE, name, ...LEFT_OUT).split('\n');

function ofServer(address) {
  const left = [...LEFT_OUT, 'schema_migration'].map((name) => `'${name}'`).join();
  const columns = sql(address, `SELECT table_name, string_agg(format(CASE data_type
      WHEN 'bytea' THEN 'coalesce(''b'' || encode(%1$s, ''hex''), ''null'')'
      WHEN 'text' THEN 'coalesce(''t'' || encode(convert_to(%1$s, ''UTF8''), ''hex''), ''null'')'
      ELSE 'coalesce(''i'' || %1$s::text, ''null'')' END, column_name), ',' ORDER BY column_name COLLATE "C")
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN (${left})
    GROUP BY table_name ORDER BY table_name COLLATE "C"`).split('\n').map((line) => [line.slice(0, line.indexOf('|')), line.slice(line.indexOf('|') + 1)]);
  return columns.map(([name, list]) => {
    const rows = sql(address, `SELECT ${list} FROM ${name}`).split('\n').filter(Boolean).sort();
    return `${name} ${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex')}`;
  });
}

/** Changes a SQLite file. */
const change = (name, script) => python(`import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.executescript(sys.argv[2])`, name, script);

/** A newsroom whose every table has hundreds of rows of unusual values; returns its file. */
function filled(name) {
  const folder = path.join(dir, name);
  execFileSync(binary, ['init', folder], { env, stdio: 'pipe' });
  const made = path.join(folder, 'aitys.db');
  const tables = execFileSync('python3', [path.join(root, 'tests/api/postgres/fill.py'), made, '520'], { encoding: 'utf8' });
  assert.equal(tables.trim().split('\n').length, ofFile(made).length + LEFT_OUT.length);
  return made;
}

/** A SQLite file with the tables of another, empty, and something more. */
function emptied(name, of, more) {
  const made = path.join(dir, name);
  python(`
import sqlite3, sys
of, db = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
db.execute('PRAGMA journal_mode=WAL')
for number in ('application_id', 'user_version'):
    db.execute(f'PRAGMA {number}={of.execute("PRAGMA " + number).fetchone()[0]}')
for (text,) in of.execute("SELECT sql FROM sqlite_schema WHERE sql <> '' ORDER BY type = 'table' DESC"):
    db.execute(text)
db.executescript(sys.argv[3])
db.commit()`, of, made, more);
  return made;
}

/** A database with an empty schema. */
function schemaOnly() {
  const database = databaseFor(server.address);
  try {
    execFileSync(binary, ['check', '--database', site],
      { env: { ...env, AITYS_DATABASE: database.address }, stdio: 'ignore' });
  } catch {
    /* there is no newsroom in it, but the tables are made */
  }
  return database;
}

/** Rows of a table are stored with a hindrance, until `DROP FUNCTION hinder() CASCADE`. */
const hinder = (address, table, hindrance) => sql(address, `
  CREATE FUNCTION hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${hindrance}; RETURN NEW; END $$;
  CREATE TRIGGER hinder BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION hinder()`);
const release = (address) => sql(address, 'DROP FUNCTION hinder() CASCADE');

/** A database with an empty schema whose comments are stored with a hindrance. */
function prepared(hindrance) {
  const database = schemaOnly();
  hinder(database.address, 'comment', hindrance);
  return database;
}

/** Rows that the database was sent, by table: their number is returned and begins anew. */
function listen(address) {
  sql(address, `CREATE SCHEMA heard; CREATE TABLE heard.sent (name text);
    CREATE FUNCTION heard.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.site >= 0 THEN INSERT INTO heard.sent VALUES (TG_TABLE_NAME); END IF; RETURN NEW; END $$;
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('schema_migration', 'search_todo')
      LOOP EXECUTE format('CREATE TRIGGER a_note BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION heard.note()', name);
      END LOOP; END $$`);
  return () => {
    const rows = sql(address, 'SELECT name, count(*) FROM heard.sent GROUP BY name').split('\n').filter(Boolean);
    sql(address, 'TRUNCATE heard.sent');
    return Object.fromEntries(rows.map((row) => [row.split('|')[0], Number(row.split('|')[1])]));
  };
}

/** What the command says it sent and what a table holds: name → { n, sent }. */
const saidOf = (said) => Object.fromEntries([...said.matchAll(/^(\w+) +(\d+) rows, the same(?:; (\d+) sent this time)?$/gm)]
  .map(([, name, n, sent]) => [name, { n: Number(n), sent: Number(sent ?? n) }]));

describe('aitys copy', { skip }, () => {
  test('SQLite to PostgreSQL and back: every byte of every table', () => {
    const { address } = databaseFor(server.address);
    const back = path.join(dir, 'back.db');
    const said = copy(file, address);
    assert.match(said, /^comment +\d+ rows, the same$/m);
    assert.match(said, /^picture_file +[1-9]\d* rows, the same$/m);
    copy(address, back);
    const original = ofFile(file);
    assert.deepEqual(ofServer(address), original);
    assert.deepEqual(ofFile(back), original);
    for (const [database, where] of [[address, 'server'], [back, 'file']]) {
      const told = execFileSync(binary, ['check', '--database', site],
        { env: { ...env, AITYS_DATABASE: database }, encoding: 'utf8' });
      assert.match(told, /database: good/, where);
    }
  });

  test('interrupted again and again it goes on where it was', async () => {
    const { address } = prepared('PERFORM pg_sleep(0.02)');
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
    release(address);
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

  test('what differs in the end is told, stays unfinished, and is mended when run again', () => {
    const { address } = prepared('NEW.edited_s := NEW.edited_s + 1');
    const told = /table comment differs from its copy \(\d+ rows, \d+\): .*Stop every server .*run this again.*empty the target/;
    assert.match(refusal(file, address), told);
    assert.equal(sql(address, 'SELECT count(*) FROM counter WHERE site = -1'), '2');
    assert.match(refusal(file, address), told, 'as long as it is written to');
    release(address);
    assert.match(copy(file, address), /^comment +written to since it was copied: copied anew$/m);
    assert.equal(sql(address, 'SELECT count(*) FROM counter WHERE site = -1'), '0');
    assert.deepEqual(ofServer(address), ofFile(file));
  });

  test('every table, every column, whatever stands in it: to PostgreSQL and back', () => {
    const source = filled('unusual');
    const { address } = databaseFor(server.address);
    const back = path.join(dir, 'unusual.db');
    const said = saidOf(copy(source, address));
    copy(address, back);
    const original = ofFile(source);
    assert.deepEqual(Object.keys(said).sort(), original.map((line) => line.split(' ')[0]), 'every table is spoken of');
    assert.ok(original.every((line) => Number(line.split(' ')[1]) >= 520), original);
    assert.deepEqual(ofServer(address), original);
    assert.deepEqual(ofFile(back), original);
    for (const name of ['claim', 'network_key']) {
      assert.notEqual(python(COUNT, source, name), '0');
      assert.equal(sql(address, `SELECT count(*) FROM ${name}`), '0', name);
    }
  });

  test('rows that were copied are not sent again', () => {
    const source = filled('resumed');
    const { address } = schemaOnly();
    const heard = listen(address);
    hinder(address, 'picture_file', "IF (SELECT count(*) FROM picture_file) >= 400 THEN RAISE 'stopped'; END IF");
    assert.match(refusal(source, address), /table picture_file: .*stopped/);
    assert.equal(heard().picture_file, 400);
    release(address);
    hinder(address, 'commenter', "IF (SELECT count(*) FROM commenter) >= 500 THEN RAISE 'stopped'; END IF");
    assert.match(refusal(source, address), /table commenter: .*stopped/);
    const second = heard();
    assert.deepEqual([second.thread, second.picture, second.picture_file, second.edition, second.commenter],
      [undefined, undefined, 120, 520, 500]);
    release(address);
    const said = saidOf(copy(source, address));
    const third = heard();
    assert.deepEqual(Object.fromEntries(Object.entries(said).map(([name, { sent }]) => [name, sent])),
      Object.fromEntries(Object.keys(said).map((name) => [name, third[name] ?? 0])), 'the command counts right');
    for (const name of ['secret', 'thread', 'article', 'picture_file', 'edition', 'protected_name']) assert.equal(said[name].sent, 0, name);
    assert.equal(said.commenter.sent, 20);
    assert.equal(said.comment.sent, 520);
    assert.deepEqual(ofServer(address), ofFile(source));
  });

  test('what was written to the source after an interruption is in the copy', () => {
    const source = filled('served');
    const { address } = schemaOnly();
    hinder(address, 'ledger', "RAISE 'stopped'");
    assert.match(refusal(source, address), /table ledger: .*stopped/);
    const was = ofFile(source);
    change(source, WRITTEN('zeroblob(16)', "x''"));
    release(address);
    const said = copy(source, address);
    const anew = [...said.matchAll(/^(\w+) +written to since it was copied: copied anew$/gm)].map((m) => m[1]);
    assert.deepEqual(anew, CHANGED);
    assert.deepEqual(ofServer(address), ofFile(source));
    assert.notDeepEqual(ofFile(source), was);
  });

  test('the same from PostgreSQL to a file', () => {
    const original = filled('served-there');
    const { address: source } = databaseFor(server.address);
    copy(original, source);
    const target = emptied('served-back.db', original, "CREATE TRIGGER hinder BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'stopped'); END");
    assert.match(refusal(source, target), /table ledger: .*stopped/);
    sql(source, WRITTEN("decode(repeat('00', 16), 'hex')", "''::bytea"));
    change(target, 'DROP TRIGGER hinder');
    const anew = [...copy(source, target).matchAll(/^(\w+) +written to since it was copied: copied anew$/gm)].map((m) => m[1]);
    assert.deepEqual(anew, CHANGED);
    assert.deepEqual(ofFile(target), ofServer(source));
  });
});

const COUNT = `import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(f'SELECT count(*) FROM {sys.argv[2]}').fetchone()[0])`;

/* As a server does it between two nights: rows come below the last one, change, go. */
const CHANGED = ['thread', 'comment', 'moderator', 'session', 'decision'];
const WRITTEN = (idem, none) => `
  INSERT INTO comment (id, site, thread, depth, root, path, state, placed, created_s, commenter, idem, text_hash, lang, name, text)
    VALUES (16777217, 1, 1, 1, 1, ${none}, 1, 1, 1, ${none}, ${idem}, ${none}, 'kk', 'Жаңа', 'Кеш келген сөз');
  UPDATE thread SET rev = 77 WHERE id = (SELECT min(id) FROM thread);
  UPDATE moderator SET name = 'Жаңа аты' WHERE id = (SELECT min(id) FROM moderator);
  DELETE FROM session WHERE strength = 1;
  INSERT INTO decision (site, comment, seq, moderator, rule, action, from_state, to_state, reason, note, at_s)
    VALUES (1, 16777217, 1, 1, '', 1, 0, 1, '', '', 1);`;

/* Between two files: these need no server. */
describe('aitys copy from file to file', () => {
  test('a table or a column that nobody thought of is refused by its name', () => {
    const target = path.join(dir, 'forgotten.db');
    let source = filled('forgotten-table');
    change(source, 'CREATE TABLE forgotten (site BIGINT PRIMARY KEY)');
    assert.match(refusal(source, target), /the table forgotten is not known and would not be copied/);
    source = filled('forgotten-column');
    change(source, 'ALTER TABLE moved ADD COLUMN forgotten TEXT');
    rmSync(target);
    assert.match(refusal(source, target), /the column forgotten of the table moved is not known/);
  });

  test('a target that was given up is removed, and all begins anew', async () => {
    const source = filled('given-up');
    const target = path.join(dir, 'given-up.db');
    const child = spawn(binary, ['copy', '--dir', site, '--from', source, '--to', target], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (child.exitCode === null && !(statSync(`${target}-wal`, { throwIfNoEntry: false })?.size > 1 << 20)) await sleep(1);
    child.kill('SIGKILL');
    await ended;
    const other = filled('given-up-too');
    assert.match(refusal(other, target), /unfinished copy of another newsroom.*remove the file/);
    rmSync(target);
    const said = copy(other, target);
    assert.doesNotMatch(said, /sent this time|anew/);
    assert.deepEqual(ofFile(target), ofFile(other));
  });
});
