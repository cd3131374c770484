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

/** A figure of /metrics. */
async function figure(name = 'comments_held') {
  const text = await (await fetch(`${room.operator}/metrics`)).text();
  return Number(text.match(new RegExp(`^aitys_${name} (\\d+)`, 'm'))[1]);
}

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
  const before = await figure();
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
  assert.equal(await figure(), COUNTED + 5 + before);
  assert.equal(await figure('comments_reported'), 0);
});
