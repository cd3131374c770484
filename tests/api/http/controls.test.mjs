/* Conversation controls: what the team sets, what readers see of it and what it does to them. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { newsroom, root } from '../../lib/newsroom.mjs';
import { Reader, forms, numberOf } from './client.mjs';

const ARTICLE = '/en/the-reservoir-that-came-back';
const OTHER = '/en/fourteen-pupils-and-one-bell';
let room, admin, at, news;

before(async () => {
  room = await newsroom({
    AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000', AITYS_SITE_ZONE: 'Asia/Almaty',
    AITYS_MODERATION_SIGN_INS_PER_HOUR: '1000',
  });
  news = path.join(room.dir, '..', 'news');
  cpSync(path.join(root, 'demo'), news, { recursive: true });
  admin = new Reader(room.origin);
  await admin.signIn(room.moderator);
  at = (await admin.get(ARTICLE)).body.match(/href="(\/mod\/conversations\/\d+)"/)[1];
});
after(() => room?.stop());

/** The form of a conversation's page, with the mode that is chosen and its messages in order. */
async function controls(reader = admin, page = at) {
  const { body } = await reader.get(page);
  const form = forms(body).find((f) => f.action === page);
  assert.ok(form, `${page} has a form`);
  return {
    token: form.fields.token,
    mode: form.html.match(/name="mode" value="(\d)" required checked/)[1],
    closes: form.fields.closes,
    slow: form.fields.slow,
    message: [...form.html.matchAll(/name="message"[^>]*>\n([\s\S]*?)<\/textarea>/g)].map(([, text]) => text),
  };
}

/** Sets some of it, leaving the rest. */
async function set(changes, reader = admin, page = at) {
  const all = { ...await controls(reader, page), ...changes };
  return reader.post(page, Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one])));
}

const reset = async () => set({ mode: '0', closes: '', slow: '0', message: (await controls()).message.map(() => '') });

let serial = 0;
const write = (reader, article = ARTICLE) =>
  reader.comment(article, { name: 'Madina', text: `Something to be controlled, ${++serial}.` });

async function join(name, role) {
  const form = await admin.form('/mod/team', '/mod/team');
  const page = (await admin.post(form.action, { ...form.fields, name, role })).body;
  const reader = new Reader(room.origin);
  await reader.signIn({ name, password: page.match(/<li><code>([^<]+)<\/code>/)[1] });
  return reader;
}

const seen = async (article = ARTICLE) => (await new Reader(room.origin).get(article)).body;

describe('a conversation', () => {
  test('is controlled by senior moderators and above, from the article and from cards', async () => {
    const moderator = await join('Moderator one', '1');
    const senior = await join('Senior one', '2');
    assert.doesNotMatch((await moderator.get(ARTICLE)).body, /\/mod\/conversations/);
    assert.equal((await moderator.get(at)).status, 403);
    assert.doesNotMatch((await moderator.get('/mod?state=published')).body, /\/mod\/conversations/);
    assert.match((await senior.get('/mod?state=published')).body, /href="\/mod\/conversations\/\d+"/);
    assert.equal((await senior.get(at)).status, 200);
    assert.equal((await set({ mode: '0' }, senior)).headers.location, `${at}?done=saved`);
    assert.match((await senior.get(`${at}?done=saved`)).body, /Saved\./);
    for (const id of ['0', '999999', 'x', '-1', '9999999999999999999']) {
      assert.equal((await admin.get(`/mod/conversations/${id}`)).status, 404, id);
    }
  });

  test('closes and opens, and cached pages follow at once', async () => {
    assert.match(await seen(), /id="write"/);
    await set({ mode: '3' });
    const closed = await seen();
    assert.match(closed, /This conversation is closed/);
    assert.doesNotMatch(closed, /id="write"/);
    await set({ mode: '2' });
    assert.match(await seen(), /A moderator reads every comment before it appears/);
    await reset();
    assert.match(await seen(), /id="write"/);
  });

  test('closes on a date in the site’s zone', async () => {
    const hour = 3600000;
    const local = (ms) => new Date(Math.floor(ms / 60000) * 60000 + 5 * hour).toISOString().slice(0, 16);
    const past = local(Date.now() - hour); // Almaty: five hours ahead
    const late = await set({ closes: past, slow: '7' });
    assert.equal(late.status, 422);
    assert.match(late.body, /id="faults" role="alert">[\s\S]*?<a href="#f-closes">This time has passed already\./);
    assert.match(late.body, /value="7"/, 'what was typed is kept');
    assert.equal(late.body.match(/name="closes"[^>]*value="([^"]*)"/)[1], past);
    assert.match(late.body, /name="closes"[^>]* aria-describedby="h-closes e-closes" aria-invalid="true">\s*<b class="error" id="e-closes">This time/);
    assert.doesNotMatch(await seen(), /This conversation is closed/);
    const soon = local(Date.now() + hour);
    await set({ closes: soon });
    assert.doesNotMatch(await seen(), /This conversation is closed/);
    assert.equal((await controls()).closes, soon);
    for (const closes of ['tomorrow', '2026-02-30T10:00', '1969-01-01T00:00', '2026-01-01']) {
      const answer = await set({ closes, mode: '3', message: ['Kept', '', '', '', '', ''] });
      assert.equal(answer.status, 422, closes);
      assert.match(answer.body, /not a date and time that exists/);
      assert.match(answer.body, /value="3" required checked/);
      assert.match(answer.body, />\nKept<\/textarea>/);
    }
    assert.equal((await controls()).mode, '0');
    await reset();
  });

  test('slow: one comment per commenter, and nothing typed is lost', async () => {
    await set({ slow: '10' });
    assert.match(await seen(), /Everybody can write here once every 10 minutes/);
    const reader = new Reader(room.origin);
    assert.equal((await write(reader)).status, 303);
    const form = await reader.form(ARTICLE, '/comments');
    const early = await reader.post(form.action, { ...form.fields, name: 'Madina', text: 'Too early, but *kept*.' });
    assert.equal(early.status, 429);
    assert.match(early.body, /You can send yours in (9|10) minutes; nothing is lost/);
    assert.match(early.body, />\nToo early, but \*kept\*\.<\/textarea>/);
    const wait = Number(early.headers['retry-after']);
    assert.ok(wait > 500 && wait <= 600, `${wait}`);
    assert.equal((await write(new Reader(room.origin))).status, 303, 'somebody else');
    for (const slow of ['1441', '-1', '1.5', '99999', 'ten', '9'.repeat(60)]) {
      const answer = await set({ slow, closes: 'never' });
      assert.equal(answer.status, 422, slow);
      assert.match(answer.body, new RegExp(`name="slow" value="${slow}"[^>]* aria-describedby="h-slow e-slow" aria-invalid="true">`));
      assert.match(answer.body, /<b class="error" id="e-slow">This is not a whole number of minutes from 0 to 1,440\./);
      assert.match(answer.body, /role="alert">[\s\S]*?href="#f-closes"[\s\S]*?href="#f-slow"/, 'all that is wrong at once');
      assert.equal(answer.body.match(/role="alert"/g).length, 1);
    }
    await reset();
    assert.equal((await write(reader)).status, 303);
  });

  test('has a message above its form, plain text, by language', async () => {
    const n = (await controls()).message.length;
    const message = ['For <b>all</b> & everybody', ...Array(n - 1).fill('')];
    const languages = [...(await admin.get(at)).body.matchAll(/name="message"[^>]*lang="(\w+)"/g)].map(([, l]) => l);
    message[1 + languages.indexOf('ru')] = 'Просим без оскорблений.';
    assert.equal((await set({ message })).status, 303);
    assert.match(await seen(), /For &lt;b&gt;all&lt;\/b&gt; &amp; everybody/);
    const link = (await seen()).match(/hreflang="ru" href="[^"]*(\/ru\/[^"]+)"/)[1];
    const page = await seen(link);
    assert.match(page, /Просим без оскорблений/);
    assert.doesNotMatch(page, /For &lt;b&gt;all/);
    assert.match((await new Reader(room.origin).get(`${ARTICLE}/comments/2/reply`)).body, /For &lt;b&gt;all/);
    message[0] = 'ә'.repeat(501);
    const long = await set({ message });
    assert.equal(long.status, 422);
    assert.match(long.body, /<a href="#m0">A message can have at most 500 characters/);
    assert.match(long.body, /<textarea id="m0"[^>]* aria-describedby="h-messages e-m0" aria-invalid="true">/);
    assert.equal(long.body.match(/class="error"/g).length, 1, 'at the one that is too long');
    assert.ok(long.body.includes(message[0]), 'what was typed is there');
    await reset();
    assert.doesNotMatch(await seen(), /For &lt;b&gt;all/);
  });

  test('what a moderator set survives its file, until the file says something new', async () => {
    await set({ mode: '2', closes: '' });
    const wished = (await admin.get(at)).body.match(/<dl class="facts">[\s\S]*?<\/dl>/)[0];
    assert.match(wished, /<dt>In every language<\/dt><dd>Open: they appear at once; closes on /);
    const publish = (change) => {
      for (const lang of ['en', 'ru', 'kk', 'uz', 'ar']) { // they share one wish
        const file = path.join(news, `articles/reservoir-returns.${lang}.md`);
        writeFileSync(file, change(readFileSync(file, 'utf8')));
      }
      room.run('publish', '--dir', room.dir, news);
    };
    publish((text) => text);
    assert.equal((await controls()).mode, '2', 'the same file');
    publish((text) => `${text}\nOne more sentence.\n`);
    assert.deepEqual([(await controls()).mode, (await controls()).closes], ['2', ''], 'another text, the same wish');
    publish((text) => text.replace('conversation: open', 'conversation: first'));
    assert.equal((await controls()).mode, '1', 'another wish');
    publish((text) => text.replace(/^conversation_closes: .*$/m, 'conversation_closes: 2026-11-20T10:00:20+05:00'));
    assert.match(await seen(), /This conversation is closed/);
    assert.match((await admin.get(at)).body, /<p class="standfirst">Closed since November 20, 2026[^<]*10:00/);
    assert.equal((await set({ slow: '3' })).status, 303, 'a time that was set before and has passed is no fault');
    assert.match(await seen(), /This conversation is closed/);
    assert.equal((await set({ closes: '2026-11-20T10:01' })).status, 422, 'another one is');
    await reset();
    assert.doesNotMatch((await admin.get(at)).body, /Closed since/);
  });
});

describe('the whole site', () => {
  const hold = async (on, reader = admin) => {
    const form = forms((await reader.get('/mod/site')).body).find((f) => f.action === '/mod/site/hold');
    return reader.post('/mod/site/hold', { ...form.fields, on });
  };

  test('one switch holds everything, is seen by the team and the readers, and is in the ledger', async () => {
    const senior = await join('Senior two', '2');
    const editor = await join('Editor two', '3');
    assert.equal((await senior.get('/mod/site')).status, 403);
    assert.doesNotMatch((await senior.get('/mod')).body, /\/mod\/site/);
    assert.match((await editor.get('/mod')).body, /href="\/mod\/site"/);
    const before = await seen();
    assert.doesNotMatch(before, /A moderator reads every comment/);
    assert.equal((await hold('1', editor)).headers.location, '/mod/site?done=saved');
    for (const page of ['/mod', '/mod?state=published', '/mod/account', at]) {
      assert.match((await senior.get(page)).body, /Every new comment on the site is held: Editor two/, page);
    }
    assert.match(await seen(), /A moderator reads every comment before it appears/);
    const reader = new Reader(room.origin);
    const posted = await write(reader);
    const number = numberOf(posted.headers.location);
    assert.doesNotMatch(await seen(), new RegExp(`id="c${number}"`));
    assert.match((await senior.get('/mod')).body, /Everything on the site was held when it came/);
    assert.match((await admin.get('/mod/site')).body, /Last changed: Editor two/);
    assert.equal((await hold('0', editor)).status, 303);
    assert.doesNotMatch((await senior.get('/mod')).body, /Every new comment on the site is held/);
    assert.doesNotMatch(await seen(), /A moderator reads every comment/);
    assert.equal((await write(new Reader(room.origin))).status, 303);
    const printed = room.run('ledger', 'verify', '--dir', room.dir);
    assert.match(printed, /verified|sound|good|whole/i);
  });

  test('new articles begin as the site says, where their file says nothing', async () => {
    const mode = async (value) => {
      const form = forms((await admin.get('/mod/site')).body).find((f) => f.action === '/mod/site/mode');
      return admin.post('/mod/site/mode', { ...form.fields, mode: value });
    };
    assert.match((await admin.get('/mod/site')).body, /value="4" required checked> <label for="mode4">As the settings say \(Open/);
    assert.equal((await mode('2')).status, 303);
    assert.match((await admin.get('/mod/site')).body, /value="2" required checked>/);
    const existing = await seen(OTHER);
    writeFileSync(path.join(news, 'articles/brand-new.en.md'),
      readFileSync(path.join(news, 'articles/reservoir-returns.en.md'), 'utf8')
        .replace('article: reservoir-returns', 'article: brand-new')
        .replace('slug: the-reservoir-that-came-back', 'slug: brand-new')
        .replace(/^conversation.*\n/gm, ''));
    room.run('publish', '--dir', room.dir, news);
    assert.match(await seen('/en/brand-new'), /A moderator reads every comment before it appears/);
    assert.equal((await seen(OTHER)).length, existing.length, 'conversations that exist stay as they are');
    assert.equal((await mode('5')).status, 422);
    assert.equal((await mode('4')).status, 303);
    assert.match((await admin.get('/mod/site')).body, /value="4" required checked>/);
  });
});
