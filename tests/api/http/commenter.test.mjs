/* A commenter's page: record, trust and bans, notes, others by the network, removing all they wrote. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

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
/** What the record says was decided on them, newest first, without markup. */
const trusts = (html) => [...(html.match(/<section class="talk" id="trusts".*?<\/section>/s)?.[0] ?? '').matchAll(/<li.*?<\/li>/gs)]
  .map(([line]) => line.replace(/<button.*?<\/button>/g, '[Undo]').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim());
const undo = (reader, at, n = 0) => reader.get(at).then(({ body }) => {
  const form = forms(body).filter((f) => f.action.endsWith('/trust/undo'))[n];
  return reader.post(form.action, form.fields);
});
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

  test('counts on a card the others only; others on the same network are told and linked', async () => {
    const [one, two] = [await author(2), await author()];
    const other = await find(moderator, one.words[1], '?state=published');
    const none = 'No decision yet on others by this commenter';
    const line = async (id) => cards((await moderator.get(one.at)).body).find((card) => card.id === id).text
      .match(new RegExp(`Others by this commenter: \\d published, \\d not|${none}`))?.[0];
    const network = async () => (await moderator.get(two.at)).body.match(/<section class="talk" id="network"[\s\S]*?<\/section>/)[0];
    assert.equal(await line(one.id), none);
    for (const [decision, words] of [['reject', '0 published, 1 not'], ['publish', '1 published, 0 not']]) {
      await moderator.decide(one.id, decision, { reason: 'off-topic' });
      assert.equal(await line(one.id), none, 'it is not one of the others itself');
      assert.equal(await line(other), `Others by this commenter: ${words}`);
      assert.match(await network(), new RegExp(`href="${one.at}"[\\s\\S]*?Comments: ${words}`));
    }
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
    assert.match(refused.body, /<a href="#t-reason">Please choose a reason\./);
    assert.match(refused.body, /id="t-reason"[^>]* aria-invalid="true"/);
    assert.match(refused.body, /Third time\.<\/textarea>/);
    assert.equal((await trust(c, { trust: '3', days: '7', reason: 'insult', note: 'Third time.' })).status, 303);
    const html = (await moderator.get(c.at)).body;
    assert.match(html, /Banned \(until /);
    assert.match(trusts(html)[0], /Third time\./);
    const answer = await c.guest.comment(OPEN, { name: 'Zhan', text: 'Let me in & <out>.' });
    assert.equal(answer.status, 403);
    const until = html.match(/Banned \(until ([^)]*)\)/)[1];
    assert.ok(answer.body.includes(`The newsroom does not accept comments from you until ${until}. If you think`));
    assert.match(answer.body, /id="errors"[\s\S]*newsroom\. <a href="\/en\/page\/comment-policy">Our comment policy<\/a><\/li>/);
    assert.match(answer.body, /Let me in &amp; &lt;out&gt;\.<\/textarea>/);
    const edit = await c.guest.form((await c.guest.get(OPEN)).body.match(/href="([^"]*\/edit)"/)[1], '/edit');
    const late = await c.guest.post(edit.action, { ...edit.fields, text: 'Changed at least.' });
    assert.equal(late.status, 403);
    assert.ok(late.body.includes(`comments from you until ${until}.`));
    assert.match(late.body, /Your change was not saved:[\s\S]*Changed at least\.<\/textarea>/);
    await trust(c, { trust: '3', days: '0', reason: 'insult' });
    assert.match((await c.guest.comment(OPEN, { name: 'Zhan', text: 'And now?' })).body, /comments from you\. If you think/);
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
      assert.match(refused.body, /id="faults" role="alert">[\s\S]*?<a href="#t-days">Please choose how long\./, days);
      assert.match(refused.body, /id="t-days"[^>]* aria-invalid="true"[\s\S]*?id="t-days-e">Please choose how long\./, days);
      assert.equal(picked(refused.body, 'days'), '', days);
    }
    const fresh = (await senior.get(c.at)).body;
    assert.deepEqual(options(fresh, 'days')[0], { value: '', text: 'Please choose how long.', chosen: true });
    assert.equal((await trust(c, { ...untouched(fresh), trust: '3', reason: 'insult' })).status, 422);
    for (const [kind, tag] of [['1', 'Always held'], ['0', null]]) { // these ask for no time
      assert.equal((await trust(c, { trust: kind, days: '' })).status, 303, kind);
      assert.equal((await senior.get(c.at)).body.match(/<b class="tag due">(.*?)<\/b>/)?.[1] ?? null, tag);
      assert.equal(picked((await senior.get(c.at)).body, 'days'), '', 'a ban that follows is not for good by itself');
    }
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

describe('who decided what on a commenter', () => {
  test('stands in the record with who, when, why and until when, for all of the team', async () => {
    const c = await author();
    assert.deepEqual(trusts((await moderator.get(c.at)).body), []);
    await trust(c, { trust: '1', note: 'Look closely & <always>.' });
    await trust(c, { trust: '3', days: '7', reason: 'insult' });
    const { body } = await moderator.get(c.at);
    const [newest, first] = trusts(body);
    assert.match(newest, /^\w+ \d+, \d{4} at [\d:]+ [AP]M Banned \(until \w+ \d+, \d{4} at .*\) Sania It insults a person\.$/);
    assert.match(first, /Always held Sania Look closely &amp; &lt;always&gt;\.$/);
    assert.doesNotMatch(body, /trust\/undo/, 'a moderator may not undo it');
    assert.match(body, /<time datetime="\d{4}-\d\d-\d\dT[^"]*">/);
    await trust(c, {});
    assert.match(trusts((await moderator.get(c.at)).body)[0], /As everybody Sania$/);
  });

  test('can be taken back from the page after it and from the newest line, to what was before', async () => {
    const c = await author();
    await trust(c, { trust: '1', days: '30' });
    const [held] = (await senior.get(c.at)).body.match(/Always held \(until [^)]*\)/);
    const done = (await trust(c, { trust: '3', days: '0', reason: 'insult' })).headers.location;
    const notice = (await senior.get(done)).body;
    assert.match(notice, /data-notice>\s*<p><b>Banned<\/b> That holds from now on\./);
    const offers = forms(notice).filter((f) => f.action.endsWith('/trust/undo'));
    assert.equal(offers.length, 2, 'in the notice and on the line');
    assert.deepEqual(offers.map((f) => f.fields.seq), ['2', '2']);
    assert.equal((await c.guest.comment(OPEN, { name: 'Zhan', text: 'Am I out?' })).status, 403);
    const undone = await senior.post(offers[0].action, offers[0].fields);
    assert.equal(undone.status, 303);
    const after = (await senior.get(undone.headers.location)).body;
    assert.match(after, /data-notice>\s*<p><b>Undone: Banned<\/b>/);
    assert.equal(after.match(/class="standfirst"><b class="tag due">([^<]*)/)[1], held, 'to the minute');
    assert.equal(trusts(after).length, 3, 'an undo is a change as well');
    assert.match(trusts(after)[0], /Undone: Banned Sania$/);
    assert.match(trusts(after)[2], /\[Undo\]$/);
    assert.equal((await undo(senior, c.at)).status, 303);
    const free = (await senior.get(c.at)).body;
    assert.doesNotMatch(free, /class="standfirst"|trust\/undo/);
    assert.equal((await c.guest.comment(OPEN, { name: 'Zhan', text: 'Thank you for that.' })).status, 303);
  });

  test('is not taken back when somebody else has decided since', async () => {
    const c = await author();
    const other = await join(room, 'Olzhas', 'administrator');
    await trust(c, { trust: '3', days: '0', reason: 'insult' });
    const stale = forms((await senior.get(c.at)).body).find((f) => f.action.endsWith('/trust/undo'));
    assert.equal((await send(other, c.at, '/trust', { trust: '1', days: '0', reason: '', note: '' })).status, 303);
    const refused = await senior.post(stale.action, stale.fields);
    assert.equal(refused.status, 409);
    assert.match(refused.body, /role="alert" data-notice>\s*<p><b>This cannot be undone: somebody has decided on this commenter since/);
    assert.match(trusts(refused.body)[0], /Always held Olzhas \[Undo\]$/);
    assert.equal((await undo(other, c.at)).status, 303);
    assert.equal((await undo(other, c.at)).status, 303, 'then the one before it');
    assert.equal((await senior.post(stale.action, stale.fields)).status, 409, 'it is taken back by now');
    for (const seq of ['', '0', 'x', '99']) {
      const { status } = await senior.post(stale.action, { ...stale.fields, seq });
      assert.ok([404, 422].includes(status), `${seq}: ${status}`);
    }
  });

  test('is in the ledger, which fits', async () => {
    assert.match(room.run('ledger', 'verify', '--dir', room.dir), /^good: \d+ entries/);
    room.run('ledger', 'export', '--dir', room.dir, `${room.dir}/exported`);
    const { readFileSync } = await import('node:fs');
    const lines = readFileSync(`${room.dir}/exported`, 'utf8').split('\n');
    assert.ok(lines.some((l) => / trust commenter=[0-9a-f]{32} seq=2 trust=3 until=\d{9,} reason=insult /.test(`${l} `)));
    assert.ok(lines.some((l) => / undo commenter=[0-9a-f]{32} seq=3 undoes=2 trust=1 until=\d{9,} /.test(`${l} `)));
    assert.doesNotMatch(lines.join('\n'), /closely/);
    assert.match(room.run('check', '--database', '--dir', room.dir), /./);
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
    await sleep(1100); /* what came in the very second of the page may not have stood on it */
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
