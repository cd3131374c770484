/*
 * Rules: a held comment is visible to its author and to moderators only: not in feeds, counts,
 * search, API, caches. Deleted means gone: after a withdrawal the words are in no table, index,
 * write-ahead log, backup or cache within a minute.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';

import { newsroom } from '../../lib/newsroom.mjs';
import {
  FAST, HELD, OPEN, Reader, ask, change, commentId, complaints, database, filesOf, hidden,
} from './lib.mjs';

const SITE = [HELD, `${HELD}?order=newest`, `${HELD}/comments.atom`, '/en', '/en/feed.atom', '/en/section/society',
  '/en/section/society/feed.atom', '/en/author/dinara-osmonova', '/sitemap.xml', '/sitemap-0.xml', '/news-sitemap.xml',
  '/ru', '/kk', '/uz', '/ar'];

let room, db, author, moderator, stranger, other;

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000', AITYS_LOG_LEVEL: 'debug' });
  db = database(room);
  [author, moderator, stranger, other] = [1, 2, 3, 4].map(() => new Reader(room));
  await moderator.signIn();
  await other.comment(OPEN, { text: 'A guest with a key.', name: 'Other' });
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

/** All that these addresses say to somebody, in every coding. */
async function seen(who, targets) {
  const texts = [];
  for (const target of targets) {
    for (const coding of ['identity', 'gzip', 'br']) {
      const { bytes, headers } = await who.get(target, { headers: { 'accept-encoding': coding } });
      if (headers['content-encoding'] === 'gzip') texts.push(gunzipSync(bytes).toString());
      else if (headers['content-encoding'] === 'br') texts.push(brotliDecompressSync(bytes).toString());
      else texts.push(bytes.toString());
      texts.push(JSON.stringify(headers));
    }
  }
  return texts.join('\n');
}

/* Tokens are fresh on every page that is made, and with them the page's validator. */
const withoutTokens = (text) => text.replace(/value="[0-9a-f]{16,}"/g, '').replace(/"etag":"(W\/)?\\"[^"]*\\""/g, '')
  .replace(/"(date|content-length)":"[^"]*"/g, '');

describe('a held comment is visible to its author and to moderators only', () => {
  const NAME = 'Heldname Qwyx';
  const TEXT = 'Heldwords zvqj, which nobody may see yet.';
  let number, id;

  test('pages, feeds, counts, site maps and caches are the same before and after', async () => {
    const before = withoutTokens(await seen(stranger, SITE));
    ({ number } = await author.comment(HELD, { name: NAME, text: TEXT }));
    assert.ok(number > 0);
    id = await commentId(db, HELD, number);
    const afterwards = withoutTokens(await seen(stranger, SITE));
    assert.doesNotMatch(afterwards, /zvqj|Qwyx/);
    const lines = before.split('\n');
    assert.deepEqual(afterwards.split('\n').filter((line, i) => line !== lines[i]), [], 'not even a number tells');
  });

  test('its author sees it on the page and at its address', async () => {
    assert.match((await author.get(HELD)).text, /zvqj/);
    assert.match((await author.get(`${HELD}/comments/${number}`)).text, /zvqj/);
    assert.doesNotMatch(await seen(stranger, SITE), /zvqj|Qwyx/, 'nor does the author\'s visit leak');
    assert.doesNotMatch(await seen(other, SITE), /zvqj|Qwyx/);
  });

  test('moderators see it in the queue and its case', async () => {
    assert.match((await moderator.get('/mod')).text, /zvqj/);
    assert.match((await moderator.get(`/mod/comments/${id}`)).text, /zvqj/);
    assert.doesNotMatch(await seen(stranger, SITE), /zvqj|Qwyx/);
  });

  test('its address answers others exactly as one that never was', async () => {
    for (const who of [stranger, other]) {
      for (const what of ['', '/reply', '/edit', '/withdraw']) {
        const there = await who.get(`${HELD}/comments/${number}${what}`);
        const nowhere = await who.get(`${HELD}/comments/7777${what}`);
        assert.equal(there.status, 404, what);
        assert.equal(withoutTokens(there.text), withoutTokens(nowhere.text), what);
        assert.deepEqual(Object.keys(there.headers), Object.keys(nowhere.headers));
      }
    }
  });

  test('editing, withdrawing and answering it are refused to others', async () => {
    const { token } = await other.fields(HELD);
    for (const what of ['edit', 'withdraw']) {
      const answer = await other.post(`${HELD}/comments/${number}/${what}`, { token, text: 'Mine now.' });
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.text, /zvqj|Qwyx/);
    }
    for (const replyTo of [number, 7777]) {
      const answer = await stranger.post(`${HELD}/comments`,
        { ...await stranger.fields(HELD), name: 'Asker', text: `Who is ${replyTo}?`, reply_to: String(replyTo) });
      assert.ok(answer.status >= 400, `${replyTo}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /zvqj|Qwyx/);
    }
  });

  test('its words said again by somebody else are not told to be a repetition', async (t) => {
    // "The same words were said already" would tell that somebody said them and waits.
    const answer = await stranger.comment(HELD, { name: 'Guesser', text: TEXT });
    if (answer.status === 409) t.diagnostic('409: a repetition of held words can be told from outside');
    assert.doesNotMatch(answer.text ?? '', /Qwyx/);
  });

  test('HEAD, ranges, conditional requests and other languages tell nothing', async () => {
    for (const target of [`${HELD}/comments/${number}`, `${HELD.replace('/en/', '/ru/')}/comments/${number}`]) {
      for (const [method, headers] of [['HEAD', {}], ['GET', { range: 'bytes=0-9' }], ['GET', { 'if-none-match': '*' }],
        ['GET', { accept: 'application/json' }], ['GET', { 'x-requested-with': 'XMLHttpRequest' }]]) {
        const answer = await ask(room, target, { method, headers });
        assert.equal(answer.status, 404, `${method} ${JSON.stringify(headers)}`);
        assert.doesNotMatch(answer.text, /zvqj|Qwyx/);
      }
    }
  });

  test('a rejection keeps it so; its author reads why; a publication shows it', async () => {
    assert.equal((await moderator.decide(id, 'reject', { reason: 'other', note: 'Notewords kplm' })).status, 303);
    assert.match((await author.get(`${HELD}/comments/${number}`)).text, /kplm/);
    assert.doesNotMatch(await seen(stranger, SITE), /zvqj|Qwyx|kplm/);
    assert.equal((await stranger.get(`${HELD}/comments/${number}`)).status, 404);
    assert.equal((await moderator.decide(id, 'spam')).status, 303);
    assert.doesNotMatch(await seen(stranger, SITE), /zvqj|Qwyx|kplm/);
    assert.equal((await moderator.decide(id, 'publish')).status, 303);
    assert.match((await stranger.get(HELD)).text, /zvqj/);
    assert.match((await stranger.get(`${HELD}/comments.atom`)).text, /zvqj/);
    assert.doesNotMatch(await seen(stranger, SITE), /kplm/);
  });

  test('when it is edited it is held again: the words are gone from every page and feed, the place stays', async () => {
    const reply = await stranger.comment(HELD, { replyTo: number, name: 'Replier', text: 'An answer to it.' });
    await moderator.decide(await commentId(db, HELD, reply.number), 'publish');
    assert.match((await stranger.get(HELD)).text, /An answer to it/);
    assert.equal((await author.edit(HELD, number, 'Secondwords wbrt.')).status, 303);
    const all = await seen(stranger, [...SITE, `${HELD}/comments/${number}`, `${HELD}/comments/${number}/reply`,
      `${HELD}/comments/${reply.number}`, `${HELD}/comments/${reply.number}/reply`]);
    assert.doesNotMatch(all, /zvqj|wbrt/);
    assert.doesNotMatch(all, /Qwyx/, 'nor does its author\'s name stand above the answers');
    assert.match(all, /An answer to it/);
  });
});

/** Makes the words of a comment, kept for undoing, due to be forgotten: the server does it by itself. */
async function expire(id) {
  assert.equal(await db.all(`SELECT count(*) FROM kept_words WHERE comment = ${id}`).then(([[n]]) => n), 1);
  change(room, `UPDATE kept_words SET until_s = 1 WHERE comment = ${id}`);
}

/** The files of the newsroom, its log and a fresh backup that hold one of the words. */
function holders(words) {
  const backup = path.join(room.dir, '..', 'backup.db');
  rmSync(backup, { force: true });
  room.run('backup', '--dir', room.dir, backup);
  const files = [...filesOf(room.dir), backup].filter((file) => existsSync(file));
  const found = [];
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const word of words) {
      const forms = [word, Buffer.from(word, 'utf16le'), Buffer.from(word).toString('hex'), Buffer.from(word).toString('base64').slice(1, -3)];
      if (forms.some((form) => bytes.includes(form))) found.push(`${path.basename(file)}: ${word}`);
    }
  }
  for (const word of words) if (room.log.includes(word)) found.push(`log: ${word}`);
  return found;
}

describe('deleted means gone', () => {
  const filler = (word) => `${word} ${'lorem ipsum '.repeat(110)} ${word}end`;
  const cases = {
    'withdrawn by its author': async (article, number) => author.withdraw(article, number),
    /* A moderator's withdrawal is kept for undoing, until that is too late… */
    'withdrawn by a moderator, then forgotten': async (article, number) => {
      const id = await commentId(db, article, number);
      const answer = await moderator.decide(id, 'withdraw');
      await expire(id);
      return answer;
    },
    'held, withdrawn by a moderator, then forgotten': async (article, number) => {
      const id = await commentId(db, article, number);
      const answer = await moderator.decide(id, 'withdraw');
      await expire(id);
      return answer;
    },
    'edited by its author': async (article, number) => author.edit(article, number, `Harmless now ${number}.`),
    'held, then withdrawn by its author': async (article, number) => author.withdraw(HELD, number),
  };
  /* … or its author erases it, as whatever else the team decided. */
  for (const what of ['reject', 'spam', 'withdraw']) {
    for (const before of ['published', 'held']) {
      cases[`${before}, ${what} by a moderator, then withdrawn by its author`] = async (article, number) => {
        const answer = await moderator.decide(await commentId(db, article, number), what);
        assert.equal(answer.status, 303);
        return author.withdraw(article, number);
      };
    }
  }
  let serial = 0;
  const words = [];
  const made = [];

  test('the words are there before: this search bites', async () => {
    for (const [name, act] of Object.entries(cases)) {
      const word = `Gonewords${++serial}xkcd`;
      const who = `Gonename${serial}plugh`;
      const article = name.startsWith('held') ? HELD : OPEN;
      const answer = await author.comment(article, { name: who, text: filler(word) });
      assert.equal(answer.status, 303, name);
      made.push({ name, act, article, number: answer.number });
      words.push(word, `${word}end`);
      if (!name.startsWith('edited')) words.push(who);
    }
    await seen(stranger, [OPEN, `${OPEN}?order=newest`, `${OPEN}/comments.atom`, ...made.map((m) => `${m.article}/comments/${m.number}`)]);
    const found = holders(words);
    for (const word of words) assert.ok(found.some((f) => f.endsWith(word)), word);
  });

  test('and afterwards in no table, index, write-ahead log, backup, log or cache within a minute', async (t) => {
    for (const { name, act, article, number } of made) {
      assert.equal((await act(article, number)).status, 303, name);
    }
    const pages = [OPEN, `${OPEN}?order=newest`, `${OPEN}/comments.atom`, '/en', '/en/feed.atom',
      ...made.flatMap((m) => ['', '/reply'].map((w) => `${m.article}/comments/${m.number}${w}`))];
    const pattern = new RegExp(words.join('|'));
    assert.doesNotMatch(await seen(stranger, pages), pattern, 'pages, at once');
    assert.doesNotMatch(await seen(author, pages), pattern, 'the author\'s pages, at once');
    const started = Date.now();
    let found;
    do {
      found = holders(words);
      if (found.length) await new Promise((resolve) => setTimeout(resolve, 500));
    } while (found.length && Date.now() - started < 60000);
    t.diagnostic(`gone from every file after ${Date.now() - started} ms`);
    assert.deepEqual(found, []);
  });

  test('whoever holds a copy in a browser is told that it changed', async () => {
    const fresh = new Reader(room);
    const { headers } = await fresh.get(OPEN);
    const { number } = await author.comment(OPEN, { text: 'Seen by a browser.' });
    const second = (await fresh.get(OPEN)).headers.etag;
    assert.notEqual(second, headers.etag);
    await author.withdraw(OPEN, number);
    const answer = await fresh.get(OPEN, { headers: { 'if-none-match': second } });
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /Seen by a browser/);
  });

  test('a withdrawn comment\'s name does not stand above its answers either', async () => {
    const { number } = await author.comment(OPEN, { name: 'Vanishing Zyx', text: 'Answer me.' });
    const reply = await stranger.comment(OPEN, { replyTo: number, name: 'Replier', text: 'I answer.' });
    assert.match((await stranger.get(OPEN)).text, /Vanishing Zyx/);
    await author.withdraw(OPEN, number);
    const all = await seen(stranger, [OPEN, `${OPEN}/comments.atom`, `${OPEN}/comments/${reply.number}`, `${OPEN}/comments/${reply.number}/reply`]);
    assert.doesNotMatch(all, /Vanishing Zyx/);
    assert.match(all, /I answer/);
  });

  test('its tokens are worthless afterwards', async () => {
    const { number } = await author.comment(OPEN, { text: 'To be withdrawn, then edited.' });
    const at = `${OPEN}/comments/${number}`;
    const token = hidden((await author.get(`${at}/edit`)).text, 'token', `${at}/edit`);
    assert.equal((await author.withdraw(OPEN, number)).status, 303);
    assert.equal((await author.post(`${at}/edit`, { token, text: 'Back from the dead.' })).status, 403);
    assert.equal((await author.post(`${at}/withdraw`, { token })).status, 403);
    assert.doesNotMatch((await stranger.get(OPEN)).text, /Back from the dead/);
  });
});
