/*
 * A demo newsroom for tests: made in a folder of its own, served by the real binary on free
 * loopback ports, stopped by its process id, removed afterwards.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { databaseFor, serverAddress } from './database.mjs';
import { freePort } from './ports.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.AITYS_BINARY ?? path.join(root, 'build/release/src/cli/aitys');

/** Other people's test data; tests that need it say so in one line when it is absent. */
export const corpora = process.env.AITYS_CORPORA ?? path.resolve(root, '../shared/corpora');

/** Other people's comments, for measuring what helps moderators. */
export const commentSets = process.env.AITYS_CORPORA_COMMENTS
  ?? path.resolve(root, '../shared/data/moderation');

async function untilReady(origin, child) {
  for (let tries = 0; tries < 1200; tries++) {
    if (child.exitCode !== null) throw new Error(`aitys serve ended with ${child.exitCode}`);
    try {
      const answer = await fetch(`${origin}/healthz`);
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch {
      /* not yet */
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('aitys serve did not answer within 60 s');
}

/** Settings under which one machine may write as fast as it likes. */
export const UNHURRIED = {
  AITYS_COMMENTS_MIN_S: '0',
  AITYS_COMMENTS_BURST: '10000',
  AITYS_COMMENTS_PER_HOUR: '1000000',
};

/** Runs `aitys serve` on a port: { origin, pid, end() }; end() returns the exit code. */
async function serve(site, env, port, note) {
  const origin = `http://127.0.0.1:${port}`;
  const own = port === Number(new URL(env.AITYS_SITE_ORIGIN).port)
    ? env : { ...env, AITYS_SERVER_LISTEN: `127.0.0.1:${port}`, AITYS_SERVER_OPERATOR_LISTEN: '' };
  const child = spawn(binary, ['serve', site], { env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.on('data', note);
  await untilReady(origin, child);
  return {
    origin,
    pid: child.pid,
    end: async () => {
      if (child.exitCode !== null || child.signalCode) return child.exitCode ?? child.signalCode;
      const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
      process.kill(child.pid, 'SIGTERM');
      return ended;
    },
  };
}

/**
 * Makes and serves a demo newsroom.
 *
 * settings   environment overrides, e.g. { AITYS_COMMENTS_MIN_S: '0' }. Without AITYS_DATABASE among
 *            them it is an SQLite file, or, when AITYS_TEST_DATABASE names a PostgreSQL server (as
 *            tests/lib/postgres run does), a fresh database there
 * host       what readers call it; localhost for passkeys, which browsers give to no IP address
 * Returns    { origin, operator, dir, moderator: { name, password }, figure(…), run(…), restart(), node(), stop() }
 */
export async function newsroom(settings = {}, { host = '127.0.0.1' } = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-test-'));
  const site = path.join(dir, 'site');
  const port = await freePort();
  const operatorPort = await freePort();
  const origin = `http://${host}:${port}`;
  const own = serverAddress && !settings.AITYS_DATABASE ? databaseFor(serverAddress) : null;
  const env = {
    ...process.env,
    AITYS_SITE_ORIGIN: origin,
    AITYS_SERVER_LISTEN: `127.0.0.1:${port}`,
    AITYS_SERVER_OPERATOR_LISTEN: `127.0.0.1:${operatorPort}`,
    AITYS_LOG_LEVEL: 'warning',
    ...(own && { AITYS_DATABASE: own.address }),
    ...settings,
  };
  execFileSync(path.join(root, 'tools/make-demo'), [binary, site], { env, stdio: 'pipe' });
  const [, name, password] = readFileSync(path.join(site, 'moderator.txt'), 'utf8')
    .match(/name: (\S+) {2}password: (\S+)/);

  let node;
  const nodes = [];
  const room = {
    origin,
    operator: `http://127.0.0.1:${operatorPort}`,
    dir: site,
    env,
    log: '',
    moderator: { name, password },
    get pid() { return node.pid; },
    /** A figure of /metrics. */
    figure: async (name) => Number((await (await fetch(`${room.operator}/metrics`)).text())
      .match(new RegExp(`^aitys_${name} (\\d+)`, 'm'))?.[1] ?? NaN),
    /** Runs `aitys …` on this newsroom's folder and returns what it printed. */
    run: (...args) => execFileSync(binary, args, { env, cwd: site, encoding: 'utf8' }),
    /** Ends the server and starts it again; `meanwhile` is done while it does not serve. */
    restart: async (meanwhile = () => {}) => { await node.end(); await meanwhile(); await start(); },
    /** Serves the same newsroom once more, on an address of its own: { origin, pid, end() }. */
    node: async (more = {}) => {
      const other = await serve(site, { ...env, ...more }, await freePort(), note);
      nodes.push(other);
      return other;
    },
    stop: async () => {
      const codes = await Promise.all([node, ...nodes].map((one) => one.end()));
      rmSync(dir, { recursive: true, force: true });
      own?.drop();
      if (codes.some((code) => code !== 0)) throw new Error(`aitys serve ended with ${codes}:\n${room.log}`);
    },
  };
  const note = (bytes) => { room.log += bytes; };
  const start = async () => { node = await serve(site, env, port, note); };
  await start();
  return room;
}
