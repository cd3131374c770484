/*
 * A reader's journey: editions, directions, sizes and colour schemes, with script and without.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../lib/newsroom.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const EN = '/en/the-reservoir-that-came-back';
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

async function visit(path, options) {
  const page = await open(browser, room.origin, options);
  const answer = await page.goto(room.origin + path);
  assert.equal(answer.status(), 200);
  return page;
}

function assertQuiet(page) {
  assert.deepEqual(page.foreign, [], 'requests to others');
  assert.deepEqual(page.complaints, [], 'complaints on the console');
}

for (const javaScriptEnabled of [true, false]) {
  describe(`reading, script ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test('the article has all its parts', async () => {
      const page = await visit(EN, { javaScriptEnabled });
      assert.match(await page.locator('h1').innerText(), /reservoir/i);
      assert.match(await page.locator('.meta').innerText(), /NORTHWIRE/);
      assert.ok(await page.locator('figure figcaption').count() >= 2);
      assert.ok(await page.locator('.body h2').count() >= 2);
      assert.ok(await page.locator('.body blockquote').count() >= 1);
      assert.match(await page.locator('.rating legend').innerText(), /Do you like this article\?/);
      assert.match(await page.locator('#conversation h2').first().innerText(), /26 comments/);
      assert.equal(await page.locator('#conversation li.c').count(), 26);
      assert.equal(await page.locator('#c13 .gone').count(), 1, 'the withdrawn one keeps its place');
      assert.equal(await page.locator('#c19').count(), 0, 'the held one is not there');
      assert.match(await page.locator('#write .count').innerText(), /1,?500 \/ 1,?500/);
      assertQuiet(page);
      await page.context().close();
    });

    test('an edition link leads to the same article in another language', async () => {
      const page = await visit(EN, { javaScriptEnabled });
      await page.locator('article .langs a[lang="ru"]').click();
      assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
      assert.match(await page.locator('#conversation h2').first().innerText(), /26 комментариев/);
      assert.equal(await page.locator('#conversation li.c').count(), 26, 'one conversation');
      assertQuiet(page);
      await page.context().close();
    });

    test('the Arabic edition runs from right to left', async () => {
      const page = await visit(EN, { javaScriptEnabled });
      await page.locator('article .langs a[lang="ar"]').click();
      assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
      const [h1, width] = [await page.locator('h1').boundingBox(), page.viewportSize().width];
      assert.ok(h1.x + h1.width / 2 > 0 && h1.x + h1.width <= width + 1);
      assert.equal(await page.locator('#c1 .say').getAttribute('dir'), 'ltr', 'English stays ltr');
      /* Arabic letters are not slanted, English ones on the same page are. */
      const styles = await page.evaluate(() => {
        const em = document.createElement('em');
        em.textContent = 'البحيرة';
        document.querySelector('.body p').append(em);
        return [em, document.querySelector('#c1 .say em')].map((e) => {
          const { fontStyle, fontWeight } = getComputedStyle(e);
          return `${fontStyle} ${fontWeight}`;
        });
      });
      assert.deepEqual(styles, ['normal 700', 'italic 400']);
      assertQuiet(page);
      await page.context().close();
    });

    test('newest first turns the conversation around', async () => {
      const page = await visit(EN, { javaScriptEnabled });
      const first = await page.locator('#conversation li.c').first().getAttribute('id');
      await page.locator('.sort nav a').last().click();
      assert.notEqual(await page.locator('#conversation li.c').first().getAttribute('id'), first);
      assert.equal(await page.locator('#conversation li.c').count(), 26);
      await page.context().close();
    });

    test('a permalink shows one comment and what it answers', async () => {
      const page = await visit(`${EN}/comments/9`, { javaScriptEnabled });
      assert.equal(await page.locator('#c9').count(), 1);
      assert.equal(await page.locator('#c8').count(), 1);
      assert.equal(await page.locator('#c1').count(), 0);
      await page.context().close();
    });

    test('a page that is not there says so in its language', async () => {
      const page = await open(browser, room.origin, { javaScriptEnabled });
      const answer = await page.goto(`${room.origin}/ru/nichego`);
      assert.equal(answer.status(), 404);
      assert.equal(await page.locator('html').getAttribute('lang'), 'ru');
      assert.equal(await page.locator('h1').count(), 1);
      await page.context().close();
    });
  });
}

const PAGES = {
  article: EN,
  arabic: '/ar/__article__',
  front: '/en',
  'front-ar': '/ar',
  'front-kk': '/kk',
  section: '/uz/section/__section__',
  policy: '/en/page/comment-policy',
  permalink: `${EN}/comments/9`,
  reply: `${EN}/comments/9/reply`,
  'sign-in': '/mod/sign-in',
  missing: '/kk/joq',
};

test('a command to copy is not cut within an option', async () => {
  const page = await open(browser, room.origin, { viewport: { width: 320, height: 640 } });
  for (const lang of ['en', 'ar']) {
    await page.goto(`${room.origin}/${lang}/about/ledger`);
    const options = page.locator('.ledger code span');
    assert.deepEqual(await options.allInnerTexts(), ['--head ledger.txt', '--key KEY']);
    assert.deepEqual(await options.evaluateAll((all) => all.map((o) => o.getClientRects().length)), [1, 1]);
    assert.equal(await isWide(page), false);
    await keep(page, `ledger-320-${lang}`);
  }
  await page.context().close();
});

describe('every kind of page, 320 px and desktop, light and dark', async () => {
  let addresses;

  before(async () => {
    addresses = { ...PAGES };
    const html = await (await fetch(room.origin + EN)).text();
    addresses.arabic = html.match(/href="(\/ar\/[^"/]+)"/)[1];
    const uzbek = await (await fetch(`${room.origin}/uz`)).text();
    addresses.section = uzbek.match(/href="(\/uz\/section\/[^"/]+)"/)[1];
    const author = html.match(/href="(\/en\/author\/[^"/]+)"/)[1];
    addresses.author = author;
  });

  for (const name of [...Object.keys(PAGES), 'author']) {
    for (const [width, height] of [[320, 640], [1280, 900]]) {
      for (const colorScheme of ['light', 'dark']) {
        test(`${name} ${width} px ${colorScheme}`, async () => {
          const page = await open(browser, room.origin,
            { viewport: { width, height }, colorScheme });
          await page.goto(room.origin + addresses[name]);
          await keep(page, `${name}-${width}-${colorScheme}`);
          assert.equal(await isWide(page), false, 'scrolls sideways');
          assert.deepEqual(await axe(browser, page), []);
          assert.deepEqual(page.foreign, []);
          await page.context().close();
        });
      }
    }
  }
});
