/* Searching in comments: what is found where, by whom, and that nothing typed is more than words. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, unescape } from './client.mjs';
import { bring, cards, join, send, write } from './team.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
let room, moderator;

/** The page for a query, once the index has what this test is about. */
async function look(q, more = '&state=all', reader = moderator) {
  return reader.get(`/mod?q=${encodeURIComponent(q)}${more}`);
}

/** Waits until a query finds so many. */
async function until(q, n, more) {
  for (let tries = 0; tries < 100; tries++) {
    const page = await look(q, more);
    if (cards(page.body).length === n) return page;
    await wait(100);
  }
  throw new Error(`${q} does not find ${n}: ${(await look(q, more)).body.match(/<p class="found".*/)?.[0]}`);
}

const told = (page) => page.body.match(/<p class="found"[^>]*>([^.<]*)/)?.[1];

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000' });
  moderator = await join(room, 'Moira', 'moderator');
  bring(room, 'old-orchard', Array.from({ length: 60 }, (_, i) => ({ number: i + 1, text: `Quince number ${i + 1}.` })));
  await until('quince', 25);
});
after(() => room?.stop());

describe('searching', () => {
  test('the form asks in all states, with a label and without JavaScript', async () => {
    const page = await moderator.get('/mod');
    const form = forms(page.body).find((f) => f.fields.q !== undefined);
    assert.equal(form.action, '/mod');
    assert.deepEqual(form.fields, { state: 'all', q: '' });
    assert.match(page.body, /<label for="search-q">/);
    assert.match(page.headers['cache-control'], /no-store|private/);
    assert.match(page.body, /<meta name="robots" content="noindex/);
  });

  test('finds inflected words of several alphabets and marks them', async () => {
    bring(room, 'old-orchard', [
      { number: 101, text: 'Водохранилище вернулось, и **воды** много.', lang: 'ru', name: 'Фёдор' },
      { number: 102, text: 'Су қоймасы қайтып келді.', lang: 'kk', name: 'Айгүл' },
      { number: 103, text: 'Suv ombori oʻzbek tilida.', lang: 'uz', name: 'Nodira' },
      { number: 104, text: 'عادت المياه إلى الخزّان.', lang: 'ar', name: 'أحمد' },
    ]);
    for (const [q, marked] of [['водохранил фед', 'Водохранилище'], ['коймасы', 'қоймасы'], ["o'zbek", 'oʻzbek'],
      ['الى', 'إلى'], ['"воды много"', 'воды']]) {
      const page = await until(q, 1);
      assert.match(page.body, new RegExp(`<mark>${marked}</mark>`), q);
      assert.match(told(page), /1 comment found/);
    }
    for (const name of ['федор водохранил', 'айгул коймасы', 'nodira ombori', 'احمد عادت']) await until(name, 1);
  });

  test('pages through what it found, newest first, and keeps the words', async () => {
    let page = await look('quince');
    assert.match(told(page), /^60 comments found$/);
    const seen = [];
    for (let n = 0; n < 3; n++) {
      seen.push(...cards(page.body).map((card) => Number(card.text.match(/Quince number (\d+)/)[1])));
      const next = page.body.match(/<a href="([^"]*)" rel="next"/)?.[1];
      if (!next) break;
      assert.match(next, /q=quince/);
      page = await moderator.get(unescape(next));
    }
    assert.deepEqual(seen, Array.from({ length: 60 }, (_, i) => 60 - i));
  });

  test('holds together with the state and the other filters', async () => {
    assert.equal(cards((await look('quince', '&state=published')).body).length, 0);
    assert.equal(cards((await look('quince', '')).body).length, 25, 'without a state: what is held');
    assert.equal(cards((await look('quince', '&state=all&lang=ru')).body).length, 0);
    const page = await look('водохранил фед', '&state=all&lang=ru');
    assert.equal(cards(page.body).length, 1);
    assert.match(page.body, /Searched for: <bdi>водохранил фед<\/bdi>/);
    const form = forms(page.body).find((f) => f.fields.q !== undefined);
    assert.deepEqual(form.fields, { state: 'all', lang: 'ru', q: 'водохранил фед' });
  });

  test('leads back to what was found after a decision', async () => {
    const page = await look('"quince number 7"');
    const [card] = cards(page.body);
    const form = forms(page.body).find((f) => f.action.includes(card.id) || f.html?.includes(card.id));
    const answer = await moderator.post(`/mod/comments/${card.id}/reject`, { ...form.fields, reason: 'insult' });
    assert.equal(answer.status, 303);
    assert.match(decodeURIComponent(answer.headers.location), /q="quince number 7"/);
    assert.equal(cards((await look('"quince number 7"', '&state=rejected')).body).length, 1);
  });

  test('does not offer to decide on all that a search found', async () => {
    const senior = await join(room, 'Sena', 'senior');
    assert.match((await senior.get('/mod?state=all')).body, /name="filter"/);
    assert.doesNotMatch((await look('quince', '&state=all', senior)).body, /name="filter"/);
    const answer = await send(senior, '/mod?state=all', '/mod/batches/ask', { filter: 'state=all&q=quince', action: 'spam' });
    assert.ok(answer.status < 500);
    const asked = forms(answer.body).find((f) => f.action === '/mod/batches');
    if (asked) assert.equal((await senior.post('/mod/batches', asked.fields)).status, 422);
  });

  test('takes whatever is typed', async () => {
    for (const q of ['!?', '"', '*', '" OR 1 --', "'; DROP TABLE comment; --", 'NEAR(a b)', 'a:* & b | !c', '\\', '<script>alert(1)</script>',
      '😀', '٪', 'x'.repeat(5000), 'ж'.repeat(500), 'a '.repeat(300), '\u202e\u0000', '{a b}', '%', '$1']) {
      const page = await look(q.replace('\u0000', ''));
      assert.equal(page.status, 200, q);
      assert.doesNotMatch(page.body, /<script>alert/);
    }
    for (const raw of ['%FF', '%00', '%C3', 'a%0Ab', '%', '&q=b', '%ED%A0%80']) {
      assert.ok((await moderator.get(`/mod?q=${raw}`)).status < 500, raw);
    }
    assert.match((await look('!?')).body, /There is no word in this\./);
    assert.match((await look('nobodywrotethis')).body, /Nothing found/);
    assert.equal(cards((await moderator.get('/mod?q=+')).body).length, 25, 'blank: the queue');
  });

  test('is for the team alone', async () => {
    const answer = await new Reader(room.origin).get('/mod?q=quince');
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/mod\/sign-in/);
    assert.doesNotMatch(answer.body, /Quince/);
  });

  test('speaks the languages of the newsroom', async () => {
    for (const [language, words] of [['ru', 'Найдено'], ['kk', 'табылды'], ['uz', 'topildi'], ['ar', 'عُثر']]) {
      const page = await moderator.get('/mod?state=all&q=quince', { 'accept-language': language });
      assert.match(page.body, new RegExp(words), language);
    }
  });
});

describe('the index', () => {
  test('forgets what was withdrawn', async () => {
    const { guest, number } = await write(room, OPEN, 'Kumquats are erased soon.');
    await until('kumquats', 1);
    const answer = await send(guest, `${OPEN}/comments/${number}/withdraw`, '/withdraw');
    assert.equal(answer.status, 303);
    await until('kumquats', 0);
    assert.match(told(await look('kumquats')), /Nothing found/);
  });

  test('is made anew when its file is lost or spoilt', { skip: process.env.AITYS_TEST_DATABASE && 'no file there' }, async () => {
    const file = path.join(room.dir, 'aitys.db.search');
    assert.ok(existsSync(file));
    assert.ok(readFileSync(file).includes('fts5'));
    for (const spoil of [() => rmSync(file), () => writeFileSync(file, 'no database')]) {
      await room.restart(spoil);
      moderator = await join(room, `M${Math.round(performance.now())}`, 'moderator');
      await until('quince', 25);
      assert.match(told(await look('quince')), /^60 comments found$/);
    }
  });
});
