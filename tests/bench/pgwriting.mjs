/*
 * Writing on PostgreSQL: comments acknowledged through HTTP, against the same rows put into the same
 * tables of the same server by pgbench alone, in a pipeline: no reading, no rules, no waiting for an
 * answer before the next statement. As many in a transaction as there are connections; and one in a
 * transaction, by as many clients as there are connections, which is what a program does that has a
 * connection to the database for each of its readers.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { databaseFor, ownServer, sql } from '../lib/database.mjs';
import { newsroom } from '../lib/newsroom.mjs';
import { cpuUs, median, ratio, rounds } from './measure.mjs';
import { NO_BRAKES, connectionsOf, post, targets, written, writtenFigures } from './posting.mjs';

export const PGWRITTEN = written('pgwrite');

const CLIENTS_MAX = 64; /* of pgbench; more only wait for each other */
const ROUND = 150000; /* more than a round writes; a conversation has 2^24 numbers */

const WORDS = 'Invented words of the usual length. '.repeat(14);
const OPEN = `SELECT t.id || ' ' || e.slug FROM edition e
  JOIN thread t ON t.site = e.site AND t.id = e.article
  WHERE e.lang = 'en' AND t.mode = 0 AND t.closes_s = 0`;

/* The four statements of one comment; :n is another number each time, and each client's own. */
function row(thread) {
  const random = (from) => `substr(sha256(int8send(:n::bigint)), ${from}, 16)`;
  const who = "'\\x0065f0a1b2'::bytea || substr(sha256(int8send(:n::bigint)), 1, 11)";
  return `\\set k :k + 1
\\set n :first + :k * :clients + :client_id
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

/* pgbench on a database of its own, so many rows in a transaction: a function of rows a second. */
function control(alone, { rows, clients, seconds }) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  const { threads } = alone;
  const scripts = rows === 1 ? threads.map((thread) => row(thread))
    : [Array.from({ length: rows }, (_, i) => row(threads[i % threads.length])).join('')];
  const files = scripts.flatMap((script, i) => {
    const file = path.join(dir, `rows${i}.sql`);
    writeFileSync(file, `\\startpipeline\nBEGIN;\n${script}COMMIT;\n\\endpipeline\n`);
    return ['--file', file];
  });
  const defines = (values) => Object.entries(values).flatMap(([k, v]) => ['--define', `${k}=${v}`]);
  return {
    drop: () => rmSync(dir, { recursive: true, force: true }),
    measure: async () => {
      alone.first += ROUND; /* numbers that no round before has had */
      const { stdout } = await promisify(execFile)('pgbench', ['--no-vacuum', '--protocol=prepared',
        '--client', String(clients), '--time', String(seconds),
        ...defines({ k: 0, first: alone.first, clients }), ...files, alone.address]);
      return Number(stdout.match(/tps = ([\d.]+)/)[1]) * rows;
    },
  };
}

/* Ours against PostgreSQL alone; { ceiling, single }: the shares. */
async function compare(ours, alone, connections, { quick }) {
  const seconds = quick ? 1 : 3;
  const load = { port: new URL(ours.room.origin).port };
  const single = { rows: 1, clients: Math.min(connections, CLIENTS_MAX), seconds };
  const kinds = connections === 1 ? { single }
    : { ceiling: { rows: connections, clients: 1, seconds }, single };
  const controls = Object.values(kinds).map((kind) => control(alone, kind));
  const before = cpuUs([ours.room.pid]);
  let acknowledged = 0;
  try {
    const [taken, ...others] = await rounds(quick ? 2 : 5, [async () => {
      /* What autovacuum does within a minute; tables of this age would not have been seen yet. */
      sql(ours.address, 'ANALYZE');
      const posted = await post(load, ours.target, { connections, seconds });
      acknowledged += posted.acknowledged;
      return posted.perSecond;
    }, ...controls.map(({ measure }) => measure)]);
    console.log(`${connections} connections: ${median(taken).toFixed(0)} comments/s through HTTP, `
      + `${((cpuUs([ours.room.pid]) - before) / acknowledged).toFixed(0)} us of CPU each`);
    const shares = {};
    for (const [i, [name, { rows, clients }]] of Object.entries(kinds).entries()) {
      shares[name] = ratio(taken, others[i]);
      console.log(`  PostgreSQL alone, ${rows} in a transaction, ${clients} clients: `
        + `${median(others[i]).toFixed(0)}/s; ${shares[name].toFixed(3)}`);
    }
    return shares;
  } finally {
    for (const { drop } of controls) drop();
  }
}

export async function pgwriting(options) {
  const server = ownServer();
  if (!server) {
    console.log('# pgwrite: skipped, there is no PostgreSQL here');
    return [];
  }
  const { name, address } = databaseFor(server.address);
  const room = await newsroom({ ...NO_BRAKES, AITYS_DATABASE: address });
  let target;
  try {
    /* The same once more, with nobody but pgbench in it. */
    const other = `${name}_alone`;
    await room.restart(() => sql(server.address, `CREATE DATABASE ${other} TEMPLATE ${name}`));
    const open = sql(address, OPEN).split('\n').map((line) => line.split(' '));
    target = await targets(room, open.map(([, slug]) => `/en/${slug}`));
    const ours = { room, target, address };
    const alone = { address: address.replace(name, other), threads: open.map(([thread]) => thread),
      first: 1000000 };
    const shares = {};
    for (const connections of connectionsOf(options))
      shares[connections] = await compare(ours, alone, connections, options);
    return writtenFigures('pgwrite', shares);
  } finally {
    target?.drop();
    await room.stop();
    server.stop();
  }
}
