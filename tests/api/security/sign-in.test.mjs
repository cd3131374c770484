/*
 * Signing in: sessions are fresh, end when they should, and tell nothing to whoever guesses.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { FAST, HELD, OPEN, Reader, ask, commentId, complaints, database, everything, hidden } from './lib.mjs';

const SESSION = 'aitys-mod';
let room, db;

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

const opens = async (cookie) => (await ask(room, '/mod', { headers: { cookie: `${SESSION}=${cookie}` } })).status === 200;

describe('sessions', () => {
  test('a session that the client chose is never taken: no fixation', async () => {
    const chosen = 'ab'.repeat(32);
    const who = new Reader(room);
    who.jar.set(SESSION, chosen);
    assert.equal((await who.signIn()).status, 303);
    assert.notEqual(who.jar.get(SESSION), chosen);
    assert.equal(await opens(chosen), false);
    assert.equal(await opens(who.jar.get(SESSION)), true);
  });

  test('every sign-in has a session of its own, of 256 bits', async () => {
    const tokens = [];
    for (let i = 0; i < 3; i++) {
      const who = new Reader(room);
      await who.signIn();
      tokens.push(who.jar.get(SESSION));
    }
    assert.equal(new Set(tokens).size, 3);
    for (const token of tokens) assert.match(token, /^[0-9a-f]{64}$/);
  });

  test('the database has hashes only: whoever reads it cannot sign in', async () => {
    const who = new Reader(room);
    await who.signIn();
    const rows = (await db.all('SELECT hash FROM session')).map(([hash]) => hash);
    assert.ok(rows.length > 0 && !rows.includes(who.jar.get(SESSION)));
    for (const hash of rows) assert.equal(await opens(hash), false);
    const [[password]] = await db.all("SELECT password FROM moderator WHERE name = 'moderator'");
    assert.match(password, /^\$argon2id\$/);
  });

  test('it ends at sign-out, at once and for good; others go on', async () => {
    const [one, two] = [new Reader(room), new Reader(room)];
    await one.signIn();
    await two.signIn();
    const cookie = one.jar.get(SESSION);
    const answer = await one.post('/mod/sign-out', { token: hidden((await one.get('/mod')).text, 'token', '/mod/sign-out') });
    assert.equal(answer.status, 303);
    assert.match(answer.cookies[0], /Max-Age=0/i);
    assert.equal(await opens(cookie), false);
    assert.equal((await two.get('/mod')).status, 200);
  });

  test('a new password ends all of a moderator\'s sessions', async () => {
    room.run('moderator', 'add', '--dir', room.dir, 'leaver');
    const password = room.run('moderator', 'password', '--dir', room.dir, 'leaver').match(/\S{10,}/g).find((w) => !/leaver|password/i.test(w));
    const who = new Reader(room);
    assert.equal((await who.signIn({ name: 'leaver', password })).status, 303);
    assert.equal((await who.get('/mod')).status, 200);
    room.run('moderator', 'password', '--dir', room.dir, 'leaver');
    assert.notEqual((await who.get('/mod')).status, 200);
    assert.equal((await new Reader(room).signIn({ name: 'leaver', password })).status, 422);
  });

  test('broken, cut, longer, upper-case and doubled session cookies open nothing', async () => {
    const who = new Reader(room);
    await who.signIn();
    const good = who.jar.get(SESSION);
    for (const cookie of [good.slice(0, -1), `${good}0`, `${good} `.repeat(2).trim(), `"${good}"x`, '', '0'.repeat(64), `${good.slice(0, -1)}g`]) {
      assert.equal(await opens(cookie), false, cookie);
    }
  });

  test('without a session every page for moderators leads to the door, every form is refused', async () => {
    const { number } = await new Reader(room).comment(HELD, { text: 'Decide on me.' });
    const id = await commentId(db, HELD, number);
    const before = await everything(db);
    for (const target of ['/mod', '/mod?state=spam', `/mod/comments/${id}`, '/mod/comments/999999']) {
      const answer = await ask(room, target);
      assert.equal(answer.status, 303, target);
      assert.match(answer.headers.location, /^\/mod\/sign-in(\?|$)/);
      assert.equal(answer.bytes.length === 0 || !answer.text.includes('Decide on me'), true);
    }
    for (const what of ['publish', 'reject', 'spam', 'withdraw']) {
      assert.equal((await ask(room, `/mod/comments/${id}/${what}`, { form: { reason: 'insult', rev: '0.0.0.0' } })).status, 403);
    }
    assert.deepEqual(await everything(db), before);
  });
});

describe('guessing', () => {
  test('an unknown name and a wrong password are told in the same words', async () => {
    const [known, unknown] = [await new Reader(room).signIn({ name: 'moderator', password: 'not the right one' }),
      await new Reader(room).signIn({ name: 'moderatos', password: 'not the right one' })];
    const same = (answer) => answer.text.replace(/value="[^"]*"/g, '');
    assert.equal(known.status, unknown.status);
    assert.equal(same(known), same(unknown));
    assert.doesNotMatch(known.text, /not the right one/);
  });

  test('and take equally long, roughly', async (t) => {
    const times = { moderator: [], nobodyatall: [] };
    for (let i = 0; i < 9; i++) {
      for (const name of Object.keys(times)) {
        const who = new Reader(room);
        const token = hidden((await who.get('/mod/sign-in')).text, 'token', '/mod/sign-in');
        const started = process.hrtime.bigint();
        await who.post('/mod/sign-in', { token, name, password: `guess ${i}` });
        times[name].push(Number(process.hrtime.bigint() - started) / 1e6);
      }
    }
    const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
    const [known, unknown] = Object.values(times).map(median);
    t.diagnostic(`known ${known.toFixed(0)} ms, unknown ${unknown.toFixed(0)} ms`);
    assert.ok(known / unknown < 1.6 && unknown / known < 1.6, `${known} ms against ${unknown} ms`);
    assert.ok(unknown > 20, 'a password is hashed for unknown names as well');
  });

  test('names and passwords of any kind: no error, no injection', async () => {
    const odd = ["' OR 1=1 --", 'moderator\u0000', 'moderator ', 'MODERATOR', '%', '_oderator', 'm'.repeat(60), '\u{1F600}', '../../x'];
    for (const name of odd) {
      const answer = await new Reader(room).signIn({ name, password: room.moderator.password });
      assert.equal(answer.status, 422, name);
      assert.deepEqual(answer.cookies, []);
    }
    for (const password of ['', ' ', room.moderator.password + ' ', room.moderator.password.toUpperCase(), 'x'.repeat(200), 'x'.repeat(5000), '\u0000']) {
      const answer = await new Reader(room).signIn({ name: 'moderator', password });
      assert.ok([413, 422].includes(answer.status), `${password.slice(0, 20)}: ${answer.status}`);
      assert.deepEqual(answer.cookies, []);
    }
  });

  test('passwords are hashed one by one while readers are served', async () => {
    const token = hidden((await new Reader(room).get('/mod/sign-in')).text, 'token', '/mod/sign-in');
    const many = Array.from({ length: 30 }, (_, i) => ask(room, '/mod/sign-in', { form: { token, name: 'moderator', password: `flood ${i}` } }));
    const started = Date.now();
    assert.equal((await ask(room, `${OPEN}?order=newest`)).status, 200);
    assert.equal((await new Reader(room).comment(OPEN, { text: `During a flood ${Math.random()}.` })).status, 303);
    const took = Date.now() - started;
    const answers = await Promise.all(many);
    assert.ok(took < 2500, `${took} ms`);
    for (const { status } of answers) assert.ok([422, 503].includes(status), `${status}`);
  });
});

describe('the limits of a malicious moderator', () => {
  test('a moderator cannot publish what was withdrawn, nor change or remove a decision', async () => {
    const author = new Reader(room);
    const moderator = new Reader(room);
    await moderator.signIn();
    const { number } = await author.comment(HELD, { text: 'My words are mine.' });
    const id = await commentId(db, HELD, number);
    assert.equal((await moderator.decide(id, 'reject')).status, 303);
    await author.withdraw(HELD, number);
    const log = JSON.stringify(await db.all(`SELECT * FROM decision WHERE comment = ${id}`));
    for (const what of ['publish', 'reject', 'spam', 'withdraw']) assert.equal((await moderator.decide(id, what)).status, 409, what);
    assert.equal(JSON.stringify(await db.all(`SELECT * FROM decision WHERE comment = ${id}`)), log);
  });

  test('a moderator learns nothing that identifies a commenter', async () => {
    const author = new Reader(room, { from: '127.0.44.5', headers: { 'user-agent': 'Identifiable/1' } });
    const { number } = await author.comment(HELD, { text: 'Who am I?' });
    const moderator = new Reader(room);
    await moderator.signIn();
    const id = await commentId(db, HELD, number);
    const [[key]] = await db.all(`SELECT lower(hex(commenter)) FROM comment WHERE id = ${id}`);
    for (const target of ['/mod', `/mod/comments/${id}`, `/mod/commenters/${key}`]) {
      const { status, text } = await moderator.get(target);
      assert.equal(status, 200, target);
      assert.doesNotMatch(text, /127\.0\.44\.5|Identifiable/);
      for (const secret of author.jar.values()) assert.ok(!text.includes(secret));
      const [[commenter, hash]] = await db.all(`SELECT hex(c.commenter), hex(g.key_hash) FROM comment c JOIN commenter g ON g.id = c.commenter WHERE c.id = ${id}`);
      /* Addresses within the console name them by an id that serves for nothing else. */
      const elsewhere = text.replaceAll(/(\/mod\/commenters\/|\bcommenter=)[0-9a-f]{32}\b/g, '').toUpperCase();
      assert.ok(!elsewhere.includes(commenter) && !text.toUpperCase().includes(hash));
    }
  });

  test('a moderator cannot write or edit in another\'s name', async () => {
    const author = new Reader(room);
    const { number } = await author.comment(OPEN, { text: 'Only I may edit this.' });
    const moderator = new Reader(room);
    await moderator.signIn();
    await moderator.comment(OPEN, { name: 'Plain', text: 'I have a key as well.' });
    for (const what of ['edit', 'withdraw']) {
      assert.equal((await moderator.get(`${OPEN}/comments/${number}/${what}`)).status, 403);
      const { token } = await moderator.fields(OPEN);
      assert.equal((await moderator.post(`${OPEN}/comments/${number}/${what}`, { token, text: 'Forged.' })).status, 403);
    }
  });
});
