/* aitys backup: what it writes is whole, whatever is written meanwhile, killed or met by another. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary } from '../../lib/newsroom.mjs';
import { aitys, folder, newsroom, query } from './aitys.mjs';

/** The program's own check of a copy, in the place of the newsroom's database. */
const check = (dir, copy) => aitys(['check', '--database', dir], { env: { AITYS_DATABASE: copy } });

/** A newsroom with so many megabytes in its database that a backup takes its time. */
function large(t, megabytes) {
  const dir = newsroom(t);
  const done = spawnSync('python3', ['-c',
    'import os,sqlite3,sys\ndb = sqlite3.connect(sys.argv[1])\n' +
    'for n in range(int(sys.argv[2])):\n' +
    '    name = os.urandom(32)\n' +
    '    db.execute("INSERT INTO picture VALUES (1, ?, \'webp\', 640, 480, \'640\')", (name,))\n' +
    '    db.execute("INSERT INTO picture_file VALUES (1, ?, 640, ?)", (name, os.urandom(1 << 20)))\n' +
    'db.commit()\n', path.join(dir, 'aitys.db'), String(megabytes)], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return dir;
}

/** A backup that stands still in the middle: its process, and what it ends with. */
async function halfway(t, dir, copy) {
  const child = spawn(binary, ['backup', copy, '--dir', dir], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const size = () => statSync(`${copy}.part`, { throwIfNoEntry: false })?.size ?? 0;
  while (child.exitCode === null && size() < 1 << 20) await sleep(1);
  child.kill('SIGSTOP');
  assert.ok(existsSync(`${copy}.part`) && !existsSync(copy), 'it was stopped on the way');
  return { child, ended };
}

test('a backup that was killed is made by the next one', async (t) => {
  const dir = large(t, 100);
  const target = folder(t);
  const copy = path.join(target, 'nightly.db');
  for (let round = 0; round < 2; round++) {
    const { child, ended } = await halfway(t, dir, copy);
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    assert.ok(existsSync(`${copy}.part`));
  }
  assert.deepEqual(aitys(['backup', copy, '--dir', dir]), { code: 0, out: `backed up to ${copy}\n`, err: '' });
  assert.deepEqual(readdirSync(target), ['nightly.db']);
  const told = check(dir, copy);
  assert.match(told.out, /database: good/, told.err);
  assert.equal(statSync(copy).mode & 0o777, 0o600);
});

test('of two backups to one file at once the second gives way', async (t) => {
  const dir = large(t, 100);
  const target = folder(t);
  const copy = path.join(target, 'nightly.db');
  const { child, ended } = await halfway(t, dir, copy);
  const second = aitys(['backup', copy, '--dir', dir]);
  assert.deepEqual(second,
    { code: 1, out: '', err: `aitys: ${copy}.part: another backup is writing it\n` });
  child.kill('SIGCONT');
  assert.equal(await ended, 0);
  assert.deepEqual(readdirSync(target), ['nightly.db']);
  const told = check(dir, copy);
  assert.match(told.out, /database: good/, told.err);
});

test('what is written meanwhile is in it or not, and nothing by halves', async (t) => {
  const dir = large(t, 40);
  const count = 'SELECT count(*) FROM standing';
  // Each transaction adds two rows: an odd number would be half of one.
  const writer = spawn('python3', ['-c',
    'import sqlite3,sys,threading\n' +
    'db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n' +
    'stop = threading.Event()\n' +
    'threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()\n' +
    'n = 0\n' +
    'while not stop.is_set():\n' +
    '    db.execute("BEGIN IMMEDIATE")\n' +
    '    for lang in ("kk", "ru"):\n' +
    '        db.execute("INSERT INTO standing VALUES (1, ?, ?, ?, \'T\', x\'\', ?)", (lang, f"p{n}", f"p{n}", "Сөз " * 500))\n' +
    '    db.execute("COMMIT")\n' +
    '    n += 1\n' +
    '    if n == 20: print("writing", flush=True)\n', path.join(dir, 'aitys.db')],
  { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => writer.kill('SIGKILL'));
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  await new Promise((resolve) => writer.stdout.once('data', resolve));
  for (let round = 0; round < 3; round++) {
    const target = folder(t);
    const copy = path.join(target, 'aitys.db');
    const [[before]] = query(dir, count);
    assert.equal(aitys(['backup', copy, '--dir', dir]).code, 0);
    const [[afterwards]] = query(dir, count);
    assert.ok(before >= 40 && afterwards > before, `it was written meanwhile: ${before}, ${afterwards}`);
    const [[n]] = query(target, count);
    assert.ok(n >= before && n <= afterwards && n % 2 === 0, `${before} ≤ ${n} ≤ ${afterwards}`);
    const told = check(dir, copy);
    assert.match(told.out, /database: good/, told.err);
  }
  writer.stdin.end();
  assert.equal(await ended, 0);
});
