/*
 * Campaigns: which copies are found among other people's comments, what is taken for one by mistake,
 * and what a comment costs: for these no server is needed, and bench_campaign says what it counts.
 * And how long it takes to read all that is compared when the first comment after a start comes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { commentSets } from '../lib/newsroom.mjs';
import { load, statusKib } from './measure.mjs';
import { NO_BRAKES, post, targets } from './posting.mjs';
import { article, copyOf, dataset, metric, serve, tool } from './room.mjs';

export const FOUND = ['campaign_case', 'campaign_disguised', 'campaign_edited10',
  'campaign_edited25', 'campaign_wrapped', 'campaign_edited25_decided',
  'campaign_alerts_per_20000', 'campaign_false', 'campaign_worded_others', 'campaign_held_per_20000',
  'campaign_held_near_per_20000'];
export const REBUILT = ['campaign_rebuild_ms', 'campaign_rebuild_read_p99', 'campaign_full_mib'];
export const COST = ['campaign_us', 'campaign_bytes', 'campaign_worst_us'];

/* Shows all that is told and returns the figures in it. */
function figures(...args) {
  if (!existsSync(commentSets)) {
    console.log(`there are no sets of comments in ${commentSets}; AITYS_CORPORA_COMMENTS names others`);
    return [];
  }
  const told = execFileSync(tool('campaign'), args, { encoding: 'utf8' });
  console.log(told.replace(/^campaign_.*\n/gm, '').trimEnd());
  return [...told.matchAll(/^(campaign_\w+) ([\d.]+) (\w+)$/gm)]
    .map(([, name, value, unit]) => ({ name, value, unit }));
}

export const finding = () => figures('found', commentSets);

export const remembering = ({ quick }) => figures('cost', commentSets, quick ? '100000' : '1000000');

/*
 * From the first comment's acknowledgement until all are there, while two connections read and one
 * posts: nobody waits for it. The ring's memory is what the server then takes more than at rest.
 */
export async function rebuilding({ quick }) {
  const data = copyOf(dataset(quick ? 100000 : 1000000));
  const room = await serve(data, NO_BRAKES);
  const target = await targets(room, [article(1)]);
  try {
    const alone = await load(room.origin + article(0), { connections: 2, seconds: 2 });
    const before = statusKib(room.pid, 'VmRSS');
    await post(room, target, { connections: 1, most: 1 });
    const began = performance.now();
    const reading = load(room.origin + article(0), { connections: 2, seconds: 2 });
    const writing = post(room, target, { connections: 1, seconds: 2 });
    const isReady = () => metric(room, 'campaign_ready').catch(() => 0); // it may be busy
    while (await isReady() === 0) await sleep(20);
    const took = performance.now() - began;
    const [read, written] = [await reading, await writing];
    const count = await metric(room, 'campaign_comments');
    console.log(`${count} comments are remembered ${took.toFixed(0)} ms after the first was posted; `
      + `meanwhile reading takes ${read.p99.toFixed(2)} ms (p99), alone ${alone.p99.toFixed(2)} ms, `
      + `a comment ${(written.p99Us / 1000).toFixed(1)} ms (p99)`);
    return [
      { name: 'campaign_rebuild_ms', value: took.toFixed(0), unit: 'ms' },
      { name: 'campaign_rebuild_read_p99', value: (read.p99 / alone.p99).toFixed(2), unit: 'ratio' },
      { name: 'campaign_full_mib', value: ((statusKib(room.pid, 'VmRSS') - before) / 1024).toFixed(1),
        unit: 'MiB' },
    ];
  } finally {
    target.drop();
    await room.stop();
    data.drop();
  }
}
