/*
 * The live counter and the server agree on every string: grapheme clusters of Unicode's own test
 * file, the naughty strings, and mixtures of them.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { binary, corpora, newsroom } from '../lib/newsroom.mjs';
import { launch, open } from './browser.mjs';

const BREAKS = '/usr/share/unicode/auxiliary/GraphemeBreakTest.txt';
const COUNTER = path.join(path.dirname(binary), '../../tests/unit/text/count_lines');
let room;
let browser;

before(async () => {
  room = await newsroom();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

function strings() {
  const fromUnicode = readFileSync(BREAKS, 'utf8').split('\n')
    .map((line) => line.split('#')[0].trim()).filter(Boolean)
    .map((line) => String.fromCodePoint(...line.split(/[\s÷×]+/).filter(Boolean)
      .map((hex) => parseInt(hex, 16))));
  const file = path.join(corpora, 'blns/blns.json');
  const naughty = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const all = [...fromUnicode, ...naughty, 'қазақ тілі', 'e\u0301'.repeat(9), '👩🏽‍🚀🇰🇿🇰🇬🇺', 'a\r\nb\nc'];
  // What a form cannot carry: NUL, and half a surrogate pair.
  const fit = all.filter((s) => s && !s.includes('\0') && s.isWellFormed());
  const mixed = fit.map((s, i) => s + fit[(i * 7 + 3) % fit.length]);
  // A textarea's value has LF for every line end.
  return [...fit, ...mixed].map((s) => s.replaceAll(/\r\n?/g, '\n'));
}

test('the counter equals the server’s count on every string', async () => {
  assert.ok(existsSync(COUNTER), `the build has no ${COUNTER}`);
  const all = strings();
  assert.ok(all.length > 1000);
  const counted = execFileSync(COUNTER, { input: all.map((s) => `${s}\0`).join('') })
    .toString().trim().split('\n').map(Number);
  assert.equal(counted.length, all.length);
  const page = await open(browser, room.origin);
  // The counter waits for the next frame; here it is asked thousands of times.
  await page.addInitScript(() => { window.requestAnimationFrame = (f) => { f(0); return 0; }; });
  await page.goto(`${room.origin}/en/the-reservoir-that-came-back`);
  const shown = await page.evaluate((values) => {
    const box = document.querySelector('#f-text');
    const count = document.querySelector('#write .count');
    return values.map((value) => {
      box.value = value;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      return count.textContent;
    });
  }, all);
  const wrong = all.map((s, i) => [s, counted[i], shown[i]])
    .filter(([, server, text]) => Number(text.split('/')[0].replaceAll(/[^\d−-]/g, '').replace('−', '-')) !== 1500 - server)
    .map(([s, server, text]) => `${JSON.stringify(s)}: server ${server}, counter ${text}`);
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${all.length} differ`);
});

test('in Arabic it counts in Arabic digits, below nothing as well', async () => {
  const page = await open(browser, room.origin, { locale: 'ar' });
  await page.goto(`${room.origin}/ar`);
  const [, slug] = (await page.content()).match(/href="(\/ar\/[^"/]+)#conversation"/);
  await page.goto(room.origin + slug);
  const shown = page.locator('#write .count');
  assert.equal(await shown.textContent(), '١٥٠٠ / ١٥٠٠');
  await page.fill('#f-name', 'سلمى');
  await page.fill('#f-text', 'x'.repeat(1505));
  await page.waitForFunction(() => document.querySelector('#write .left').classList.contains('over'));
  const over = await shown.textContent();
  assert.equal(over, '\u061c\u2212٥ / ١٥٠٠');
  const answer = await page.evaluate(async () => {
    const form = document.querySelector('#write');
    return (await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })).text();
  });
  assert.ok(answer.includes(`<bdi class="count">${over}</bdi>`), 'the server writes the same');
  assert.doesNotMatch(answer, /<h3 data-reply/, 'the heading is not said twice');
  await page.context().close();
});
