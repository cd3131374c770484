/*
 * The database's machine dies, or hands over as planned, under Patroni, while readers write and read: what
 * was acknowledged is there once, and it is measured how long nobody could write. All machines are this
 * one: a dead one's connections are reset at once, and no line is slow.
 */
import { createHash } from 'node:crypto';
import http from 'node:http';

import { sql } from '../lib/database.mjs';
import { ARTICLES, fill, pages, send } from './forms.mjs';
import { cluster, hasPatroni } from './patroni.mjs';
import { ask, site, sleep } from './server.mjs';

const WRITERS = 48;
const WRITER_PAUSE_MS = 20;
const READER_PAUSE_MS = 20;
const STEADY_MS = 2000; // before and after what is measured
const BACK_MAX_MS = 120000;

/** What is done, each so many times: a whole run and a quick one. */
const WHOLE = { killed: 5, switched: 3 };
const QUICK = { killed: 1, switched: 1 };

/* Sends a form once: whether it was taken. 409 says that the same words are there already. */
async function isTaken(origin, form, options) {
  const { status } = await send(origin, form, options);
  if (status === 303 || (status === 409 && !form.hasScript)) return true;
  if (status !== 503) throw new Error(`a form was answered with ${status}`);
  return false;
}

/* Without an answer it is like 503: sent again. */
const isTakenOrOpen = (origin, form, options) => isTaken(origin, form, options).catch((e) => {
  if (/was answered with/.test(e.message)) throw e;
  return false;
});

/*
 * Readers write until `until` is aborted, each a form at a time and the same one until it is taken.
 * told: { acknowledged, open: forms; last, gap: the last acknowledgement and the longest time between two
 * since `gap` was last set, in ms }.
 */
async function write(origin, all, told, until) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: WRITERS });
  const one = async (writer) => {
    const options = { agent, from: `198.51.100.${writer + 1}` };
    for (let n = writer; !until.aborted; n++) {
      const form = fill(all[n % all.length]);
      let taken = false;
      while (!taken && !until.aborted) {
        taken = await isTakenOrOpen(origin, form, options);
        if (!taken) told.putOff += 1;
        else acknowledge(told, form);
        await sleep(WRITER_PAUSE_MS);
      }
      if (!taken) told.open.push(form);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => one(writer)));
  agent.destroy();
}

function acknowledge(told, form) {
  const now = performance.now();
  told.gap = Math.max(told.gap, now - told.last);
  told.last = now;
  told.acknowledged.push(form);
}

/* Reads the articles in turn until `until` is aborted; seen: { pages, refused } is counted up. */
async function read(origin, seen, until) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let n = 0; !until.aborted; n++) {
    const { status } = await ask(origin + ARTICLES[n % ARTICLES.length], { agent });
    seen.pages += 1;
    if (status !== 200) seen.refused += 1;
    await sleep(READER_PAUSE_MS);
  }
  agent.destroy();
}

/* Until something was acknowledged well after a moment. */
async function untilWritten(told, moment) {
  while (told.last < moment + STEADY_MS) {
    if (performance.now() - moment > BACK_MAX_MS) throw new Error('writing did not come back');
    await sleep(50);
  }
}

/* What each kind does to the cluster's leader; returns what is left to do when writing goes on. */
const BREAKS = {
  killed: async (group, leader) => {
    await group.kill(leader);
    return () => group.again(leader);
  },
  switched: async (group) => {
    await group.switchover();
    return () => {};
  },
};

async function round(group, told, seen, kind) {
  await group.whole();
  const leader = await group.leader();
  await sleep(STEADY_MS);
  told.gap = 0;
  Object.assign(seen, { pages: 0, refused: 0 });
  const mend = await BREAKS[kind](group, leader);
  await untilWritten(told, performance.now());
  const result = { kind, ms: told.gap, ...seen };
  await mend();
  if (await group.leader() === leader) throw new Error(`${leader} leads as before`);
  return result;
}

/* How often each text is stored, by its hash. */
function stored(address) {
  const rows = sql(`${address}&target_session_attrs=read-write`, 'SELECT md5(text), count(*) FROM comment GROUP BY 1');
  return new Map(rows.split('\n').map((row) => row.split('|')).map(([hash, n]) => [hash, Number(n)]));
}

function counted(address, forms) {
  const there = stored(address);
  const times = forms.map((form) => there.get(createHash('md5').update(form.text).digest('hex')) ?? 0);
  return { lost: times.filter((n) => n === 0).length, twice: times.filter((n) => n > 1).length };
}

async function rounds(room, group, plan, print) {
  const told = { acknowledged: [], open: [], putOff: 0, last: performance.now(), gap: 0 };
  const [seen, results] = [{ pages: 0, refused: 0 }, []];
  const until = new AbortController();
  const all = await pages(room.origin);
  const busy = Promise.all([write(room.origin, all, told, until.signal), read(room.origin, seen, until.signal)]);
  const work = async () => {
    for (const [kind, times] of Object.entries(plan)) {
      for (let n = 0; n < times; n++) {
        const one = await round(group, told, seen, kind);
        results.push(one);
        print(`${kind}: nothing acknowledged for ${one.ms.toFixed(0)} ms, ${one.refused} of ${one.pages} pages `
          + `refused, ${told.acknowledged.length} acknowledged so far`);
      }
    }
  };
  try {
    await Promise.race([work(), busy.then(() => { throw new Error('nobody writes any more'); })]);
    await group.whole();
  } finally {
    until.abort();
    await busy.catch(() => {});
  }
  for (const form of told.open) {
    if (!await isTaken(room.origin, form)) throw new Error('a form sent again was refused');
  }
  return { results, told };
}

/** Runs a plan; returns { results: [{ kind, ms, pages, refused }], lost, twice, acknowledged, putOff }. */
export async function failover({ plan = WHOLE, print = () => {} } = {}) {
  const group = await cluster();
  let room = null;
  try {
    print('three servers under Patroni, one etcd');
    room = await site({ settings: { AITYS_DATABASE: group.database, AITYS_STORE_REPLICA: group.replica } });
    await room.start();
    const { results, told } = await rounds(room, group, plan, print);
    const sums = counted(group.database, [...told.acknowledged, ...told.open]);
    await room.check();
    print(`${told.acknowledged.length} acknowledged, ${told.putOff} put off, lost ${sums.lost}, twice ${sums.twice}, `
      + 'database good');
    await room.stop();
    return { results, ...sums, acknowledged: told.acknowledged.length, putOff: told.putOff };
  } catch (e) {
    throw new Error(`${e.message}\n${room?.log.slice(-2000)}\n${group.log()}`, { cause: e });
  } finally {
    await room?.remove();
    await group.stop();
  }
}

export async function figures({ quick, print }) {
  if (!hasPatroni()) {
    console.log('failover: skipped: there is no Patroni here (Debian: patroni, etcd-server, postgresql)');
    return [];
  }
  const { results, ...sums } = await failover({ plan: quick ? QUICK : WHOLE, print });
  const of = (kind) => results.filter((one) => one.kind === kind);
  const worst = (kind) => Math.max(...of(kind).map((one) => one.ms)).toFixed(0);
  const refused = (kind) => of(kind).reduce((n, one) => n + one.refused, 0);
  return [
    { name: 'failover_lost', value: sums.lost, unit: 'comments' },
    { name: 'failover_twice', value: sums.twice, unit: 'comments' },
    { name: 'failover_acknowledged', value: sums.acknowledged, unit: 'comments' },
    ...Object.keys(WHOLE).filter((kind) => of(kind).length).flatMap((kind) => [
      { name: `failover_${kind}_ms`, value: worst(kind), unit: 'ms' },
      { name: `failover_${kind}_refused`, value: refused(kind), unit: 'pages' },
    ]),
  ];
}
