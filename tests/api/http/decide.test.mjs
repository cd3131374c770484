/* One comment: decisions, undo, claims, second opinions, notes. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';
import { find, join, send, write } from './team.mjs';

const HELD = '/en/fourteen-pupils-and-one-bell';
let room, one, other, senior, serial = 0;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000' });
  one = await join(room, 'Moira', 'moderator');
  other = await join(room, 'Murat', 'moderator');
  senior = await join(room, 'Sania', 'senior');
});
after(() => room?.stop());

/** A held comment: { id, number, words, guest }. */
async function held() {
  const words = `Held words ${++serial}.`;
  const { guest, number } = await write(room, HELD, words, undefined, `Author ${serial}`);
  return { id: await find(one, words, '?rule=mode%3Aheld'), number, words, guest };
}
const page = async (reader, c) => (await reader.get(`/mod/comments/${c.id}`)).body;
const isPublic = async (c) => (await new Reader(room.origin).get(HELD)).body.includes(c.words);

describe('a decision', () => {
  test('leads back to where the moderator was, who can undo it there', async () => {
    const c = await held();
    const answer = await one.decide(c.id, 'publish', { next: '/mod?rule=mode%3Aheld' });
    assert.equal(answer.headers.location, `/mod?rule=mode%3Aheld&done=${c.id}`);
    assert.ok(await isPublic(c));
    const back = (await one.get(answer.headers.location)).body;
    assert.match(back, /Published<\/b>\s*Comment \d+ by Author/);
    const undo = forms(back).find((f) => f.action === `/mod/comments/${c.id}/undo`);
    const undone = await one.post(undo.action, undo.fields);
    assert.equal(undone.status, 303);
    assert.match((await one.get(undone.headers.location)).body, /Undone: Published/);
    assert.ok(!await isPublic(c));
  });

  test('with a reason and a note is in the list with who and when', async () => {
    const c = await held();
    await one.decide(c.id, 'reject', { reason: 'insult', note: 'Kinder, please.' });
    const html = await page(one, c);
    assert.match(html, /<b>Rejected<\/b> <bdi>Moira<\/bdi> <span>It insults a person\.<\/span> <i dir="auto">Kinder, please\.<\/i>/);
  });

  test('a reason that needs a note says so where it is chosen', async () => {
    const options = [...(await page(one, await held())).match(/name="reason"[\s\S]*?<\/select>/)[0]
      .matchAll(/<option value="(\w[^"]*)"[^>]*?( data-note)?>([^<]*)/g)];
    assert.ok(options.length > 2);
    for (const [, key, note, text] of options) assert.equal(/\(with a note\)$/.test(text), note !== undefined, key);
    assert.ok(options.some(([, , note]) => note) && options.some(([, , note]) => !note));
  });

  test('without a reason comes back as it was typed', async () => {
    const c = await held();
    const answer = await one.decide(c.id, 'reject', { reason: '', note: 'Because.' });
    assert.equal(answer.status, 422);
    assert.match(answer.body, new RegExp(`</header>\\s*<div class="notice problem" id="faults" role="alert">[\\s\\S]*?<a href="#r${c.id}">Please choose a reason\\.`), 'where the page opens');
    assert.match(answer.body, new RegExp(`<select id="r${c.id}"[^>]* aria-describedby="rh${c.id} re${c.id}" aria-invalid="true">`));
    assert.match(answer.body, new RegExp(`</select>\\s*<b class="error" id="re${c.id}">Please choose a reason\\.`));
    assert.equal(answer.body.match(/role="alert"/g).length, 1);
    const ids = [...answer.body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, 'each id once');
    assert.match(answer.body, /Because\.<\/textarea>/);
  });

  test('on what another decided meanwhile is refused, and shows it as it is', async () => {
    const c = await held();
    const form = forms(await page(one, c)).find((f) => f.fields.rev !== undefined);
    await other.decide(c.id, 'spam');
    const answer = await one.post(`/mod/comments/${c.id}/publish`, form.fields);
    assert.equal(answer.status, 409);
    assert.ok(!await isPublic(c));
  });
});

describe('undo', () => {
  test('takes back the newest only, and each once', async () => {
    const c = await held();
    await one.decide(c.id, 'publish');
    await one.decide(c.id, 'hold');
    const undos = forms(await page(one, c)).filter((f) => f.action.endsWith('/undo'));
    assert.equal(undos.length, 1);
    const first = { ...undos[0].fields, seq: String(Number(undos[0].fields.seq) - 1) };
    assert.equal((await one.post(undos[0].action, first)).status, 409);
    assert.equal((await one.post(undos[0].action, undos[0].fields)).status, 303);
    assert.ok(await isPublic(c));
    assert.equal((await one.post(undos[0].action, undos[0].fields)).status, 409);
  });

  test('gives a withdrawn comment its words back', async () => {
    const c = await held();
    await one.decide(c.id, 'publish');
    await one.decide(c.id, 'withdraw', { reason: 'private-data' });
    assert.ok(!(await page(one, c)).includes(c.words));
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/undo')).status, 303);
    assert.ok(await isPublic(c));
  });

  test('of a sequence that does not exist is refused, of no number too', async () => {
    const c = await held();
    await one.decide(c.id, 'publish');
    const undo = forms(await page(one, c)).find((f) => f.action.endsWith('/undo'));
    assert.equal((await one.post(undo.action, { ...undo.fields, seq: '999' })).status, 404);
    assert.equal((await one.post(undo.action, { ...undo.fields, seq: 'x' })).status, 422);
  });
});

describe('side by side', () => {
  test('a claimed card is left alone by others, but not by a senior who insists', async () => {
    const c = await held();
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/claim')).status, 303);
    assert.match(await page(one, c), /You work on it until/);
    assert.match(await page(other, c), /Moira works on it until/);
    assert.match(await page(other, c), /With the team/, 'a second opinion can be asked for');
    assert.equal((await other.decide(c.id, 'publish')).status, 409);
    assert.equal((await other.decide(c.id, 'publish', { insists: '1' })).status, 409);
    assert.equal((await senior.decide(c.id, 'publish', { insists: '' })).status, 409);
    assert.equal((await senior.decide(c.id, 'publish', { insists: '1' })).status, 303);
    assert.ok(await isPublic(c));
  });

  test('nor is a decision on it taken back, but by a senior who insists', async () => {
    const c = await held();
    assert.equal((await one.decide(c.id, 'publish')).status, 303);
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/claim')).status, 303);
    const undo = async (reader, address = `/mod/comments/${c.id}`) => forms((await reader.get(address)).body)
      .filter((f) => f.action.endsWith('/undo'));
    const [boxless] = await undo(other);
    assert.ok(!('insists' in boxless.fields), 'not offered');
    assert.equal((await other.post(boxless.action, { ...boxless.fields, insists: '1' })).status, 409);
    const offered = await undo(senior, `/mod/comments/${c.id}?done=${c.id}`);
    assert.equal(offered.length, 2, 'above, and in the list');
    for (const form of offered) assert.match(form.html, /name="insists" value="1"/);
    const fields = { ...offered[0].fields, insists: '0' };
    assert.equal((await senior.post(offered[0].action, fields)).status, 409);
    assert.ok(await isPublic(c));
    assert.equal((await senior.post(offered[1].action, { ...offered[1].fields, insists: '1' })).status, 303);
    assert.ok(!await isPublic(c));
  });

  test('a claim that another has is not taken, and is given back by who has it', async () => {
    const c = await held();
    const form = forms(await page(other, c)).find((f) => f.action.endsWith('/claim'));
    await send(one, `/mod/comments/${c.id}`, '/claim');
    assert.equal((await other.post(form.action, form.fields)).status, 409);
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/release')).status, 303);
    assert.equal((await other.post(form.action, form.fields)).status, 303);
  });

  test('a second opinion is asked, listed, and closed by another\'s decision', async () => {
    const c = await held();
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/opinion', { text: 'Is this irony?' })).status, 303);
    assert.match(await page(other, c), /Moira asks[\s\S]*Is this irony\?/);
    await send(one, `/mod/comments/${c.id}`, '/claim');
    assert.doesNotMatch(await page(other, c), /With the team/, 'nothing is left for anybody else');
    await send(one, `/mod/comments/${c.id}`, '/release');
    assert.equal(await find(other, c.words, '?state=opinion'), c.id);
    await other.decide(c.id, 'publish');
    assert.equal(await find(other, c.words, '?state=opinion'), undefined);
  });

  test('the question is taken back; an empty one is none', async () => {
    const c = await held();
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/opinion', { text: ' ' })).status, 422);
    await send(one, `/mod/comments/${c.id}`, '/opinion', { text: 'Hm?' });
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/opinion/drop')).status, 303);
    assert.doesNotMatch(await page(other, c), /Hm\?/);
  });

  test('notes are the team\'s: each drops their own, no reader sees one', async () => {
    const c = await held();
    await one.decide(c.id, 'publish');
    assert.equal((await send(one, `/mod/comments/${c.id}`, '/notes', { text: 'Known & <kind>.' })).status, 303);
    assert.match(await page(other, c), /Known &amp; &lt;kind&gt;\./);
    const own = forms(await page(one, c)).find((f) => /\/notes\/\d+\/drop$/.test(f.action));
    assert.ok(!forms(await page(other, c)).some((f) => /\/notes\/\d+\/drop$/.test(f.action)));
    assert.equal((await other.post(own.action, forms(await page(other, c))[0].fields)).status, 404);
    for (const reader of [new Reader(room.origin), c.guest]) {
      assert.doesNotMatch((await reader.get(`${HELD}/comments/${c.number}`)).body, /Known &amp;/);
    }
    assert.equal((await one.post(own.action, own.fields)).status, 303);
    assert.doesNotMatch(await page(other, c), /Known &amp;/);
  });

  test('a note that is too long comes back with what was typed', async () => {
    const c = await held();
    const answer = await send(one, `/mod/comments/${c.id}`, '/notes', { text: 'x'.repeat(2001) });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /At most 2,000 characters/);
    assert.match(answer.body, /x{2001}<\/textarea>/);
  });
});

describe('/mod/done', () => {
  test('has the notice and the counts, for a script', async () => {
    const c = await held();
    const answer = await one.decide(c.id, 'spam', { next: '/mod/done' });
    assert.equal(answer.headers.location, `/mod/done?done=${c.id}`);
    const html = (await one.get(answer.headers.location)).body;
    assert.match(html, /data-notice/);
    assert.match(html, /data-waiting/);
    assert.doesNotMatch(html, /class="case"/);
  });

  test('says nothing of what nobody did', async () => {
    for (const what of ['999999999999', '-1', 'x', '%3Cb%3E']) {
      const answer = await one.get(`/mod/done?done=${what}`);
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.body, /data-notice/);
    }
  });
});
