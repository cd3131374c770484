/*
 * The site's own reasons, from the page of an editor to what an author reads: added, worded anew,
 * moved, put out of use; and that what was told once stays as it was told.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, unescape } from './client.mjs';
import { bring, cards, find, join, send, write } from './team.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const EDITIONS = { en: OPEN, ru: '/ru/vodohranilishche-kotoroe-vernulos', kk: '/kk/qaityp-kelgen-su-qoimasy' };
const COMPILED = ['insult', 'hate', 'off-topic', 'advertising', 'private-data', 'unlawful', 'false-claim', 'other'];
let room, moderator, senior, editor;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_COMMENTS_PER_HOUR: '10000' });
  moderator = await join(room, 'Moira', 'moderator');
  senior = await join(room, 'Sania', 'senior');
  editor = await join(room, 'Edil', 'editor');
});
after(() => room?.stop());

/** Forms with fields that are there several times, in order: [[name, value], …]. */
function pairs(html, ending) {
  const form = html.match(new RegExp(`<form[^>]*action="[^"]*${ending}"[^>]*>.*?</form>`, 's'))?.[0];
  if (!form) throw new Error(`no form to …${ending}`);
  return [...form.matchAll(/<input\b[^>]*>/g)].map(([input]) => {
    const of = (name) => unescape(input.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');
    return { name: of('name'), value: of('value'), lang: of('lang'), isBox: of('type') === 'checkbox', isOn: / checked/.test(input) };
  });
}

/** Fills the form of a reason: words by language. */
async function save(who, page, { name, note, rev, ...words }) {
  const answer = await who.get(page);
  assert.equal(answer.status, 200, page);
  const body = new URLSearchParams();
  for (const field of pairs(answer.body, page)) {
    let { value } = field;
    if (field.name === 'name' && name !== undefined) value = name;
    if (field.name === 'rev' && rev !== undefined) value = rev;
    if (field.name === 'text' && words[field.lang] !== undefined) value = words[field.lang];
    if (field.isBox && !(note ?? field.isOn)) continue;
    body.append(field.name, value);
  }
  return who.post(page, body);
}

/** Adds one; its key. */
async function add(words) {
  const before = await keys();
  const answer = await save(editor, '/mod/new-reason', words);
  assert.equal(answer.status, 303, answer.body);
  assert.equal(answer.headers.location, '/mod/reasons?done=added');
  return (await keys()).find((key) => !before.includes(key));
}

/** What the page of an editor lists, in its order. */
async function keys() {
  const { body } = await editor.get('/mod/reasons');
  return [...body.matchAll(/<h[23]><a href="\/mod\/reasons\/([^"]+)"/g)].map(([, key]) => key);
}

/** What a form offers to choose from: [[key, words], …]. */
const options = (html) => [...html.match(/<select[^>]*name="reason".*?<\/select>/s)[0].matchAll(/<option value="([^"]+)"[^>]*>(.*?)<\/option>/g)]
  .map(([, key, text]) => [key, unescape(text)]);

const press = (key, what, fields) => send(editor, '/mod/reasons', `/mod/reasons/${key}/${what}`, fields);

/** Rejects a new comment: { author, page } as the author reads it later. */
async function rejected(reason, note = '') {
  const words = `Words ${process.hrtime.bigint()} of a kind of their own.`;
  const { guest, number } = await write(room, OPEN, words);
  const id = await find(moderator, words, '?state=published');
  const answer = await moderator.decide(id, 'reject', { reason, note });
  assert.equal(answer.status, 303, answer.body);
  return { id, told: async (lang = 'en') => (await guest.get(`${EDITIONS[lang]}/comments/${number}`)).body };
}

describe('the list', () => {
  test('is the one of the program, until somebody changes it', async () => {
    const { body } = await editor.get('/mod/reasons');
    assert.deepEqual(await keys(), COMPILED);
    assert.match(body, /This is the list that Aitys comes with\./);
    assert.match(body, /<bdi>Insult<\/bdi>/);
    assert.match(body, /It insults a person\./);
  });

  test('is for editors and administrators', async () => {
    for (const who of [moderator, senior]) {
      assert.equal((await who.get('/mod/reasons')).status, 403);
      assert.equal((await who.get('/mod/new-reason')).status, 403);
      assert.doesNotMatch((await who.get('/mod')).body, /href="\/mod\/reasons"/);
    }
    assert.match((await editor.get('/mod')).body, /href="\/mod\/reasons"/);
  });

  test('takes a reason of the site’s own, which everything offers from then on', async () => {
    const key = await add({ name: 'Late & <b>"', en: 'The discussion <i>is</i> "over".', ru: 'Обсуждение окончено.' });
    assert.equal(key, 'own-1');
    const { body } = await editor.get('/mod/reasons?done=added');
    assert.match(body, /The reason is added and in use\./);
    assert.doesNotMatch(body, /This is the list that Aitys comes with|<b>"|<i>is/);
    bring(room, 'old-orchard', [{ number: 1, text: 'An apple.' }]);
    const page = (await moderator.get('/mod')).body;
    assert.deepEqual(options(page).at(-1), [key, 'Late & <b>": The discussion <i>is</i> "over".']);
    assert.deepEqual(options(page)[0], ['insult', 'Insult: It insults a person.']);
    const id = cards(page)[0].id;
    assert.ok(options((await moderator.get(`/mod/comments/${id}`)).body).some(([k]) => k === key));
    const commenter = cards(page)[0].html.match(/\/mod\/commenters\/[0-9a-f]{32}/)[0];
    assert.ok(options((await senior.get(commenter)).body).some(([k]) => k === key));
    const russian = (await moderator.get('/mod', { 'accept-language': 'ru' })).body;
    assert.match(options(russian).at(-1)[1], /Обсуждение окончено\.$/);
  });

  test('keeps the order that is given to it', async () => {
    assert.equal((await press('hate', 'move', { up: '1' })).headers.location, '/mod/reasons?done=moved');
    assert.deepEqual((await keys()).slice(0, 2), ['hate', 'insult']);
    assert.equal(options((await moderator.get('/mod')).body)[0][0], 'hate');
    await press('hate', 'move', { up: '0' });
    assert.deepEqual((await keys()).slice(0, 2), ['insult', 'hate']);
  });

  test('is told to the ledger, without its words', async () => {
    const file = path.join(room.dir, 'ledger.txt');
    room.run('ledger', 'export', '--dir', room.dir, file);
    const told = readFileSync(file, 'utf8');
    assert.match(told, /reason=own-1 did=added note=0 hash=[0-9a-f]{64}/);
    assert.match(told, /reason=hate did=up/);
    assert.doesNotMatch(told, /discussion|Late/);
  });
});

describe('what an author reads', () => {
  test('is in the language of the page, else in the site’s', async () => {
    const key = await add({ name: 'Rumour', en: 'It is a rumour.', ru: 'Это слух.' });
    const { told } = await rejected(key, 'Who says so?');
    assert.match(await told(), /It is a rumour\. Who says so\?/);
    assert.match(await told('ru'), /Это слух\. Who says so\?/);
    assert.match(await told('kk'), /It is a rumour\. Who says so\?/);
  });

  test('stays as it was told when the reason is worded anew, moved or put out of use', async () => {
    const key = await add({ name: 'Shouting', en: 'It shouts.' });
    const first = await rejected(key);
    const answer = await save(editor, `/mod/reasons/${key}`, { name: 'Noise', en: 'It is too loud.' });
    assert.equal(answer.status, 303, answer.body);
    const fresh = (await keys()).find((k) => k === `own-${Number(key.slice(4)) + 1}`);
    assert.ok(fresh && !(await keys()).includes(key));
    assert.match(await first.told(), /It shouts\./);
    assert.match((await moderator.get(`/mod/comments/${first.id}`)).body, /<span>It shouts\.<\/span>/);
    const second = await rejected(fresh);
    assert.match(await second.told(), /It is too loud\./);
    assert.equal((await press(fresh, 'switch', { on: '0' })).headers.location, '/mod/reasons?done=off');
    assert.match(await second.told(), /It is too loud\./);
    assert.match((await editor.get('/mod/reasons')).body, /Out of use<\/h2>.*Noise/s);
    assert.equal(options((await moderator.get('/mod')).body).some(([k]) => k === fresh), false);
    assert.equal((await press(fresh, 'switch', { on: '1' })).status, 303);
    assert.equal(options((await moderator.get('/mod')).body).at(-1)[0], fresh);
  });

  test('of the program’s list also stays when the site words it anew', async () => {
    const { told } = await rejected('unlawful');
    await save(editor, '/mod/reasons/unlawful', { en: 'The law forbids it.' });
    assert.match(await told(), /It breaks the law\./);
    assert.match(await told('ru'), /Комментарий нарушает закон\./);
    assert.equal((await keys()).includes('unlawful'), false);
  });
});

describe('a reason that does not fit', () => {
  test('is not saved, and nothing typed is lost', async () => {
    for (const [typed, said] of [
      [{ name: '', en: 'Typed words.', ru: 'Набрано.' }, /id="f-name-e"[^>]*>Please give the reason a short name\./],
      [{ name: 'Typed name', en: ' ', ru: 'Набрано.' }, /id="t0-e"[^>]*>Please write what the author reads/],
      [{ name: 'Typed name', en: 'x'.repeat(301), ru: 'Набрано.' }, /id="t0-e"[^>]*>What the author reads can have at most 300 characters\./],
      [{ name: 'n'.repeat(41), en: 'Typed words.', ru: 'Набрано.' }, /id="f-name-e"[^>]*>At most 40 characters/],
    ]) {
      const before = await keys();
      const { status, body } = await save(editor, '/mod/new-reason', { note: true, ...typed });
      assert.equal(status, 422);
      assert.match(body, said);
      assert.equal((body.match(/role="alert"/g) ?? []).length, 1, 'said once');
      assert.match(body, /value="Набрано\."/);
      if (typed.name) assert.ok(body.includes(`value="${typed.name}"`));
      if (typed.en.trim()) assert.ok(body.includes(`value="${typed.en}"`));
      assert.match(body, /name="note" value="1" checked/);
      assert.deepEqual(await keys(), before);
    }
  });

  test('of which another was saved meanwhile comes back, and replaces it when saved again', async () => {
    const key = await add({ name: 'First', en: 'First words.' });
    await rejected(key);
    const old = pairs((await editor.get(`/mod/reasons/${key}`)).body, `/mod/reasons/${key}`);
    await save(editor, `/mod/reasons/${key}`, { en: 'Second words.' });
    const body = new URLSearchParams();
    for (const f of old.filter((f) => !f.isBox)) body.append(f.name, f.lang === 'en' ? 'Third words.' : f.value);
    const refused = await editor.post(`/mod/reasons/${key}`, body);
    assert.equal(refused.status, 409);
    assert.match(refused.body, /Somebody has changed this reason meanwhile\./);
    assert.match(refused.body, /value="Third words\."/);
    const action = refused.body.match(/action="(\/mod\/reasons\/own-\d+)"/)[1];
    assert.notEqual(action, `/mod/reasons/${key}`);
    const again = new URLSearchParams();
    for (const f of pairs(refused.body, action).filter((f) => !f.isBox)) again.append(f.name, f.value);
    assert.equal((await editor.post(action, again)).status, 303);
    assert.match((await editor.get('/mod/reasons')).body, /Third words\./);
    assert.doesNotMatch((await editor.get('/mod/reasons')).body, /Second words\./);
  });

  test('the last one in use stays', async () => {
    let answer;
    for (const key of await keys()) {
      const { body } = await editor.get('/mod/reasons');
      const form = forms(body).find((f) => f.action === `/mod/reasons/${key}/switch`);
      answer = await editor.post(form.action, { token: form.fields.token, on: '0' });
    }
    assert.equal(answer.status, 422);
    assert.match(answer.body, /At least one reason must stay in use\./);
    for (const key of (await keys()).reverse()) await press(key, 'switch', { on: '1' });
  });

  test('is missing', async () => {
    assert.equal((await editor.get('/mod/reasons/own-999')).status, 404);
    assert.equal((await editor.get('/mod/reasons/%3Cb%3E')).status, 404);
  });
});

describe('deciding', () => {
  test('a reason out of use is refused, and the note stays', async () => {
    const key = await add({ name: 'Old page', en: 'Somebody’s page is old.' });
    const words = 'Seen on an old page, and decided there.';
    await write(room, OPEN, words);
    const id = await find(moderator, words, '?state=published');
    await press(key, 'switch', { on: '0' });
    const answer = await moderator.decide(id, 'reject', { reason: key, note: 'My note.' });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /This reason is no longer in use\. Please choose another one\./);
    assert.match(answer.body, /My note\./);
    assert.equal((await moderator.decide(id, 'reject', { reason: 'hate' })).status, 303);
  });

  test('one that wants a note is refused without', async () => {
    const key = await add({ name: 'Explain', en: 'It is explained here:', note: true });
    const words = 'Words that want an explanation.';
    await write(room, OPEN, words);
    const id = await find(moderator, words, '?state=published');
    const page = (await moderator.get(`/mod/comments/${id}`)).body;
    assert.match(page, new RegExp(`<option value="${key}"[^>]* data-note`));
    const answer = await moderator.decide(id, 'reject', { reason: key });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /Please write what the reason is\./);
    assert.equal((await moderator.decide(id, 'reject', { reason: key, note: 'Because.' })).status, 303);
  });

  test('many at once, with it in the batch’s record as it was given', async () => {
    const key = await add({ name: 'Flood', en: 'There were too many of them.' });
    bring(room, 'old-orchard', [{ number: 11, text: 'A flood.' }, { number: 12, text: 'Another flood.' }]);
    const page = (await moderator.get('/mod')).body;
    const [one] = cards(page);
    const asked = await send(moderator, '/mod', '/mod/batches/ask', { chosen: one.id, action: 'reject', reason: key });
    const form = forms(asked.body).find((f) => f.action === '/mod/batches');
    const begun = await moderator.post('/mod/batches', { ...form.fields, action: 'reject', reason: key });
    assert.equal(begun.status, 303, begun.body);
    await save(editor, `/mod/reasons/${key}`, { en: 'Quite other words.' });
    assert.match((await moderator.get(begun.headers.location)).body, /There were too many of them\./);
    assert.match((await moderator.get('/mod/batches')).body, /There were too many of them\./);
  });
});

test('all of it holds together', () => {
  assert.match(room.run('check', '--database', room.dir), /database: good/);
});
