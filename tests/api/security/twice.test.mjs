/*
 * Sending twice: one click too many stores one comment, two readers store two, and nobody gets a
 * key that is another's.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { FAST, HELD, OPEN, OTHER, Reader, ask, complaints, database, hidden } from './lib.mjs';

const KEY = 'aitys-key';
let room, db;
let serial = 0;
const words = () => `Words ${++serial}, said only here.`;
const stored = async (text) => (await db.all(`SELECT count(*) FROM comment WHERE text = '${text}'`))[0][0];

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000' });
  db = database(room);
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

for (const keyed of [false, true]) {
  describe(`a form ${keyed ? 'with a key of its own' : 'from a cached page'}`, () => {
    const form = async (who, text) => ({
      ...await who.fields(OPEN), name: 'Twice', text,
      ...(keyed ? { key: Array.from({ length: 64 }, () => '0123456789abcdef'[Math.floor(Math.random() * 16)]).join('').slice(0, 32) } : {}),
    });

    test('sent twice at once: one comment, both are led to it', async () => {
      const who = new Reader(room);
      const fields = await form(who, words());
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask(room, `${OPEN}/comments`, { form: fields })));
      assert.deepEqual([...new Set(answers.map((a) => a.status))], [303]);
      assert.equal(new Set(answers.map((a) => a.headers.location)).size, 1);
      assert.equal(await stored(fields.text), 1);
      // A key of the form's own proves the sender: whichever answer the browser kept brings the
      // cookie. From a cached page nothing does, so that later answers may come without.
      const withKey = answers.filter((answer) => answer.cookies.length === 1);
      assert.ok(keyed ? withKey.length === 4 : withKey.length >= 1);
      for (const answer of withKey) {
        const author = new Reader(room);
        author.jar.set(KEY, answer.cookies[0].match(/=([0-9a-f]{64})/)[1]);
        const at = answer.headers.location.replace(/[?#].*/, '');
        assert.equal((await author.get(`${at}/edit`)).status, 200);
      }
    });

    test('sent again after the answer was lost: one comment', async () => {
      const who = new Reader(room);
      const fields = await form(who, words());
      const first = await who.post(`${OPEN}/comments`, fields);
      const again = await who.post(`${OPEN}/comments`, fields);
      assert.equal(again.status, 303);
      assert.equal(again.headers.location, first.headers.location);
      assert.equal(await stored(fields.text), 1);
    });

    test('back, and other words: both are stored', async () => {
      const who = new Reader(room);
      const fields = await form(who, words());
      const other = words();
      assert.equal((await who.post(`${OPEN}/comments`, fields)).status, 303);
      const second = await who.post(`${OPEN}/comments`, { ...fields, text: other });
      assert.equal(second.status, 303);
      assert.equal(await stored(fields.text), 1);
      assert.equal(await stored(other), 1);
    });

    test('the same form under another article is refused, not stored there', async () => {
      const who = new Reader(room);
      const fields = await form(who, words());
      assert.equal((await who.post(`${OTHER}/comments`, fields)).status, 403);
      assert.equal(await stored(fields.text), 0);
    });
  });
}

describe('two readers', () => {
  test('with the same name from the same cached page: two comments', async () => {
    const token = await new Reader(room).fields(OPEN);
    const texts = [words(), words()];
    const one = await ask(room, `${OPEN}/comments`, { form: { ...token, name: 'Aliya', text: texts[0] }, from: '127.0.7.1' });
    const two = await ask(room, `${OPEN}/comments`, { form: { ...token, name: 'Aliya', text: texts[1] }, from: '127.0.7.2' });
    assert.deepEqual([one.status, two.status], [303, 303]);
    assert.notEqual(one.headers.location, two.headers.location);
    assert.notEqual(one.cookies[0], two.cookies[0]);
  });

  test('with the same words from two networks: the second is told why', async () => {
    const token = await new Reader(room).fields(OPEN);
    const form = { ...token, name: 'Aliya', text: words() };
    assert.equal((await ask(room, `${OPEN}/comments`, { form, from: '127.0.7.3' })).status, 303);
    const second = await ask(room, `${OPEN}/comments`, { form, from: '127.0.7.4' });
    assert.equal(second.status, 409);
    assert.ok(second.text.includes(form.text), 'and keeps the words');
    assert.deepEqual(second.cookies, []);
    assert.equal(await stored(form.text), 1);
  });

  test('whoever copies a comment from the page, and sends it as his own, never gets its author\'s key', async (t) => {
    // One network and one kind of browser: an onion service, a village behind one address.
    const headers = { 'user-agent': 'Tor Browser', 'accept-language': 'en-US' };
    const thief = new Reader(room, { headers });
    const cached = await thief.fields(OPEN); // the page that everybody has
    const victim = new Reader(room, { headers });
    const text = words();
    const posted = await victim.post(`${OPEN}/comments`, { ...await victim.fields(OPEN), name: 'Victim', text });
    assert.equal(posted.status, 303);
    const stolen = await thief.post(`${OPEN}/comments`, { ...cached, name: 'Victim', text });
    t.diagnostic(`the copy was answered ${stolen.status}, ${stolen.cookies.length} cookies`);
    const at = posted.headers.location.replace(/[?#].*/, '');
    assert.equal((await thief.get(`${at}/withdraw`)).status, 403, 'the thief may withdraw the victim\'s comment');
  });

  test('keys that people choose badly are no way to another\'s comment', async () => {
    const fields = await new Reader(room).fields(OPEN);
    for (const key of ['', '0', '0'.repeat(32), '0'.repeat(64), 'x', 'ff']) {
      const text = words();
      const victim = await ask(room, `${OPEN}/comments`, { form: { ...fields, key, name: 'Weak', text }, from: '127.0.8.1', headers: { 'user-agent': 'A' } });
      const thief = new Reader(room, { from: '127.0.8.2', headers: { 'user-agent': 'B' } });
      await thief.post(`${OPEN}/comments`, { ...await thief.fields(OPEN), key: 'f'.repeat(32), name: 'Weak', text });
      assert.equal((await thief.get(`${victim.headers.location.replace(/[?#].*/, '')}/withdraw`)).status, 403, key);
    }
  });
});

describe('ratings', () => {
  test('one reader, one answer, which may change; a second click counts once', async () => {
    const tally = async () => (await db.all(`SELECT yes, no FROM thread t JOIN edition e ON e.article = t.id WHERE e.lang = 'en' AND e.slug = '${HELD.slice(4)}'`))[0];
    const [yes, no] = await tally();
    const who = new Reader(room);
    const form = async (answer) => ({ token: hidden((await who.get(HELD)).text, 'token', `${HELD}/rating`), answer });
    await who.post(`${HELD}/rating`, await form('yes'));
    await who.post(`${HELD}/rating`, await form('yes'));
    assert.deepEqual(await tally(), [yes + 1, no]);
    await who.post(`${HELD}/rating`, await form('no'));
    assert.deepEqual(await tally(), [yes, no + 1]);
    const double = await form('yes');
    await Promise.all([1, 2, 3].map(() => ask(room, `${HELD}/rating`, { form: double })));
    assert.deepEqual(await tally(), [yes + 1, no + 1], 'a double click before the cookie came');
    const raters = await db.all('SELECT hex(rater) FROM rating');
    assert.ok(raters.every(([r]) => !who.jar.get('aitys-rating').toUpperCase().includes(r)));
  });
});
