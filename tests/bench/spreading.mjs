/*
 * What nodes and a replica do for pages that are in no cache: pages a second with one, two and three
 * nodes on one PostgreSQL; and what the primary has to do for a page with a replica and without.
 * All of them, and the readers, share this machine: where its processors are busy with one node
 * already, the figures say what it costs to spread and not what more machines give. For that, what a
 * page takes of a node's processor and of the primary's stands beside them.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFor, ownServer, sql } from '../lib/database.mjs';
import { binary } from '../lib/newsroom.mjs';
import { SMALL, spread } from './growth.mjs';
import { cpuUs, load, median, ratio, rounds } from './measure.mjs';
import { NO_BRAKES } from './posting.mjs';
import { copyOf, dataset, serve } from './room.mjs';

export const SPREAD = ['nodes2_read', 'nodes3_read', 'replica_read', 'replica_primary_statements',
  'replica_primary_cpu'];

const CONNECTIONS = 12; /* in all; each node gets as many */
const BROWSER = { 'Accept-Encoding': 'gzip, deflate, br' };
const COUNTED = `SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
  WHERE d.datname = current_database()`;

/* A server that counts statements; no vacuum begins meanwhile. */
function countingServer() {
  const before = process.env.PG_OPTIONS;
  process.env.PG_OPTIONS = '-c shared_preload_libraries=pg_stat_statements -c autovacuum=off';
  try {
    return ownServer();
  } finally {
    if (before === undefined) delete process.env.PG_OPTIONS;
    else process.env.PG_OPTIONS = before;
  }
}

/* The bench's small newsroom in a database of its own on the server. */
function moved(site, server) {
  const database = databaseFor(server.address);
  execFileSync(binary, ['copy', '--dir', site.dir, '--from', path.join(site.dir, 'aitys.db'),
    '--to', database.address], { stdio: ['ignore', 'ignore', 'inherit'] });
  sql(database.address, 'CREATE EXTENSION pg_stat_statements; ANALYZE');
  return database;
}

/* One round: all nodes of a setup are read at once. */
async function read({ nodes }, { database, primary, standby, paths }, seconds) {
  const count = () => Number(sql(database.address, COUNTED));
  const counted = count();
  await sleep(100); /* until the server's process for that question has ended */
  const all = [nodes.map(({ pid }) => pid), primary.processes(), standby.processes()];
  const before = all.map(cpuUs);
  const taken = await Promise.all(nodes.map(({ origin }, i) =>
    load(origin, { connections: CONNECTIONS / nodes.length, seconds, headers: BROWSER,
      paths: [...paths.slice(i * 7), ...paths.slice(0, i * 7)] })));
  const pages = taken.reduce((sum, { requests }) => sum + requests, 0);
  const [node, first, second] = all.map((pids, i) => (cpuUs(pids) - before[i]) / pages);
  return { perSecond: taken.reduce((sum, { perSecond }) => sum + perSecond, 0), node, first, second,
    statements: (count() - counted) / pages };
}

function tell(name, taken) {
  const of = (what) => median(taken.map((each) => each[what]));
  console.log(`${name}: ${of('perSecond').toFixed(0)} pages/s; a page takes ${of('node').toFixed(0)} us of `
    + `a node, ${of('first').toFixed(0)} us and ${of('statements').toFixed(2)} statements of the primary, `
    + `${of('second').toFixed(0)} us of the standby`);
}

async function compare(at, one, others, replica, { quick }) {
  const setups = { 'one node': { nodes: [one] }, 'two nodes': { nodes: [one, others[0]] },
    'three nodes': { nodes: [one, ...others] }, 'one node, a replica': { nodes: [replica] } };
  for (const { nodes } of Object.values(setups)) await read({ nodes }, at, 1); /* plans are made */
  const taken = await rounds(quick ? 2 : 9, Object.values(setups).map((setup) =>
    () => read(setup, at, quick ? 1 : 3)));
  for (const [i, name] of Object.keys(setups).entries()) tell(name, taken[i]);
  const [alone, two, three, near] = taken;
  const all = (list, what) => list.map((each) => each[what]);
  const busy = median(alone.map(({ node, first }) => node / first));
  console.log(`calculated: a primary on a machine of its own is as busy as ${busy.toFixed(1)} nodes `
    + 'on machines of the same size');
  return [[two, alone, 'perSecond'], [three, alone, 'perSecond'], [near, alone, 'perSecond'],
    [near, alone, 'statements'], [near, alone, 'first']]
    .map(([some, than, what], i) => ({ name: SPREAD[i],
      value: ratio(all(some, what), all(than, what)).toFixed(3), unit: 'ratio' }));
}

export async function spreading(options) {
  const server = countingServer();
  if (!server) {
    console.log('# spread: skipped, there is no PostgreSQL here');
    return [];
  }
  const data = dataset(SMALL);
  const site = copyOf(data);
  const rooms = [];
  let standby;
  try {
    const database = moved(site, server);
    standby = server.standby(database.name);
    const settings = { ...NO_BRAKES, AITYS_DATABASE: database.address, AITYS_CACHE_SIZE: '0' };
    for (let n = 0; n < 3; n++) rooms.push(await serve(site, settings));
    rooms.push(await serve(site, { ...settings, AITYS_STORE_REPLICA: standby.address }));
    const [one, second, third, replica] = rooms;
    const paths = spread(data.articles, data.articles);
    return await compare({ database, primary: server, standby, paths }, one, [second, third], replica,
      options);
  } finally {
    for (const room of rooms) await room.stop();
    standby?.stop();
    server.stop();
    site.drop();
  }
}
