/* init, check, explain: the newsroom's folder and its settings. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { aitys, folder, newsroom, query, readBytes, write } from './aitys.mjs';

test('init makes a newsroom that is good', (t) => {
  const dir = path.join(folder(t), 'site');
  const made = aitys(['init', dir]);
  assert.equal(made.code, 0, made.err);
  assert.equal(made.err, '');
  assert.match(made.out, new RegExp(`^made ${dir}\n`));
  assert.match(readBytes(dir, 'aitys.yaml').toString(), /^site:\n {2}# The publication's name/m);
  assert.equal(statSync(path.join(dir, 'aitys.db')).mode & 0o077, 0, 'nobody else may read it');
  const check = aitys(['check', '--database', dir]);
  assert.deepEqual(check, { code: 0, out: 'settings: good\ntheme: good\ndatabase: good\n', err: '' });
});

test('init takes an empty folder and refuses a full one', (t) => {
  const dir = folder(t);
  mkdirSync(path.join(dir, 'empty'));
  assert.equal(aitys(['init', path.join(dir, 'empty')]).code, 0);
  write(dir, { 'full/letter.txt': 'x' });
  const full = path.join(dir, 'full');
  assert.deepEqual(aitys(['init', full]),
    { code: 1, out: '', err: `aitys: ${full}: is not empty; name a new folder\n` });
  assert.ok(!existsSync(path.join(full, 'aitys.yaml')));
  assert.equal(aitys(['init', path.join(dir, 'empty')]).code, 1);
});

test('check tells every fault at once', (t) => {
  const dir = newsroom(t);
  write(dir, { 'aitys.yaml': 'site:\n  nmae: x\nstore:\n  readers: 0\n' });
  const file = path.join(dir, 'aitys.yaml');
  assert.deepEqual(aitys(['check', dir]), {
    code: 1, out: '',
    err: `aitys: ${file}:2: site.nmae: there is no such setting; did you mean site.name?\n` +
      `aitys: ${file}:4: store.readers: "0" is too small; write a whole number from 1 to 64\n`,
  });
});

test('check tells a theme’s fault and the database’s', (t) => {
  const dir = newsroom(t);
  const theme = path.join(dir, 'theme');
  write(dir, { 'theme/article.mustache': '{{#nothing}}' });
  const bad = aitys(['check', dir], { env: { AITYS_THEME_DIR: theme } });
  assert.equal(bad.code, 1);
  assert.match(bad.err, /^aitys: .*article\.mustache:1: /);
  write(dir, { 'aitys.db': 'this is not a database, however long it may be'.repeat(200) });
  const broken = aitys(['check', '--database', dir]);
  assert.equal(broken.code, 1);
  assert.match(broken.err, /^aitys: .*aitys\.db/);
});

test('a slip in the environment is noted, not refused', (t) => {
  const dir = newsroom(t);
  const run = aitys(['check', dir], { env: { AITYS_SITE_NMAE: 'x', AITYS_SERVICE_HOST: 'x' } });
  assert.equal(run.code, 0);
  assert.equal(run.err, 'aitys: environment: AITYS_SITE_NMAE: there is no such setting; did you mean the variable of site.name?\n');
});

test('explain says value, origin, default and range', (t) => {
  const dir = newsroom(t);
  const one = aitys(['explain', 'site.name', '--dir', dir]);
  assert.equal(one.code, 0);
  assert.equal(one.out,
    'site.name\n' +
    '    The publication\'s name, as it stands at the head of every page.\n' +
    '    value        Tansari\n' +
    `    from         ${dir}/aitys.yaml:3\n` +
    '    default      Aitys\n' +
    '    may be       a text of 1 to 200 bytes\n' +
    '    environment  AITYS_SITE_NAME\n');
  const other = aitys(['explain', 'store.readers'], { env: { AITYS_DIR: dir, AITYS_STORE_READERS: '7' } });
  assert.match(other.out, /value {8}7\n {4}from {9}the environment, AITYS_STORE_READERS\n/);
  const all = aitys(['explain'], { cwd: dir });
  assert.ok(all.out.split('\n\n').length > 30);
});

test('explain needs no newsroom, and shows no secrets', (t) => {
  const empty = folder(t);
  const run = aitys(['explain', 'site.zone'], { cwd: empty });
  assert.equal(run.code, 0);
  assert.match(run.out, /value {8}UTC\n {4}from {9}the default; there is no aitys\.yaml here\n/);
  assert.equal(aitys(['explain', '--dir', empty]).code, 1, 'a folder that was named must be one');
  const dir = newsroom(t);
  const secret = aitys(['explain'], { cwd: dir, env: { AITYS_DATABASE: 'postgresql://u:geheim@h/d' } });
  assert.doesNotMatch(secret.out + secret.err, /geheim/);
  assert.match(secret.out, /value {8}\(secret\)/);
  assert.deepEqual(aitys(['explain', 'site.nmae']), {
    code: 2, out: '', err: 'aitys: site.nmae: there is no such setting; did you mean site.name?\n',
  });
});

test('a folder without a newsroom is said to be one', (t) => {
  const dir = folder(t);
  for (const args of [['check', dir], ['backup', 'x', '--dir', dir], ['moderator', 'list', '--dir', dir]]) {
    const run = aitys(args);
    assert.equal(run.code, 1);
    assert.match(run.err, /aitys\.yaml: there is no such file; name the newsroom's folder/);
  }
});

test('backup copies while the database is in use, and overwrites nothing', async (t) => {
  const dir = newsroom(t);
  assert.equal(aitys(['moderator', 'add', 'Aida', '--dir', dir]).code, 0);
  const { spawn } = await import('node:child_process');
  const other = spawn('python3', ['-c',
    'import sqlite3,sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n' +
    'db.execute("BEGIN IMMEDIATE")\nprint("in", flush=True)\nsys.stdin.read()\n',
    path.join(dir, 'aitys.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => other.stdout.once('data', resolve));
  const copy = path.join(folder(t), 'aitys.db');
  const run = aitys(['backup', copy, '--dir', dir]);
  other.stdin.end();
  await new Promise((resolve) => other.once('exit', resolve));
  assert.deepEqual(run, { code: 0, out: `backed up to ${copy}\n`, err: '' });
  assert.deepEqual(query(path.dirname(copy), 'SELECT name FROM moderator'), [['Aida']]);
  assert.deepEqual(aitys(['backup', copy, '--dir', dir]),
    { code: 1, out: '', err: `aitys: ${copy}: exists already; name a new file\n` });
});
