/*
 * A fresh PostgreSQL database for a test, on the server that AITYS_TEST_DATABASE names.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The server's address, or undefined: then tests run on SQLite. */
export const serverAddress = process.env.AITYS_TEST_DATABASE;

/** Runs SQL on a database and returns what it gives, a row a line. */
export function sql(address, text) {
  return execFileSync('psql', ['--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', address, '-c', text],
    { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Makes an empty database beside the one in the address: { address, name, drop() }. */
export function databaseFor(server) {
  const name = `test_${process.pid}_${process.hrtime.bigint()}`;
  sql(server, `CREATE DATABASE ${name}`);
  return {
    name,
    address: server.replace(/^([a-z]+:\/\/[^/]*\/)[^?]*/, `$1${name}`),
    drop: () => sql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  .split(' ').map(Number);

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'postgres');

/**
 * A PostgreSQL server of the test's own, that it may kill: { address, kill(), again(), stop() };
 * null where there is none installed.
 */
export function ownServer() {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-postgres-'));
  chmodSync(dir, 0o755);
  const place = path.join(dir, 'server');
  const run = (...args) => execFileSync(script, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  let address;
  try {
    address = run('start', place);
  } catch (e) {
    rmSync(dir, { recursive: true, force: true });
    if (/no PostgreSQL server here/.test(e.stderr)) return null;
    throw e;
  }
  /* Starts one after kill(); its processes may need a moment to end. */
  const again = async (one) => {
    for (let tries = 0; ; tries++) {
      try {
        return run('again', one);
      } catch (e) {
        if (tries === 20) throw e;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const pid = (one = place) => Number(readFileSync(path.join(one, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
  const processes = (one = place) => [pid(one), ...children(pid(one))];
  return {
    address,
    signal: (name) => process.kill(pid(), name),
    kill: () => process.kill(pid(), 'SIGKILL'),
    /** Their ids: the server's own and its connections'. */
    processes: () => processes(),
    /** All its processes stand still, and their system goes on answering; and they go on. */
    freeze: () => processes().forEach((one) => process.kill(one, 'SIGSTOP')),
    thaw: () => [...children(pid()), pid()].forEach((one) => process.kill(one, 'SIGCONT')),
    /** A standby that follows it, at another database's name: { address, kill(), again(), stop() }. */
    standby: (name) => {
      const other = path.join(dir, 'standby');
      const followed = run('standby', other, place).replace('///postgres?', `///${name}?`);
      return {
        address: followed,
        processes: () => processes(other),
        kill: () => process.kill(pid(other), 'SIGKILL'),
        again: () => again(other),
        stop: () => run('stop', other),
      };
    },
    again: () => again(place),
    stop: () => { run('stop', place); rmSync(dir, { recursive: true, force: true }); },
  };
}
