/*
 * What a million and ten million comments cost over ten thousand: reading a page that is not in the
 * cache, posting, the moderators' queue. The servers run at once and take turns; what they read lies
 * in memory, so that this is about the work and not about the disk. The figures are the largest's.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';

import { Reader } from '../api/http/client.mjs';
import { cpuUs, load, median, ratio, rounds } from './measure.mjs';
import { NO_BRAKES, post, targets } from './posting.mjs';
import { OWN } from './rendering.mjs';
import { article, copyOf, dataset, serve } from './room.mjs';

export const SMALL = 10000;
export const LARGE = ({ quick }) => (quick ? 100000 : 10000000);

const SIZES = ({ quick }) => (quick ? [SMALL, 100000] : [SMALL, 1000000, LARGE({ quick })]);

const POSTS = 500; /* a round; few enough that the small one stays small */

/* The whole file, once through memory. */
async function warm(dir) {
  for await (const bytes of createReadStream(path.join(dir, 'aitys.db'), { highWaterMark: 1 << 20 })) {
    void bytes;
  }
}

/** So many articles, spread evenly over all; kind picks the same of each twenty. */
export function spread(articles, most, kind = (n) => n % 20) {
  const groups = Math.floor(articles / 20);
  return Array.from({ length: most }, (_, i) =>
    article(Math.floor(i * groups / most) * 20 + kind(i)));
}

/** A server on such a newsroom with what the kinds of work need; settings besides the usual. */
export async function open(data, settings = {}) {
  await warm(data.dir);
  const room = await serve(data, { ...NO_BRAKES, ...settings });
  const moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
  const pages = spread(data.articles, 1000, () => 0);
  await load(room.origin, { connections: 8, seconds: 2, headers: OWN, paths: pages });
  return { room, pages, cookie: moderator.headers(),
    target: await targets(room, spread(data.articles, 20)) };
}

const readers = (seconds) => ({ room, pages }) =>
  load(room.origin, { connections: 8, seconds, headers: OWN, paths: pages });

const writers = ({ room, target }) => post(room, target, { connections: 8, most: POSTS });

/* A list that is longer than its page with both: the state of which there are most. */
const moderators = (seconds) => ({ room, cookie }) =>
  load(`${room.origin}/mod?state=spam`, { connections: 1, seconds, headers: cookie });

async function withCpu(side, measure) {
  const before = cpuUs([side.room.pid]);
  const { perSecond, requests, acknowledged } = await measure(side);
  return { perSecond, us: (cpuUs([side.room.pid]) - before) / (requests ?? acknowledged) };
}

/* What each size costs of one kind of work; returns how much dearer the largest is. */
async function compare(name, measure, sides, { quick }) {
  const results = await rounds(quick ? 3 : 9, sides.map((side) => () => withCpu(side, measure)));
  const perSecond = results.map((list) => list.map((each) => each.perSecond));
  for (const [i, side] of sides.entries()) {
    console.log(`${name}: ${median(perSecond[i]).toFixed(0)}/s and `
      + `${median(results[i].map((each) => each.us)).toFixed(0)} us of CPU each with ${side.comments} `
      + `comments: ${ratio(perSecond[0], perSecond[i]).toFixed(3)} of the time`);
  }
  return { name, value: ratio(perSecond[0], perSecond.at(-1)).toFixed(3), unit: 'ratio' };
}

export async function growth(options) {
  const seconds = options.quick ? 1 : 3;
  const sizes = SIZES(options).map((comments) => dataset(comments));
  const small = copyOf(sizes[0]); /* it would not stay small */
  const sides = [];
  const figures = [];
  try {
    for (const data of [small, ...sizes.slice(1)]) sides.push({ ...await open(data), ...data });
    const kinds = { growth_read: readers(seconds), growth_post: writers,
      growth_queue: moderators(seconds) };
    for (const [name, measure] of Object.entries(kinds))
      figures.push(await compare(name, measure, sides, options));
    return figures;
  } finally {
    for (const { room, target } of sides) {
      target.drop();
      await room.stop();
    }
    small.drop();
  }
}

export async function space(options) {
  const { comments, bytes, empty, told } = dataset(LARGE(options));
  const words = Number(told.match(/of (\d+) bytes/)[1]);
  console.log(`${comments} comments: ${bytes} bytes of database, ${words} of them words`);
  return [{ name: 'bytes_per_comment', value: ((bytes - empty) / comments).toFixed(0),
    unit: 'bytes' }];
}
