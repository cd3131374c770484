/*
 * A page that is not in the cache: a reader with a cookie of his own gets each time one that is
 * made for him. Processor time and statements of a page; both may grow with what the page shows,
 * not with the conversation.
 */
import { cpuUs, load, median, rounds } from './measure.mjs';
import { ARTICLE, rawGet } from './pages.mjs';
import { article, dataset, metric, serve } from './room.mjs';

export const OWN = { Cookie: `aitys-key=${'ab'.repeat(32)}` };
const BROWSER = { 'Accept-Encoding': 'gzip, deflate, br' };

/* Asking for the counter costs some as well; the median leaves out what jobs ran meanwhile. */
async function statementsOf(room, path) {
  const costs = [];
  for (let n = 0; n < 5; n++) {
    const idle = await metric(room, 'db_statements_total');
    const before = await metric(room, 'db_statements_total');
    await rawGet(room.origin + path, OWN);
    costs.push(await metric(room, 'db_statements_total') - before - (before - idle));
  }
  return median(costs);
}

async function cpuOf(room, path, headers, seconds) {
  const before = cpuUs([room.pid]);
  const { requests } = await load(room.origin + path, { connections: 8, seconds, headers });
  return (cpuUs([room.pid]) - before) / requests;
}

export async function rendering({ quick }) {
  const room = await serve(dataset(10000));
  const pages = [
    { name: 'demo article, 26 comments', path: ARTICLE, headers: { ...OWN, ...BROWSER } },
    { name: 'the same, not compressed', path: ARTICLE, headers: OWN },
    { name: 'bench article, 26 comments', path: article(0), headers: { ...OWN, ...BROWSER } },
    { name: 'bench article, 50 of 1,000 comments', path: article(1), headers: { ...OWN, ...BROWSER } },
  ];
  try {
    const seconds = quick ? 1 : 3;
    const us = await rounds(quick ? 3 : 7, pages.map((page) =>
      () => cpuOf(room, page.path, page.headers, seconds)));
    for (const [i, page] of pages.entries()) {
      page.us = median(us[i]);
      page.statements = await statementsOf(room, page.path);
      console.log(`${page.name}: ${page.us.toFixed(0)} us of CPU, ${page.statements} statements`);
    }
    return [
      { name: 'render26_us', value: pages[0].us.toFixed(0), unit: 'us' },
      { name: 'render26_statements', value: pages[0].statements, unit: 'statements' },
    ];
  } finally {
    await room.stop();
  }
}
