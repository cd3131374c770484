/* The queue: what each card says, filters and chips, pages, states of the tabs. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, unescape } from './client.mjs';
import { bring, cards, find, join, send, write } from './team.mjs';

const HELD = '/en/fourteen-pupils-and-one-bell';
const OPEN = '/en/the-reservoir-that-came-back';
let room, moderator;

before(async () => {
  room = await newsroom({ AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '1000' });
  moderator = await join(room, 'Moira', 'moderator');
  bring(room, 'old-orchard', Array.from({ length: 60 }, (_, i) => ({ number: i + 1, text: `Apple number ${i + 1}.` })));
});
after(() => room?.stop());

const links = (html) => [...html.matchAll(/href="(\/mod\?[^"]*)"/g)].map(([, to]) => unescape(to));

describe('a card', () => {
  test('says what it answers, under what, why it is here, and leads on', async () => {
    await write(room, HELD, 'Please hold *me* for reading.', undefined, 'Saule');
    const page = (await moderator.get('/mod?rule=mode%3Aheld')).body;
    const card = cards(page).find((c) => c.text.includes('for reading'));
    assert.match(card.html, /<em>me<\/em>/);
    assert.match(card.html, /Fourteen pupils/i);
    assert.match(card.text, /Every comment in this conversation is read first\./);
    assert.match(card.html, /href="\/mod\/commenters\/[0-9a-f]{32}"/);
    assert.match(card.html, new RegExp(`href="/mod/comments/${card.id}"`));
    assert.match(card.html, /href="\/mod\?state=all&amp;article=\d+"/);
    for (const what of ['publish', 'reject', 'spam', 'withdraw']) {
      assert.match(card.html, new RegExp(`formaction="/mod/comments/${card.id}/${what}"`), what);
    }
    assert.doesNotMatch(card.html, /\/(hold|feature|unfeature)"/, 'what a held comment cannot become');
  });

  test('shows the sentence of each reason as the author will read it', async () => {
    const [card] = cards((await moderator.get('/mod')).body);
    assert.match(card.html, /<option value="insult" dir="auto">Insult: It insults a person\.<\/option>/);
  });

  test('escapes what readers wrote', async () => {
    await write(room, HELD, 'a <script>alert(1)</script> b', undefined, 'O"Hara & <b>');
    const page = (await moderator.get('/mod?rule=mode%3Aheld')).body;
    assert.doesNotMatch(page, /<script>alert/);
    assert.match(page, /&lt;script&gt;alert/);
    assert.match(page, /O&quot;Hara &amp; &lt;b&gt;/);
  });
});

describe('filters', () => {
  test('by article: a card leads there, a chip leads away', async () => {
    const [card] = cards((await moderator.get('/mod')).body);
    const to = links(card.html).find((l) => l.includes('article='));
    const page = (await moderator.get(to)).body;
    assert.ok(cards(page).length > 0);
    const headlines = new Set(cards(page).map((c) => c.html.match(/<h2>.*?<a [^>]*>([^<]*)</s)[1]));
    assert.equal(headlines.size, 1);
    assert.match(page, /class="chips"[\s\S]*Article: <bdi>/);
    assert.ok(links(page).includes('/mod?state=all'), 'the chip leads to the same filter without the article');
  });

  test('by language, rule and commenter; together all must hold', async () => {
    bring(room, 'old-orchard', [{ number: 101, text: 'Алма туралы сөз.', lang: 'kk', name: 'Айгүл' }]);
    const kk = cards((await moderator.get('/mod?lang=kk')).body);
    assert.ok(kk.some((c) => c.text.includes('Алма туралы')));
    assert.ok(kk.every((c) => /lang="kk"/.test(c.html)));
    assert.equal(cards((await moderator.get('/mod?lang=kk&rule=mode%3Aheld')).body)
      .filter((c) => c.text.includes('Алма туралы')).length, 0);
    const id = kk.find((c) => c.text.includes('Алма туралы')).html.match(/commenters\/([0-9a-f]{32})/)[1];
    const theirs = cards((await moderator.get(`/mod?state=all&commenter=${id}`)).body);
    assert.deepEqual(theirs.map((c) => c.text.includes('Алма туралы')), [true]);
  });

  test('by a rule of the site: the form names it, and what it met is counted', async () => {
    const editor = await join(room, 'Edil', 'editor');
    const name = 'Vegetables <b>"&';
    const made = await send(editor, '/mod/new-rule/words', '/words', { name, does: '2', on: '1', words: 'turnip' });
    assert.equal(made.status, 303);
    const value = `rule:${made.headers.location.match(/rules\/(\d+)/)[1]}`;
    const option = () => moderator.get('/mod').then(({ body }) => body.match(/<select id="q-rule".*?<\/select>/s)[0]
      .match(new RegExp(`<option value="${value}"[^>]*>(.*?)</option>`))?.[1]);
    for (const end = Date.now() + 3000; !await option() && Date.now() < end;) await sleep(50);
    assert.equal(unescape(await option()), `Word list “${name}”`, 'as the team named it');
    assert.doesNotMatch(await option(), /<|"/, 'and escaped');
    for (let i = 0; i < 3; i++) await write(room, OPEN, `A turnip, and another: ${i}.`);

    const form = forms((await moderator.get('/mod')).body).find((f) => f.html.includes('id="q-rule"'));
    const page = (await moderator.get(`${form.action}?${new URLSearchParams({ lang: '', edition: '', rule: value })}`)).body;
    assert.equal(cards(page).length, 3);
    assert.ok(cards(page).every((c) => c.text.includes('turnip')));
    assert.match(page, new RegExp(`<option value="${value}"[^>]* selected>`));
    const senior = await join(room, 'Sania', 'senior');
    const asked = await send(senior, `/mod?rule=${encodeURIComponent(value)}`, '/mod/batches/ask', { action: 'publish', filter: `rule=${encodeURIComponent(value)}` });
    assert.match(asked.body, /\b3 comments\b/);

    assert.equal((await send(editor, '/mod/rules', `/${value.slice(5)}/switch`, { on: '0' })).status, 303);
    assert.ok(await option(), 'one that is off has still met what it met');
    assert.equal((await send(editor, `/mod/rules/${value.slice(5)}/remove`, '/remove')).status, 303);
    for (const end = Date.now() + 3000; await option() && Date.now() < end;) await sleep(50);
    assert.equal(await option(), undefined, 'one that is gone is not offered');
    const still = (await moderator.get(`/mod?rule=${encodeURIComponent(value)}`)).body;
    assert.equal(cards(still).length, 3, 'but whoever has its address finds what it met');
    assert.match(still, new RegExp(`<option value="${value}"[^>]* selected>`));
  });

  test('the form keeps article and state and forgets what any will do', async () => {
    const page = (await moderator.get('/mod?state=published&article=1&lang=&edition=&rule=')).body;
    assert.match(page, /<input type="hidden" name="state" value="published">/);
    assert.match(page, /<input type="hidden" name="article" value="1">/);
  });

  test('what is no filter is what is held; nothing of it is on the page', async () => {
    for (const query of ['state=nonsense', 'commenter=zz', 'article=-1', 'rule=%00', `rule=${'x'.repeat(900)}`]) {
      const answer = await moderator.get(`/mod?${query}`);
      assert.equal(answer.status, 200, query);
      assert.doesNotMatch(answer.body, /nonsense|<script>|class="chips"/, query);
    }
  });

  test('a language that is none finds nothing, and is shown as what it is', async () => {
    const page = (await moderator.get('/mod?lang=%22%3E%3Cscript%3E')).body;
    assert.equal(cards(page).length, 0);
    assert.match(page, /<bdi>&quot;&gt;&lt;script&gt;<\/bdi>/);
    assert.doesNotMatch(page, /<script>/);
  });

  test('every tab answers, and is marked as the current one', async () => {
    for (const state of ['held', 'reported', 'opinion', 'published', 'rejected', 'spam', 'withdrawn', 'featured', 'all']) {
      const answer = await moderator.get(`/mod?state=${state}`);
      assert.equal(answer.status, 200, state);
      const tabs = answer.body.match(/<nav class="langs tabs".*?<\/nav>/s)[0];
      assert.equal(tabs.match(/aria-current="page"/g).length, 1, state);
    }
  });
});

describe('pages', () => {
  test('lead through all that is held, each once', async () => {
    const seen = [];
    let to = '/mod';
    for (let pages = 0; to && pages < 20; pages++) {
      const page = (await moderator.get(to)).body;
      seen.push(...cards(page).map((c) => c.id));
      to = page.match(/<a href="([^"]*)" rel="next">/)?.[1].replaceAll('&amp;', '&');
    }
    assert.equal(new Set(seen).size, seen.length, 'none twice');
    const count = Number((await moderator.get('/mod')).body.match(/data-count="held">([\d,]+)/)[1].replace(',', ''));
    assert.equal(seen.length, count, 'as many as the tab says');
  });
});

describe('readers', () => {
  test('a featured comment is marked on the article, and nothing else of the console is there', async () => {
    const { number } = await write(room, OPEN, 'A thought worth showing.', undefined, 'Dana');
    const id = await find(moderator, 'A thought worth showing.', '?state=published');
    const reader = new Reader(room.origin);
    assert.doesNotMatch((await reader.get(OPEN)).body, /Editors’ pick/);
    assert.equal((await moderator.decide(id, 'feature')).status, 303);
    const page = (await reader.get(OPEN)).body;
    assert.match(page.match(new RegExp(`id="c${number}".*?</li>`, 's'))[0], /Editors’ pick/);
    assert.doesNotMatch(page, /\/mod\/|data-console|console\.js|formaction/);
    assert.equal((await moderator.decide(id, 'unfeature')).status, 303);
    assert.doesNotMatch((await reader.get(OPEN)).body, /Editors’ pick/);
  });

  test('the console\'s script comes with the console only', async () => {
    assert.match((await moderator.get('/mod')).body, /<script src="\/assets\/[0-9a-f]+\/console\.js" defer>/);
    assert.doesNotMatch((await new Reader(room.origin).get(OPEN)).body, /console\.js/);
  });
});
