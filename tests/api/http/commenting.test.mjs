/*
 * Writing: post, hold, moderate, edit, withdraw, rate; the same post twice; limits; what is held is
 * seen by nobody else.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { UNHURRIED, corpora, newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, numberOf, send, unescape } from './client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const HELD = '/en/fourteen-pupils-and-one-bell';
const EMPTY = '/en/the-scales-nobody-argues-with';
const CLOSED = '/en/give-us-back-the-dark';
let room;
before(async () => {
  room = await newsroom({
    AITYS_COMMENTS_PAGE_SIZE: '200', ...UNHURRIED,
  });
});
after(() => room?.stop());

/** What is said inside the comment that the page is about. */
const told = (number, words) =>
  new RegExp(`id="c${number}">\\s*<div class="notice" role="status">\\s*<p><b>${words}</b>`);
const reader = () => new Reader(room.origin);
const count = async (article) => Number(((await reader().get(article)).body.match(/>(\d+) comments?</) ?? [0, 0])[1]);

async function moderator() {
  const m = reader();
  await m.signIn(room.moderator);
  return m;
}

/** The id of the held comment with these words, from the queue. */
async function heldId(m, words) {
  const { body } = await m.get('/mod');
  const card = body.split('<article class="case"').find((part) => part.includes(words));
  return card?.match(/id="case(\d+)"/)?.[1] ?? card?.match(/\/mod\/comments\/(\d+)/)?.[1];
}

describe('posting', () => {
  test('leads to the comment, which is there at once for everybody', async () => {
    const before = await count(OPEN);
    const r = reader();
    const answer = await r.comment(OPEN, { name: 'Ayan', text: 'Said *here*.' });
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/en\/the-reservoir-that-came-back\/comments\/(\d+)\?done=posted#c\1$/);
    assert.equal(await count(OPEN), before + 1);
    assert.match((await reader().get(OPEN)).body, /Said <em>here<\/em>\./);
  });

  test('has the page made anew before anybody asks, once for each who asked', async () => {
    const figures = async () => [await room.figure('cache_renewed_total'), await room.figure('cache_builds_total')];
    /** The figures when another page has been made, or after that time. */
    const next = async (from, ms) => {
      for (const until = Date.now() + ms; Date.now() < until;) {
        const now = await figures();
        if (now[0] !== from[0]) return now;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return from;
    };
    const form = await reader().form(OPEN, '/comments'); // who asks for the page
    const say = async (text) => (await reader().post(form.action, { ...form.fields, key: '', name: 'Soon', text })).status;
    const before = await next(await figures(), 500);
    assert.equal(await say('The first of two before the next reader.'), 303);
    const renewed = await next(before, 5000);
    assert.deepEqual(renewed, before.map((n) => n + 1));
    assert.equal(await say('The second of two before the next reader.'), 303);
    assert.deepEqual(await next(renewed, 500), renewed, 'nobody had asked again');
    assert.match((await reader().get(OPEN)).body, /The second of two/);
    assert.equal(await say('And one that a reader finds made.'), 303);
    const made = await next(renewed, 5000);
    assert.deepEqual(made, [renewed[0] + 1, renewed[1] + 2]);
    assert.match((await reader().get(OPEN)).body, /And one that a reader finds made\./);
    assert.deepEqual(await figures(), made);
  });

  test('tells its author that it is published; others can answer it', async () => {
    const r = reader();
    const answer = await r.comment(OPEN, { name: 'Ayan', text: 'Said for all to read.' });
    const own = (await r.get(answer.headers.location)).body;
    assert.match(own, told(numberOf(answer.headers.location), 'Thank you. Your comment is published.'));
    assert.doesNotMatch(own, /id="write"/);
    const others = (await reader().get(answer.headers.location)).body;
    assert.doesNotMatch(others, /role="status">|Thank you/);
    assert.match(others, /id="write"/);
    for (const done of ['withdrawn', 'nonsense', '']) {
      const link = answer.headers.location.replace('posted', done);
      assert.doesNotMatch((await r.get(link)).body, /<div class="notice/, link);
    }
  });

  test('sets the one cookie, well guarded, and only then', async () => {
    const r = reader();
    const answer = await r.comment(OPEN, { name: 'Cookie', text: 'A cookie comes with this.' });
    assert.equal(answer.headers['set-cookie'].length, 1);
    assert.match(answer.headers['set-cookie'][0], /^aitys-key=[0-9a-f]{64}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const again = await r.comment(OPEN, { name: 'Cookie', text: 'No second cookie with this.' });
    assert.equal(again.headers['set-cookie'], undefined);
    const own = await r.get(OPEN);
    assert.equal(own.headers['cache-control'], 'private, no-store');
    assert.match(own.body, /\/withdraw"/);
    assert.doesNotMatch((await reader().get(OPEN)).body, /\/withdraw"/);
  });

  test('a reply stands under what it answers', async () => {
    const r = reader();
    const page = await r.form(`${OPEN}/comments/1/reply`, '/comments');
    assert.equal(page.fields.reply_to, '1');
    const answer = await r.post(page.action, { ...page.fields, name: 'R', text: 'I answer the first.' });
    assert.equal(answer.status, 303);
    const { body } = await reader().get(answer.headers.location.replace(/[?#].*/, ''));
    assert.match(body, /href="#c1"/);
  });

  test('many at the same time: each has a number of its own, and the rules hold among them', async () => {
    const { action, fields } = await reader().form(OPEN, '/comments');
    const known = reader();
    await known.comment(OPEN, { name: 'Known', text: 'Known before the others came.' });
    const send = (who, name, text) => who.post(action, { ...fields, name, text });
    const many = (n, each) => Array.from({ length: n }, (_, i) => each(i));
    const [apart, same, form, own, replies] = await Promise.all([
      many(60, (i) => send(reader(), `Guest ${i}`, `One of many at once, the ${i}th.`)),
      many(10, (i) => send(reader(), `Echo ${i}`, 'The same words by ten at once.')),
      many(6, () => send(reader(), 'Twice', 'The same form six times at once.')),
      many(5, (i) => send(known, 'Known', `By one who is known, the ${i}th.`)),
      many(5, (i) => reader().post(action,
        { ...fields, reply_to: '1', name: `Answer ${i}`, text: `An answer among many, the ${i}th.` })),
    ].map((group) => Promise.all(group)));
    const statuses = (answers) => answers.map((answer) => answer.status).sort();
    for (const group of [apart, form, own, replies]) assert.deepEqual([...new Set(statuses(group))], [303]);
    assert.deepEqual(statuses(same), [303, ...Array(9).fill(409)]);
    assert.equal(new Set(form.map((answer) => answer.headers.location)).size, 1);
    const numbers = new Set([apart, same, form, own, replies].flat()
      .filter((answer) => answer.status === 303).map((answer) => numberOf(answer.headers.location)));
    assert.equal(numbers.size, 60 + 1 + 1 + 5 + 5);
    assert.equal(Math.max(...numbers) - Math.min(...numbers), numbers.size - 1, 'none is left out');
  });

  test('multipart forms are read as well', async () => {
    const r = reader();
    const { action, fields } = await r.form(OPEN, '/comments');
    const parts = Object.entries({ ...fields, name: 'Multi', text: 'In parts.\r\nTwo lines.' })
      .map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('');
    const answer = await r.send(action, {
      method: 'POST', body: `${parts}--b--\r\n`, headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    assert.equal(answer.status, 303);
  });

  test('a closed conversation takes nothing and loses nothing', async () => {
    const page = await reader().get(CLOSED);
    assert.equal(forms(page.body).some((f) => f.action.endsWith('/comments')), false);
    /* Whoever had the form open when it closed. */
    const { fields } = await reader().form(`${OPEN}`, '/comments');
    const answer = await reader().post(`${CLOSED}/comments`, { ...fields, name: 'N', text: 'Too late?' });
    assert.equal(answer.status, 403);
    assert.match(answer.body, /Too late\?/);
  });
});

describe('the same post', () => {
  test('twice by one reader is one comment', async () => {
    const before = await count(OPEN);
    const r = reader();
    const { action, fields } = await r.form(OPEN, '/comments');
    assert.equal(fields.key, '', 'a page for all has no key of one reader');
    const sent = { ...fields, name: 'Double', text: 'I click twice.' };
    const bare = () => reader().post(action, sent);
    const [one, two] = await Promise.all([bare(), bare()]);
    assert.equal(one.status, 303);
    assert.equal(two.headers.location, one.headers.location);
    /* The words are public now: who repeats them gets no key to them. */
    assert.equal([one, two].filter((a) => a.headers['set-cookie']).length, 1);
    assert.equal(await count(OPEN), before + 1);
    const reloaded = await r.post(action, sent);
    assert.equal(reloaded.headers.location, one.headers.location);
    assert.equal(await count(OPEN), before + 1);
  });

  test('twice where comments are held opens the comment, whichever answer is kept', async () => {
    const { action, fields } = await reader().form(HELD, '/comments');
    const bare = () => reader().post(action, { ...fields, name: 'Double', text: 'Held, and twice.' });
    const [one, two] = await Promise.all([bare(), bare()]);
    assert.equal(two.headers.location, one.headers.location);
    assert.equal(one.headers['set-cookie'][0], two.headers['set-cookie'][0]);
  });

  test('by two readers of one cached page is two comments', async () => {
    const before = await count(OPEN);
    const { action, fields } = await reader().form(OPEN, '/comments');
    const one = await reader().post(action, { ...fields, name: 'First', text: 'Words of the first.' });
    const two = await reader().post(action, { ...fields, name: 'Second', text: 'Words of the second.' });
    assert.notEqual(one.headers.location, two.headers.location);
    assert.notEqual(one.headers['set-cookie'][0], two.headers['set-cookie'][0]);
    assert.equal(await count(OPEN), before + 2);
  });

  test('of another browser gets no key to the first one’s comment', async () => {
    const { action, fields } = await reader().form(OPEN, '/comments');
    const sent = { ...fields, name: 'Mine', text: 'Nobody else may edit this.' };
    const one = await reader().post(action, sent, { 'user-agent': 'A' });
    const two = await reader().post(action, sent, { 'user-agent': 'B' });
    assert.equal(one.status, 303);
    assert.equal(two.status, 409);
    assert.equal(two.headers['set-cookie'], undefined);
    assert.match(two.body, /Nobody else may edit this\./);
  });

  test('with a key of one’s own survives a restart of the server', async () => {
    const r = reader();
    await r.comment(OPEN, { name: 'Keyed', text: 'First, for the cookie.' });
    const { action, fields } = await r.form(OPEN, '/comments');
    assert.match(fields.key, /^[0-9a-f]{32}$/);
    const sent = { ...fields, name: 'Keyed', text: 'Stored once.' };
    const one = await r.post(action, sent);
    await room.restart();
    const two = await r.post(action, sent);
    assert.equal(two.status, 303);
    assert.equal(two.headers.location, one.headers.location);
  });

  test('after going back with other words is another comment', async () => {
    const r = reader();
    await r.comment(OPEN, { name: 'Back', text: 'For the cookie again.' });
    const { action, fields } = await r.form(OPEN, '/comments');
    const one = await r.post(action, { ...fields, name: 'Back', text: 'One thing.' });
    const two = await r.post(action, { ...fields, name: 'Back', text: 'Another thing.' });
    assert.notEqual(one.headers.location, two.headers.location);
  });
});

describe('what is refused comes back as it was typed', () => {
  const family = '👩‍👩‍👧‍👦';
  const cases = {
    'one character too many': ['x'.repeat(1501), 422],
    'one family too many': [family.repeat(1501), 422],
    'no words': ['  \r\n ', 422],
  };
  for (const [name, [text, status]] of Object.entries(cases)) {
    test(name, async () => {
      const answer = await reader().comment(OPEN, { name: 'Ayşe "<b>"', text });
      assert.equal(answer.status, status);
      const form = forms(answer.body).find((f) => f.action.endsWith('/comments'));
      assert.equal(form.fields.text, text.replaceAll('\r\n', '\n') === text ? text : form.fields.text);
      assert.equal(form.fields.name, 'Ayşe "<b>"');
      assert.match(answer.body, /aria-invalid="true"/);
      assert.equal(answer.headers['set-cookie'], undefined);
    });
  }

  test('1500 of anything are let in', async () => {
    for (const one of ['x', 'ң', family, 'é']) {
      const answer = await reader().comment(OPEN, { name: 'N', text: one.repeat(1500) });
      assert.equal(answer.status, 303, one);
    }
  });

  test('an old form, too', async () => {
    const { fields } = await reader().form(OPEN, '/comments');
    const answer = await reader().post(`${OPEN}/comments`, {
      ...fields, token: `0000000000000001${fields.token.slice(16)}`, name: 'Old', text: 'Not lost.',
    });
    assert.equal(answer.status, 403);
    const form = forms(answer.body).find((f) => f.action.endsWith('/comments'));
    assert.equal(form.fields.text, 'Not lost.');
    assert.equal((await reader().post(form.action, form.fields)).status, 303, 'the fresh token is good');
  });

  test('the field that people do not see', async () => {
    const answer = await reader().comment(OPEN, { name: 'Bot', text: 'Buy!', website: 'https://x.test' });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /Buy!/);
  });

  test('a name with tricks is marked at the name', async () => {
    const answer = await reader().comment(OPEN, { name: 'evil\u202Eeman', text: 'Name.' });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /id="f-name"[^>]*aria-invalid/);
  });

  test('bytes that are no text', async () => {
    const { action, fields } = await reader().form(OPEN, '/comments');
    const body = `token=${fields.token}&name=N&text=%ff%fe`;
    const answer = await reader().send(action, {
      method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(answer.status, 422);
  });
});

describe('limits by network', () => {
  test('too often is told, with the time to wait, and loses nothing', async () => {
    const strict = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '2', AITYS_COMMENTS_PER_HOUR: '1' });
    try {
      const r = new Reader(strict.origin);
      for (const text of ['one', 'two']) assert.equal((await r.comment(OPEN, { name: 'N', text })).status, 303);
      const third = await r.comment(OPEN, { name: 'N', text: 'three <&>' });
      assert.equal(third.status, 429);
      assert.ok(Number(third.headers['retry-after']) > 0);
      assert.equal(forms(third.body).find((f) => f.action.endsWith('/comments')).fields.text, 'three <&>');
      const many = new Reader(strict.origin);
      const { action, fields } = await many.form(OPEN, '/rating');
      assert.equal((await many.post(action, { ...fields, answer: 'yes' })).status, 303, 'another class');
    } finally {
      await strict.stop();
    }
  });

  test('a machine is faster than a person', async () => {
    const slow = await newsroom({ AITYS_COMMENTS_MIN_S: '600' });
    try {
      const answer = await new Reader(slow.origin).comment(OPEN, { name: 'N', text: 'Fast!' });
      assert.equal(answer.status, 422);
      assert.match(answer.body, /Fast!/);
    } finally {
      await slow.stop();
    }
  });
});

describe('a held comment', () => {
  const words = 'Held words nobody may see yet';

  test('is seen by its author and moderators, and nowhere else', async () => {
    const author = reader();
    const before = await count(HELD);
    const { headers } = await author.comment(HELD, { name: 'Waiting Wanda', text: words });
    const link = headers.location.replace(/[?#].*/, '');
    assert.match((await author.get(link)).body, new RegExp(words));
    assert.match((await author.get(HELD)).body, new RegExp(words));
    for (const path of [link, HELD]) {
      const { body } = await author.get(path);
      assert.equal(body.match(/Only you can see this yet/g).length, 1, path);
      assert.equal(/<li class="c[^"]* focus[^"]*" id="c\d+">\s*<div class="notice" role="status">/.test(body), path === link);
    }
    assert.equal((await reader().get(link)).status, 404);
    assert.equal((await reader().get(`${link}/reply`)).status, 404);
    assert.equal(await count(HELD), before);
    const open = [HELD, `${HELD}?order=newest`, `${HELD}/comments.atom`, '/en', '/en/feed.atom',
      '/sitemap.xml', '/sitemap-0.xml', '/news-sitemap.xml', '/en/section/society'];
    for (const path of open) {
      const { body } = await reader().get(path);
      assert.doesNotMatch(body, /Held words|Waiting Wanda/, path);
    }
    const other = reader();
    await other.comment(OPEN, { name: 'Somebody', text: 'With a key of another.' });
    assert.doesNotMatch((await other.get(HELD)).body, /Held words/);
    assert.match((await (await moderator()).get('/mod')).body, new RegExp(words));
  });

  test('the first of all leads back to the article, not to “all 0 comments”', async () => {
    const author = reader();
    const { headers } = await author.comment(EMPTY, { name: 'First', text: 'Nobody has been here.' });
    const { body } = await author.get(headers.location);
    assert.match(body, /waits for a moderator/);
    assert.match(body, new RegExp(`<a href="${EMPTY}#conversation">Back to the article</a>`));
  });

  test('can be edited and withdrawn, and each time its author is told how it stands', async () => {
    const author = reader();
    const { headers } = await author.comment(HELD, { name: 'Waiting Walter', text: 'Held, to be changed.' });
    const link = headers.location.replace(/[?#].*/, '');
    const edit = await author.form(`${link}/edit`, '/edit');
    const saved = await author.post(edit.action, { ...edit.fields, text: 'Held and changed.' });
    const { body } = await author.get(saved.headers.location);
    assert.match(body, told(numberOf(link), 'Thank you. Your comment waits for a moderator.'));
    assert.doesNotMatch(body, /Your change is saved/);
    const withdraw = await author.form(`${link}/withdraw`, '/withdraw');
    const gone = await author.post(withdraw.action, withdraw.fields);
    const after = await author.get(gone.headers.location);
    assert.equal(after.status, 200);
    assert.match(after.body, /Your comment is withdrawn\. Its words are deleted\./);
    assert.doesNotMatch(after.body, /Held and changed/);
  });

  test('appears when a moderator publishes it, in every cached page', async () => {
    await reader().get(HELD);
    const m = await moderator();
    const answer = await m.decide(await heldId(m, words), 'publish');
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/mod/);
    for (const path of [HELD, `${HELD}/comments.atom`]) {
      assert.match((await reader().get(path)).body, new RegExp(words), path);
    }
  });

  test('is told the reason when it is rejected', async () => {
    const author = reader();
    const { headers } = await author.comment(HELD, { name: 'Rude', text: 'Rejected words' });
    const m = await moderator();
    const id = await heldId(m, 'Rejected words');
    assert.equal((await m.decide(id, 'reject')).status, 422, 'a reason is needed');
    const missing = await m.decide(id, 'reject', { reason: 'other', note: '' });
    assert.equal(missing.status, 422);
    assert.match(missing.body, /aria-invalid|role="alert"/);
    assert.equal((await m.decide(id, 'reject', { reason: 'insult' })).status, 303);
    const link = headers.location.replace(/[?#].*/, '');
    assert.match((await author.get(link)).body, /It insults a person/);
    assert.equal((await reader().get(link)).status, 404);
  });

  test('the reason and the note reach the author and nobody else', async () => {
    const m = await moderator();
    for (const what of ['reject', 'withdraw']) {
      const author = reader();
      const words = `Taken down by ${what}`;
      const answer = await author.comment(OPEN, { name: 'Author', text: words });
      const permalink = answer.headers.location.replace(/[?#].*/, '');
      const page = await m.get('/mod?state=published');
      const id = page.body.slice(0, page.body.indexOf(words)).match(/id="case(\d+)"(?!.*id="case)/s)[1];
      const fields = { reason: 'insult', note: `private word on ${what}` };
      assert.equal((await m.decide(id, what, fields)).status, 303);
      const told = await author.get(permalink);
      assert.match(told.body, /insults a person/);
      assert.match(told.body, new RegExp(fields.note));
      const stranger = await reader().get(permalink);
      assert.equal(stranger.status, 200, 'it keeps its place');
      assert.doesNotMatch(stranger.body, new RegExp(`insults a person|${fields.note}|${words}`));
    }
  });

  test('decided meanwhile by another is not decided twice', async () => {
    await reader().comment(HELD, { name: 'Race', text: 'Two moderators at once' });
    const m = await moderator();
    const id = await heldId(m, 'Two moderators at once');
    const form = forms((await m.get(`/mod/comments/${id}`)).body).find((f) => f.fields.rev);
    assert.equal((await m.post(`/mod/comments/${id}/publish`, form.fields)).status, 303);
    assert.equal((await m.post(`/mod/comments/${id}/spam`, form.fields)).status, 409);
  });

  test('a way back leads to our own pages only', async () => {
    await reader().comment(HELD, { name: 'Next', text: 'Where to next' });
    const m = await moderator();
    const answer = await m.decide(await heldId(m, 'Where to next'), 'publish', { next: 'https://evil.test/mod' });
    assert.match(answer.headers.location, /^\/mod(\?|$)/);
  });
});

describe('one’s own comment', () => {
  test('can be edited by its author only', async () => {
    const author = reader();
    const { headers } = await author.comment(OPEN, { name: 'Editor', text: 'Befor.' });
    const link = headers.location.replace(/[?#].*/, '');
    const form = await author.form(`${link}/edit`, '/edit');
    assert.equal(form.fields.text, 'Befor.');
    const saved = await author.post(form.action, { ...form.fields, text: 'Before, corrected.' });
    assert.equal(saved.status, 303);
    assert.equal(saved.headers.location, `${link}?done=edited#c${numberOf(link)}`);
    assert.match((await author.get(saved.headers.location)).body, told(numberOf(link), 'Your change is saved.'));
    assert.doesNotMatch((await reader().get(saved.headers.location)).body, /Your change/);
    const { body } = await reader().get(link);
    assert.match(body, /Before, corrected\./);
    assert.match(body, /edited/);
    assert.equal((await reader().get(`${link}/edit`)).status, 403);
    const thief = reader();
    await thief.comment(OPEN, { name: 'Thief', text: 'I have a key, too.' });
    assert.equal((await thief.post(form.action, { ...form.fields, text: 'Stolen.' })).status, 403);
    const long = await author.post(form.action, { ...form.fields, text: 'y'.repeat(1501) });
    assert.equal(long.status, 422);
    assert.match(long.body, /y{1501}/);
    assert.match(long.body, /id="errors"[\s\S]*<b>Your change was not saved:<\/b>/);
    assert.doesNotMatch(long.body, /was not sent/);
  });

  test('is withdrawn: the words go, the place stays', async () => {
    const author = reader();
    const before = await count(OPEN);
    const { headers } = await author.comment(OPEN, { name: 'Leaver', text: 'Words to be gone.' });
    const link = headers.location.replace(/[?#].*/, '');
    await reader().comment(OPEN, { name: 'Replier', text: 'A reply that stays.', reply_to: String(numberOf(link)) });
    assert.match((await reader().get(OPEN)).body, /Words to be gone/);
    const form = await author.form(`${link}/withdraw`, '/withdraw');
    assert.equal((await author.get(link)).status, 200);
    const gone = await author.post(form.action, form.fields);
    assert.equal(gone.status, 303);
    assert.equal(gone.headers.location, `${OPEN}?done=withdrawn#conversation`);
    assert.match((await author.get(gone.headers.location)).body, /<b>Your comment is withdrawn\. Its words are deleted\.<\/b>/);
    assert.doesNotMatch((await reader().get(gone.headers.location)).body, /Your comment is withdrawn/);
    assert.equal(await count(OPEN), before + 2);
    for (const path of [OPEN, link, `${OPEN}/comments.atom`, `${OPEN}?order=newest`]) {
      const { body } = await reader().get(path);
      assert.doesNotMatch(body, /Words to be gone|Leaver/, path);
    }
    assert.match((await reader().get(link)).body, /The author withdrew this comment/);
    assert.match((await reader().get(OPEN)).body, /A reply that stays/);
  });
});

describe('the rating', () => {
  test('one answer a reader, changed as often as one likes', async () => {
    const r = reader();
    const rate = async (who, answer) => {
      const { action, fields } = await who.form(OPEN, '/rating');
      return who.post(action, { ...fields, answer });
    };
    const first = await rate(r, 'yes');
    assert.equal(first.status, 303);
    assert.match(first.headers.location, /#rating$/);
    assert.match(first.headers['set-cookie'][0], /^aitys-rating=[0-9a-f]{64}/);
    assert.match((await r.get(OPEN)).body, /value="yes" aria-pressed="true"/);
    assert.match((await reader().get(OPEN)).body, /value="yes" aria-pressed="false"/);
    assert.match((await reader().get(OPEN)).body, /1 of 1/);
    await rate(r, 'no');
    assert.match((await reader().get(OPEN)).body, /0 of 1/);
    assert.equal((await rate(r, 'maybe')).status, 422);
  });

  test('a double click is one answer', async () => {
    const article = '/en/fourteen-pupils-and-one-bell';
    const { action, fields } = await reader().form(article, '/rating');
    await Promise.all([0, 1].map(() => reader().post(action, { ...fields, answer: 'yes' })));
    assert.match((await reader().get(article)).body, /Liked by \d of 1</);
  });
});

describe('the preview', () => {
  test('is the comment as it would look, and stores nothing', async () => {
    const before = await count(OPEN);
    const r = reader();
    const { fields } = await r.form(OPEN, '/comments');
    const answer = await r.post(`${OPEN}/preview`, { token: fields.token, text: '**b** <i> [x](javascript:alert(1))' });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /<strong>b<\/strong> &lt;i&gt;/);
    assert.doesNotMatch(answer.body, /href="javascript/);
    assert.equal(await count(OPEN), before);
  });
});

describe('moderators', () => {
  test('sign in and out; a wrong password is told, the name stays', async () => {
    const m = reader();
    const { action, fields } = await m.form('/mod/sign-in?next=/mod%3Fstate=spam', '/mod/sign-in');
    const wrong = await m.post(action, { ...fields, name: room.moderator.name, password: 'wrong password' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.body, new RegExp(`value="${room.moderator.name}"`));
    assert.doesNotMatch(wrong.body, /wrong password"/);
    assert.equal((await m.post(action, { ...fields, name: 'nobody', password: 'wrong password' })).status, 422);
    const right = await m.post(action, { ...fields, ...room.moderator });
    assert.equal(right.headers.location, '/mod?state=spam');
    assert.match(right.headers['set-cookie'][0], /^aitys-mod=[0-9a-f]{64}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = new Map(m.cookies);
    for (const state of ['held', 'published', 'rejected', 'spam', 'withdrawn']) {
      assert.equal((await m.get(`/mod?state=${state}`)).status, 200);
    }
    const article = await m.get(OPEN);
    assert.match(article.body, /class="modbar"/);
    assert.equal(article.headers['cache-control'], 'private, no-store');
    const out = await m.form('/mod', '/mod/sign-out');
    assert.equal((await m.post(out.action, out.fields)).status, 303);
    m.cookies = session;
    assert.equal((await m.get('/mod')).status, 303, 'the session is over on the server, too');
  });

  test('the queue’s pages hold every comment once', async () => {
    const m = await moderator();
    const seen = [];
    let next = '/mod?state=published';
    for (let pages = 0; next && pages < 30; pages++) {
      const { body } = await m.get(next);
      seen.push(...[...body.matchAll(/id="case(\d+)"/g)].map((x) => x[1]));
      next = unescape(body.match(/href="([^"]*)" rel="next"/)?.[1] ?? '');
    }
    assert.ok(seen.length > 25);
    assert.equal(new Set(seen).size, seen.length);
  });
});

describe('naughty strings', () => {
  const file = path.join(corpora, 'blns/blns.json');
  test('come back byte for byte', { skip: existsSync(file) ? false : 'no corpora' }, async () => {
    const strings = JSON.parse(readFileSync(file, 'utf8')).filter((s) => s.trim() !== '');
    const refused = [];
    for (const [i, s] of strings.entries()) {
      const author = reader();
      const text = `${s} ·${i}·`;
      const answer = await author.comment(OPEN, { name: 'Naughty', text });
      if (answer.status === 422) {
        refused.push(s);
        continue;
      }
      assert.equal(answer.status, 303, JSON.stringify(s));
      const form = await author.form(`${answer.headers.location.replace(/[?#].*/, '')}/edit`, '/edit');
      assert.equal(form.fields.text, text, JSON.stringify(s));
    }
    /* What is refused holds control characters, and nothing else is. */
    for (const s of refused) assert.match(s, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufff9-\ufffb\ufffe\uffff]/, JSON.stringify(s));
    const { body } = await send(room.origin + OPEN);
    assert.doesNotMatch(body, /<script>alert/);
  });
});
