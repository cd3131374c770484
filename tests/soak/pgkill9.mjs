/*
 * kill -9 under load on PostgreSQL: in turn the database's server and the newsroom's die at a random
 * moment while readers write. What was acknowledged is there once; what was not is sent again, byte
 * for byte, and is not there twice; readers can write again within a second.
 */
import { randomInt } from 'node:crypto';

import { databaseFor, ownServer, sql } from '../lib/database.mjs';
import { fill, load, pages, send } from './forms.mjs';
import { site, sleep } from './server.mjs';

const READERS = 32;
const AGAIN = 20; // acknowledged forms that are sent once more each round
const TAKEN_MAX_MS = 30000;

/* Sends a form until it is taken; 409 says that the same words are there already. */
async function sendUntilTaken(origin, form, i) {
  const began = performance.now();
  for (;;) {
    const { status } = await send(origin, form, { from: `203.0.113.${i % 200}` });
    if (status === 303 || (status === 409 && !form.hasScript)) return;
    if (status !== 503) throw new Error(`a form sent again: ${status}`);
    if (performance.now() - began > TAKEN_MAX_MS) throw new Error('writing did not come back');
    await sleep(20);
  }
}

async function killNode(room) {
  await room.kill();
  return room.start();
}

/* The time counts from when the database answers again: how long that takes is PostgreSQL's. */
async function killServer(room, server, form) {
  server.kill();
  await server.again();
  const began = performance.now();
  await sendUntilTaken(room.origin, form, 0);
  return performance.now() - began;
}

/* How often each text is stored that was written since a second. */
function stored(address, since) {
  const rows = sql(address, `SELECT count(*), text FROM comment WHERE created_s >= ${since} GROUP BY text`);
  return new Map(rows.split('\n').filter(Boolean).map((row) => {
    const at = row.indexOf('|');
    return [row.slice(at + 1), Number(row.slice(0, at))];
  }));
}

function count(result, there, acknowledged) {
  for (const text of acknowledged) if (!there.has(text)) result.lost.add(text);
  for (const [text, n] of there) if (n > 1) result.twice.add(text);
}

async function round(room, server, database, result, what) {
  const until = new AbortController();
  const since = Math.floor(Date.now() / 1000);
  const all = await pages(room.origin);
  const writing = load(room.origin, all, { readers: READERS, until: until.signal });
  await sleep(randomInt(60, 900));
  if (!room.isAlive()) throw new Error(`the server ended by itself:\n${room.log}`);
  const probes = what === 'server' ? [fill(all[0])] : [];
  if (what === 'server') result.serverMs.push(await killServer(room, server, probes[0]));
  else result.nodeMs.push(await killNode(room));
  until.abort();
  const told = await writing;
  const wrong = told.refused.find((form) => form.status !== 503);
  if (wrong) throw new Error(`refused: ${wrong.status}`);

  const yes = [...told.acknowledged, ...probes];
  const open = [...told.open, ...told.refused];
  const texts = (forms) => forms.map((form) => form.text);
  count(result, stored(database.address, since), texts(yes));
  await Promise.all([...open, ...yes.slice(0, AGAIN)].map((form, i) => sendUntilTaken(room.origin, form, i)));
  count(result, stored(database.address, since), [...texts(yes), ...texts(open)]);
  result.acknowledged += yes.length;
  result.open += open.length;
}

/** Runs so many rounds of each kind; returns { lost, twice: sets of texts, serverMs, nodeMs: […] }. */
export async function pgkill9({ rounds, print = () => {} }) {
  const result = { lost: new Set(), twice: new Set(), serverMs: [], nodeMs: [], acknowledged: 0, open: 0 };
  const server = ownServer();
  if (!server) throw new Error('there is no PostgreSQL here');
  const database = databaseFor(server.address);
  const room = await site({ settings: { AITYS_DATABASE: database.address } });
  try {
    await room.start();
    for (let n = 1; n <= 2 * rounds; n++) {
      await round(room, server, database, result, n % 2 ? 'server' : 'node');
      if (n % 10 === 0 || n === 2 * rounds) {
        await room.check();
        print(`round ${n}: ${result.acknowledged} acknowledged, ${result.open} without an answer or put `
          + `off, lost ${result.lost.size}, twice ${result.twice.size}, written again within `
          + `${Math.max(...result.serverMs).toFixed(0)} ms of the database's return, served within `
          + `${Math.max(0, ...result.nodeMs).toFixed(0)} ms of the start, database good`);
      }
    }
    await room.stop();
  } catch (e) {
    throw new Error(`${e.message}\n${room.log}`, { cause: e });
  } finally {
    await room.remove();
    server.stop();
  }
  return result;
}

export async function figures({ quick, print }) {
  const result = await pgkill9({ rounds: quick ? 3 : 50, print });
  return [
    { name: 'pgkill9_lost', value: result.lost.size, unit: 'comments' },
    { name: 'pgkill9_twice', value: result.twice.size, unit: 'comments' },
    { name: 'pgkill9_back_ms', value: Math.max(...result.serverMs).toFixed(0), unit: 'ms' },
    { name: 'pgkill9_ready_ms', value: Math.max(...result.nodeMs).toFixed(0), unit: 'ms' },
  ];
}
