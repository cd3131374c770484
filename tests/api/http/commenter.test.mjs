/* A commenter's page: record, trust and bans, notes, others by the network, removing all they wrote. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';
import { cards, find, join, send, write } from './team.mjs';

const HELD = '/en/fourteen-pupils-and-one-bell';
const OPEN = '/en/the-reservoir-that-came-back';
let room, moderator, senior, serial = 0;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_COMMENTS_PER_HOUR: '10000' });
  moderator = await join(room, 'Moira', 'moderator');
  senior = await join(room, 'Sania', 'senior');
});
after(() => room?.stop());

/** A guest with so many published comments: { guest, at, words }. */
async function author(n = 1) {
  const words = [];
  let guest;
  for (let i = 0; i < n; i++) {
    words.push(`Said by ${++serial}.`);
    ({ guest } = await write(room, OPEN, words[i], guest, `Zhan ${serial}`));
  }
  const id = await find(moderator, words[0], '?state=published');
  const at = (await moderator.get(`/mod/comments/${id}`)).body.match(/href="(\/mod\/commenters\/[0-9a-f]{32})"/)[1];
  return { guest, at, words, id };
}
/** The options of a select of a page: [{ value, text, chosen }]. */
const options = (html, name) => [...html.match(new RegExp(`<select[^>]* name="${name}".*?</select>`, 's'))[0]
  .matchAll(/<option value="([^"]*)"( selected)?>([^<]*)/g)].map(([, value, chosen, text]) => ({ value, text, chosen: chosen !== undefined }));
/** What a browser sends of it when nobody touches it. */
const picked = (html, name) => (options(html, name).find((o) => o.chosen) ?? options(html, name)[0]).value;
const untouched = (html) => ({ trust: picked(html, 'trust'), days: picked(html, 'days'), reason: picked(html, 'reason') });
const trust = (c, fields) => send(senior, c.at, '/trust', { trust: '0', days: '0', reason: '', note: '', ...fields });

describe('the record', () => {
  test('has names, figures, comments; no address and no hash', async () => {
    const c = await author(3);
    await moderator.decide(c.id, 'reject', { reason: 'off-topic' });
    const html = (await moderator.get(c.at)).body;
    assert.match(html, /Also wrote as:/);
    assert.match(html, /<dt>Published<\/dt><dd><a href="[^"]*">2<\/a>/);
    assert.match(html, /<dt>Rejected<\/dt><dd><a href="[^"]*">1<\/a>/);
    assert.equal(cards(html).length, 3);
    assert.match(html, /<b>Rejected<\/b> <a href="\/mod\/comments\/\d+">Comment \d+<\/a> <bdi>Moira<\/bdi>/);
    assert.doesNotMatch(html, /127\.0\.0\.1|::1/);
    const hex = new Set(html.match(/[0-9a-f]{16,}/g));
    for (const word of hex) {
      const isKnown = html.includes(`/mod/commenters/${word}`) || html.includes(`commenter=${word}`) || html.includes(`name="token" value="${word}"`);
      assert.ok(isKnown, `${word} is neither an id nor a token`);
    }
  });

  test('of nobody is missing', async () => {
    for (const key of ['0'.repeat(32), 'x', 'ab', '0'.repeat(33)]) {
      assert.equal((await moderator.get(`/mod/commenters/${key}`)).status, 404, key);
    }
  });

  test('others by the same network are told and linked', async () => {
    const one = await author();
    const two = await author();
    const html = (await moderator.get(one.at)).body;
    assert.match(html, /id="network"/);
    assert.ok(html.includes(`href="${two.at}"`));
  });
});

describe('trust', () => {
  test('is not a moderator\'s to give', async () => {
    const c = await author();
    assert.doesNotMatch((await moderator.get(c.at)).body, /\/trust"/);
    const token = forms((await moderator.get(c.at)).body).find((f) => f.fields.token).fields.token;
    assert.equal((await moderator.post(`${c.at}/trust`, { token, trust: '3' })).status, 403);
  });

  test('a ban needs a reason; then they are told politely, and what they typed is kept', async () => {
    const c = await author();
    const refused = await trust(c, { trust: '3', note: 'Third time.' });
    assert.equal(refused.status, 422);
    assert.match(refused.body, /Please choose a reason\./);
    assert.match(refused.body, /Third time\.<\/textarea>/);
    assert.equal((await trust(c, { trust: '3', days: '7', reason: 'insult', note: 'Third time.' })).status, 303);
    const html = (await moderator.get(c.at)).body;
    assert.match(html, /Banned \(until /);
    assert.match(html, /Third time\./, 'as a team note');
    const answer = await c.guest.comment(OPEN, { name: 'Zhan', text: 'Let me in & <out>.' });
    assert.equal(answer.status, 403);
    assert.match(answer.body, /The newsroom does not accept comments from you at present\./);
    assert.match(answer.body, /Let me in &amp; &lt;out&gt;\.<\/textarea>/);
    assert.equal((await trust(c, {})).status, 303);
    assert.equal((await c.guest.comment(OPEN, { name: 'Zhan', text: 'Thank you.' })).status, 303);
  });

  test('a refused form keeps how long, so that a ban for a day does not become one for good', async () => {
    const c = await author();
    const refused = await trust(c, { trust: '3', days: '1' });
    assert.equal(refused.status, 422);
    assert.deepEqual(untouched(refused.body), { trust: '3', days: '1', reason: '' });
    assert.equal((await trust(c, { ...untouched(refused.body), reason: 'insult' })).status, 303);
    assert.match((await moderator.get(c.at)).body, /Banned \(until /);
    await trust(c, {}); // else new guests of this network are held
  });

  test('what is in force until a date stays so until that date, unless another is chosen', async () => {
    for (const [kind, word] of [['1', 'Always held'], ['3', 'Banned']]) {
      const c = await author();
      await trust(c, { trust: kind, days: '7', reason: 'insult' });
      const html = (await senior.get(c.at)).body;
      const [until] = html.match(new RegExp(`${word} \\(until [^)]*\\)`));
      const offered = options(html, 'days').find((o) => o.chosen);
      assert.equal(offered.text, `Until ${until.match(/until (.*)\)/)[1]} (as now)`);
      assert.equal((await trust(c, { ...untouched(html), note: 'Once more.', reason: 'hate' })).status, 303);
      assert.ok((await senior.get(c.at)).body.includes(until), 'not for good');
      const again = await trust(c, { trust: '3', days: offered.value });
      assert.equal(again.status, 422);
      assert.equal(picked(again.body, 'days'), offered.value);
      await trust(c, { trust: '3', days: '0', reason: 'hate' });
      const good = (await senior.get(c.at)).body;
      assert.equal(picked(good, 'days'), '0');
      assert.ok(options(good, 'days').every((o) => !o.text.includes('as now')));
      await trust(c, {});
    }
  });

  test('where nobody chose how long it is asked for, and nothing is for good by itself', async () => {
    const c = await author();
    for (const days of ['', 'x', 'until-', 'until-x', 'until-1', `until-${2 ** 62}`]) {
      const refused = await trust(c, { trust: '3', days, reason: 'insult' });
      assert.equal(refused.status, 422, days);
      assert.match(refused.body, /class="error" role="alert">Please choose how long\./, days);
      assert.equal(picked(refused.body, 'days'), '', days);
    }
    assert.equal((await trust(c, { trust: '3', days: picked((await senior.get(c.at)).body, 'days'), reason: 'insult' })).status, 303);
    await trust(c, {});
  });

  test('who is always held is held where others are not; who is trusted passes', async () => {
    const c = await author();
    await trust(c, { trust: '1' });
    const { number } = await write(room, OPEN, 'Always looked at.', c.guest, 'Zhan');
    assert.doesNotMatch((await new Reader(room.origin).get(OPEN)).body, new RegExp(`id="c${number}"`));
    assert.match((await moderator.get('/mod?rule=trust%3Aheld')).body, /The team wants every comment by this commenter held\./);
    await trust(c, { trust: '2' });
    await write(room, OPEN, 'Known to be kind.', c.guest, 'Zhan');
    assert.match((await new Reader(room.origin).get(OPEN)).body, /Known to be kind\./);
  });

  test('of a kind or time that does not exist is refused', async () => {
    const c = await author();
    for (const fields of [{ trust: '4' }, { trust: '-1' }, { trust: 'x' }, { days: '-1' }, { days: '4000' }, { trust: '3', reason: 'because' }]) {
      assert.equal((await trust(c, fields)).status, 422, JSON.stringify(fields));
    }
  });
});

describe('notes', () => {
  test('on a commenter are shown with each of their comments', async () => {
    const c = await author();
    assert.equal((await send(moderator, c.at, '/notes', { text: 'Writes at night.' })).status, 303);
    assert.match((await senior.get(c.at)).body, /Writes at night\./);
    assert.match((await senior.get(`/mod/comments/${c.id}`)).body, /1 note of the team/);
    assert.equal((await send(moderator, c.at, '/drop')).status, 303);
    assert.doesNotMatch((await senior.get(c.at)).body, /Writes at night\./);
  });
});

describe('removing all they wrote', () => {
  test('asks, does it, and can be undone', async () => {
    const c = await author(3);
    const readers = async () => (await new Reader(room.origin).get(OPEN)).body;
    const form = forms((await senior.get(c.at)).body).find((f) => f.action === '/mod/batches/ask');
    const fields = { ...form.fields, action: 'withdraw', reason: 'advertising' };
    delete fields.chosen;
    const asked = await senior.post(form.action, fields);
    assert.match(asked.body, /3 comments/);
    const again = forms(asked.body).find((f) => f.action === '/mod/batches');
    const begun = await senior.post(again.action, { ...again.fields, action: 'withdraw', reason: 'advertising' });
    assert.equal(begun.status, 303);
    for (const words of c.words) assert.ok(!(await readers()).includes(words));
    const undo = forms((await senior.get(begun.headers.location)).body).find((f) => f.action.endsWith('/undo'));
    await senior.post(undo.action, undo.fields);
    for (const words of c.words) assert.ok((await readers()).includes(words), 'words and place are back');
  });
});
