/*
 * Writing on PostgreSQL: comments acknowledged through HTTP by 64 connections, against the same rows
 * put into the same tables of the same server by pgbench alone, 64 in a transaction, in a pipeline:
 * no reading, no rules, no waiting for an answer before the next statement.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { databaseFor, ownServer, sql } from '../lib/database.mjs';
import { newsroom } from '../lib/newsroom.mjs';
import { cpuUs, median, ratio, rounds } from './measure.mjs';
import { NO_BRAKES, post, targets } from './posting.mjs';

const CONNECTIONS = 64;
const WORDS = 'Invented words of the usual length. '.repeat(14);
const OPEN = `SELECT t.id || ' ' || e.slug FROM edition e
  JOIN thread t ON t.site = e.site AND t.id = e.article
  WHERE e.lang = 'en' AND t.mode = 0 AND t.closes_s = 0`;

/* The three statements of one comment; :n is another number each time. */
function row(thread) {
  const random = (from) => `substr(sha256(int8send(:n::bigint)), ${from}, 16)`;
  const who = "'\\x0065f0a1b2'::bytea || substr(sha256(int8send(:n::bigint)), 1, 11)";
  return `\\set n :n + 1
INSERT INTO commenter (site, id, key_hash, created_s)
  VALUES (1, ${who}, sha256(int8send(:n::bigint)), 1700000000) ON CONFLICT DO NOTHING;
INSERT INTO comment (site, id, thread, parent, depth, root, path, state, placed, withdrawn_by,
    created_s, commenter, idem, text_hash, lang, name, text)
  VALUES (1, ${thread} * 16777216::bigint + :n, ${thread}, 0, 1, :n, int8send(:n::bigint), 1, 1, 0,
    1700000000, ${who}, ${random(3)}, ${random(7)}, 'en', 'Somebody', '${WORDS}')
  ON CONFLICT DO NOTHING;
UPDATE thread SET next_number = next_number + 1, placed = placed + 1, rev = rev + 1
  WHERE site = 1 AND id = ${thread};
`;
}

/* pgbench on a database of its own: a function that gives rows a second. */
function control(address, threads, seconds) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  const file = path.join(dir, 'rows.sql');
  const rows = Array.from({ length: CONNECTIONS }, (_, i) => row(threads[i % threads.length]));
  writeFileSync(file, `\\startpipeline\nBEGIN;\n${rows.join('')}COMMIT;\n\\endpipeline\n`);
  let first = 0;
  return {
    drop: () => rmSync(dir, { recursive: true, force: true }),
    measure: async () => {
      first += 1000000; /* numbers that no round before has had */
      const { stdout } = await promisify(execFile)('pgbench', ['--no-vacuum', '--protocol=prepared',
        '--time', String(seconds), '--define', `n=${first}`, '--file', file, address]);
      return Number(stdout.match(/tps = ([\d.]+)/)[1]) * CONNECTIONS;
    },
  };
}

export async function pgwriting({ quick }) {
  const server = ownServer();
  if (!server) {
    console.log('# pgwrite64_vs_ceiling: skipped, there is no PostgreSQL here');
    return [];
  }
  const addresses = [databaseFor(server.address).address, databaseFor(server.address).address];
  const [room, other] = await Promise.all(addresses.map((address) =>
    newsroom({ ...NO_BRAKES, AITYS_DATABASE: address })));
  await other.stop(); /* its database stays, with nobody but pgbench in it */
  const open = sql(addresses[0], OPEN).split('\n').map((line) => line.split(' '));
  const target = await targets(room, open.map(([, slug]) => `/en/${slug}`));
  const seconds = quick ? 1 : 3;
  const alone = control(addresses[1], open.map(([thread]) => thread), seconds);
  const load = { port: new URL(room.origin).port };
  try {
    const before = cpuUs([room.pid]);
    let acknowledged = 0;
    const results = await rounds(quick ? 3 : 7, [async () => {
      /* What autovacuum does within a minute; tables of this age would not have been seen yet. */
      sql(addresses[0], 'ANALYZE');
      const taken = await post(load, target, { connections: CONNECTIONS, seconds });
      acknowledged += taken.acknowledged;
      return taken.perSecond;
    }, alone.measure]);
    console.log(`${CONNECTIONS} connections: ${median(results[0]).toFixed(0)} comments/s through HTTP, `
      + `${((cpuUs([room.pid]) - before) / acknowledged).toFixed(0)} us of CPU each; PostgreSQL alone `
      + `with ${CONNECTIONS} in a pipeline ${median(results[1]).toFixed(0)}/s`);
    return [{ name: 'pgwrite64_vs_ceiling', value: ratio(...results).toFixed(3), unit: 'ratio' }];
  } finally {
    target.drop();
    alone.drop();
    await room.stop();
    await server.stop();
  }
}
