/*
 * Searching in comments without script: by keyboard, small, dark, from right to left.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bring } from '../api/http/team.mjs';
import { newsroom } from '../lib/newsroom.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const views = {
  phone: { locale: 'ru', viewport: { width: 320, height: 640 } },
  dark: { locale: 'kk', colorScheme: 'dark', viewport: { width: 1000, height: 800 } },
  rtl: { locale: 'ar', viewport: { width: 380, height: 800 } },
  latin: { locale: 'uz', viewport: { width: 320, height: 640 } },
};
let room;
let browser;

before(async () => {
  room = await newsroom();
  bring(room, 'old-orchard', [
    { number: 101, text: 'Айва цветёт, а айвовый сад ещё нет.', lang: 'ru', name: 'Фёдор' },
    { number: 102, text: 'شجرة السفرجل مزهرة', lang: 'ar', name: 'أحمد' },
  ]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

for (const [name, options] of Object.entries(views)) {
  test(`search, ${name}`, async () => {
    const page = await open(browser, room.origin, { javaScriptEnabled: false, ...options });
    await page.goto(`${room.origin}/mod/sign-in`);
    await page.fill('input[name=name]', room.moderator.name);
    await page.fill('input[name=password]', room.moderator.password);
    await page.click('main form[action="/mod/sign-in"] button');
    await page.goto(`${room.origin}/mod`);
    await page.locator('#search-q').focus();
    await page.keyboard.type(options.locale === 'ar' ? 'السفرجل' : 'айв сад');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]q=/);
    for (let tries = 0; tries < 50 && await page.locator('article mark').count() === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await page.reload();
    }
    await keep(page, `search-${name}`);
    assert.equal(await page.locator('article.case').count(), 1);
    assert.deepEqual(await page.locator('article.case mark').allTextContents(),
      options.locale === 'ar' ? ['السفرجل'] : ['Айва', 'айвовый', 'сад']);
    assert.equal(await page.locator('.found[role=status]').count(), 1);
    assert.deepEqual(await axe(browser, page), []);
    assert.equal(await isWide(page), false);
    assert.deepEqual(page.complaints, []);
    await page.click('.found a');
    assert.equal(await page.inputValue('#search-q'), '');
    await page.context().close();
  });
}
