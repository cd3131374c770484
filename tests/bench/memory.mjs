/*
 * Memory under load: what a server holds after the same work on ten million comments, over that on
 * ten thousand. The settings' bounds are set so low that the small newsroom fills them, too: pages
 * of the database, rendered pages, comments compared with new ones. What grew with the data all the
 * same would show.
 */
import { load, median, statusKib } from './measure.mjs';
import { LARGE, SMALL, open, spread } from './growth.mjs';
import { post } from './posting.mjs';
import { OWN } from './rendering.mjs';
import { copyOf, dataset } from './room.mjs';

const BOUNDS = { AITYS_STORE_CACHE: '2 MiB', AITYS_CACHE_SIZE: '4 MiB',
  AITYS_MODERATION_CAMPAIGN_COMMENTS: '4096' };
const POSTS = 1500;

/* One turn of everything; the memory after it in KiB. */
async function work({ room, articles, target, cookie }, seconds) {
  const paths = spread(articles, 1000);
  for (const headers of [{ 'Accept-Encoding': 'gzip' }, OWN]) /* pages for all, and readers' own */
    await load(room.origin, { connections: 8, seconds, paths, headers });
  await post(room, target, { connections: 64, most: POSTS });
  await load(`${room.origin}/mod?state=spam`, { connections: 1, seconds, headers: cookie });
  return statusKib(room.pid, 'VmRSS');
}

/* The median of the last half of the turns: by then everything is as full as it gets. */
async function held(data, { quick }) {
  const side = { ...await open(data, BOUNDS), ...data };
  try {
    const turns = [];
    for (let n = 0; n < (quick ? 2 : 6); n++) turns.push(await work(side, quick ? 1 : 3));
    console.log(`${data.comments} comments: ${turns.join(', ')} KiB after each turn, of them at last `
      + `${statusKib(side.room.pid, 'RssAnon')} its own`);
    return median(turns.slice(turns.length / 2));
  } finally {
    side.target.drop();
    await side.room.stop();
  }
}

export async function swelling(options) {
  const large = dataset(LARGE(options));
  const small = copyOf(dataset(SMALL)); /* it would not stay small */
  try {
    const before = await held(small, options);
    const after = await held(large, options);
    return [{ name: 'rss_growth', value: (after / before).toFixed(3), unit: 'ratio' }];
  } finally {
    small.drop();
  }
}
