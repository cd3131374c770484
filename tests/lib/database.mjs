/*
 * A fresh PostgreSQL database for a test, on the server that AITYS_TEST_DATABASE names.
 */
import { execFileSync } from 'node:child_process';

/** The server's address, or undefined: then tests run on SQLite. */
export const serverAddress = process.env.AITYS_TEST_DATABASE;

/** Runs SQL on a database and returns what it gives, a row a line. */
export function sql(address, text) {
  return execFileSync('psql', ['--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', address, '-c', text],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
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
