/*
 * The team's figures without script: small, dark, from right to left; the charts have words and the
 * tables beside them open by keyboard.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newsroom } from '../lib/newsroom.mjs';
import { Reader } from '../api/http/client.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

let room;
let browser;

before(async () => {
  room = await newsroom();
  const reader = new Reader(room.origin);
  await reader.signIn(room.moderator);
  const [, id] = (await reader.get('/mod')).body.match(/\/mod\/comments\/(\d+)/);
  await reader.decide(id, 'spam');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

async function visit(options) {
  const page = await open(browser, room.origin, { javaScriptEnabled: false, ...options });
  await page.goto(`${room.origin}/mod/sign-in`);
  await page.fill('input[name=name]', room.moderator.name);
  await page.fill('input[name=password]', room.moderator.password);
  await page.click('main form[action="/mod/sign-in"] button');
  await page.goto(`${room.origin}/mod/statistics?days=30`);
  return page;
}

const views = {
  phone: { locale: 'ru', viewport: { width: 320, height: 640 } },
  dark: { locale: 'kk', colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  rtl: { locale: 'ar', viewport: { width: 380, height: 800 } },
  latin: { locale: 'uz', viewport: { width: 320, height: 640 } },
};
for (const [name, options] of Object.entries(views)) {
  test(`statistics, ${name}`, async () => {
    const page = await visit(options);
    await keep(page, `statistics-${name}`);
    assert.deepEqual(await axe(browser, page), []);
    assert.equal(await isWide(page), false);
    assert.deepEqual(page.complaints, []);
    assert.equal(await page.locator('svg.chart[role=img]').count(), 2, 'days and hours; nothing waits');
    for (const chart of await page.locator('svg.chart').all()) {
      assert.ok((await chart.locator('title').textContent()).length > 3);
      assert.ok((await chart.locator('desc').textContent()).length > 3);
    }
    /* Today is the newest: at the side where reading ends. */
    const box = await page.locator('svg.chart').first().boundingBox();
    const bar = await page.locator('svg.chart').first().locator('rect').boundingBox();
    const middle = bar.x + bar.width / 2 < box.x + box.width / 2;
    assert.equal(middle, options.locale === 'ar');
    /* The numbers open without a pointer. */
    const days = page.locator('#days');
    assert.equal(await days.locator('tbody tr').first().isVisible(), false);
    await days.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.equal(await days.locator('tbody tr').count(), 30);
    assert.equal(await days.locator('tbody tr').first().isVisible(), true);
    assert.deepEqual(await axe(browser, page), []);
    assert.equal(await isWide(page), false);
    /* What is in a table's first column is broken between words only; the table scrolls in its box. */
    const word = 'Злоупотребление';
    const lines = await page.locator('#days tbody th').first().evaluate((th, text) => {
      th.textContent = text;
      const range = document.createRange();
      range.selectNodeContents(th);
      return new Set([...range.getClientRects()].map((r) => r.top)).size;
    }, word);
    assert.equal(lines, 1, 'a word is whole');
    assert.equal(await isWide(page), false);
    await page.context().close();
  });
}
