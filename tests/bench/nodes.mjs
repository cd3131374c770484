/*
 * Several nodes on one PostgreSQL: how long after its acknowledgement a change made on one node is
 * shown by another, while readers ask all of them for pages. Readers are a process of their own, so
 * that they do not stand in the measurement's way.
 */
import { spawn } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

import { databaseFor, ownServer } from '../lib/database.mjs';
import { UNHURRIED, newsroom } from '../lib/newsroom.mjs';
import { Reader } from '../api/http/client.mjs';

const PATH = '/en/the-reservoir-that-came-back';
const NODES = 3;
const PER_SECOND = 1000;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function get(agent, url) {
  return new Promise((resolve, reject) => {
    const rq = http.get(url, { agent }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts) }));
    });
    rq.on('error', reject);
  });
}

/* The readers' process: asks at a fixed rate until it is told to end; prints what it did. */
async function read(origins) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const began = performance.now();
  const counts = { sent: 0, good: 0, bad: 0 };
  let ends = false;
  process.once('SIGTERM', () => { ends = true; });
  while (!ends) {
    const due = (performance.now() - began) * PER_SECOND / 1000;
    for (; counts.sent < due; counts.sent++) {
      get(agent, origins[counts.sent % origins.length] + PATH)
        .then((answer) => { counts[answer.status === 200 ? 'good' : 'bad']++; }, () => { counts.bad++; });
    }
    await sleep(2);
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ ...counts, perSecond: counts.good / seconds }));
  process.exit(0);
}

function startReaders(origins) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...origins],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (bytes) => { out += bytes; });
  return async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    process.kill(child.pid, 'SIGTERM');
    await ended;
    return JSON.parse(out);
  };
}

/* Posts on one node; how long each of the others takes to show it, in ms. */
async function change(agent, nodes, round) {
  const from = nodes[round % nodes.length];
  const words = `Change number ${round} of this run.`;
  const answer = await new Reader(from.origin).comment(PATH, { name: `Bench ${round}`, text: words });
  if (answer.status !== 303) throw new Error(`comment: ${answer.status}`);
  const began = performance.now();
  return Promise.all(nodes.filter((node) => node !== from).map(async (node) => {
    for (;;) {
      const asked = performance.now();
      const { body } = await get(agent, `${node.origin}${PATH}?order=newest`);
      if (body.includes(words)) return asked - began;
      if (asked - began > 5000) throw new Error(`${words} is not shown after 5 s`);
      await sleep(1);
    }
  }));
}

export async function nodes({ quick }) {
  const server = ownServer();
  if (!server) {
    console.log('# node_ms_p99: skipped, there is no PostgreSQL here');
    return [];
  }
  const { address } = databaseFor(server.address);
  const room = await newsroom({
    ...UNHURRIED, AITYS_DATABASE: address, AITYS_COMMENTS_PAGE_SIZE: '50',
  });
  const all = [room];
  while (all.length < NODES) all.push(await room.node());
  const endReaders = startReaders(all.map((node) => node.origin));
  const agent = new http.Agent({ keepAlive: true });
  const taken = [];
  await sleep(1000);
  for (let round = 0; round < (quick ? 60 : 300); round++) {
    taken.push(...await change(agent, all, round));
    await sleep(20);
  }
  const readers = await endReaders();
  await room.stop();
  server.stop();
  taken.sort((a, b) => a - b);
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))].toFixed(1);
  console.log(`# ${NODES} nodes, ${taken.length} changes seen; ms: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`);
  console.log(`# readers: ${readers.perSecond.toFixed(0)} a second, ${readers.bad} bad answers`);
  return [{ name: 'node_ms_p99', value: at(0.99), unit: 'ms' }];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await read(process.argv.slice(2));
