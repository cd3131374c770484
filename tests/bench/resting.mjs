/*
 * A server at rest on a large database, and one that thousands hold on to: how fast it is there,
 * how much memory it takes, what an idle connection costs, and what slow ones cost good readers.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { LARGE, SMALL } from './growth.mjs';
import { load, median, ratio, rounds, statusKib } from './measure.mjs';
import { article, dataset, metric, serve, tool } from './room.mjs';

const HELD = 9500;

/** Holds connections until let(). */
async function hold(room, kind) {
  const child = spawn(tool('hold'), [String(room.port), String(HELD), kind, article(0)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let told = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => { told += bytes; if (told.includes('ready')) resolve(); });
    child.once('exit', () => reject(new Error('hold ended before it was ready')));
  });
  return { let: async () => { child.stdin.end(); await ended; return told; } };
}

export async function starting(options) {
  const data = dataset(LARGE(options));
  const starts = [];
  const memory = [];
  for (let n = 0; n < (options.quick ? 3 : 9); n++) {
    const room = await serve(data);
    starts.push(room.started);
    await sleep(1000);
    memory.push(statusKib(room.pid, 'VmRSS'));
    if (n === 0) {
      console.log(`at rest: ${memory[0]} KiB, of them ${statusKib(room.pid, 'RssAnon')} its own, `
        + `${statusKib(room.pid, 'RssFile')} of files that others share`);
    }
    await room.stop();
  }
  console.log(`${data.comments} comments: first answer after ${starts.map((ms) => ms.toFixed(0))} ms; `
    + `median ${median(starts).toFixed(0)}, longest ${Math.max(...starts).toFixed(0)}`);
  return [
    { name: 'start_ms', value: median(starts).toFixed(0), unit: 'ms' },
    { name: 'idle_rss_mib', value: (median(memory) / 1024).toFixed(1), unit: 'MiB' },
  ];
}

export async function idling() {
  const room = await serve(dataset(SMALL));
  try {
    await load(room.origin + article(0), { connections: 64, seconds: 1 });
    await sleep(500);
    const before = statusKib(room.pid, 'VmRSS');
    const held = await hold(room, 'idle');
    await sleep(1000);
    const more = statusKib(room.pid, 'VmRSS') - before;
    console.log(`${await metric(room, 'http_connections_open')} connections open: ${more} KiB more`);
    await held.let();
    return [{ name: 'conn_bytes', value: Math.round(more * 1024 / HELD), unit: 'bytes' }];
  } finally {
    await room.stop();
  }
}

export async function slowing(options) {
  const room = await serve(dataset(SMALL));
  const seconds = options.quick ? 2 : 5;
  /* One reader at a time: several keep two processors busy, and then the figure says which of the
     bench's own programs gets one. */
  const read = async () => (await load(room.origin + article(0), { connections: 1, seconds })).p99;
  try {
    await read();
    const readAmong = async (kind, ms) => {
      const held = await hold(room, kind);
      await sleep(ms); /* some of them run out of time while we read */
      const p99 = await read();
      const told = (await held.let()).trim().replaceAll('\n', ', ');
      await sleep(500);
      return { p99, told };
    };
    const all = await rounds(options.quick ? 2 : 7, [read, () => readAmong('slow', 2000),
      ...(options.quick ? [] : [() => readAmong('crowd', 8000)])]);
    const [alone, among, crowd] = [all[0], ...all.slice(1).map((each) => each.map((one) => one.p99))];
    console.log(`p99 ${median(alone).toFixed(2)} ms alone, ${median(among).toFixed(2)} ms among ${HELD} `
      + `slow connections (${all[1].at(-1).told})`);
    if (crowd) {
      console.log(`p99 ${median(crowd).toFixed(2)} ms when they have come all at once and do so again `
        + `(${all[2].at(-1).told}): ${ratio(crowd, alone).toFixed(2)} of that alone`);
    }
    return [{ name: 'slow_p99', value: ratio(among, alone).toFixed(3), unit: 'ratio' }];
  } finally {
    await room.stop();
  }
}
