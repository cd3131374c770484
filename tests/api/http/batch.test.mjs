/* Many comments decided on as one: asking, going on by itself, undo of the whole. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';
import { bring, cards, join } from './team.mjs';

const MANY = 1250;
let room, moderator, other, senior;

before(async () => {
  room = await newsroom();
  moderator = await join(room, 'Moira', 'moderator');
  other = await join(room, 'Murat', 'moderator');
  senior = await join(room, 'Sania', 'senior');
  bring(room, 'old-orchard', Array.from({ length: 40 }, (_, i) => ({ number: i + 1, text: `Apple ${i + 1}.` })));
  bring(room, 'old-orchard', Array.from({ length: MANY }, (_, i) => (
    { number: 1001 + i, text: `Pear ${i + 1}.`, lang: 'uz', at: '2026-10-21T09:00:00Z' })));
});
after(() => room?.stop());

const article = async () => (await moderator.get('/mod')).body.match(/href="(\/en\/[^"]*orchard[^"]*)"/)?.[1];

/** The form under the cards, with those of the ids chosen, as their boxes have it. */
async function chosen(reader, page, ids, fields) {
  const html = (await reader.get(page)).body;
  const form = forms(html).find((f) => f.action === '/mod/batches/ask');
  const pairs = new URLSearchParams({ ...form.fields, action: 'publish', reason: '', ...fields });
  pairs.delete('chosen');
  for (const id of ids) pairs.append('chosen', html.match(`name="chosen" value="(${id}\\.[^"]*)"`)[1]);
  return { action: form.action, pairs };
}
const post = (reader, path, pairs) => reader.post(path, pairs);

/** The confirmation's form as it stands. */
function confirm(html, fields = {}) {
  const inner = html.match(/<form class="decide many" method="post" action="\/mod\/batches">.*?<\/form>/s)?.[0];
  if (!inner) return null;
  const pairs = new URLSearchParams();
  for (const [, name, value] of inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) pairs.append(name, value.replaceAll('&amp;', '&'));
  for (const name of ['action', 'reason']) {
    pairs.set(name, inner.match(new RegExp(`name="${name}"[^>]*>.*?<option value="([^"]*)" selected>`, 's'))?.[1] ?? '');
  }
  for (const [name, value] of Object.entries(fields)) pairs.set(name, value);
  return pairs;
}

async function until(reader, to, words) {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await reader.get(to);
    if (words.test(answer.body)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${to} never said ${words}`);
}
const fact = (html, label) => Number(html.match(new RegExp(`<dt>${label}[^<]*</dt><dd>([\\d,]+)</dd>`))[1].replace(',', ''));

describe('a selection', () => {
  test('is asked about, decided, and undone as one', async () => {
    const ids = cards((await moderator.get('/mod')).body).slice(0, 7).map((c) => c.id);
    const form = await chosen(moderator, '/mod', ids, { action: 'publish' });
    const asked = await post(moderator, form.action, form.pairs);
    assert.equal(asked.status, 200);
    assert.match(asked.body, /7 comments/);
    assert.equal(asked.body.match(/<article class="case">/g).length, 5, 'the first few are shown');
    const begun = await post(moderator, '/mod/batches', confirm(asked.body));
    assert.equal(begun.status, 303);
    assert.match(begun.headers.location, /^\/mod\/batches\/\d+$/);
    const page = (await moderator.get(begun.headers.location)).body;
    assert.match(page, /Done\./, 'so few are done at once');
    assert.equal(fact(page, 'Decided'), 7);
    for (const id of ids) assert.match((await moderator.get(`/mod/comments/${id}`)).body, /one of many/);
    const undo = forms(page).find((f) => f.action.endsWith('/undo'));
    assert.equal((await moderator.post(undo.action, undo.fields)).status, 303);
    const undone = (await until(moderator, begun.headers.location, /Undone\./)).body;
    assert.equal(fact(undone, 'Decided'), 7, 'what was done is still told');
    assert.equal(fact(undone, 'Undone'), 7);
    assert.match(undone, /<b>Undone\.<\/b> 7 of 7</);
    assert.match((await moderator.get('/mod/batches')).body, /7 comments, of which undone: 7 <span class="tag">Undone\./);
    assert.ok(!forms(undone).some((f) => f.action.endsWith('/undo')), 'once only');
    const again = cards((await moderator.get('/mod')).body).map((c) => c.id);
    for (const id of ids) assert.ok(again.includes(id), 'held again');
  });

  test('of nothing is none; without a reason it comes back', async () => {
    const from = '/mod?state=held&lang=en';
    const none = await chosen(moderator, from, [], { action: 'spam', reason: 'hate', note: 'As <before>.' });
    const { status, body } = await post(moderator, none.action, none.pairs);
    assert.equal(status, 422);
    assert.match(body, /role="alert" data-notice>\s*<p><b>No comment is chosen\./);
    assert.match(body, /class="modbar"/);
    assert.match(body, /class="chips"[\s\S]*?English/, 'the same filter');
    assert.equal(cards(body).length, 25);
    assert.match(body, /<option value="spam" selected>/);
    assert.match(body, /<option value="hate"[^>]* selected>/);
    assert.match(body, />\nAs &lt;before&gt;\.<\/textarea>/);
    assert.match(forms(body).find((f) => f.action === none.action).fields.next, /^\/mod\?.*lang=en/, 'and where it came from');
    const late = await chosen(moderator, '/mod', [cards(body)[1].id], {});
    late.pairs.set('token', '0'.repeat(64));
    const expired = await post(moderator, late.action, late.pairs);
    assert.equal(expired.status, 403);
    assert.deepEqual([...expired.body.matchAll(/name="chosen" value="(\d+)[\d.]*" form="many" checked/g)].map(([, id]) => id), [cards(body)[1].id]);
    for (const next of ['https://example.com/', '/mod/batches', '/mod?after=x&lang=%ff']) {
      const strange = await chosen(moderator, '/mod', [], { next });
      assert.equal((await post(moderator, strange.action, strange.pairs)).status, 422, next);
    }
    const ids = cards((await moderator.get('/mod')).body).slice(0, 2).map((c) => c.id);
    const form = await chosen(moderator, '/mod', ids, { action: 'reject' });
    const asked = await post(moderator, form.action, form.pairs);
    const refused = await post(moderator, '/mod/batches', confirm(asked.body));
    assert.equal(refused.status, 422);
    assert.match(refused.body, /Please choose a reason\./);
    const begun = await post(moderator, '/mod/batches', confirm(refused.body, { reason: 'off-topic' }));
    assert.equal(begun.status, 303, 'what was chosen is still there');
    assert.equal(fact((await moderator.get(begun.headers.location)).body, 'Decided'), 2);
  });

  test('leaves alone what another decided since it was looked at', async () => {
    const ids = cards((await moderator.get('/mod')).body).slice(0, 3).map((c) => c.id);
    const form = await chosen(moderator, '/mod', ids, { action: 'publish' });
    await other.decide(ids[0], 'spam');
    const asked = await post(moderator, form.action, form.pairs);
    const begun = await post(moderator, '/mod/batches', confirm(asked.body));
    const page = (await moderator.get(begun.headers.location)).body;
    assert.equal(fact(page, 'Decided'), 2);
    assert.equal(fact(page, 'Left alone'), 1);
    assert.match((await moderator.get(`/mod/comments/${ids[0]}`)).body, /data-state="spam">Spam/);
  });

  test('is not undone by another moderator, but by a senior', async () => {
    const ids = cards((await moderator.get('/mod')).body).slice(0, 2).map((c) => c.id);
    const form = await chosen(moderator, '/mod', ids, { action: 'spam' });
    const asked = await post(moderator, form.action, form.pairs);
    const begun = await post(moderator, '/mod/batches', confirm(asked.body));
    const undo = forms((await moderator.get(begun.headers.location)).body).find((f) => f.action.endsWith('/undo'));
    assert.ok(!forms((await other.get(begun.headers.location)).body).some((f) => f.action.endsWith('/undo')));
    const token = forms((await other.get('/mod')).body).find((f) => f.fields.token).fields.token;
    assert.equal((await other.post(undo.action, { token })).status, 403);
    const theirs = forms((await senior.get(begun.headers.location)).body).find((f) => f.action.endsWith('/undo'));
    assert.equal((await senior.post(theirs.action, theirs.fields)).status, 303);
  });
});

describe('a whole filter', () => {
  test('is not a moderator\'s', async () => {
    const page = (await moderator.get('/mod?lang=uz')).body;
    assert.doesNotMatch(page, /name="filter" value=/);
    const form = await chosen(moderator, '/mod?lang=uz', [], { action: 'spam', filter: 'lang=uz' });
    const asked = await post(moderator, form.action, form.pairs);
    const pairs = asked.status === 200 ? confirm(asked.body) : form.pairs;
    assert.equal((await post(moderator, '/mod/batches', pairs)).status, 403);
  });

  test('by a commenter says the name, before and after', async () => {
    bring(room, 'old-orchard', [{ number: 501, text: 'A plum.', name: 'Zhibek', lang: 'kk' }]);
    const [card] = cards((await senior.get('/mod?lang=kk')).body).filter((c) => c.text.includes('A plum'));
    const filter = `commenter=${card.html.match(/commenters\/([0-9a-f]{32})/)[1]}`;
    const form = await chosen(senior, `/mod?${filter}`, [], { action: 'publish', filter });
    const asked = await post(senior, form.action, form.pairs);
    const chip = (html) => html.match(/class="chips"[\s\S]*?Commenter: <bdi>(.*?)<\/bdi>/)?.[1];
    assert.equal(chip(asked.body), 'Zhibek');
    const begun = await post(senior, '/mod/batches', confirm(asked.body));
    assert.equal(chip((await senior.get(begun.headers.location)).body), 'Zhibek');
  });

  test('that cannot be read is refused', async () => {
    for (const filter of ['state=x', 'nonsense', 'lang=', 'article=1;drop']) {
      const form = await chosen(senior, '/mod', [], { filter });
      assert.equal((await post(senior, form.action, form.pairs)).status, 422, filter);
    }
  });

  test('says how many, goes on by itself through a restart, drops readers\' pages, and is undone', { timeout: 120000 }, async () => {
    const where = await article();
    const reader = new Reader(room.origin);
    const before = (await reader.get(where)).body;
    const form = await chosen(senior, '/mod?lang=uz', [], { action: 'publish', filter: 'lang=uz' });
    const asked = await post(senior, form.action, form.pairs);
    assert.match(asked.body, /at least 1,001 comments/, 'so far it is counted');
    assert.match(asked.body, /Language of the comment/);
    const begun = await post(senior, '/mod/batches', confirm(asked.body));
    const open = await senior.get(begun.headers.location);
    if (/Going on/.test(open.body)) {
      assert.equal(open.headers.refresh, '2', 'the page renews itself');
      const still = await senior.get(`${begun.headers.location}?state=still`);
      assert.equal(still.headers.refresh, undefined, 'unless somebody wants it still');
    }
    await room.restart();
    const done = await until(senior, begun.headers.location, /Done\./);
    assert.equal(done.headers.refresh, undefined);
    assert.equal(fact(done.body, 'Decided'), MANY);
    assert.notEqual((await reader.get(where)).body, before, 'readers see them');
    const list = (await senior.get('/mod/batches')).body;
    assert.match(list, /1,250 comments/);
    const undo = forms(done.body).find((f) => f.action.endsWith('/undo'));
    assert.equal((await senior.post(undo.action, undo.fields)).status, 303);
    const undone = await until(senior, begun.headers.location, /Undone\./);
    assert.equal(fact(undone.body, 'Undone'), MANY);
    assert.equal(cards((await senior.get('/mod?lang=uz')).body).length, 25);
  });
});

test('one of somebody who was shut out stops, and can be undone', { timeout: 120000 }, async () => {
  const gone = await join(room, 'Gaukhar', 'senior');
  const form = await chosen(gone, '/mod?lang=uz', [], { action: 'spam', filter: 'lang=uz' });
  const asked = await post(gone, form.action, form.pairs);
  const begun = await post(gone, '/mod/batches', confirm(asked.body));
  await room.restart(() => room.run('moderator', 'disable', '--dir', room.dir, 'Gaukhar'));
  const at = begun.headers.location;
  const stopped = await until(senior, at, /Stopped, because whoever did it was shut out or has no right to it any more\./);
  const n = fact(stopped.body, 'Decided');
  assert.ok(n > 0 && n < MANY, `${n}`);
  assert.match((await senior.get('/mod/batches')).body, /Stopped, because/);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(fact((await senior.get(at)).body, 'Decided'), n);
  assert.equal((await other.get(at)).body.includes(`action="${at}/undo"`), false);
  const undo = forms(stopped.body).find((f) => f.action.endsWith('/undo'));
  assert.equal((await senior.post(undo.action, undo.fields)).status, 303);
  assert.equal(fact((await until(senior, at, /Undone\./)).body, 'Undone'), n);
});

test('a batch that does not exist is none', async () => {
  for (const id of ['0', '999', 'x', '-1']) assert.equal((await senior.get(`/mod/batches/${id}`)).status, 404, id);
});
