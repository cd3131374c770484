/*
 * Every page of the demo newsroom: what it answers, in which language, with which headers; and what
 * machines read: feeds, site maps, JSON-LD.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { send } from './client.mjs';

const ARTICLE = '/en/the-reservoir-that-came-back';
let room;
before(async () => { room = await newsroom({ AITYS_COMMENTS_MIN_S: '0' }); });
after(() => room?.stop());

const get = (path, headers) => send(room.origin + path, { headers });

const PAGES = {
  '/en': 'text/html', '/kk': 'text/html', '/ar': 'text/html',
  '/en/section/environment': 'text/html',
  '/en/author/aigerim-sadykova': 'text/html',
  '/en/page/comment-policy': 'text/html',
  [ARTICLE]: 'text/html',
  [`${ARTICLE}?order=newest`]: 'text/html',
  [`${ARTICLE}/comments/1`]: 'text/html',
  [`${ARTICLE}/comments/1/reply`]: 'text/html',
  '/mod/sign-in': 'text/html',
  '/en/feed.atom': 'application/atom+xml',
  '/en/section/environment/feed.atom': 'application/atom+xml',
  [`${ARTICLE}/comments.atom`]: 'application/atom+xml',
  '/sitemap.xml': 'application/xml', '/sitemap-0.xml': 'application/xml',
  '/news-sitemap.xml': 'application/xml',
  '/en/about/ledger': 'text/html', '/ar/about/ledger': 'text/html', '/ledger.txt': 'text/plain',
  '/robots.txt': 'text/plain', '/healthz': 'text/plain',
};

const SECURITY = {
  'content-security-policy': /^default-src 'none'(?!.*unsafe)/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'permissions-policy': /camera=\(\)/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
};

function assertSecure(answer, path) {
  for (const [name, wanted] of Object.entries(SECURITY)) {
    assert.match(answer.headers[name] ?? '', wanted, `${path}: ${name}`);
  }
}

describe('pages', () => {
  for (const [path, type] of Object.entries(PAGES)) {
    test(`GET ${path}`, async () => {
      const answer = await get(path);
      assert.equal(answer.status, 200);
      assert.ok(answer.headers['content-type'].startsWith(type));
      assertSecure(answer, path);
      assert.equal(answer.headers['set-cookie'], undefined, 'reading sets no cookie');
      const head = await send(room.origin + path, { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.equal(head.body, '');
    });
  }

  test('no element is empty that names something, and no template is left unfilled', async () => {
    for (const path of Object.keys(PAGES)) {
      const { body } = await get(path);
      assert.doesNotMatch(body, /\{\{/, path);
      assert.doesNotMatch(body, /<h1[^>]*>\s*<\/h1>/, path);
    }
  });

  test('the article has all that stands on the page', async () => {
    const { body } = await get(ARTICLE);
    assert.match(body, /<h1>The reservoir that came back<\/h1>/);
    assert.match(body, /By <a href="\/en\/author\/aigerim-sadykova"/);
    assert.match(body, /NORTHWIRE/);
    assert.match(body, /AKTEREK<\/b> —/);
    assert.match(body, /<h2 id="h-/);
    assert.match(body, /<blockquote>/);
    assert.match(body, /Do you like this article\?/);
    assert.match(body, />26 comments</);
    assert.match(body, /1500 \/ 1500/);
    assert.match(body, /<a href="\/en\/page\/comment-policy">/);
    assert.match(body, /The author withdrew this comment/);
    for (const lang of ['en', 'ru', 'kk', 'uz', 'ar', 'x-default']) {
      assert.match(body, new RegExp(`<link rel="alternate" hreflang="${lang}" href="http`));
    }
    assert.equal(body.match(/<li class="c /g).length, 26);
  });

  test('counts are inflected in the language of the page', async () => {
    const { body } = await get('/ru/vodohranilishche-kotoroe-vernulos');
    assert.match(body, /<html lang="ru" dir="ltr">/);
    assert.match(body, /26\scomm|26\sкомментариев/);
    assert.match((await get('/ar')).body, /<html lang="ar" dir="rtl">/);
  });

  test('comments in another language say so', async () => {
    const { body } = await get(ARTICLE);
    assert.match(body, /<div class="say" lang="ru" dir="ltr">/);
    assert.match(body, /<div class="say" lang="kk" dir="ltr">/);
  });

  test('the front door leads to the reader’s language', async () => {
    const first = await get('/', { 'accept-language': 'kk-KZ,kk;q=0.9,en;q=0.5' });
    assert.equal(first.status, 302);
    assert.equal(first.headers.location, '/kk');
    assert.match(first.headers.vary, /Accept-Language/);
    assert.equal((await get('/', { 'accept-language': 'fr' })).headers.location, '/en');
  });

  test('pages of a long conversation are the same comments, once each, in either order', async () => {
    for (const order of ['', '?order=newest']) {
      const seen = [];
      let next = ARTICLE + order;
      for (let pages = 0; next && pages < 20; pages++) {
        const { body } = await get(next);
        seen.push(...[...body.matchAll(/<li class="c [^"]*" id="c(\d+)"/g)].map((m) => Number(m[1])));
        next = body.match(/href="([^"]*)" rel="next"/)?.[1].replaceAll('&amp;', '&').replace(/#.*/, '');
      }
      assert.equal(seen.length, 26, order);
      assert.equal(new Set(seen).size, 26, order);
    }
  });
});

describe('what is not there', () => {
  const missing = ['/fr', '/en/no-such-story', '/en/section/none', '/en/author/none', '/en/page/none',
    `${ARTICLE}/comments/999`, `${ARTICLE}/comments/0`, `${ARTICLE}/comments/x`,
    `${ARTICLE}/comments/99999999999999999999`, '/sitemap-7.xml', '/sitemap-500000.xml',
    '/assets/000000000000/theme.css', '/pictures/00/1.jpg', '/a/b/c/d/e/f/g/h/i/j',
    '/%zz', '/%00', '/en/a%2fb', '//en', '/metrics', '/EN', '/en/%ff'];
  for (const path of missing) {
    test(`404 ${path}`, async () => {
      const answer = await get(path);
      assert.equal(answer.status, 404);
      assert.match(answer.headers['content-type'], /^text\/html/);
      assert.match(answer.body, /<h1>There is no such page\.<\/h1>/);
      assertSecure(answer, path);
    });
  }

  test('the error page speaks the language of the address', async () => {
    assert.match((await get('/ru/net-takoi')).body, /<html lang="ru"/);
  });

  test('a slash too many leads to the page, and never off the site', async () => {
    assert.equal((await get('/en/')).headers.location, '/en');
    assert.equal((await get(`${ARTICLE}/`)).headers.location, ARTICLE);
    for (const path of ['//evil.test/', '/\\evil.test/', '/%5cevil.test/', '//evil.test/%2f..']) {
      const answer = await get(path);
      assert.notEqual(Math.floor(answer.status / 100), 3, path);
    }
  });

  test('other methods are told which there are', async () => {
    const put = await send(room.origin + ARTICLE, { method: 'PUT' });
    assert.equal(put.status, 405);
    assert.equal(put.headers.allow, 'GET, HEAD');
    const post = await get('/mod/sign-out');
    assert.equal(post.status, 405);
    assert.equal(post.headers.allow, 'POST');
  });
});

describe('caching', () => {
  test('a page for all can be kept, asked about, and is compressed', async () => {
    const first = await get(ARTICLE);
    assert.equal(first.headers['cache-control'], 'public, max-age=0, must-revalidate');
    assert.match(first.headers.vary, /Accept-Encoding, Cookie/);
    const again = await get(ARTICLE, { 'if-none-match': first.headers.etag });
    assert.equal(again.status, 304);
    assert.equal(again.body, '');
    assertSecure(again, ARTICLE);
    for (const [name, decode] of [['gzip', gunzipSync], ['br', brotliDecompressSync]]) {
      const packed = await get(ARTICLE, { 'accept-encoding': name });
      assert.equal(packed.headers['content-encoding'], name);
      assert.match(decode(packed.bytes).toString(), /26 comments/);
      assert.notEqual(packed.headers.etag, first.headers.etag);
    }
  });

  test('files never change under their address', async () => {
    const { body } = await get(ARTICLE);
    for (const [, path] of body.matchAll(/(?:href|src)="(\/(?:assets|pictures)\/[^"]+)"/g)) {
      const file = await get(path);
      assert.equal(file.status, 200, path);
      assert.match(file.headers['cache-control'], /immutable/);
    }
  });

  test('a page is the same bytes until something changes', async () => {
    assert.equal((await get(ARTICLE)).body, (await get(ARTICLE)).body);
    const unknown = await get(`${ARTICLE}?utm_source=x&fbclid=%zz`);
    assert.equal(unknown.status, 200);
  });
});

describe('for machines', () => {
  const xml = (text) => execFileSync('xmllint', ['--noout', '-'], { input: text, stdio: 'pipe' });

  for (const path of Object.keys(PAGES).filter((p) => PAGES[p].endsWith('xml'))) {
    test(`${path} is well-formed`, async () => xml((await get(path)).body));
  }

  test('a conversation’s feed names what is answered', async () => {
    const { body } = await get(`${ARTICLE}/comments.atom`);
    assert.match(body, /in-reply-to/);
    assert.equal(body.match(/<entry/g).length, 25);
  });

  test('site maps name every edition with its alternates', async () => {
    const index = (await get('/sitemap.xml')).body;
    const maps = [...index.matchAll(/<loc>([^<]+)<\/loc>/g)].map((m) => new URL(m[1]).pathname);
    const all = (await Promise.all(maps.map(async (m) => (await get(m)).body))).join('');
    assert.match(all, /ar\/al-khazzan-alladhi-ad/);
    assert.match(all, /hreflang="kk"/);
    for (const [, address] of all.matchAll(/<loc>([^<]+)<\/loc>/g)) {
      assert.equal((await send(address)).status, 200, address);
    }
  });

  test('JSON-LD tells the article and its published comments', async () => {
    const { body } = await get(ARTICLE);
    const told = JSON.parse(body.match(/<script type="application\/ld\+json">(.*?)<\/script>/s)[1]);
    assert.equal(told['@type'], 'NewsArticle');
    assert.equal(told.commentCount, 26);
    assert.equal(told.comment.length, 25);
    assert.equal(told.comment[0].author.name, 'Nora Whitfield');
  });

  test('figures are for the operator’s address only', async () => {
    const { status, body } = await send(`${room.operator}/metrics`);
    assert.equal(status, 200);
    for (const name of ['http_requests_total', 'cache_hits_total', 'db_statements_total', 'comments_held']) {
      assert.match(body, new RegExp(`^aitys_${name} \\d+$`, 'm'));
    }
  });
});
