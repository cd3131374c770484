/* The console's language: the browser's, or the one chosen at the foot of its pages. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';

const CHOICE = '/mod/account/language';
const ARTICLE = '/en/the-reservoir-that-came-back';
let room, moderator;
before(async () => {
  room = await newsroom();
  moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
});
after(() => room?.stop());

const languageOf = (answer) => answer.body.match(/<html lang="([^"]+)" dir="([^"]+)"/).slice(1).join(' ');
const browser = (lang) => ({ 'accept-language': lang });

/** Chooses a language on a page, as a moderator does; the answer. */
async function choose(page, lang) {
  const form = await moderator.form(page, CHOICE);
  assert.ok(form.html.includes(`value="${lang}"`), `${page} offers ${lang}`);
  return moderator.post(CHOICE, { ...form.fields, lang });
}

test('it is the browser’s until another is chosen; then that one, on every page of the console', async () => {
  assert.equal(languageOf(await moderator.get('/mod', browser('ru'))), 'ru ltr');
  const chosen = await choose('/mod?state=published', 'ar');
  assert.equal(chosen.status, 303);
  assert.equal(chosen.headers.location, '/mod?state=published', 'back to the same page');
  assert.match(chosen.headers['set-cookie'][0], /^aitys-lang=ar; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/);
  for (const page of ['/mod', '/mod/account', '/mod/statistics', '/mod/nothing-is-here']) {
    assert.equal(languageOf(await moderator.get(page, browser('ru'))), 'ar rtl', page);
  }
  assert.match((await moderator.get('/mod')).body, /value="ar" lang="ar" dir="rtl" aria-current="true"/);
  assert.equal(languageOf(await moderator.get(ARTICLE)), 'en ltr', 'readers’ pages keep their own');
});

test('it outlasts the session and speaks at the sign-in', async () => {
  await choose('/mod', 'kk');
  const out = await moderator.form('/mod', '/mod/sign-out');
  await moderator.post(out.action, out.fields);
  assert.equal(languageOf(await moderator.get('/mod/sign-in', browser('ru'))), 'kk ltr');
  await moderator.signIn(room.moderator);
  assert.equal(languageOf(await moderator.get('/mod', browser('ru'))), 'kk ltr');
});

test('a page that answers a form leads back to the page of the form', async () => {
  const refused = await moderator.form('/mod/account', '/mod/account/password');
  const again = await moderator.post(refused.action, { ...refused.fields, current: 'wrong', fresh: 'x', again: 'x' });
  assert.equal(again.status, 422);
  assert.equal(forms(again.body).find((form) => form.action === CHOICE).fields.next, '/mod/account');
});

test('the queue leads back to its filter, not to what was said or asked there', async () => {
  const next = (answer) => forms(answer.body).find((form) => form.action === CHOICE).fields.next;
  assert.equal(next(await moderator.get('/mod?state=all&done=1&unheard=of')), '/mod?state=all');
  const many = await moderator.form('/mod?state=all', '/mod/batches/ask');
  const again = await moderator.post(many.action, { ...many.fields, action: 'publish' });
  assert.equal(again.status, 422, 'nothing is chosen');
  assert.equal(next(again), '/mod?state=all');
});

test('what is no language of the site, and a way out of the console, are refused', async () => {
  for (const lang of ['', 'xx', 'EN', '../en', '"><b>']) {
    const form = await moderator.form('/mod', CHOICE);
    const answer = await moderator.post(CHOICE, { ...form.fields, lang });
    assert.equal(answer.status, 422, lang);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  const form = await moderator.form('/mod', CHOICE);
  for (const next of ['//evil.test/', 'https://evil.test/', '/en', '/mod//evil.test', '']) {
    assert.equal((await moderator.post(CHOICE, { ...form.fields, next, lang: 'en' })).headers.location, '/mod', next);
  }
  const stranger = new Reader(room.origin);
  stranger.cookies.set('aitys-lang', '"><script>');
  assert.equal(languageOf(await stranger.get('/mod/sign-in', browser('ru'))), 'ru ltr', 'a cookie that is none of its languages');
});
