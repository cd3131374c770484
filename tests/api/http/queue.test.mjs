/*
 * A queue longer than is worth counting: the page says "more than" instead of counting on, the
 * figure for operators is exact.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, unescape } from './client.mjs';

const COUNTED = 1000;
let room;
let moderator;

const held = (number) => ({
  number, reply_to: null, name: `Reader ${number}`, lang: 'en', text: `Words of number ${number}.`,
  at: new Date(Date.UTC(2026, 9, 21, 8) + number * 1000).toISOString().replace('.000', ''),
  state: 'held',
});

before(async () => {
  room = await newsroom();
  moderator = new Reader(room.origin);
  await moderator.signIn(room.moderator);
});
after(async () => room?.stop());

/* A thousand, and more than that: each language's plural form and its way to write a thousand. */
const WAITING = {
  en: ['1,000 comments wait', 'More than 1,000 comments wait', '1,000+'],
  ru: ['1\u00a0000 комментариев ждут решения', 'Более 1\u00a0000 комментариев ждут решения', '1\u00a0000+'],
  kk: ['1\u00a0000 пікір шешім күтіп тұр', '1\u00a0000-нан астам пікір шешім күтіп тұр', '1\u00a0000+'],
  uz: ['1\u00a0000 ta izoh qaror kutmoqda', '1\u00a0000 tadan ortiq izoh qaror kutmoqda', '1\u00a0000+'],
  ar: ['١٬٠٠٠ تعليق بانتظار القرار', 'أكثر من ١٬٠٠٠ تعليق بانتظار القرار', '١٬٠٠٠+'],
};

/** What the queue's page and its first tab say in every language: { en: [waiting, tab], … }. */
async function told() {
  const said = {};
  for (const lang of Object.keys(WAITING)) {
    const { body } = await moderator.get('/mod', { 'accept-language': lang });
    assert.match(body, new RegExp(`<html lang="${lang}"`));
    said[lang] = { body: unescape(body), tab: unescape(body.match(/<a href="\/mod"[^>]*aria-current="page"[^>]*>.*?<b[^>]*>([^<]*)<\/b>/s)?.[1] ?? '') };
  }
  return said;
}

async function fill(from, to) {
  const file = path.join(room.dir, `held-${from}.json`);
  const comments = Array.from({ length: to - from + 1 }, (_, i) => held(from + i));
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1',
    conversations: [{ article: 'old-orchard', comments }] }));
  room.run('import', '--dir', room.dir, file);
}

test('a queue is counted up to a thousand, and then no further; for operators it is', async () => {
  const before = await room.figure('comments_held');
  await fill(1, COUNTED - before);
  for (const [lang, { body, tab }] of Object.entries(await told())) {
    const [exactly, more] = WAITING[lang];
    assert.ok(body.includes(exactly), `${lang}: ${exactly}`);
    assert.ok(!body.includes(more), lang);
    assert.equal(tab, exactly.match(/^[\d١٠,٬\u00a0]*[\d٠]/)[0], lang);
  }
  await fill(COUNTED - before + 1, COUNTED + 5);
  for (const [lang, { body, tab }] of Object.entries(await told())) {
    const [, more, short] = WAITING[lang];
    assert.ok(body.includes(more), `${lang}: ${more}`);
    assert.equal(tab, short, lang);
  }
  assert.equal(await room.figure('comments_held'), COUNTED + 5 + before);
  assert.equal(await room.figure('comments_reported'), 0);
});

/* What a filter finds, in words: none, one, two, five, and more than are counted. */
const FOUND = {
  en: ['Nothing found', '1 comment found', '2 comments found', '5 comments found', 'More than 1,000 comments found'],
  ru: ['Ничего не найдено', 'Найден 1 комментарий', 'Найдено 2 комментария', 'Найдено 5 комментариев', 'Найдено более 1\u00a0000 комментариев'],
  kk: ['Ештеңе табылмады', '1 пікір табылды', '2 пікір табылды', '5 пікір табылды', '1\u00a0000-нан астам пікір табылды'],
  uz: ['Hech narsa topilmadi', '1 ta izoh topildi', '2 ta izoh topildi', '5 ta izoh topildi', '1\u00a0000 tadan ortiq izoh topildi'],
  ar: ['لم يُعثر على شيء', 'عُثر على تعليق واحد', 'عُثر على تعليقين', 'عُثر على ٥ تعليقات', 'عُثر على أكثر من ١٬٠٠٠ تعليق'],
};

/** What the line above the cards says. */
async function found(query, lang = 'en', page = '/mod') {
  const { body } = await moderator.get(`${page}${query}`, { 'accept-language': lang });
  return unescape(body.match(/data-found>([^<]*)</)?.[1] ?? '');
}

test('no list of languages leads out of the console, from what looks like a switch', async () => {
  for (const page of ['/mod', '/mod?state=all', '/mod/sign-in', '/mod/account', '/mod/nowhere']) {
    const { body } = await moderator.get(page);
    assert.match(body, /<footer class="foot">/, page);
    assert.doesNotMatch(body, /<nav class="langs" |hreflang=/, page);
  }
  assert.match((await moderator.get('/en')).body, /<nav class="langs" aria-label="[^"]*">\s*<ul>\s*<li>/);
});

test('every filter says how many it finds, in every language', async () => {
  assert.equal(await found('?state=rejected'), 'Nothing found');
  let number = 3000;
  const bring = (n, state, lang = 'en', step = 1) => {
    const comments = Array.from({ length: n }, () => ({ ...held(number += step), state, lang }));
    const file = path.join(room.dir, `brought-${number}.json`);
    writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article: 'old-orchard', comments }] }));
    room.run('import', '--dir', room.dir, file);
  };
  const published = Number((await found('?state=published')).split(' ')[0]);
  bring(2, 'rejected'); // one is withdrawn in the demo
  bring(5, 'spam', 'kk');
  bring(COUNTED - published, 'published');
  assert.equal(await found('?state=published'), '1,000 comments found');
  bring(1, 'published');
  for (const [lang, [none, one, two, five, many]] of Object.entries(FOUND)) {
    assert.equal(await found('?state=featured', lang), none);
    assert.equal(await found('?state=withdrawn', lang), one);
    assert.equal(await found('?state=rejected', lang), two);
    assert.equal(await found('?state=spam', lang), five);
    assert.equal(await found('?state=published', lang), many);
    assert.equal(await found('?state=spam&lang=kk', lang), five);
    assert.equal(await found('?state=spam&lang=ru', lang), none);
    assert.equal(await found('?state=reported', lang), none);
    assert.equal(await found('', lang), '', 'of what is held the number that waits says it');
  }
  assert.equal(await found('?state=spam', 'en', '/mod/done'), '5 comments found', 'also where a script looks');
});

test('the next page says the same as the first; nothing but a maximum is looked at', async () => {
  const { body } = await moderator.get('/mod?state=published');
  const older = unescape(body.match(/href="(\/mod\?[^"]*after=[^"]*)" rel="next"/)[1]);
  assert.equal(await found(older.slice('/mod'.length)), 'More than 1,000 comments found');
  assert.equal(await found('?state=published&lang=ky'), 'Nothing found');
});
