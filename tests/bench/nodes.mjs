/*
 * Several nodes on one PostgreSQL: how long after its acknowledgement a change made on one node is
 * shown by the others, while readers ask all of them for pages: a comment must have come there, one
 * that a moderator rejected must have gone. The time ends with the end of the answer that shows it.
 * Readers are a process of their own, so that they do not stand in the measurement's way.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

import { databaseFor, ownServer, sql } from '../lib/database.mjs';
import { newsroom } from '../lib/newsroom.mjs';
import { Reader, numberOf } from '../api/http/client.mjs';
import { NO_BRAKES } from './posting.mjs';

const SLUG = 'the-reservoir-that-came-back';
const PATH = `/en/${SLUG}`;
const NEWEST = `${PATH}?order=newest`; /* what has just come is on its first page */
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
      get(agent, origins[counts.sent % origins.length] + (counts.sent % 2 ? PATH : NEWEST))
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

/* How long each of the nodes takes until its page has, or has no more, these words, in ms. */
function shown(agent, nodes, words, has) {
  const began = performance.now();
  return Promise.all(nodes.map(async (node) => {
    for (;;) {
      const { status, body } = await get(agent, node.origin + NEWEST);
      const ms = performance.now() - began;
      if (status !== 200) throw new Error(`${node.origin}: ${status}`);
      if (body.includes(words) === has) return ms;
      if (ms > 5000) throw new Error(`${words} ${has ? 'is not shown' : 'is shown still'} after 5 s`);
      await sleep(1);
    }
  }));
}

/*
 * Nobody's words and nobody's network come again: the copies of what was rejected time and again are
 * a campaign, and would not be shown anywhere.
 */
async function say(node, round) {
  const words = Array.from({ length: 8 }, () => randomBytes(3).toString('hex')).join(' ');
  const reader = new Reader(node.origin);
  const { action, fields } = await reader.form(PATH, '/comments');
  const answer = await reader.post(action, { ...fields, name: `Bench ${round}`, text: words },
    { 'x-forwarded-for': `203.0.${round >> 8}.${round & 255}` });
  if (answer.status !== 303) throw new Error(`comment: ${answer.status}`);
  return { words, number: numberOf(answer.headers.location) };
}

/* A comment on one node, then its rejection on another; { comment, moderation }: the others' times. */
async function change({ agent, all, moderator, thread }, round) {
  const from = all[round % all.length];
  const { words, number } = await say(from, round);
  const comment = await shown(agent, all.filter((node) => node !== from), words, true);
  await sleep(20);
  const by = all[(round + 1) % all.length];
  moderator.origin = by.origin;
  const id = BigInt(thread) * 2n ** 24n + BigInt(number);
  const { status } = await moderator.decide(id, 'reject', { reason: 'insult' });
  if (status !== 303) throw new Error(`rejection: ${status}`);
  const moderation = await shown(agent, all.filter((node) => node !== by), words, false);
  await sleep(20);
  return { comment, moderation };
}

/* The 99th percentile; tells of the others. */
function tell(what, taken) {
  taken.sort((a, b) => a - b);
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))];
  console.log(`# ${what}: seen ${taken.length} times; ms: median ${at(0.5).toFixed(1)}, `
    + `p99 ${at(0.99).toFixed(1)}, longest ${at(1).toFixed(1)}`);
  return at(0.99);
}

function figures(taken, readers) {
  console.log(`# ${NODES} nodes; readers: ${readers.perSecond.toFixed(0)} pages a second, `
    + `${readers.bad} bad answers`);
  const worst = Math.max(tell('a comment on one node shows on another', taken.comment),
    tell('a comment rejected on one node is gone from another', taken.moderation));
  return [{ name: 'node_ms_p99', value: worst.toFixed(1), unit: 'ms' }];
}

export async function nodes({ quick }) {
  const server = ownServer();
  if (!server) {
    console.log('# node_ms_p99: skipped, there is no PostgreSQL here');
    return [];
  }
  let room;
  let endReaders;
  try {
    const { address } = databaseFor(server.address);
    room = await newsroom({ ...NO_BRAKES, AITYS_DATABASE: address });
    const all = [room];
    while (all.length < NODES) all.push(await room.node());
    const moderator = new Reader(room.origin);
    await moderator.signIn(room.moderator);
    const at = { agent: new http.Agent({ keepAlive: true }), all, moderator,
      thread: sql(address, `SELECT article FROM edition WHERE slug = '${SLUG}' AND lang = 'en'`) };
    endReaders = startReaders(all.map((node) => node.origin));
    await sleep(1000);
    const taken = { comment: [], moderation: [] };
    for (let round = 0; round < (quick ? 60 : 300); round++) {
      const { comment, moderation } = await change(at, round);
      taken.comment.push(...comment);
      taken.moderation.push(...moderation);
    }
    const readers = await endReaders();
    endReaders = null;
    return figures(taken, readers);
  } finally {
    await endReaders?.();
    await room?.stop();
    server.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await read(process.argv.slice(2));
