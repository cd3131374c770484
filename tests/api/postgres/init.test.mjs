/*
 * `aitys init` on PostgreSQL: what it says when the server or the database is not there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { databaseFor, ownServer, sql } from '../../lib/database.mjs';
import { binary } from '../../lib/newsroom.mjs';

const server = ownServer();
let dir;
before(() => { dir = mkdtempSync(path.join(tmpdir(), 'aitys-init-')); });
after(() => {
  rmSync(dir, { recursive: true, force: true });
  server?.stop();
});

let n = 0;
function init(address) {
  const site = path.join(dir, `site${++n}`);
  const { status, stderr } = spawnSync(binary, ['init', site],
    { env: { ...process.env, AITYS_DATABASE: address }, encoding: 'utf8' });
  return { status, stderr, made: existsSync(site) };
}

describe('aitys init on PostgreSQL', { skip: server ? false : 'there is no PostgreSQL here' }, () => {
  test('makes the newsroom in an empty database, once', () => {
    const { address } = databaseFor(server.address);
    assert.equal(init(address).status, 0);
    const again = init(address);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /holds a newsroom already/);
    assert.ok(!again.made, 'no half a folder');
    assert.equal(sql(address, 'SELECT count(*) > 0 FROM secret'), 't');
  });

  const refusals = {
    'a database that does not exist': [() => server.address.replace('/postgres?', '/nothere?'), /database "nothere" does not exist/],
    'a server that is not there': [() => 'postgresql:///x?host=/tmp/nowhere', /\/tmp\/nowhere/],
    'an address that cannot be read': [() => 'postgresql://user:se/cret@host/x', /special characters as %XX/],
    'tables of something else': [() => {
      const { address } = databaseFor(server.address);
      sql(address, 'CREATE TABLE accounts (id int)');
      return address;
    }, /tables of something else/],
  };
  for (const [what, [address, says]] of Object.entries(refusals)) {
    test(`${what}: one clear line, nothing left behind`, () => {
      const answer = init(address());
      assert.equal(answer.status, 1);
      assert.match(answer.stderr, says);
      assert.equal(answer.stderr.trim().split('\n').length, 1);
      assert.ok(!/cret|"se"/.test(answer.stderr), 'no part of a password');
      assert.ok(!answer.made);
    });
  }
});
