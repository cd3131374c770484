/*
 * kill -9 under load: the server dies at a random moment while readers write. What was acknowledged
 * is there once; what was not can be sent again, byte for byte, and is not there twice; the server
 * answers again within a second.
 */
import { randomInt } from 'node:crypto';

import { load, pages, send } from './forms.mjs';
import { site } from './server.mjs';

const READERS = 48;
const CONVERSATIONS = ['reservoir-returns', 'apple-dombra', 'library-carriage', 'melon-scales',
  'night-tram', 'old-orchard'];
const AGAIN = 20; // acknowledged forms that are sent once more each round

/* Sends forms again; 409 says that the same words are there already. */
async function sendAgain(origin, forms) {
  const statuses = await Promise.all(forms.map(async (form, i) =>
    (await send(origin, form, { from: `203.0.113.${i % 200}` })).status));
  for (const [i, status] of statuses.entries()) {
    if (status !== 303 && !(status === 409 && !forms[i].hasScript)) {
      throw new Error(`a form sent again: ${status}`);
    }
  }
}

function count(result, texts, acknowledged, mayBe) {
  for (const text of acknowledged) {
    if (!texts[text]) result.lost.add(text);
  }
  for (const text of [...acknowledged, ...mayBe]) {
    if (texts[text] > 1) result.twice.add(text);
  }
}

async function round(room, result, last) {
  const until = new AbortController();
  const all = await pages(room.origin);
  const writing = load(room.origin, all, { readers: READERS, until: until.signal });
  const aliveMs = randomInt(60, 900);
  await new Promise((resolve) => setTimeout(resolve, aliveMs));
  if (!room.isAlive()) throw new Error(`the server ended by itself:\n${room.log}`);
  await room.kill();
  until.abort();
  const told = await writing;
  const readyMs = await room.start();
  result.readyMs.push(readyMs);

  const [yes, open] = [told.acknowledged, told.open].map((forms) => forms.map((f) => f.text));
  let { last: now, texts } = await room.stored(last);
  count(result, texts, yes, open);
  result.found += open.filter((text) => texts[text]).length;
  await sendAgain(room.origin, [...told.open, ...told.acknowledged.slice(0, AGAIN)]);
  ({ last: now, texts } = await room.stored(last));
  count(result, texts, [...yes, ...open], []);
  if (told.refused.length) throw new Error(`refused: ${told.refused[0].status}`);
  result.texts.push(...yes, ...open);
  result.acknowledged += yes.length;
  result.open += open.length;
  return now;
}

/**
 * Runs so many rounds on a newsroom that has so many comments already; its database is checked
 * each `checksEach` rounds and at the end. Returns { lost, twice: sets of texts, readyMs: […],
 * acknowledged, open, found }: found are those that were stored although nobody was told.
 */
export async function kill9({ rounds, comments = 0, checksEach = 1, print = () => {} }) {
  const result = { lost: new Set(), twice: new Set(), readyMs: [], acknowledged: 0, open: 0,
    found: 0, texts: [] };
  const room = await site();
  try {
    room.fill(CONVERSATIONS, comments);
    if (comments) print(`${comments} comments brought in`);
    await room.start();
    const { last: first } = await room.stored(null);
    let last = first;
    for (let n = 1; n <= rounds; n++) {
      last = await round(room, result, last);
      const isChecked = n % checksEach === 0;
      if (isChecked) await room.check();
      if (isChecked || n % 20 === 0) {
        print(`round ${n}: ${result.acknowledged} acknowledged, ${result.open} without an answer `
          + `(${result.found} of them stored), lost ${result.lost.size}, twice `
          + `${result.twice.size}, ready within ${Math.max(...result.readyMs).toFixed(0)} ms`
          + `${isChecked ? ', database good' : ''}`);
      }
    }
    const { texts } = await room.stored(first);
    count(result, texts, result.texts, []);
    await room.stop();
    await room.check();
  } finally {
    await room.remove();
  }
  return result;
}

export async function figures({ quick, print }) {
  const result = quick ? await kill9({ rounds: 8, print })
    : await kill9({ rounds: 300, comments: 1e6, checksEach: 60, print });
  return [
    { name: 'kill9_lost', value: result.lost.size, unit: 'comments' },
    { name: 'kill9_twice', value: result.twice.size, unit: 'comments' },
    { name: 'kill9_ready_ms', value: Math.max(...result.readyMs).toFixed(0), unit: 'ms' },
  ];
}
