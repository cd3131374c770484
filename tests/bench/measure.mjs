/*
 * What benches share: load by wrk, processor time from /proc, medians.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * One round of wrk with kept connections: requests, requests a second, 99th percentile in ms.
 * paths: several addresses taken one after the other instead of url's own.
 */
export async function load(url, { connections = 64, seconds = 3, headers = {}, paths } = {}) {
  const lines = Object.entries(headers).flatMap(([k, v]) => ['-H', `${k}: ${v}`]);
  const script = paths ? scriptOf(paths) : null;
  if (script) lines.push('-s', script.file);
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency',
    ...lines, url]).finally(() => script?.drop());
  const requests = Number(stdout.match(/(\d+) requests in/)[1]);
  const perSecond = Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]);
  const [, number, unit] = stdout.match(/99%\s+([\d.]+)(us|ms|s)/);
  const bad = stdout.match(/Non-2xx or 3xx responses: (\d+)|Socket errors: .*/);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  return { requests, perSecond, p99: Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit] };
}

/* wrk asks for one address unless a script of Lua says otherwise. */
function scriptOf(paths) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  const file = path.join(dir, 'paths.lua');
  const list = paths.map((each) => `wrk.format("GET", "${each}")`).join(',\n');
  writeFileSync(file, `local all, at = nil, 0
request = function()
  all = all or {${list}}
  at = at % #all + 1
  return all[at]
end
`);
  return { file, drop: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs each of the measurements so many times, each round in another order; lists of results. */
export async function rounds(n, measurements) {
  const results = measurements.map(() => []);
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < measurements.length; i++) {
      const at = (i + round) % measurements.length;
      results[at].push(await measurements[at](round));
    }
  }
  return results;
}

/** The median of the rounds' ratios: what slows one round down slows both sides. */
export const ratio = (a, b) => median(a.map((value, i) => value / b[i]));

/** Processor time of some processes' threads that are alive, in microseconds. */
export function cpuUs(pids) {
  const threads = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}/schedstat`));
  return threads.reduce((sum, file) => sum + Number(readFileSync(file, 'utf8').split(' ')[0]), 0)
    / 1000;
}

/** A size in /proc/PID/status, in KiB: VmRSS, RssAnon … */
export function statusKib(pid, name) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+)`))[1]);
}

export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    .filter(Boolean).map(Number);
}

/** Starts a server process; stop() ends it by its process id. */
export function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    pid: child.pid,
    stop: () => new Promise((resolve) => {
      child.once('exit', resolve);
      process.kill(child.pid, 'SIGTERM');
    }),
  };
}

export async function untilListening(url) {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${url} does not answer`);
}
