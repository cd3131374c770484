/*
 * Newsrooms for benches: the demo newsroom filled up with invented comments, made once and kept in
 * AITYS_BENCH_DATA (by default a folder in the system's for temporary files), and a server on such
 * a folder.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync,
  statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { binary, root } from '../lib/newsroom.mjs';
import { freePort } from '../lib/ports.mjs';

const KEPT = process.env.AITYS_BENCH_DATA ?? path.join(tmpdir(), 'aitys-bench-data');

/** A program of tests/bench, built beside the binary. */
export const tool = (name) =>
  path.resolve(path.dirname(binary), '../../tests/bench', `bench_${name}`);

/* Raise it when generate.c writes other rows. */
const FORM = 3;

/* Kept data of another schema or form is left alone, and made anew. */
function mark() {
  const hash = createHash('sha256').update(String(FORM));
  const folder = path.join(root, 'src/store/migrations');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 8);
}

/**
 * The kept newsroom with so many invented comments; made and checked when it is not there.
 * Returns { dir, comments, articles, bytes (of the database), empty (the demo's alone) }.
 */
export function dataset(comments) {
  const dir = path.join(KEPT, `${comments}-${mark()}`);
  const database = path.join(dir, 'aitys.db');
  if (!existsSync(`${dir}.json`)) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(KEPT, { recursive: true });
    execFileSync(path.join(root, 'tools/make-demo'), [binary, dir], { stdio: 'pipe' });
    const empty = sizeOf(database);
    const told = execFileSync(tool('generate'), [database, String(comments)],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
    console.log(`made ${told}`);
    const bytes = sizeOf(database);
    execFileSync(binary, ['check', '--database', dir], { stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(`${dir}.json`, JSON.stringify({ comments, articles: Math.ceil(comments / 100),
      bytes, empty, told }));
  }
  return { dir, ...JSON.parse(readFileSync(`${dir}.json`, 'utf8')) };
}

const sizeOf = (database) => statSync(database).size;

/** A copy that may be changed; drop() removes it. */
export function copyOf({ dir, ...rest }) {
  const home = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  cpSync(dir, path.join(home, 'site'), { recursive: true });
  return { ...rest, dir: path.join(home, 'site'),
    drop: () => rmSync(home, { recursive: true, force: true }) };
}

/** The bench's article number n; of each twenty 0 has 26 comments and 1 has 1,000. */
export const article = (n) => `/en/bench-${n}`;

/* True as soon as the address answers with 200. */
function asks(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`));
    socket.on('data', (bytes) => {
      resolve(bytes.toString('latin1').startsWith('HTTP/1.1 200'));
      socket.destroy();
    });
  });
}

/**
 * Serves a folder until stop(), without searching. started: milliseconds from the process's start to its first answer.
 */
export async function serve({ dir }, settings = {}) {
  const port = await freePort();
  const operatorPort = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...process.env, AITYS_SITE_ORIGIN: origin,
    AITYS_SERVER_LISTEN: `127.0.0.1:${port}`,
    AITYS_SERVER_OPERATOR_LISTEN: `127.0.0.1:${operatorPort}`,
    AITYS_LOG_LEVEL: 'warning',
    AITYS_MODERATION_SEARCH: 'no', /* or the index of so many would be made meanwhile */
    ...settings };
  const began = performance.now();
  const child = spawn(binary, ['serve', dir], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!await asks(port)) {
    if (child.exitCode !== null) throw new Error(`aitys serve ended with ${child.exitCode}`);
    await sleep(1);
  }
  const started = performance.now() - began;
  const [, name, password] = readFileSync(path.join(dir, 'moderator.txt'), 'utf8')
    .match(/name: (\S+) {2}password: (\S+)/);
  return { origin, port, started, pid: child.pid, dir, moderator: { name, password },
    operator: `http://127.0.0.1:${operatorPort}`,
    stop: () => {
      process.kill(child.pid, 'SIGTERM');
      return ended;
    } };
}

/** A figure of /metrics. */
export async function metric(room, name) {
  const text = await (await fetch(`${room.operator}/metrics`)).text();
  return Number(text.match(new RegExp(`^(?:aitys_)?${name} (\\S+)`, 'm'))[1]);
}
