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
  console.log(`${data.comments} comments: first answer after ${starts.map((ms) => ms.toFixed(0))} ms`);
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
  const read = async () => (await load(room.origin + article(0), { connections: 4, seconds })).p99;
  try {
    await read();
    const [alone, among] = await rounds(options.quick ? 3 : 7, [read, async () => {
      const held = await hold(room, 'slow');
      await sleep(options.quick ? 1000 : 8000); /* in full the first of them run out of time */
      const p99 = await read();
      const told = await held.let();
      await sleep(500);
      return { p99, told: told.trim().replaceAll('\n', ', ') };
    }]);
    console.log(`p99 ${median(alone).toFixed(2)} ms alone, ${median(among.map((each) => each.p99))
      .toFixed(2)} ms among ${HELD} slow connections (${among.at(-1).told})`);
    return [{ name: 'slow_p99', value: ratio(among.map((each) => each.p99), alone).toFixed(3),
      unit: 'ratio' }];
  } finally {
    await room.stop();
  }
}
