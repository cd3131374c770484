/*
 * Rule: unsafe methods are refused centrally unless Sec-Fetch-Site, Origin and token agree; no
 * handler can opt out. And reading changes nothing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import {
  CLOSED, FAST, HELD, OPEN, OTHER, Reader, ask, commentId, complaints, database, everything, hidden,
  routes,
} from './lib.mjs';

let room, db, author, moderator, own, heldId;
const targets = new Map(); // of the changing routes: { who, target, fields() }

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000' }, { host: 'localhost' });
  db = database(room);
  author = new Reader(room);
  moderator = new Reader(room);
  own = (await author.comment(OPEN, { text: 'Mine, and it shall stay as it is.' })).number;
  const held = (await author.comment(HELD, { text: 'Held, and waiting for a decision.' })).number;
  heldId = await commentId(db, HELD, held);
  assert.equal((await moderator.signIn()).status, 303);
  const page = await moderator.get(`/mod/comments/${heldId}`);
  const rev = page.text.match(/name="rev" value="([^"]*)"/)[1];
  const session = hidden(page.text, 'token');
  const stranger = new Reader(room);
  const write = async () => ({
    ...await stranger.fields(OPEN), name: 'Botagoz', text: `Said once ${Math.random()}.`,
  });
  const rating = async () => ({ token: hidden((await stranger.get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes' });
  const mine = (what) => async () => ({
    token: hidden((await author.get(`${OPEN}/comments/${own}/${what}`)).text, 'token',
      `${OPEN}/comments/${own}/${what}`), text: `Changed ${Math.random()}.`,
  });
  const decide = async () => ({ token: session, rev, reason: 'insult', note: '', next: '/mod', seq: '1' });
  const put = (pattern, who, target, fields) => targets.set(pattern, { who, target, fields });
  put('/{lang}/{slug}/comments', stranger, `${OPEN}/comments`, write);
  put('/{lang}/{slug}/preview', stranger, `${OPEN}/preview`, write);
  put('/{lang}/{slug}/rating', stranger, `${OPEN}/rating`, rating);
  put('/{lang}/{slug}/comments/{number}/report', stranger, `${OPEN}/comments/${own}/report`, async () => ({
    token: hidden((await stranger.get(`${OPEN}/comments/${own}/report`)).text, 'token', `${OPEN}/comments/${own}/report`),
    reason: 'insult', text: '',
  }));
  put('/mod/conversations/{id}', moderator, '/mod/conversations/1', async () => ({ token: session, mode: '3', slow: '5' }));
  put('/mod/site/hold', moderator, '/mod/site/hold', async () => ({ token: session, on: '1' }));
  put('/mod/site/mode', moderator, '/mod/site/mode', async () => ({ token: session, mode: '3' }));
  put('/{lang}/{slug}/comments/{number}/edit', author, `${OPEN}/comments/${own}/edit`, mine('edit'));
  put('/{lang}/{slug}/comments/{number}/withdraw', author, `${OPEN}/comments/${own}/withdraw`, mine('withdraw'));
  put('/mod/sign-in', stranger, '/mod/sign-in', async () => ({
    token: hidden((await stranger.get('/mod/sign-in')).text, 'token', '/mod/sign-in'), ...room.moderator,
  }));
  put('/mod/sign-in/passkey', stranger, '/mod/sign-in/passkey', async () => ({
    token: hidden((await stranger.get('/mod/sign-in')).text, 'token', '/mod/sign-in/passkey'),
  }));
  const [[key]] = await db.all(`SELECT lower(hex(commenter)) FROM comment WHERE id = ${heldId}`);
  const any = {
    code: '000000', current: 'x', fresh: '0123456789', again: '0123456789', name: 'Zhanna', password: 'x', role: '1', does: '2', on: '1', up: '1',
    words: 'tripwire', text: 'Said within the team.', trust: '1', days: '1', action: 'reject', reason: 'insult', chosen: `${heldId}`,
    seen: '1', expected: '1', seq: '1', lang: 'en',
  };
  for (const [pattern, target] of [
    ['/mod/second-step'], ['/mod/account/language'], ['/mod/account/password'], ['/mod/account/totp'], ['/mod/account/totp/off'], ['/mod/account/codes'],
    ['/mod/account/passkeys/{key}/name', '/mod/account/passkeys/00/name'], ['/mod/account/passkeys/{key}/remove', '/mod/account/passkeys/00/remove'],
    ['/mod/new-rule/{kind}', '/mod/new-rule/words'], ['/mod/new-rule/{kind}/try', '/mod/new-rule/words/try'],
    ['/mod/rules/{id}', '/mod/rules/999'],
    ...['try', 'switch', 'remove'].map((what) => [`/mod/rules/{id}/${what}`, `/mod/rules/999/${what}`]),
    ['/mod/account/sessions/{key}/end', '/mod/account/sessions/00/end'], ['/mod/account/sessions/end-others'], ['/mod/team'],
    ...['role', 'password', 'reset', 'disable', 'enable'].map((what) => [`/mod/team/{id}/${what}`, `/mod/team/1/${what}`]),
    ...['claim', 'release', 'opinion', 'opinion/drop', 'notes'].map((what) => [`/mod/comments/{id}/${what}`, `/mod/comments/${heldId}/${what}`]),
    ['/mod/notes/{id}/drop', '/mod/notes/999/drop'],
    ...['trust', 'trust/undo', 'notes'].map((what) => [`/mod/commenters/{key}/${what}`, `/mod/commenters/${key}/${what}`]),
    ['/mod/batches/ask'], ['/mod/batches'], ['/mod/batches/{id}/undo', '/mod/batches/999/undo'],
    ['/mod/new-reason'], ['/mod/reasons/{key}', '/mod/reasons/insult'],
    ...['switch', 'move'].map((what) => [`/mod/reasons/{key}/${what}`, `/mod/reasons/insult/${what}`]),
    ['/mod/campaigns/{id}', '/mod/campaigns/999'],
    ...['ask', 'end', 'undo'].map((what) => [`/mod/campaigns/{id}/${what}`, `/mod/campaigns/999/${what}`]),
  ]) put(pattern, moderator, target ?? pattern, async () => ({ ...any, token: session }));
  put('/mod/account/passkeys', moderator, '/mod/account/passkeys', async () => ({
    ...any, token: hidden((await moderator.get('/mod/account')).text, 'token', '/mod/account/passkeys'),
  }));
  put('/mod/sign-out', moderator, '/mod/sign-out', async () => ({ token: session }));
  for (const what of ['publish', 'reject', 'spam', 'withdraw', 'hold', 'feature', 'unfeature', 'undo']) {
    put(`/mod/comments/{id}/${what}`, moderator, `/mod/comments/${heldId}/${what}`, decide);
  }
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

/** A token as the server would have made it, but of another time: the seal covers the time. */
function aged(token) {
  const seconds = BigInt(`0x${token.slice(0, 16)}`) - 90000n;
  return seconds.toString(16).padStart(16, '0') + token.slice(16);
}

const attacks = {
  'no token': (f) => [{ ...f, token: undefined }, {}],
  'an empty token': (f) => [{ ...f, token: '' }, {}],
  'a made-up token': (f) => [{ ...f, token: 'a'.repeat(f.token.length) }, {}],
  'a token with one bit changed': (f) => [{ ...f, token: f.token.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }, {}],
  'a token whose time was changed': (f) => [{ ...f, token: aged(f.token) }, {}],
  'a token cut short': (f) => [{ ...f, token: f.token.slice(0, -1) }, {}],
  'a token in capitals and blanks': (f) => [{ ...f, token: ` ${f.token}` }, {}],
  'Sec-Fetch-Site cross-site': (f) => [f, { 'sec-fetch-site': 'cross-site' }],
  'Sec-Fetch-Site same-site': (f) => [f, { 'sec-fetch-site': 'same-site' }],
  'Sec-Fetch-Site that nobody knows': (f) => [f, { 'sec-fetch-site': 'galaxy' }],
  'cross-site with Origin null': (f) => [f, { 'sec-fetch-site': 'cross-site', origin: 'null' }],
  'cross-site with our Origin': (f) => [f, { 'sec-fetch-site': 'cross-site', origin: room.origin }],
  'a foreign Origin': (f) => [f, { origin: 'https://evil.example' }],
  'a foreign Origin that says same-origin': (f) => [f, { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
  'an Origin that begins with ours': (f) => [f, { origin: `${room.origin}.evil.example` }],
  'an Origin of another port': (f) => [f, { origin: 'http://127.0.0.1:1' }],
  'an Origin of another scheme': (f) => [f, { origin: room.origin.replace('http', 'https') }],
  'an empty Origin': (f) => [f, { origin: '' }],
};

/** Forms that carry the session's token. */
const isOfSession = (pattern) => routes().find((r) => r.method === 'POST' && r.pattern === pattern).csrf === 'SESSION';

const clean = (form) => Object.fromEntries(Object.entries(form).filter(([, v]) => v !== undefined));

describe('unsafe methods are refused unless Sec-Fetch-Site, Origin and token agree', () => {
  test('every changing route is tested, and every one has a token', () => {
    const unsafe = routes().filter((r) => r.method !== 'GET');
    assert.deepEqual(unsafe.map((r) => r.pattern).filter((p) => !targets.has(p)), []);
    assert.deepEqual(unsafe.filter((r) => r.csrf === 'NONE'), []);
    assert.equal(unsafe.length, targets.size);
  });

  for (const { pattern } of routes().filter((r) => r.method !== 'GET')) {
    test(`POST ${pattern}: each attack is refused and changes nothing`, async () => {
      const { who, target, fields } = targets.get(pattern);
      const before = await everything(db);
      const good = await fields();
      assert.ok(good.token, 'the page has a token');
      for (const [name, attack] of Object.entries(attacks)) {
        const [form, headers] = attack(good);
        const answer = await who.post(target, clean(form), { headers });
        assert.equal(answer.status, 403, name);
        assert.deepEqual(answer.cookies, [], `${name}: no cookie`);
      }
      assert.deepEqual(await everything(db), before);
    });

    test(`POST ${pattern}: tokens of every other purpose, page and reader are refused`, async () => {
      const { who, target } = targets.get(pattern);
      const before = await everything(db);
      const tokens = { 'another article': (await who.fields(OTHER)).token };
      for (const [other, t] of targets) {
        const same = t.target.replace(/(publish|reject|spam|withdraw|sign-out)$/, '') ===
          target.replace(/(publish|reject|spam|withdraw|sign-out)$/, '') ||
          (isOfSession(other) && isOfSession(pattern)) ||
          (/(comments|preview)$/.test(t.target) && /(comments|preview)$/.test(target)) ||
          (/(edit|withdraw)$/.test(t.target) && /(edit|withdraw)$/.test(target));
        if (!same) tokens[other] = (await t.fields()).token;
      }
      const started = (await who.fields(OPEN)).started;
      if (started) tokens['the time seal'] = started;
      for (const [from, token] of Object.entries(tokens)) {
        const form = clean({ ...await targets.get(pattern).fields(), token });
        const answer = await who.post(target, form);
        assert.equal(answer.status, 403, `token of ${from}`);
      }
      assert.deepEqual(await everything(db), before);
    });
  }

  test('a token of one reader\'s comment does not serve another reader', async () => {
    const before = await everything(db);
    const thief = new Reader(room);
    await thief.comment(OTHER, { text: `I have a key of my own ${Math.random()}.`, name: 'Thief' });
    const mid = await everything(db);
    assert.notDeepEqual(mid, before);
    for (const what of ['edit', 'withdraw']) {
      const form = await targets.get(`/{lang}/{slug}/comments/{number}/${what}`).fields();
      const answer = await thief.post(`${OPEN}/comments/${own}/${what}`, clean(form));
      assert.equal(answer.status, 403, what);
    }
    assert.deepEqual(await everything(db), mid);
  });

  test('a token of one session does not serve another', async () => {
    const second = new Reader(room);
    await second.signIn();
    const before = await everything(db);
    const form = await targets.get('/mod/comments/{id}/publish').fields();
    assert.equal((await second.post(`/mod/comments/${heldId}/publish`, form)).status, 403);
    assert.equal((await second.post('/mod/sign-out', { token: form.token })).status, 403);
    assert.deepEqual(await everything(db), before);
  });

  test('a refused form tells the reader and gives the words back', async () => {
    const words = 'Words that shall <b>not</b> be "lost" & forgotten';
    const answer = await ask(room, `${OPEN}/comments`, { form: { token: 'no', name: 'Ainur', text: words } });
    assert.equal(answer.status, 403);
    assert.ok(answer.text.includes('Words that shall &lt;b&gt;not&lt;/b&gt;'));
  });

  test('a form from another site is not shown filled in', async () => {
    const answer = await ask(room, `${OPEN}/comments`, {
      form: { token: 'no', name: 'Ainur', text: 'planted-words' }, headers: { 'sec-fetch-site': 'cross-site' },
    });
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /planted-words/);
  });

  test('other ways to send a form are refused: content types, methods, overrides, the query', async () => {
    const before = await everything(db);
    const good = clean(await targets.get('/{lang}/{slug}/rating').fields());
    const target = `${OPEN}/rating`;
    const body = new URLSearchParams(good).toString();
    for (const type of ['text/plain', 'application/json', 'application/xml', '']) {
      const answer = await ask(room, target, { method: 'POST', body, headers: type ? { 'content-type': type } : {} });
      assert.ok([400, 403, 415, 422].includes(answer.status), `${type}: ${answer.status}`);
    }
    assert.equal((await ask(room, `${target}?${body}`, { method: 'POST', body: '' })).status, 403);
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await ask(room, `${target}?${body}`, { method });
      assert.ok([400, 405, 501].includes(answer.status), `${method}: ${answer.status}`);
    }
    for (const header of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      const answer = await ask(room, `${OPEN}/comments/${own}/withdraw?_method=POST`, { headers: { [header]: 'POST' } });
      assert.ok([403, 404].includes(answer.status), `${header}: ${answer.status}`);
    }
    assert.deepEqual(await everything(db), before);
  });

  test('with all in order the same requests are taken', async () => {
    const { who, target, fields } = targets.get('/{lang}/{slug}/comments');
    for (const headers of [
      {}, { 'sec-fetch-site': 'same-origin', origin: 'null' }, { 'sec-fetch-site': 'same-origin', origin: room.origin },
      { 'sec-fetch-site': 'none' }, { origin: room.origin },
    ]) {
      const answer = await who.post(target, clean(await fields()), { headers });
      assert.equal(answer.status, 303, JSON.stringify(headers));
    }
  });
});

test('GET never changes anything', async () => {
  const before = await everything(db);
  const samples = [
    '/', '/en', '/en/', '/en/section/culture', '/en/author/aigerim-sadykova', '/en/page/comment-policy', OPEN, HELD, CLOSED,
    `${OPEN}?order=newest`, `${OPEN}/comments/${own}`, `${OPEN}/comments/${own}/reply`, `${OPEN}/comments/${own}/edit`,
    `${OPEN}/comments/${own}/withdraw`, '/en/feed.atom', `${OPEN}/comments.atom`, '/en/section/culture/feed.atom',
    '/sitemap.xml', '/sitemap-0.xml', '/news-sitemap.xml', '/robots.txt', '/mod', '/mod?state=published', '/mod/sign-in',
    `/mod/comments/${heldId}`, '/healthz', '/metrics',
  ];
  const { token, rev } = await targets.get('/mod/comments/{id}/publish').fields();
  for (const [, { target }] of targets) samples.push(`${target}?token=${token}&rev=${rev}&reason=insult&answer=yes&text=x&name=y`);
  for (const who of [new Reader(room), author, moderator]) {
    for (const sample of samples) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await who.ask(sample, { method });
        assert.ok(answer.status < 500, `${method} ${sample}: ${answer.status}`);
        assert.deepEqual(answer.cookies, [], `${sample} sets no cookie`);
      }
    }
  }
  assert.deepEqual(await everything(db), before);
});
