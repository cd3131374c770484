/*
 * A commenter's and a moderator's journey, with script and without: comment, reply, be held, be
 * published, withdraw, rate, meet each limit.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../lib/newsroom.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const HELD = '/en/fourteen-pupils-and-one-bell';
const CLOSED = '/en/give-us-back-the-dark';
let room;
let browser;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000' });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

async function write(page, { name, text }) {
  if (name !== undefined) await page.locator('#f-name').fill(name);
  await page.locator('#f-text').fill(text);
  await page.locator('#write .send').click();
  await page.waitForLoadState();
}

/** The browser's own "please fill in" must not stand in for the server's word. */
async function withoutBrowserChecks(page) {
  await page.route(`${room.origin}/en/**`, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 }).catch(() => null);
    if (!answer || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) {
      return route.continue();
    }
    const body = (await answer.text()).replaceAll(' required', '');
    return route.fulfill({ response: answer, body });
  });
}

for (const javaScriptEnabled of [true, false]) {
  const kind = javaScriptEnabled ? 'script on' : 'script off';
  const mark = javaScriptEnabled ? 'A' : 'B';

  describe(`commenting, ${kind}`, () => {
    test('a comment is published at once and counted', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + OPEN);
      const count = async () => Number((await page.locator('#conversation h2').first()
        .innerText()).match(/\d+/)[0]);
      const before = await count();
      await write(page, { name: `Ayan ${mark}`, text: `Well *said* ${mark}.\n\n> quoted\n\nЁ 👨‍👩‍👧` });
      assert.match(page.url(), /\/comments\/\d+/);
      assert.match(await page.locator('li.c.focus, li.c:target').first().innerText(), /Well said/);
      await page.goto(room.origin + OPEN);
      assert.equal(await count(), before + 1);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });

    test('a reply stands under what it answers', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + OPEN);
      await page.locator('#c2 a.reply').click();
      if (!javaScriptEnabled) assert.match(page.url(), /\/comments\/2\/reply/);
      await write(page, { name: `Dana ${mark}`, text: `I answer the second one ${mark}.` });
      const number = page.url().match(/comments\/(\d+)/)[1];
      await page.goto(room.origin + OPEN);
      assert.match(await page.locator(`#c${number} a.to`).getAttribute('href'), /#c2$/);
      await page.context().close();
    });

    test('what is missing or too long comes back filled in', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await withoutBrowserChecks(page);
      await page.goto(room.origin + OPEN);
      const long = '👨‍👩‍👧'.repeat(1501);
      await write(page, { name: '', text: long });
      assert.equal(await page.locator('#f-text').inputValue(), long);
      assert.equal(await page.locator('#f-text').getAttribute('aria-invalid'), 'true');
      assert.equal(await page.locator('#f-name').getAttribute('aria-invalid'), 'true');
      assert.ok(await page.locator('#errors').isVisible());
      await keep(page, `errors-${mark}`);
      assert.deepEqual(await axe(browser, page), []);
      await write(page, { name: `Zhan ${mark}`, text: `${'👨‍👩‍👧'.repeat(1499)}${mark}` });
      assert.match(page.url(), /\/comments\/\d+/, '1,500 characters are allowed');
      await page.context().close();
    });

    test('a held comment is seen by its author only, until a moderator publishes it', async () => {
      const author = await open(browser, room.origin, { javaScriptEnabled });
      await author.goto(room.origin + HELD);
      await write(author, { name: `Saule ${mark}`, text: `Please read me first ${mark}.` });
      assert.match(await author.locator('main').innerText(), /Please read me first/);
      await keep(author, `held-own-${mark}`);
      const address = author.url();

      const other = await open(browser, room.origin, { javaScriptEnabled });
      const answer = await other.goto(address);
      assert.equal(answer.status(), 404);
      await other.goto(room.origin + HELD);
      assert.doesNotMatch(await other.content(), new RegExp(`read me first ${mark}`));

      const moderator = await open(browser, room.origin, { javaScriptEnabled });
      await signIn(moderator);
      const card = moderator.locator('.case', { hasText: `Please read me first ${mark}` });
      assert.equal(await card.count(), 1);
      await keep(moderator, `queue-${mark}`);
      await card.locator('button[formaction$="/publish"]').first().click();
      await moderator.locator('.case', { hasText: `read me first ${mark}` }).waitFor({ state: 'detached' });

      await other.goto(address);
      assert.match(await other.locator('main').innerText(), /Please read me first/);
      for (const page of [author, other, moderator]) await page.context().close();
    });

    test('what a refused form says is in sight, long as the comment above it may be', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled, viewport: { width: 320, height: 568 } });
      await withoutBrowserChecks(page);
      const isInSight = async (words) => {
        const errors = page.locator('#errors[role=alert]');
        assert.match(await errors.innerText(), words);
        const box = await errors.boundingBox();
        assert.ok(box.y >= 0 && box.y + box.height <= 568, `at ${box.y}`);
        if (javaScriptEnabled) assert.equal(await page.evaluate(() => document.activeElement.id), 'errors');
        assert.equal(await isWide(page), false);
        assert.deepEqual(await axe(browser, page), []);
      };
      await page.goto(`${room.origin}${OPEN}/comments/3/report`);
      await page.locator('form.write .send').click();
      await isInSight(/Your report was not sent:\s+Please choose what is wrong/);
      await keep(page, `report-errors-${mark}`);
      await page.locator('#errors a').click();
      assert.equal(await page.evaluate(() => document.activeElement.id), 'r-reason');
      await page.locator('#r-other').check();
      await page.locator('form.write .send').click();
      await isInSight(/Please write what is wrong/);
      await page.goto(`${room.origin}${OPEN}/comments/3/reply`);
      await page.locator('form.write .send').click();
      await isInSight(/Please write something/);
      await page.context().close();
    });

    test('a rejection tells its author the reason', async () => {
      const author = await open(browser, room.origin, { javaScriptEnabled });
      await author.goto(room.origin + HELD);
      await write(author, { name: `Marat ${mark}`, text: `Buy cheap carpets here ${mark}!` });
      const moderator = await open(browser, room.origin, { javaScriptEnabled });
      await signIn(moderator);
      const card = moderator.locator('.case', { hasText: `cheap carpets here ${mark}` });
      await card.locator('select[name=reason]').selectOption('advertising');
      await card.locator('button[formaction$="/reject"]').first().click();
      await card.waitFor({ state: 'detached' });
      await author.reload();
      assert.match(await author.locator('main').innerText(), /advertising/i);
      for (const page of [author, moderator]) await page.context().close();
    });

    test('an author withdraws and the words are gone', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + OPEN);
      await write(page, { name: `Olzhas ${mark}`, text: `I will regret this ${mark}.` });
      const number = page.url().match(/comments\/(\d+)/)[1];
      await page.locator(`#c${number} a[href$="/withdraw"]`).click();
      assert.deepEqual(await axe(browser, page), []);
      await page.locator('main form button').first().click();
      await page.waitForURL(/done=withdrawn/);
      const notice = await page.locator('#conversation .notice', { hasText: 'Your comment is withdrawn' }).boundingBox();
      assert.ok(notice.y >= 0 && notice.y + notice.height <= page.viewportSize().height, `at ${notice.y}`);
      await page.goto(room.origin + OPEN);
      assert.equal(await page.locator(`#c${number} .gone`).count(), 1);
      assert.doesNotMatch(await page.content(), new RegExp(`regret this ${mark}`));
      await page.context().close();
    });

    test('the rating counts one answer a reader and takes a change of mind', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + OPEN);
      await page.locator('.rating button[value=yes]').click();
      await page.waitForLoadState();
      const tally = await page.locator('.rating').innerText();
      await page.locator('.rating button[value=yes]').click();
      await page.waitForLoadState();
      assert.equal(await page.locator('.rating').innerText(), tally);
      assert.equal(await page.locator('.rating button[value=yes]').getAttribute('aria-pressed'), 'true');
      await page.locator('.rating button[value=no]').click();
      await page.waitForLoadState();
      assert.equal(await page.locator('.rating button[value=no]').getAttribute('aria-pressed'), 'true');
      await page.context().close();
    });

    test('a closed conversation can be read and says that it is closed', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      await page.goto(room.origin + CLOSED);
      assert.equal(await page.locator('#write').count(), 0);
      assert.ok(await page.locator('#conversation li.c').count() > 0);
      assert.match(await page.locator('#conversation').innerText(), /closed/i);
      await page.context().close();
    });
  });
}

/** Whether what is said about the comment stands inside it and can be seen without scrolling. */
async function isTold(page, words) {
  const notice = page.locator('li.focus > .notice[role=status]');
  assert.equal(await page.locator('.notice', { hasText: words }).count(), 1, 'said once');
  assert.match(await notice.innerText(), words);
  const box = await notice.boundingBox();
  const { height } = page.viewportSize();
  assert.ok(box.y >= 0 && box.y + box.height <= height, `the notice is at ${box.y} of ${height}`);
  assert.equal(await isWide(page), false);
}

const TOLD = {
  en: [OPEN, /Your comment is published/, /Thank you\. .*Only you can see this yet/,
    /did not publish.*advertising/, /A moderator will read this comment/],
  ar: ['/ar/al-khazzan-alladhi-ad', /نُشر تعليقك/, /بانتظار أحد المشرفين/, /إعلان/, /شكرًا/],
};

for (const [lang, [article, posted, held, rejected, reported]] of Object.entries(TOLD)) {
  describe(`on a small screen, ${lang}`, () => {
    const small = { viewport: { width: 320, height: 568 } };

    test('the answer stands in the comment that the address leads to', async () => {
      const author = await open(browser, room.origin, small);
      await author.goto(room.origin + article);
      await write(author, { name: 'Aidos', text: `Where do I read the answer, ${lang}?` });
      await isTold(author, posted);
      const number = author.url().match(/comments\/(\d+)/)[1];

      const moderator = await open(browser, room.origin);
      await signIn(moderator);
      await moderator.goto(`${room.origin}${article}/comments/${number}`);
      const at = await moderator.locator(`#c${number} a[href^="/mod/comments/"]`).getAttribute('href');
      const decide = async (what) => {
        await moderator.goto(room.origin + at);
        await moderator.locator('select[name=reason]').selectOption('advertising');
        await moderator.locator(`button[formaction$="/${what}"]`).click();
        await moderator.waitForURL(/\/mod\b.*done=/);
      };
      await decide('hold');
      await author.reload();
      await isTold(author, held);
      await keep(author, `held-320-${lang}`);
      assert.deepEqual(await axe(browser, author), []);
      await decide('reject');
      await author.reload();
      await isTold(author, rejected);

      const reader = await open(browser, room.origin, small);
      await reader.goto(`${room.origin}${article}/comments/3/report`);
      await reader.locator('#r-insult').check();
      await reader.locator('form.write .send').click();
      await reader.waitForURL(/done=reported/);
      await isTold(reader, reported);
      await keep(reader, `reported-320-${lang}`);
      for (const page of [author, moderator, reader]) await page.context().close();
    });
  });
}

async function signIn(page) {
  await page.goto(`${room.origin}/mod`);
  await page.locator('input[name=name]').fill(room.moderator.name);
  await page.locator('input[name=password]').fill(room.moderator.password);
  await page.locator('main form button').click();
  await page.waitForLoadState();
}

describe('what script adds', () => {
  test('the counter counts as a person does, and marks too many', async () => {
    const page = await open(browser, room.origin);
    await page.goto(room.origin + OPEN);
    await page.locator('#f-text').fill('👨‍👩‍👧e\u0301');
    // It counts with the next frame.
    await page.evaluate(() => new Promise((next) => { requestAnimationFrame(() => requestAnimationFrame(next)); }));
    assert.match((await page.locator('#write .count').innerText()).replaceAll(/[^\d/]/g, ''), /^1498\/1500$/);
    await page.context().close();
  });

  test('a draft survives a reload and is gone after posting', async () => {
    const page = await open(browser, room.origin);
    await page.goto(room.origin + OPEN);
    await page.locator('#f-text').pressSequentially('Half a thought');
    await page.waitForTimeout(600);
    await page.reload();
    assert.equal(await page.locator('#f-text').inputValue(), 'Half a thought');
    await write(page, { name: 'Drafty', text: 'Half a thought, finished' });
    await page.goto(room.origin + OPEN);
    assert.equal(await page.locator('#f-text').inputValue(), '');
    await page.context().close();
  });

  test('the preview shows what the server would show and stores nothing', async () => {
    const page = await open(browser, room.origin);
    await page.goto(room.origin + OPEN);
    const before = await page.locator('li.c').count();
    await page.locator('#f-text').fill('**Strong** <b>words</b>');
    await page.locator('#write .see').click();
    await page.locator('#write .preview strong').waitFor();
    assert.equal(await page.locator('#write .preview').innerText(), 'Strong <b>words</b>');
    await page.reload();
    assert.equal(await page.locator('li.c').count(), before);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('a double click stores one comment', async () => {
    const page = await open(browser, room.origin);
    await page.goto(room.origin + OPEN);
    await page.locator('#f-name').fill('Twice');
    await page.locator('#f-text').fill('Only once, please.');
    await page.locator('#write .send').dblclick();
    await page.waitForURL(/comments\/\d+/);
    await page.goto(room.origin + OPEN);
    assert.equal(await page.locator('li.c', { hasText: 'Only once, please.' }).count(), 1);
    await page.context().close();
  });
});

describe('a moderator on a phone, without script', () => {
  test('signs in, reads the queue, opens a case; axe finds nothing', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open(browser, room.origin,
        { viewport: { width: 320, height: 640 }, javaScriptEnabled: false, colorScheme });
      await signIn(page);
      await keep(page, `queue-320-${colorScheme}`);
      assert.equal(await isWide(page), false);
      assert.deepEqual(await axe(browser, page), []);
      await page.goto(`${room.origin}/mod?state=published`);
      await page.locator('.case a[href^="/mod/comments/"]').first().click();
      await keep(page, `case-320-${colorScheme}`);
      assert.equal(await isWide(page), false);
      assert.deepEqual(await axe(browser, page), []);
      await page.context().close();
    }
  });
});
