/* Commands beside a server of the same newsroom. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { newsroom } from '../../lib/newsroom.mjs';
import { aitys, article, folder, write } from './aitys.mjs';

test('publish, import, moderator, check and backup run beside the server', async (t) => {
  const room = await newsroom();
  t.after(() => room.stop());
  const files = folder(t);
  const page = `${room.origin}/en/the-storm`;
  assert.equal((await fetch(page)).status, 404);

  write(files, { 'a.md': article({ headline: 'Before the storm' }) });
  const run = (...args) => aitys([...args, '--dir', room.dir], { env: room.env });
  assert.match(run('publish', files).out, /^new /);
  const until = async (text) => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await (await fetch(page)).text()).includes(text)) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  };
  assert.ok(await until('Before the storm'), 'a new page appears while the server runs');
  write(files, { 'a.md': article({ headline: 'After the storm' }) });
  assert.match(run('publish', files).out, /^changed /);
  assert.ok(await until('After the storm'), 'a cached page is dropped');

  assert.equal(run('moderator', 'add', 'Aida').code, 0);
  assert.match(run('moderator', 'list').out, /^moderator {6}Aida$/m);
  assert.equal(run('check', '--database').code, 0);
  const copy = path.join(files, 'copy.db');
  assert.equal(run('backup', copy).code, 0);
  assert.ok(existsSync(copy));
  const told = aitys(['check', '--database', room.dir], { env: { ...room.env, AITYS_DATABASE: copy } });
  assert.match(told.out, /database: good/, told.err);
  const second = aitys(['serve', room.dir], { env: room.env });
  assert.equal(second.code, 1, 'there is one server only');
});
