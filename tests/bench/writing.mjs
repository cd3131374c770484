/*
 * Writing: comments acknowledged through HTTP, against SQLite alone with the same rows in the same
 * schema on the same disk: as many in a transaction as there are connections, and one in each.
 *
 * With one connection both sides do little but wait for the disk to sync, so their ratio is worth
 * what the disk is: it is taken from many short rounds, and the spread of SQLite alone between them
 * stands beside it. A disk whose pace doubles between two rounds gives no figure to rely on. Above
 * 1 is possible: the program writes a transaction's log at once, SQLite alone page by page.
 */
import path from 'node:path';

import { cpuUs, median, ratio, rounds } from './measure.mjs';
import { NO_BRAKES, ceiling, connectionsOf, post, targets, written, writtenFigures }
  from './posting.mjs';
import { article, copyOf, dataset, metric, serve } from './room.mjs';

export const WRITTEN = written('write');

const ARTICLES = 20; /* as many conversations as ceiling.c writes to */

async function postAndCount(room, target, options) {
  const before = { cpu: cpuUs([room.pid]), commits: await metric(room, 'db_commits_total') };
  const result = await post(room, target, options);
  const commits = await metric(room, 'db_commits_total') - before.commits;
  return { ...result, batch: result.acknowledged / commits,
    us: (cpuUs([room.pid]) - before.cpu) / result.acknowledged };
}

async function compare(room, target, database, connections, { quick }) {
  const seconds = quick || connections === 1 ? 1 : 3;
  const many = [3, connections === 1 ? 21 : 7];
  const batches = connections === 1 ? [1] : [1, connections];
  const [ours, ...alone] = await rounds(many[quick ? 0 : 1], [
    () => postAndCount(room, target, { connections, seconds }),
    ...batches.map((batch) => () => ceiling(database, batch, seconds)),
  ]);
  const [single, full] = alone.map((list) => ratio(ours.map((each) => each.perSecond), list));
  const of = (name) => median(ours.map((each) => each[name]));
  console.log(`${connections} connections: ${of('perSecond').toFixed(0)} comments/s through HTTP, `
    + `${of('batch').toFixed(1)} in a transaction, ${of('us').toFixed(0)} us of CPU each, median `
    + `${of('medianUs')} us, p99 ${of('p99Us')} us`);
  for (const [i, share] of [single, full].slice(0, batches.length).entries()) {
    console.log(`  SQLite alone with ${batches[i]} in a transaction ${median(alone[i]).toFixed(0)}/s `
      + `(${Math.min(...alone[i]).toFixed(0)} to ${Math.max(...alone[i]).toFixed(0)}); `
      + `${share.toFixed(3)}`);
  }
  return full === undefined ? { single } : { ceiling: full, single };
}

export async function writing(options) {
  const data = dataset(10000);
  const site = copyOf(data);
  const control = copyOf(data);
  const room = await serve(site, { ...NO_BRAKES, AITYS_MODERATION_SEARCH: 'yes' });
  let target;
  try {
    target = await targets(room, Array.from({ length: ARTICLES }, (_, n) => article(n)));
    const shares = {};
    for (const connections of connectionsOf(options)) {
      shares[connections] = await compare(room, target, path.join(control.dir, 'aitys.db'),
        connections, options);
    }
    return writtenFigures('write', shares);
  } finally {
    target?.drop();
    await room.stop();
    site.drop();
    control.drop();
  }
}
