/*
 * Writing on PostgreSQL: comments acknowledged through HTTP, against the same rows put into the same
 * tables of the same server by pgbench alone, as many in a transaction as there are connections, in a
 * pipeline: no reading, no rules, no waiting for an answer before the next statement.
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

const WORDS = 'Invented words of the usual length. '.repeat(14);
const OPEN = `SELECT t.id || ' ' || e.slug FROM edition e
  JOIN thread t ON t.site = e.site AND t.id = e.article
  WHERE e.lang = 'en' AND t.mode = 0 AND t.closes_s = 0`;

/* The four statements of one comment; :n is another number each time. */
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
INSERT INTO arrival (site, comment, network, at_s)
  VALUES (1, ${thread} * 16777216::bigint + :n, substr(sha256(int8send(:n::bigint)), 20, 8),
    1700000000) ON CONFLICT DO NOTHING;
UPDATE thread SET next_number = next_number + 1, placed = placed + 1, rev = rev + 1
  WHERE site = 1 AND id = ${thread};
`;
}

/* pgbench on a database of its own: a function that gives rows a second. */
function control(address, threads, { connections, seconds, first }) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  const file = path.join(dir, 'rows.sql');
  const rows = Array.from({ length: connections }, (_, i) => row(threads[i % threads.length]));
  writeFileSync(file, `\\startpipeline\nBEGIN;\n${rows.join('')}COMMIT;\n\\endpipeline\n`);
  let n = first;
  return {
    drop: () => rmSync(dir, { recursive: true, force: true }),
    measure: async () => {
      n += 200000; /* numbers that no round before has had; a conversation has 2^24 */
      const { stdout } = await promisify(execFile)('pgbench', ['--no-vacuum', '--protocol=prepared',
        '--time', String(seconds), '--define', `n=${n}`, '--file', file, address]);
      return Number(stdout.match(/tps = ([\d.]+)/)[1]) * connections;
    },
  };
}

/* Ours against PostgreSQL alone; returns the share. */
async function compare(ours, alone, connections, { quick }) {
  const seconds = quick ? 1 : 3;
  const pgbench = control(alone.address, alone.threads,
    { connections, seconds, first: Math.log2(connections) * 1500000 });
  const load = { port: new URL(ours.room.origin).port };
  const before = cpuUs([ours.room.pid]);
  let acknowledged = 0;
  try {
    const results = await rounds(quick ? 3 : 5, [async () => {
      /* What autovacuum does within a minute; tables of this age would not have been seen yet. */
      sql(ours.address, 'ANALYZE');
      const taken = await post(load, ours.target, { connections, seconds });
      acknowledged += taken.acknowledged;
      return taken.perSecond;
    }, pgbench.measure]);
    const share = ratio(...results);
    console.log(`${connections} connections: ${median(results[0]).toFixed(0)} comments/s through HTTP, `
      + `${((cpuUs([ours.room.pid]) - before) / acknowledged).toFixed(0)} us of CPU each; PostgreSQL `
      + `alone with ${connections} in a pipeline ${median(results[1]).toFixed(0)}/s; ${share.toFixed(3)}`);
    return share;
  } finally {
    pgbench.drop();
  }
}

export async function pgwriting(options) {
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
  const ours = { room, target, address: addresses[0] };
  const alone = { address: addresses[1], threads: open.map(([thread]) => thread) };
  try {
    const shares = {};
    for (const connections of options.quick ? [64] : [1, 8, 64, 512])
      shares[connections] = await compare(ours, alone, connections, options);
    return [{ name: 'pgwrite64_vs_ceiling', value: shares[64].toFixed(3), unit: 'ratio' }];
  } finally {
    target.drop();
    await room.stop();
    await server.stop();
  }
}
