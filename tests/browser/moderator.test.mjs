/*
 * A moderator's day: the queue with script and without, by keyboard alone, on a phone, right to left,
 * many as one, commenters.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { newsroom, root } from '../lib/newsroom.mjs';
import { bring, join, write } from '../api/http/team.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const HELD = '/en/fourteen-pupils-and-one-bell';
let room, browser, moira, sania;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_COMMENTS_PER_HOUR: '10000' });
  moira = await join(room, 'Moira', 'moderator');
  sania = await join(room, 'Sania', 'senior');
  bring(room, 'old-orchard', Array.from({ length: 60 }, (_, i) => ({ number: i + 1, text: `An apple, number ${i + 1}.` })));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

/** A page where somebody is signed in already. */
async function desk(who, options = {}) {
  const page = await open(browser, room.origin, options);
  await page.context().addCookies([...who.cookies].map(([name, value]) => ({ name, value, url: room.origin })));
  return page;
}
const held = async (words) => {
  for (const text of words) await write(room, HELD, text, undefined, text.split(' ')[0]);
};
const queue = (page) => page.goto(`${room.origin}/mod?rule=mode%3Aheld`);
const card = (page, words) => page.locator('.case', { hasText: words });
const isPublic = async (words) => (await (await fetch(room.origin + HELD)).text()).includes(words);

describe('without script', () => {
  test('a decision leads back with an undo that works', async () => {
    await held(['Aigul speaks plainly.']);
    const page = await desk(moira, { javaScriptEnabled: false });
    await queue(page);
    await card(page, 'speaks plainly').getByRole('button', { name: 'Publish' }).click();
    assert.match(page.url(), /\/mod\?rule=mode%3Aheld&done=\d+/);
    assert.ok(await isPublic('speaks plainly'));
    await page.locator('[data-notice]').getByRole('button', { name: 'Undo' }).click();
    assert.match(await page.locator('[data-notice]').innerText(), /Undone: Published/);
    assert.ok(!await isPublic('speaks plainly'));
    assert.equal(await page.locator('#keys').isVisible(), false, 'nothing is offered that does not work');
    await page.context().close();
  });

  test('several are chosen, confirmed, decided and undone as one', async () => {
    const page = await desk(moira, { javaScriptEnabled: false });
    await page.goto(`${room.origin}/mod`);
    const boxes = page.locator('[name="chosen"]');
    for (const i of [0, 2, 4]) await boxes.nth(i).check();
    await page.locator('#many-action').selectOption('spam');
    await page.getByRole('button', { name: 'Decide on the chosen' }).click();
    assert.equal(await page.locator('h1').innerText(), 'Spam: 3 comments?');
    assert.deepEqual(await axe(browser, page), []);
    await page.getByRole('button', { name: /Yes, decide/ }).click();
    assert.match(page.url(), /\/mod\/batches\/\d+$/);
    assert.match(await page.locator('main').innerText(), /Done\./);
    await Promise.all([page.waitForNavigation(),
      page.getByRole('button', { name: 'Undo all of it' }).click()]);
    await page.reload();
    assert.match(await page.locator('main').innerText(), /Undone\./);
    await page.context().close();
  });
});

describe('with script', () => {
  test('a decided card becomes a line with an undo, the next has the focus, counts follow', async () => {
    await held(['Berik was here.', 'Botagoz was, too.']);
    const page = await desk(moira);
    await queue(page);
    const before = await page.locator('[data-count="held"]').count() ? await page.locator('[data-waiting]').innerText() : await page.locator('[data-waiting]').innerText();
    const place = page.url();
    const ids = await page.locator('.case').evaluateAll((all) => all.map((c) => c.id));
    const id = await card(page, 'Berik was here').getAttribute('id');
    await card(page, 'Berik was here').getByRole('button', { name: 'Publish' }).click();
    await page.locator(`#${id}.line`).waitFor();
    assert.equal(page.url(), place, 'the place is kept');
    assert.equal(await page.evaluate(() => document.activeElement.id), ids[ids.indexOf(id) + 1]);
    assert.match(await page.locator(`#${id}`).innerText(), /Published Comment \d+ by Berik/);
    assert.notEqual(await page.locator('[data-waiting]').innerText(), before);
    assert.match(await page.locator('[data-said]').innerText(), /Published/);
    assert.ok(await isPublic('Berik was here'));
    await page.locator(`#${id}`).getByRole('button', { name: 'Undo' }).click();
    await page.locator(`#${id}:not(.line)`).waitFor();
    assert.equal(await page.locator('[data-waiting]').innerText(), before);
    assert.ok(!await isPublic('Berik was here'));
    assert.equal(await page.evaluate(() => document.activeElement.id), id);
    await card(page, 'Berik was here').getByRole('button', { name: 'Spam' }).click();
    await page.locator(`#${id}.line`).waitFor();
    assert.deepEqual(page.complaints, []);
    assert.deepEqual(page.foreign, []);
    await page.context().close();
  });

  test('what a filter finds is counted anew after each decision', async () => {
    await held(['Counted by nobody.', 'Counted by somebody.']);
    const page = await desk(moira);
    await queue(page);
    const found = () => page.locator('[data-found]').innerText();
    const before = await found();
    assert.match(before, /^\d+ comments found$/);
    const id = await card(page, 'Counted by nobody').getAttribute('id');
    await card(page, 'Counted by nobody').getByRole('button', { name: 'Spam' }).click();
    await page.locator(`#${id}.line`).waitFor();
    assert.equal(parseInt(await found(), 10), parseInt(before, 10) - 1);
    await page.locator(`#${id}`).getByRole('button', { name: 'Undo' }).click();
    await page.locator(`#${id}:not(.line)`).waitFor();
    assert.equal(await found(), before);
    await page.context().close();
  });

  test('what is refused is said in place, and nothing is lost', async () => {
    await held(['Gulnar doubts it.']);
    const page = await desk(moira);
    await queue(page);
    const mine = card(page, 'Gulnar doubts it');
    await mine.locator('summary').click();
    await mine.locator('[name="note"]').fill('Think of the others.');
    await mine.getByRole('button', { name: 'Reject' }).click();
    await mine.locator('.failed').waitFor();
    assert.match(await mine.locator('.failed').innerText(), /Please choose a reason\./);
    assert.equal(await mine.locator('[name="note"]').inputValue(), 'Think of the others.');
    await sania.decide((await mine.getAttribute('id')).slice(4), 'publish');
    await mine.getByRole('button', { name: 'Spam' }).click();
    await page.waitForFunction(() => /changed meanwhile/.test(document.querySelector('.failed').textContent));
    await page.context().close();
  });
});

describe('by keyboard alone', () => {
  test('j k p r s u x decide, with a digit for the reason', async () => {
    await held(['Dana one.', 'Daulet two.', 'Diana three.']);
    const page = await desk(moira);
    await queue(page);
    const at = () => page.evaluate(() => document.activeElement.id);
    await page.keyboard.press('j');
    const first = await at();
    await page.keyboard.press('j');
    assert.notEqual(await at(), first);
    await page.keyboard.press('k');
    assert.equal(await at(), first);
    await card(page, 'Dana one').focus();
    await page.keyboard.press('p');
    await card(page, 'by Dana').and(page.locator('.line')).waitFor();
    assert.ok(await isPublic('Dana one'));
    await page.keyboard.press('r');
    assert.equal(await page.locator('.reasons li').count(), 8);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.reasons').count(), 0);
    await card(page, 'Daulet two').focus();
    await page.keyboard.press('r');
    await page.keyboard.press('3');
    await page.locator('.line', { hasText: 'by Daulet' }).waitFor();
    const id = (await page.locator('.line', { hasText: 'by Daulet' }).getAttribute('id')).slice(4);
    assert.match((await moira.get(`/mod/comments/${id}`)).body, /It has nothing to do with the article\./);
    await page.keyboard.press('u');
    await card(page, 'Daulet two').and(page.locator(':not(.line)')).waitFor();
    await page.keyboard.press('x');
    assert.ok(await card(page, 'Daulet two').locator('[name="chosen"]').isChecked());
    await page.keyboard.press('s');
    await page.locator('.line', { hasText: 'by Daulet' }).waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('the same keys on a Cyrillic keyboard, by their place', async () => {
    await held(['Erlan writes.']);
    const page = await desk(moira);
    await queue(page);
    await card(page, 'Erlan writes').focus();
    await page.evaluate(() => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ы', code: 'KeyS', bubbles: true, cancelable: true })));
    await page.locator('.line', { hasText: 'by Erlan' }).waitFor();
    await page.context().close();
  });

  test('typing is typing; keys can be changed and switched off, and stay so', async () => {
    await held(['Fatima asks.']);
    const page = await desk(moira);
    await queue(page);
    const mine = card(page, 'Fatima asks');
    await mine.locator('summary').click();
    await mine.locator('[name="note"]').fill('');
    await mine.locator('[name="note"]').pressSequentially('spurj');
    assert.equal(await page.locator('.line').count(), 0);
    await page.locator('#key-spam').fill('q');
    await page.locator('#key-publish').fill('q');
    assert.equal(await page.locator('#key-publish').inputValue(), 'p', 'no key does two things');
    await page.reload();
    assert.equal(await page.locator('#key-spam').inputValue(), 'q');
    await mine.focus();
    await page.keyboard.press('s');
    assert.equal(await page.locator('.line').count(), 0);
    await page.locator('#keys-on').uncheck();
    await mine.focus();
    await page.keyboard.press('q');
    await page.reload();
    assert.equal(await page.locator('#keys-on').isChecked(), false);
    await mine.focus();
    await page.keyboard.press('q');
    assert.equal(await page.locator('.line').count(), 0);
    await page.locator('#keys-on').check();
    await mine.focus();
    await page.keyboard.press('q');
    await page.locator('.line', { hasText: 'by Fatima' }).waitFor();
    await page.context().close();
  });

  test('without script the whole way goes by Tab and Enter', async () => {
    await held(['Inkar tabs.']);
    const page = await desk(moira, { javaScriptEnabled: false });
    await queue(page);
    const button = card(page, 'Inkar tabs').getByRole('button', { name: 'Publish' });
    for (let tabs = 0; tabs < 400; tabs++) {
      await page.keyboard.press('Tab');
      if (await button.evaluate((b) => b === document.activeElement)) break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/done=/);
    assert.ok(await isPublic('Inkar tabs'));
    await page.context().close();
  });
});

describe('two at once', () => {
  test('who looks at a card has it; the other is told', async () => {
    await held(['Kamila once.']);
    const page = await desk(moira);
    await queue(page);
    await card(page, 'Kamila once').focus();
    await page.waitForResponse((r) => r.url().endsWith('/claim'));
    const other = await desk(sania);
    await queue(other);
    assert.match(await card(other, 'Kamila once').innerText(), /Moira works on it until/);
    await card(other, 'Kamila once').getByRole('button', { name: 'Publish' }).click();
    await card(other, 'Kamila once').locator('.failed').waitFor();
    assert.match(await card(other, 'Kamila once').locator('.failed').innerText(), /Another moderator is working on this comment/);
    await card(other, 'Kamila once').locator('[name="insists"]').check();
    await card(other, 'Kamila once').getByRole('button', { name: 'Publish' }).click();
    await other.locator('.line', { hasText: 'by Kamila' }).waitFor();
    for (const p of [page, other]) await p.context().close();
  });
});

describe('every page', () => {
  for (const [kind, options] of Object.entries({
    'on a phone': { viewport: { width: 320, height: 700 } },
    'in the dark': { colorScheme: 'dark' },
    'right to left': { locale: 'ar' },
  })) {
    test(`${kind}: nothing is cut off, axe finds nothing`, { timeout: 120000 }, async () => {
      await held([`Madina ${kind}.`]);
      const page = await desk(sania, { ...options, bypassCSP: true });
      await queue(page);
      const decide = await page.locator('.case').first().locator('.do a').first().getAttribute('href');
      const commenter = await page.locator('.case').first().locator('.whose a').first().getAttribute('href');
      for (const [name, to] of Object.entries({ queue: '/mod', filtered: '/mod?state=all&lang=en', decide, commenter, batches: '/mod/batches' })) {
        await page.goto(room.origin + to);
        assert.equal(await isWide(page), false, name);
        assert.deepEqual(await axe(browser, page), [], name);
        await keep(page, `console-${name}-${kind.replaceAll(' ', '-')}`);
      }
      if (options.locale) assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
      await page.context().close();
    });
  }
});

test('the script stays small', () => {
  const bytes = gzipSync(readFileSync(path.join(root, 'client/console/console.js')), { level: 9 }).length;
  assert.ok(bytes <= 8192, `${bytes} bytes compressed`);
});
