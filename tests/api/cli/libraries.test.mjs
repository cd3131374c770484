/* What the program brings into its process: nothing of PostgreSQL's unless it serves from there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';

import { binary } from '../../lib/newsroom.mjs';

test('no library of PostgreSQL or systemd is loaded at the start', () => {
  const loaded = execFileSync('ldd', [binary], { encoding: 'utf8' });
  assert.match(loaded, /libsqlite3\.so/);
  assert.doesNotMatch(loaded, /lib(pq|ssl|crypto|ldap|gssapi_krb5|gnutls|systemd|gcrypt)[-.]/);
});
