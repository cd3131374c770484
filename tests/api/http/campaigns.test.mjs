/*
 * Near-copies: found as they arrive, decided on once, those still to come as well; undone, and
 * remembered over a restart, after which the first comment has those of before read.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { forms, numberOf, Reader } from './client.mjs';

const ARTICLE = '/en/the-reservoir-that-came-back';
const PASSAGE = 'The reservoir was never empty and everybody at the ministry knows it; ask them who '
  + 'was paid for the pumps, and why nobody was ever shown the bills.';
let room;
let moderator;
let campaign;
let guests;
let n = 0;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_COMMENTS_PER_HOUR: '10000' });
  moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
  guests = Array.from({ length: 4 }, () => new Reader(room.origin));
});
after(async () => room?.stop());

/** One of the guests says it again, with some words of its own: what became of it. */
async function say(words = PASSAGE) {
  n += 1;
  const guest = guests[n % guests.length];
  const answer = await guest.comment(ARTICLE, { name: `Guest ${n % guests.length}`, text: `${words} That is all, for the time of day is ${n}.` });
  assert.equal(answer.status, 303, answer.body);
  const number = numberOf(answer.headers.location);
  const page = (await new Reader(room.origin).get(`${ARTICLE}/comments/${number}`)).status;
  return { number, isPublic: page === 200, guest };
}

const page = (address) => moderator.get(address).then((answer) => answer.body);
const banner = async () => (await page('/mod')).match(/>Campaigns (\d+)</)?.[1] ?? '0';

/** Sends a form of a page, as a moderator does. */
async function press(address, action, fields = {}) {
  const form = forms(await page(address)).find((one) => one.action === action);
  assert.ok(form, `${address} has a form to ${action}`);
  return moderator.post(action, { ...form.fields, ...fields });
}

async function settle() {
  for (let tries = 0; tries < 100; tries++) {
    const [, address] = (await page(campaign)).match(/href="(\/mod\/batches\/\d+)"/) ?? [];
    if (!address || !/Going on|Being undone/.test(await page(address))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the batch does not end');
}

/** Whether others see its words; its place may still be there. */
const isShown = async (number) => /everybody at the ministry/
  .test((await new Reader(room.origin).get(`${ARTICLE}/comments/${number}`)).body);

/** Waits until something that takes some seconds at most is so. */
async function until(what, isSo) {
  for (let tries = 0; tries < 300; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it never came that ${what}`);
}

/** What was written until now is of an earlier second than what comes. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

const ready = () => until('all comments are remembered',
  async () => await room.figure('campaign_ready') === 1);

test('six near-copies by four guests are told of', async () => {
  assert.equal(await banner(), '0');
  assert.ok((await say('The first words after a start are those that have all others read, nobody waits.')).isPublic);
  await ready();
  for (let i = 0; i < 6; i++) assert.ok((await say()).isPublic);
  assert.equal(await banner(), '1');
  const list = await page('/mod/campaigns');
  assert.match(list, /Similar comments: 6\. Commenters: 4/);
  assert.match(list, /Not decided yet/);
  [, campaign] = list.match(/href="(\/mod\/campaigns\/\d+)"/);
  const one = await page(campaign);
  assert.equal(one.match(/class="case"/g).length, 6);
  assert.match(one, /the reservoir was never empty and everybody/);
  const queue = await page('/mod?state=published');
  assert.match(queue, new RegExp(`href="${campaign}">Similar comments: 6. Commenters: 4`));
  const [, comment] = queue.match(/href="(\/mod\/comments\/\d+)"/);
  const similar = (await page(comment)).split('Similar comments</h2>')[1];
  assert.ok(similar.match(/class="case"/g).length <= 5);
});

test('one decision is for all of them and for those to come', async () => {
  const looked = forms(await page(campaign)).find((one) => one.action === `${campaign}/ask`);
  await nextSecond();
  const whileLooking = await say();
  const asked = await moderator.post(looked.action, { ...looked.fields, action: 'reject', reason: 'advertising' });
  assert.equal(asked.status, 200);
  assert.match(asked.body, /Decide on 7 comments, and on those still to come/);
  await nextSecond();
  const whileAsked = await say();
  const form = forms(asked.body).find((one) => one.action === campaign);
  const begun = await moderator.post(campaign, { ...form.fields, action: 'reject', reason: 'advertising' });
  assert.equal(begun.status, 303, begun.body);
  await settle();
  for (const copy of [whileLooking, whileAsked]) {
    assert.ok(copy.isPublic);
    assert.equal(await isShown(copy.number), false);
  }
  assert.equal(await banner(), '0');
  assert.match(await page('/mod/campaigns'), /Decided, for those still to come as well: Rejected/);
  const ninth = await say();
  assert.equal(ninth.isPublic, false);
  const own = await ninth.guest.get(`${ARTICLE}/comments/${ninth.number}`);
  assert.match(own.body, /It is advertising\./);
  assert.ok((await say('My grandfather fished there every spring before the first war, they say.')).isPublic);
});

test('a restart remembers it', async () => {
  await room.restart();
  const early = await say(); // nobody waits; what was decided is done to it when all is read
  await until('the early copy is rejected', async () => !await isShown(early.number));
  await ready();
  assert.match((await early.guest.get(`${ARTICLE}/comments/${early.number}`)).body, /It is advertising\./);
  assert.equal((await say()).isPublic, false);
  const one = await page(campaign);
  assert.match(one, /Similar comments: 11\. Commenters: 4/);
  assert.match(one, /Arrived after the decision and had it done to them: 3/);
});

test('all campaigns are one rule, to be filtered by and in the figures', async () => {
  const met = await page('/mod?state=all&rule=campaign');
  assert.match(met, /<option value="campaign"[^>]* selected>/);
  assert.equal(met.match(/class="case" id/g).length, 3);
  const [figures] = (await page('/mod/statistics')).match(/<section class="figures" id="rules">.*?<\/section>/s);
  const rows = [...figures.matchAll(/<tr><th scope="row">(.*?)<\/th>/gs)].map(([, cell]) => cell.replace(/<[^>]*>/g, '').trim());
  assert.equal(rows.filter((row) => row.startsWith('It is like something')).length, 1, figures);
});

test('it is undone as one', async () => {
  const [, later] = (await page(campaign)).match(/href="([^"]*)">Those that arrived after the decision/);
  const [, batch] = (await page(campaign)).match(/href="(\/mod\/batches\/\d+)"/);
  const facts = async () => Object.fromEntries([...(await page(batch)).matchAll(/<dt>(.*?)<\/dt><dd>(\d+)/g)]
    .map(([, label, number]) => [label, Number(number)]));
  assert.equal((await facts())['Decided when they arrived later'], 3);
  const rejected = (await page(later.replaceAll('&amp;', '&'))).match(/class="case" id/g);
  assert.equal(rejected.length, 3);
  const undone = await press(campaign, `${campaign}/undo`);
  assert.equal(undone.status, 303, undone.body);
  await settle();
  const { Decided, Undone, ...rest } = await facts();
  assert.equal(Undone, Decided + rest['Decided when they arrived later'], 'all of them');
  assert.match(await page(batch), /Undone\./);
  assert.match(await page(campaign), /Those that arrived after the decision/);
  room.run('ledger', 'verify', '--dir', room.dir);
  room.run('check', '--database', '--dir', room.dir);
  assert.equal(await banner(), '1');
  const list = await page('/mod?state=published');
  assert.equal((list.match(/Similar comments: 11\. Commenters: 4/g) ?? []).length, 11);
  const again = await press(campaign, `${campaign}/ask`, { action: 'publish' });
  const form = forms(again.body).find((one) => one.action === campaign);
  assert.equal((await moderator.post(campaign, { ...form.fields, action: 'publish' })).status, 303);
  await settle();
  assert.ok((await say()).isPublic);
  assert.equal((await press(campaign, `${campaign}/end`)).status, 303);
  assert.match(await page(campaign), /Decided, but not for those still to come/);
});

test('withdrawing is none of its actions, and a reason is needed', async () => {
  assert.doesNotMatch(await page(campaign), /<option value="withdraw"/);
  const form = forms(await page(campaign)).find((one) => one.action === `${campaign}/ask`);
  for (const fields of [{ action: 'withdraw', reason: 'hate' }, { action: 'reject' }, { action: 'nothing' }]) {
    const answer = await moderator.post(campaign, { ...form.fields, ...fields });
    assert.equal(answer.status, 422, JSON.stringify(fields));
  }
  assert.equal((await moderator.get('/mod/campaigns/99')).status, 404);
  assert.equal((await moderator.get('/mod/campaigns/x')).status, 404);
});

test('a short comment that is nearly one that was rejected is held', async () => {
  await ready();
  const short = async (text) => {
    n += 1;
    const answer = await guests[n % guests.length].comment(ARTICLE, { name: 'Somebody', text });
    assert.equal(answer.status, 303, answer.body);
    return answer.headers.location.replace(/[?#].*/, '');
  };
  const isPublic = async (path) => (await new Reader(room.origin).get(path)).status === 200;
  const INSULT = 'You are all liars who are paid to write here, shame on you'; // 41 shingles
  const first = await short(INSULT);
  assert.ok(await isPublic(first));
  assert.ok(await isPublic(await short(`${INSULT}, ha`)));
  const [id] = (await page('/mod?state=published&order=newest')).split('<article class="case"')
    .find((one) => one.includes('shame on you<')).match(/(?<=\/mod\/comments\/)\d+/);
  assert.equal((await moderator.decide(id, 'reject', { reason: 'insult' })).status, 303);
  assert.ok(!await isPublic(await short(`${INSULT}, oh`)));
  assert.ok(await isPublic(await short('You are all welcome here, and thanks to you')));
});
