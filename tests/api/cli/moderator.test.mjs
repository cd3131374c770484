/* The team at the command line. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { aitys, newsroom, query, readBytes } from './aitys.mjs';

test('a password is made, shown once and not stored', (t) => {
  const dir = newsroom(t);
  const run = aitys(['moderator', 'add', 'Айдана', '--dir', dir]);
  assert.equal(run.code, 0, run.err);
  const [, password] = run.out.match(
    /^moderator Айдана\npassword: ((?:[a-km-np-z2-9]{4}-){5}[a-km-np-z2-9]{4})\nIt is not shown again\.\n$/);
  const [[stored]] = query(dir, 'SELECT password FROM moderator');
  assert.match(stored, /^\$argon2id\$/);
  for (const file of ['aitys.db', 'aitys.yaml'])
    assert.ok(!readBytes(dir, file).includes(password), file);
  const again = aitys(['moderator', 'password', 'Айдана', '--dir', dir]);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /^new password for Айдана\npassword: /);
  assert.ok(!again.out.includes(password));
  assert.notEqual(query(dir, 'SELECT password FROM moderator')[0][0], stored);
});

test('a password comes from standard input', (t) => {
  const dir = newsroom(t);
  const add = (name, input, ...more) =>
    aitys(['moderator', 'add', name, '--password-stdin', '--dir', dir, ...more], { input });
  assert.deepEqual(add('Bolat', 'correct horse battery\n', '--role', 'administrator'),
    { code: 0, out: 'administrator Bolat\n', err: '' });
  assert.deepEqual(aitys(['moderator', 'list'], { cwd: dir }),
    { code: 0, out: 'administrator  Bolat\n', err: '' });
  assert.equal(add('Cholpon', '').code, 1);
  assert.match(add('Cholpon', '\n').err, /the first line is empty/);
  assert.match(add('Cholpon', `${'x'.repeat(201)}\n`).err, /more than 200 bytes/);
  assert.equal(add('Cholpon', 'short\n').code, 1);
  const twice = add('Bolat', 'another long one\n');
  assert.equal(twice.code, 1);
  assert.doesNotMatch(twice.err, /another long one/);
  assert.equal(query(dir, 'SELECT count(*) FROM moderator')[0][0], 1);
});

test('unknown roles and names are refused', (t) => {
  const dir = newsroom(t);
  assert.equal(aitys(['moderator', 'add', 'D', '--role', 'king', '--dir', dir]).code, 2);
  assert.equal(aitys(['moderator', 'password', 'Nobody', '--dir', dir]).code, 1);
  assert.equal(aitys(['moderator', 'list', '--dir', path.join(dir, 'nowhere')]).code, 1);
});
