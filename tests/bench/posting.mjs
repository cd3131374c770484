/*
 * What the benches of writing share: the load through the form's address and SQLite's own pace.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { Reader } from '../api/http/client.mjs';
import { UNHURRIED } from '../lib/newsroom.mjs';
import { tool } from './room.mjs';

const run = promisify(execFile);

/** Settings under which a server lets one machine write all it can. */
export const NO_BRAKES = {
  ...UNHURRIED,
  AITYS_SERVER_TRUSTED_PROXIES: '127.0.0.1',
};

/** The forms of some articles, as a file for `post`; drop() removes it. */
export async function targets(room, articles) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  const lines = [];
  for (const each of articles) {
    const { action, fields } = await new Reader(room.origin).form(each, '/comments');
    lines.push(`${action} ${fields.token}\n`);
  }
  writeFileSync(path.join(dir, 'targets'), lines.join(''));
  return { file: path.join(dir, 'targets'),
    drop: () => rmSync(dir, { recursive: true, force: true }) };
}

let seed = Date.now() % 1e6;

/** Posts for so long or so many; every comment must be acknowledged. */
export async function post(room, target, { connections, seconds = 60, most = 1e9 }) {
  const { stdout, stderr } = await run(tool('post'), [String(room.port), String(connections),
    String(seconds), String(most), target.file, String(seed++)]);
  const [acknowledged, perSecond, medianUs, p99Us, refused] = stdout.trim().split(' ').map(Number);
  if (refused) throw new Error(`${refused} comments were refused:\n${stderr}`);
  return { acknowledged, perSecond, medianUs, p99Us };
}

/** So many connections are measured. One alone has no others to share a transaction with. */
const CONNECTIONS = [1, 8, 64, 512];

/** The figures of writing, `write` or `pgwrite`. */
export const written = (kind) => [`${kind}1_vs_single`, ...CONNECTIONS.slice(1)
  .flatMap((n) => [`${kind}${n}_vs_ceiling`, `${kind}${n}_vs_single`])];

/** Those to measure: all of them; for a look, what is asked for, or one and 64. */
export function connectionsOf({ quick, only }) {
  if (!quick) return CONNECTIONS;
  const asked = only?.match(/\d+/);
  return asked ? [Number(asked[0])] : [1, 64];
}

/** Figures from { connections: { ceiling, single } }, the shares of what the database does alone. */
export const writtenFigures = (kind, shares) => Object.entries(shares).flatMap(([n, found]) =>
  Object.entries(found).map(([than, share]) =>
    ({ name: `${kind}${n}_vs_${than}`, value: share.toFixed(3), unit: 'ratio' })));

/** Rows a second that SQLite alone takes, so many in a transaction. */
export async function ceiling(database, batch, seconds) {
  const { stdout } = await run(tool('ceiling'), [database, String(batch), String(seconds),
    String(seed++)]);
  return Number(stdout);
}
