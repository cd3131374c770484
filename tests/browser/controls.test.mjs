/*
 * Reporting a comment and controlling a conversation, with script and without: a person's way
 * through the forms, on a phone and from right to left.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../lib/newsroom.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const ARTICLE = '/en/the-reservoir-that-came-back';
const PHONE = { width: 320, height: 640 };
let room, browser;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_REPORTS_PER_HOUR: '1000',
    AITYS_MODERATION_SIGN_INS_PER_HOUR: '1000' });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

async function signIn(page) {
  await page.goto(`${room.origin}/mod/sign-in`);
  await page.locator('input[name=name]').fill(room.moderator.name);
  await page.locator('input[name=password]').fill(room.moderator.password);
  await page.locator('form button').first().click();
  await page.waitForURL(/\/mod$/);
}

for (const javaScriptEnabled of [true, false]) {
  const mark = javaScriptEnabled ? 'script' : 'no-script';

  describe(`reporting, ${mark}`, () => {
    test('from the link beside a comment to the thanks', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + ARTICLE);
      await page.locator('#c2 a[href$="/comments/2/report"]').click();
      await page.waitForURL(/\/comments\/2\/report$/);
      assert.deepEqual(await axe(browser, page), []);
      await keep(page, `report-${mark}`);
      await page.getByLabel('It threatens somebody').check();
      await page.locator('#r-text').fill('Look at the second line.');
      await page.locator('main .send').click();
      await page.waitForURL(/done=reported#c2$/);
      assert.match(await page.locator('.notice').first().innerText(), /Thank you/);
      assert.deepEqual(await axe(browser, page), []);
      assert.deepEqual(page.complaints, []);
      assert.deepEqual(page.foreign, []);
      await page.context().close();
    });

    test('on a phone, from right to left', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled, viewport: PHONE });
      await page.goto(`${room.origin}/ar`);
      const article = await page.locator('main h2 a, main h3 a').first().getAttribute('href');
      await page.goto(`${room.origin}${article}/comments/2/report`);
      assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
      assert.equal(await isWide(page), false);
      await keep(page, `report-rtl-${mark}`);
      await page.context().close();
    });
  });

  describe(`controls, ${mark}`, () => {
    test('a conversation is slowed down, given a message, and the whole site held', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await signIn(page);
      await page.goto(room.origin + ARTICLE);
      await page.locator('#conversation a[href^="/mod/conversations/"]').click();
      await page.waitForURL(/\/mod\/conversations\/\d+$/);
      const conversation = page.url();
      assert.deepEqual(await axe(browser, page), []);
      await keep(page, `conversation-${mark}`);
      await page.getByLabel('First: a commenter').check();
      await page.locator('#f-slow').fill('5');
      await page.locator('#m0').fill('Please be kind.');
      await page.locator('main .send').click();
      await page.waitForURL(/done=saved$/);
      assert.match(await page.locator('.notice').innerText(), /Saved/);
      assert.equal(await page.locator('#f-slow').inputValue(), '5');
      const reader = await open(browser, room.origin, { javaScriptEnabled, viewport: PHONE });
      await reader.goto(room.origin + ARTICLE);
      const talk = await reader.locator('#conversation').innerText();
      assert.match(talk, /Please be kind\./);
      assert.match(talk, /once every 5 minutes/);
      assert.equal(await isWide(reader), false);
      await keep(reader, `conversation-read-${mark}`);
      await reader.context().close();

      await page.goto(`${room.origin}/mod/site`);
      assert.deepEqual(await axe(browser, page), []);
      await page.getByRole('button', { name: 'Hold everything from now on' }).click();
      await page.waitForURL(/done=saved$/);
      assert.match(await page.locator('.holding').innerText(), /Every new comment on the site is held/);
      assert.deepEqual(await axe(browser, page), []);
      await keep(page, `site-held-${mark}`);
      for (const at of [conversation, `${room.origin}/mod/site`]) {
        await page.setViewportSize(PHONE);
        await page.goto(at);
        assert.equal(await isWide(page), false, at);
        await keep(page, `phone-${at.split('/')[4]}-${mark}`);
      }
      await page.getByRole('button', { name: 'Hold everything no longer' }).click();
      await page.waitForURL(/done=saved$/);
      assert.equal(await page.locator('.holding').count(), 0);
      await page.context().close();
    });
  });
}
