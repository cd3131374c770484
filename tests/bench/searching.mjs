/*
 * Searching in comments. search_us: CPU to index a comment when the index is made anew;
 * search_ms: the slowest of the queries below, as a moderator waits for its page.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Reader } from '../api/http/client.mjs';
import { cpuUs, median } from './measure.mjs';
import { NO_BRAKES } from './posting.mjs';
import { copyOf, dataset, serve } from './room.mjs';

/* Frequent and rare words, beginnings, several, a phrase, nothing, a name; and with a filter. */
const QUERIES = ['в', 'про', 'город вода', 'а б в г', '"на этом"', 'zzzzzz', 'reader', 'город&state=held',
  'the&lang=kk'];

export const SEARCHING = ['search_us', 'search_ms', 'search_bytes_per_comment'];

const is_prepared = (page) => !/being prepared/.test(page.body);

async function prepared(moderator) {
  while (!is_prepared(await moderator.get('/mod?state=all&q=a'))) await sleep(1000);
}

async function slowest(moderator) {
  let most = 0;
  for (const q of QUERIES) {
    const [words, more = 'state=all'] = q.split('&');
    const times = [];
    let found;
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      const page = await moderator.get(`/mod?q=${encodeURIComponent(words)}&${more}`);
      times.push(performance.now() - began);
      if (page.status !== 200) throw new Error(`${q}: ${page.status}`);
      found = page.body.match(/<p class="found"[^>]*>([^.<]*)/)?.[1];
    }
    console.log(`search for ${q}: ${median(times).toFixed(1)} ms, ${found}`);
    most = Math.max(most, median(times));
  }
  return most;
}

export async function searching({ quick }) {
  const data = copyOf(dataset(quick ? 100000 : 300000));
  const room = await serve(data, { ...NO_BRAKES, AITYS_MODERATION_SEARCH: 'yes' });
  try {
    const moderator = new Reader(room.origin);
    const before = cpuUs([room.pid]), began = performance.now();
    await moderator.signIn(room.moderator);
    await prepared(moderator);
    const us = (cpuUs([room.pid]) - before) / data.comments;
    const file = statSync(path.join(data.dir, 'aitys.db.search')).size;
    console.log(`${data.comments} comments are indexed in ${((performance.now() - began) / 1000).toFixed(0)} s, `
      + `${file} bytes`);
    return [
      { name: 'search_us', value: us.toFixed(0), unit: 'us' },
      { name: 'search_ms', value: (await slowest(moderator)).toFixed(1), unit: 'ms' },
      { name: 'search_bytes_per_comment', value: (file / data.comments).toFixed(0), unit: 'bytes' },
    ];
  } finally {
    await room.stop();
    data.drop();
  }
}
