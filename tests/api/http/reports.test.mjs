/* Readers' reports, from the link beside a comment to what the team sees of them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, numberOf, unescape } from './client.mjs';

const PROXY = '127.0.0.1';
const ARTICLE = '/en/the-reservoir-that-came-back';
let room, moderator;

before(async () => {
  room = await newsroom({
    AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_MODERATION_REPORTS_HOLD: '3',
    AITYS_REPORTS_PER_HOUR: '3', AITYS_SERVER_TRUSTED_PROXIES: PROXY,
  });
  moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
});
after(() => room?.stop());

let networks = 0;

/** A reader on a network of their own, or on that one. */
class Far extends Reader {
  constructor(network = ++networks) {
    super(room.origin);
    this.network = `10.${network >> 16 & 255}.${network >> 8 & 255}.${network & 255}`;
  }

  headers(more = {}) {
    return super.headers({ 'x-forwarded-for': this.network, ...more });
  }

  /** Reports from the form's page; the answer. */
  async report(number, fields = { reason: 'insult' }) {
    const form = await this.form(`${ARTICLE}/comments/${number}/report`, '/report');
    return this.post(form.action, { ...form.fields, ...fields });
  }
}

let serial = 0;

/** A comment: { number, author, id }. */
async function say() {
  const author = new Far();
  /* None is nearly another: what is like a rejected one is held. */
  const text = `Said ${++serial}: ${randomUUID()} ${randomUUID()}.`;
  const number = numberOf((await author.comment(ARTICLE, { name: 'Serik', text })).headers.location);
  const page = (await moderator.get(`${ARTICLE}/comments/${number}`)).body;
  const id = page.match(new RegExp(`id="c${number}"[\\s\\S]*?href="/mod/comments/(\\d+)"`))[1];
  return { number, author, id, text };
}

const publicPage = async (number) => (await new Far().get(`${ARTICLE}/comments/${number}`)).body;

describe('reporting', () => {
  test('each published comment of others can be reported, without an account or a script', async () => {
    const { number, author } = await say();
    const reader = new Far();
    const link = `href="${ARTICLE}/comments/${number}/report" rel="nofollow"`;
    assert.ok((await reader.get(ARTICLE)).body.includes(link));
    assert.ok(!(await author.get(ARTICLE)).body.includes(link), 'not one’s own');
    const page = await reader.get(`${ARTICLE}/comments/${number}/report`);
    assert.equal(page.status, 200);
    assert.match(page.headers['cache-control'], /no-store/);
    assert.match(page.body, /name="robots" content="noindex"/);
    for (const reason of ['insult', 'hate', 'threat', 'advertising', 'private-data', 'false-claim', 'unlawful', 'other']) {
      assert.match(page.body, new RegExp(`<input type="radio" id="r-${reason}" name="reason" value="${reason}"`));
    }
    const answer = await reader.report(number);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, `${ARTICLE}/comments/${number}?done=reported#c${number}`);
    const [cookie] = answer.headers['set-cookie'];
    assert.match(cookie, /^aitys-report=[0-9a-f]{64}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.match((await reader.get(answer.headers.location)).body, /Thank you. A moderator will read this comment/);
    assert.doesNotMatch(await publicPage(number), /Thank you/);
    const own = await author.get(`${ARTICLE}/comments/${number}/report`);
    assert.equal(own.status, 403);
    assert.match(own.body, /This comment is your own/);
  });

  test('the team reads reasons and words, and not who', async () => {
    const { number, id } = await say();
    const reader = new Far();
    await reader.report(number, { reason: 'other', text: 'It is <b>about</b>\r\nmy neighbour.' });
    const page = (await moderator.get(`/mod/comments/${id}`)).body;
    const reports = page.match(/<section[^>]*id="reports"[\s\S]*?<\/section>/)[0];
    assert.match(reports, /Something else/);
    assert.ok(unescape(reports).includes('It is <b>about</b>\r\nmy neighbour.'));
    assert.doesNotMatch(reports, /<b>about/);
    const token = reader.cookies.get('aitys-report');
    assert.ok(token && !page.includes(token.slice(0, 16)));
    assert.match((await moderator.get('/mod?state=reported')).body, new RegExp(`/mod/comments/${id}"`));
  });

  test('twice counts once, however fast', async () => {
    const { number, id } = await say();
    const reader = new Far();
    const form = await reader.form(`${ARTICLE}/comments/${number}/report`, '/report');
    const sent = { ...form.fields, reason: 'hate' };
    const both = await Promise.all([reader.post(form.action, sent), reader.post(form.action, sent)]);
    assert.deepEqual(both.map((a) => a.status), [303, 303]);
    const again = await reader.report(number, { reason: 'insult' });
    assert.equal(again.status, 303, 'politely');
    const page = (await moderator.get(`/mod/comments/${id}`)).body;
    assert.equal(page.match(/id="reports"[\s\S]*?<\/section>/)[0].match(/<li>/g).length, 1);
  });

  test('what is missing comes back filled in', async () => {
    const { number } = await say();
    const reader = new Far();
    const none = await reader.report(number, { reason: '', text: 'Kept words' });
    assert.equal(none.status, 422);
    assert.match(none.body, /Please choose what is wrong with it/);
    assert.match(none.body, />\nKept words<\/textarea>/);
    /* First of all, and once: it leads to the field, above whatever is reported. */
    assert.match(none.body, /id="errors" role="alert"[\s\S]*<a href="#r-reason">[\s\S]*<ol class="said">[\s\S]*id="r-reason"/);
    assert.equal(none.body.match(/role="alert"/g).length, 1);
    const other = await reader.report(number, { reason: 'other', text: '' });
    assert.equal(other.status, 422);
    assert.match(other.body, /Please write what is wrong with it/);
    assert.match(other.body, /value="other" required checked/);
    const long = await reader.report(number, { reason: 'hate', text: 'ә'.repeat(501) });
    assert.equal(long.status, 422);
    assert.match(long.body, /At most 500 characters/);
    assert.equal((await new Far().report(number, { reason: 'hate', text: 'ә'.repeat(500) })).status, 303);
  });

  test('one network may report so often', async () => {
    const reader = new Far();
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push((await reader.report((await say()).number)).status);
    assert.deepEqual(answers, [303, 303, 303, 429]);
  });

  test('foreign forms, other articles’ tokens and old ones are refused', async () => {
    const { number } = await say();
    const reader = new Far();
    const form = await reader.form(`${ARTICLE}/comments/${number}/report`, '/report');
    const fields = { ...form.fields, reason: 'hate' };
    assert.equal((await reader.post(form.action, fields, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await reader.post(form.action, { ...fields, token: '' })).status, 403);
    assert.equal((await reader.post(`/en/fourteen-pupils-and-one-bell/comments/1/report`, fields)).status, 403);
  });
});

describe('enough reports', () => {
  test('take a comment out of sight, once they come from as many networks', async () => {
    const { number, id, text } = await say();
    for (let i = 0; i < 3; i++) await new Far(9000001).report(number); // one network, three cookies
    assert.ok((await publicPage(number)).includes(text));
    await new Far().report(number);
    assert.ok((await publicPage(number)).includes(text), 'reporting alone changes no page');
    const last = new Far();
    await last.report(number);
    const held = await publicPage(number);
    assert.ok(!held.includes(text));
    assert.ok(!(await new Far().get(ARTICLE)).body.includes(text), 'cached pages are dropped');
    const card = (await moderator.get(`/mod/comments/${id}`)).body;
    assert.match(card, /So many readers reported it/);
    const late = await new Far().get(`${ARTICLE}/comments/${number}/report`);
    assert.equal(late.status, 409);
    assert.match(late.body, /nothing to report/);

    assert.equal((await moderator.decide(id, 'publish')).status, 303);
    assert.ok((await publicPage(number)).includes(text));
    assert.doesNotMatch((await moderator.get('/mod?state=reported')).body, new RegExp(`/mod/comments/${id}"`));
    for (let i = 0; i < 4; i++) assert.equal((await new Far().report(number)).status, 303);
    assert.ok((await publicPage(number)).includes(text), 'a moderator has read it');
    assert.match((await moderator.get('/mod?state=reported')).body, new RegExp(`/mod/comments/${id}"`));
  });

  test('approval and pick are for the words that were read', async () => {
    const { number, id, text, author } = await say();
    await moderator.decide(id, 'hold');
    assert.equal((await moderator.decide(id, 'publish')).status, 303);
    assert.equal((await moderator.decide(id, 'feature')).status, 303);
    assert.match(await publicPage(number), /Editors’ pick/);
    const form = await author.form(`${ARTICLE}/comments/${number}/edit`, '/edit');
    const words = `${text} All others are fools.`;
    assert.equal((await author.post(form.action, { ...form.fields, text: words })).status, 303);
    const edited = await publicPage(number);
    assert.ok(edited.includes(words));
    assert.doesNotMatch(edited, /Editors’ pick/);
    for (let i = 0; i < 3; i++) assert.equal((await new Far().report(number)).status, 303);
    assert.ok(!(await publicPage(number)).includes(words));
  });

  test('one that comes while a moderator looks is read before it is closed', async () => {
    const { number, id } = await say();
    await new Far().report(number, { reason: 'other', text: 'I do not like it.' });
    const leave = async () => forms((await moderator.get(`/mod/comments/${id}`)).body)
      .find((f) => f.html.includes(`formaction="/mod/comments/${id}/publish"`));
    const { fields } = await leave();
    await new Far().report(number, { reason: 'other', text: 'This is my home address.' });
    const refused = await moderator.post(`/mod/comments/${id}/publish`, { ...fields, note: 'Half a thought' });
    assert.equal(refused.status, 409);
    assert.match(refused.body, /It was reported meanwhile\. Please look at the reports first\./);
    assert.match(refused.body, /This is my home address\./);
    assert.match(refused.body, /Half a thought<\/textarea>/, 'nothing typed is lost');
    assert.doesNotMatch(refused.body, /<span class="tag">closed<\/span>/);
    const again = forms(refused.body).find((f) => f.html.includes(`formaction="/mod/comments/${id}/publish"`));
    assert.equal((await moderator.post(`/mod/comments/${id}/publish`, again.fields)).status, 303);
    assert.match((await moderator.get(`/mod/comments/${id}`)).body, /<span class="tag">closed<\/span>/);
  });

  test('a moderator leaves it published, and can take that back', async () => {
    const { number, id, text } = await say();
    await new Far().report(number);
    const page = (await moderator.get(`/mod/comments/${id}`)).body;
    assert.match(page, /Leave it published/);
    const answer = await moderator.decide(id, 'publish');
    assert.equal(answer.status, 303);
    const after = (await moderator.get(`/mod/comments/${id}?done=${id}`)).body;
    assert.match(after, /<span class="tag">closed<\/span>/);
    assert.doesNotMatch(after, /Leave it published/);
    assert.ok((await publicPage(number)).includes(text));
    const undo = forms(after).find((f) => f.action.endsWith('/undo'));
    assert.equal((await moderator.post(undo.action, undo.fields)).status, 303);
    assert.doesNotMatch((await moderator.get(`/mod/comments/${id}`)).body, /<span class="tag">closed<\/span>/);
  });

  test('what was rejected, withdrawn or never there cannot be reported', async () => {
    const rejected = await say();
    await moderator.decide(rejected.id, 'reject', { reason: 'insult' });
    assert.equal((await new Far().get(`${ARTICLE}/comments/${rejected.number}/report`)).status, 409);
    assert.equal((await new Far().get(`${ARTICLE}/comments/999999/report`)).status, 404);
    const open = await say();
    const reader = new Far();
    const form = await reader.form(`${ARTICLE}/comments/${open.number}/report`, '/report');
    await moderator.decide(open.id, 'reject', { reason: 'insult' });
    const late = await reader.post(form.action, { ...form.fields, reason: 'hate' });
    assert.equal(late.status, 409);
    assert.match(late.body, /not public any more/);
  });
});
