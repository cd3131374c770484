/*
 * A newsroom whose server is killed, starved and started again: made from the demo, served by the
 * real binary on a free port.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { UNHURRIED, binary, root } from '../lib/newsroom.mjs';
import { freePort } from '../lib/ports.mjs';

export { binary, root };

const run = promisify(execFile);
const STORED = path.join(root, 'tests/soak/stored.py');

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Status, headers and body, when the whole of it has come; fails otherwise. */
export function ask(url, { method = 'GET', headers = {}, body, agent, timeoutMs = 30000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, timeout: timeoutMs }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('close', () => {
        if (!answer.complete) reject(new Error('the answer ended early'));
        else resolve({ status: answer.statusCode, headers: answer.headers,
          body: Buffer.concat(parts).toString() });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

const IMPORTED_FROM = 1000; // above the demo's own numbers

function commentsFile(articles, from, n) {
  const conversations = articles.map((article) => ({ article, comments: [] }));
  for (let i = from; i < from + n; i++) {
    conversations[i % articles.length].comments.push({
      number: IMPORTED_FROM + Math.floor(i / articles.length),
      reply_to: null,
      name: `Old reader ${i}`,
      lang: 'en',
      text: `Comment ${i} of a long time ago, of about as many words as comments have, or fewer.`,
      at: '2026-11-12T04:52:10Z',
      state: 'published',
    });
  }
  return JSON.stringify({ format: 'aitys-comments/1', conversations });
}

/**
 * Makes a demo newsroom; it is not served yet.
 *
 * parent    the folder to make it in
 * settings  environment overrides
 */
export async function site({ parent = tmpdir(), settings = {} } = {}) {
  const top = mkdtempSync(path.join(parent, 'aitys-soak-'));
  const dir = path.join(top, 'site');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    AITYS_SITE_ORIGIN: origin,
    AITYS_SERVER_LISTEN: `127.0.0.1:${port}`,
    AITYS_SERVER_TRUSTED_PROXIES: '127.0.0.1',
    ...UNHURRIED,
    AITYS_LOG_LEVEL: 'error',
    ...settings,
  };
  execFileSync(path.join(root, 'tools/make-demo'), [binary, dir], { env, stdio: 'pipe' });
  let child = null;
  let ended = null;

  /** Starts the server; returns the milliseconds until /healthz answered. */
  async function start() {
    const began = process.hrtime.bigint();
    child = spawn(binary, ['serve', dir], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (bytes) => { it.log = (it.log + bytes).slice(-20000); });
    ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`aitys serve ended:\n${it.log}`);
      const ms = Number(process.hrtime.bigint() - began) / 1e6;
      try {
        if ((await ask(`${origin}/healthz`, { agent: false })).status === 200) {
          return Number(process.hrtime.bigint() - began) / 1e6;
        }
      } catch {
        if (ms > 30000) throw new Error(`aitys serve did not answer within 30 s:\n${it.log}`);
      }
      await sleep(2);
    }
  }

  async function end(signal) {
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) process.kill(child.pid, signal);
    const how = await ended;
    child = null;
    return how;
  }

  const it = {
    dir,
    origin,
    env,
    log: '',
    start,
    isAlive: () => child !== null && child.exitCode === null && child.signalCode === null,
    kill: () => end('SIGKILL'),
    stop: async () => {
      const how = await end('SIGTERM');
      if (how && how.code !== 0) throw new Error(`aitys serve ended with ${how.code}:\n${it.log}`);
    },
    /** The texts that are stored and how often, newer than `last` of an earlier call. */
    stored: async (since = {}) => {
      const { stdout } = await run('python3', [STORED, path.join(dir, 'aitys.db'),
        JSON.stringify(since)], { maxBuffer: 2 ** 30 });
      return JSON.parse(stdout);
    },
    /** aitys check --database; fails when it finds anything. */
    check: () => run(binary, ['check', '--database', dir], { env }),
    /** Brings in so many comments, spread over articles (their keys). */
    fill: (articles, comments) => {
      const file = path.join(top, 'comments.json');
      for (let from = 0, n; from < comments; from += n) {
        n = Math.min(comments - from, 300000);
        writeFileSync(file, commentsFile(articles, from, n));
        execFileSync(binary, ['import', '--dir', dir, file], { env, stdio: 'pipe' });
      }
      rmSync(file, { force: true });
    },
    remove: async () => {
      await end('SIGKILL');
      rmSync(top, { recursive: true, force: true });
    },
  };
  return it;
}
