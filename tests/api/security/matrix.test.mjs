/*
 * Rule: permission is checked on the object, not only on the route; the table role × route ×
 * object state is stated in full and tested in full; unlisted means denied.
 *
 * Each route of routes.def is visited in every role, and where a comment is concerned, or an object
 * of objects.mjs, in every state that it can have; `figure matrix_untested` counts the cells that nobody visited.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { totp } from '../../lib/totp.mjs';
import { OBJECTS, kindOf, makers } from './objects.mjs';
import { FAST, HELD, OPEN, Reader, commentId, complaints, database, hidden, routes } from './lib.mjs';

let room, db;
const who = {};
const passwords = {}; // of who has one
const visited = new Set();
const cell = (route, role, state = '-') => `${route.method} ${route.pattern} | ${role} | ${state}`;

/*
 * Who visits, and how far they get: enum access of src/model/moderator.h. other: a guest with a key;
 * disabled: somebody who was signed in when they were shut out; pending: who gave the password but
 * not the code; bare: a senior who has yet to set up the second step that the site wants.
 */
const REACH = {
  stranger: 'READER', other: 'READER', author: 'READER', disabled: 'READER', pending: 'PENDING', bare: 'ACCOUNT',
  moderator: 'MODERATOR', senior: 'SENIOR', editor: 'EDITOR', administrator: 'ADMINISTRATOR',
};
const LADDER = ['READER', 'PENDING', 'ACCOUNT', 'MODERATOR', 'SENIOR', 'EDITOR', 'ADMINISTRATOR'];
const ROLES = Object.keys(REACH);
const reaches = (role, least) => LADDER.indexOf(REACH[role]) >= LADDER.indexOf(least);

/* "placed": it was public before. */
const STATES = ['held', 'published', 'rejected', 'spam', 'withdrawn',
  'held placed', 'rejected placed', 'spam placed', 'withdrawn placed'];
const NUMBER = { held: 0, published: 1, rejected: 2, spam: 3, withdrawn: 4 };

const isStaff = (role) => reaches(role, 'MODERATOR');
const hasCodes = (role) => reaches(role, 'SENIOR');
const isPublic = (state) => state === 'published' || state.endsWith(' placed');

/* Its author still meets what the team withdrew, public before or not, while the words are kept. */
const isAuthors = (role) => role === 'author';

/*
 * What each cell answers. Of a comment that was never public, nobody but its author learns that
 * there is one (404); one that was public keeps its place.
 */
const EXPECTED = {
  'GET /{lang}/{slug}/comments/{number}': (role, state) =>
    (isPublic(state) || isAuthors(role) ? 200 : 404),
  'GET /{lang}/{slug}/comments/{number}/reply': (role, state) =>
    (isPublic(state) || isAuthors(role) ? 200 : 404),
  'GET /{lang}/{slug}/comments/{number}/edit': (role, state) => {
    if (isAuthors(role)) return /^(held|published)/.test(state) ? 200 : 403;
    return isPublic(state) ? 403 : 404;
  },
  'POST /{lang}/{slug}/comments/{number}/edit': (role, state) =>
    (role === 'author' && /^(held|published)/.test(state) ? 303 : 403),
  'GET /{lang}/{slug}/comments/{number}/withdraw': (role, state) => {
    if (isAuthors(role)) return 200;
    return isPublic(state) ? 403 : 404;
  },
  /* What the team withdrew its author may still withdraw as well: then nobody can undo it. */
  'POST /{lang}/{slug}/comments/{number}/withdraw': (role) => (role === 'author' ? 303 : 403),
  'GET /{lang}/{slug}/comments/{number}/report': (role, state) => reporting(role, state, 200),
  'POST /{lang}/{slug}/comments/{number}/report': (role, state) => reporting(role, state, 303),
  'GET /mod/comments/{id}': (role) => (isStaff(role) ? 200 : 303),
  'POST /mod/comments/{id}/publish': (role, state) => decision(role, /^(held|rejected|spam)/.test(state)),
  'POST /mod/comments/{id}/reject': (role, state) => decision(role, /^(held|published|spam)/.test(state)),
  'POST /mod/comments/{id}/spam': (role, state) => decision(role, /^(held|published|rejected)/.test(state)),
  'POST /mod/comments/{id}/withdraw': (role, state) => decision(role, !state.startsWith('withdrawn')),
  'POST /mod/comments/{id}/hold': (role, state) => decision(role, /^(published|rejected|spam)/.test(state)),
  'POST /mod/comments/{id}/feature': (role, state) => decision(role, state === 'published'),
  'POST /mod/comments/{id}/unfeature': (role) => decision(role, false), // none of them is featured
};

/* Everybody else may report what is public; of what was public once they learn that it is not. */
function reporting(role, state, done) {
  if (isAuthors(role)) return state === 'withdrawn' ? 404 : 403;
  if (state === 'published') return done;
  return isPublic(state) ? 409 : 404;
}

function decision(role, isPossible) {
  if (!isStaff(role)) return 403;
  return isPossible ? 303 : 409;
}

/*
 * Routes without a comment: an address, and what it answers those whom it lets in (a status, or one
 * for each role). Others are led to the next door (303, reading) or refused (403).
 */
const PLAIN = {
  'GET /': ['/', 302],
  'GET /{lang}': ['/en', 200],
  'GET /{lang}/section/{slug}': ['/en/section/culture', 200],
  'GET /{lang}/author/{key}': ['/en/author/aigerim-sadykova', 200],
  'GET /{lang}/page/{slug}': ['/en/page/comment-policy', 200],
  'GET /{lang}/{slug}': [OPEN, 200],
  'POST /{lang}/{slug}/comments': [`${OPEN}/comments`, 303],
  'POST /{lang}/{slug}/preview': [`${OPEN}/preview`, 200],
  'POST /{lang}/{slug}/rating': [`${OPEN}/rating`, 303],
  'GET /{lang}/feed.atom': ['/en/feed.atom', 200],
  'GET /{lang}/section/{slug}/feed.atom': ['/en/section/culture/feed.atom', 200],
  'GET /{lang}/{slug}/comments.atom': [`${OPEN}/comments.atom`, 200],
  'GET /sitemap.xml': ['/sitemap.xml', 200],
  'GET /sitemap-{after}.xml': ['/sitemap-0.xml', 200],
  'GET /news-sitemap.xml': ['/news-sitemap.xml', 200],
  'GET /ledger': ['/ledger', 302],
  'GET /{lang}/about/ledger': ['/en/about/ledger', 200],
  'GET /ledger.txt': ['/ledger.txt', 200],
  'GET /robots.txt': ['/robots.txt', 200],
  'GET /assets/{hash}/{name}': [null, 200],
  'GET /pictures/{hash}/{file}': [null, 200],
  'GET /mod/sign-in': ['/mod/sign-in', 200],
  'POST /mod/sign-in': ['/mod/sign-in', 303],
  'POST /mod/sign-in/passkey': ['/mod/sign-in/passkey', 422], // with no passkey at all
  'GET /mod/second-step': ['/mod/second-step', 200],
  'POST /mod/second-step': ['/mod/second-step', (role) => (role === 'pending' ? 422 : 303)], // a wrong code
  'POST /mod/sign-out': ['/mod/sign-out', 303],
  'GET /mod/account': ['/mod/account', 200],
  'POST /mod/account/language': ['/mod/account/language', 303],
  'POST /mod/account/password': ['/mod/account/password', 422], // a wrong one
  'GET /mod/account/totp': ['/mod/account/totp', 200],
  'POST /mod/account/totp': ['/mod/account/totp', (role) => (hasCodes(role) ? 409 : 422)], // a wrong code
  'POST /mod/account/totp/off': ['/mod/account/totp/off', 422], // a wrong code
  'POST /mod/account/codes': ['/mod/account/codes', (role) => (hasCodes(role) ? 200 : 409)],
  'POST /mod/account/passkeys': ['/mod/account/passkeys', 422], // with no passkey at all
  'POST /mod/account/passkeys/{key}/name': ['/mod/account/passkeys/00/name', 404],
  'POST /mod/account/passkeys/{key}/remove': ['/mod/account/passkeys/00/remove', 404],
  'POST /mod/account/sessions/{key}/end': ['/mod/account/sessions/00/end', 404],
  'POST /mod/account/sessions/end-others': ['/mod/account/sessions/end-others', 303],
  'GET /mod/rules': ['/mod/rules', 200],
  'GET /mod/new-rule/{kind}': ['/mod/new-rule/words', 200],
  'POST /mod/new-rule/{kind}': ['/mod/new-rule/words', 303],
  'POST /mod/new-rule/{kind}/try': ['/mod/new-rule/words/try', 200],
  'GET /mod/team': ['/mod/team', 200],
  'POST /mod/team': ['/mod/team', 200],
  'GET /mod/team/{id}': [null, 200],
  'POST /mod/team/{id}/role': [null, 303],
  'POST /mod/team/{id}/password': [null, 200],
  'POST /mod/team/{id}/reset': [null, 303],
  'POST /mod/team/{id}/disable': [null, 303],
  'POST /mod/team/{id}/enable': [null, 303],
  'GET /mod': ['/mod', 200],
  'GET /mod/done': ['/mod/done', 200],
  'POST /mod/comments/{id}/undo': ['/mod/comments/1/undo', 404],
  'POST /mod/comments/{id}/claim': ['/mod/comments/1/claim', 404],
  'POST /mod/comments/{id}/release': ['/mod/comments/1/release', 303], // nothing happens
  'POST /mod/comments/{id}/opinion': ['/mod/comments/1/opinion', 404],
  'POST /mod/comments/{id}/opinion/drop': ['/mod/comments/1/opinion/drop', 303], // nothing happens
  'POST /mod/comments/{id}/notes': ['/mod/comments/1/notes', 404],
  'POST /mod/notes/{id}/drop': ['/mod/notes/999/drop', 404],
  'GET /mod/batches': ['/mod/batches', 200],
  'POST /mod/batches/ask': ['/mod/batches/ask', 200],
  'POST /mod/batches': ['/mod/batches', 303], // on a comment that does not exist
  'GET /mod/statistics': ['/mod/statistics', 200],
  'GET /mod/conversations/{id}': ['/mod/conversations/1', 200],
  'POST /mod/conversations/{id}': ['/mod/conversations/1', 409], // without its messages
  'GET /mod/site': ['/mod/site', 200],
  'POST /mod/site/hold': ['/mod/site/hold', 303],
  'POST /mod/site/mode': ['/mod/site/mode', 303],
  'GET /mod/reasons': ['/mod/reasons', 200],
  'GET /mod/new-reason': ['/mod/new-reason', 200],
  'POST /mod/new-reason': ['/mod/new-reason', 409], // without its texts
  'GET /mod/campaigns': ['/mod/campaigns', 200],
  'GET /healthz': ['/healthz', 200],
  'GET /metrics': ['/metrics', 404],
};

/* Who a route lets in gets its answer; a member of the team learns that it is not for them. */
function expectedOf(route, role) {
  const answer = PLAIN[`${route.method} ${route.pattern}`][1];
  if (reaches(role, route.role)) return typeof answer === 'function' ? answer(role) : answer;
  return route.method === 'GET' && !isStaff(role) ? 303 : 403;
}

/** Somebody of the team: { reader, name, password, secret }, signed in as far as the role can be. */
async function staff(role, { codes = hasCodes(role) } = {}) {
  const name = `${role}${++serial}`;
  const printed = room.run('moderator', 'add', '--role', role, '--dir', room.dir, name);
  const password = printed.match(/password: (\S+)/)[1];
  const reader = new Reader(room);
  assert.equal((await reader.signIn({ name, password })).status, 303);
  if (!codes) return { reader, name, password };
  const page = (await reader.get('/mod/account/totp')).text;
  const secret = page.match(/<code>([A-Z2-7 ]+)<\/code>/)[1];
  const form = { token: hidden(page, 'token', '/mod/account/totp'), code: totp(secret, -1), password };
  assert.equal((await reader.post('/mod/account/totp', form)).status, 200);
  return { reader, name, password, secret };
}

/** Somebody new who is signed in as far as that role is: { reader, password }. */
async function signedIn(role) {
  if (role === 'bare') return staff('senior', { codes: false });
  if (role !== 'pending') return staff(role);
  const half = await staff('senior');
  const reader = new Reader(room);
  await reader.signIn(half);
  return { reader, password: half.password };
}

async function visitors() {
  for (const role of ['pending', 'bare', 'moderator', 'senior', 'editor', 'administrator']) {
    ({ reader: who[role], password: passwords[role] } = await signedIn(role));
  }
  const left = await staff('editor');
  who.disabled = left.reader;
  leftToken = hidden((await left.reader.get('/mod')).text, 'token', '/mod/sign-out');
  room.run('moderator', 'disable', '--dir', room.dir, left.name);
  const subject = await staff('moderator');
  const [[id]] = await db.all(`SELECT id FROM moderator WHERE name = '${subject.name}'`);
  for (const [name, row] of Object.entries(PLAIN)) {
    if (name.includes('/mod/team/{id}')) row[0] = name.split(' ')[1].replace('{id}', id);
  }
}

let leftToken; // of the session of who was shut out

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000', AITYS_MODERATION_SECOND_STEP: 'seniors' }, { host: 'localhost' });
  db = database(room);
  for (const role of ['stranger', 'other', 'author']) who[role] = new Reader(room);
  await who.author.comment(OPEN, { text: 'So that I have a key.', name: 'Author' });
  await who.other.comment(OPEN, { text: 'So that I have one, too.', name: 'Other' });
  await visitors();
  const page = (await who.stranger.get(OPEN)).text;
  PLAIN['GET /assets/{hash}/{name}'][0] = page.match(/\/assets\/\w+\/theme\.css/)[0];
  PLAIN['GET /pictures/{hash}/{file}'][0] = page.match(/\/pictures\/\w+\/\d+\.\w+/)[0];
});

after(async () => {
  const cells = routes().flatMap((r) => ROLES.flatMap((role) =>
    statesOf(`${r.method} ${r.pattern}`).map((state) => cell(r, role, state))));
  const untested = cells.filter((c) => !visited.has(c));
  db?.close();
  const found = complaints(room);
  await room?.stop();
  console.log(`figure matrix_untested ${untested.length} cells`);
  assert.deepEqual(untested, []);
  assert.deepEqual(found, []);
});

/* Those in which the object of a route is visited. */
function statesOf(name) {
  if (EXPECTED[name]) return STATES;
  return kindOf(name) ? OBJECTS[kindOf(name)].states : ['-'];
}

let serial = 0;

/* Words that resemble no others: a near-copy of what was rejected would be held. */
const words = () => randomBytes(48).toString('hex').match(/.{8}/g).join(' ');

/** A new comment of the author in that state: { number, id, edit, withdraw (tokens) }. */
async function make(state) {
  const article = state.endsWith(' placed') && !state.startsWith('held') || state === 'published' ? OPEN : HELD;
  const text = `To be ${state}: ${words()}.`;
  const { number, status } = await who.author.comment(article, { name: 'Author', text });
  assert.equal(status, 303, `a comment to be ${state}`);
  const id = await commentId(db, article, number);
  const tokens = {};
  for (const what of ['edit', 'withdraw']) {
    const at = `${article}/comments/${number}/${what}`;
    tokens[what] = hidden((await who.author.get(at)).text, 'token', at);
  }
  const decide = async (what) => {
    assert.equal((await who.administrator.decide(id, what)).status, 303, `${what} on the way to ${state}`);
  };
  if (state === 'held placed') {
    await decide('publish');
    const edited = await who.author.post(`${article}/comments/${number}/edit`, { token: tokens.edit, text: `${text} Edited.` });
    assert.equal(edited.status, 303);
  }
  const action = { rejected: 'reject', spam: 'spam', withdrawn: 'withdraw' }[state.split(' ')[0]];
  if (action) await decide(action);
  const made = { article, number, id, tokens };
  assert.deepEqual(await stateOf(made), [NUMBER[state.split(' ')[0]], isPublic(state) ? 1 : 0], state);
  return made;
}

async function stateOf({ id }) {
  return (await db.all(`SELECT state, placed FROM comment WHERE id = ${id}`))[0];
}

async function rowOf({ id }) {
  return JSON.stringify([await db.all(`SELECT * FROM comment WHERE id = ${id}`),
    await db.all(`SELECT * FROM decision WHERE comment = ${id}`)]);
}

const reports = new Map();

/** The report form of a comment that stays public: its token is the article's. */
async function publicReport(article) {
  if (!reports.has(article)) {
    const { number } = await who.other.comment(article, { name: 'Other', text: 'Public, and to stay so.' });
    if (article === HELD) await who.administrator.decide(await commentId(db, article, number), 'publish');
    reports.set(article, `${article}/comments/${number}/report`);
  }
  return reports.get(article);
}

/** The form that this role would send; whoever has no token of one's own uses a stolen one. */
async function formFor(route, role, comment) {
  const what = route.pattern.split('/').pop();
  if (what === 'report') {
    const other = await publicReport(comment.article);
    return { token: hidden((await who.stranger.get(other)).text, 'token', other), reason: 'insult', text: '' };
  }
  if (/\/comments\/\{number\}/.test(route.pattern)) {
    return { token: comment.tokens[what], text: `Other words: ${words()}.` };
  }
  const owner = isStaff(role) ? who[role] : who.administrator;
  const page = (await owner.get(`/mod/comments/${comment.id}`)).text;
  return {
    token: hidden(page, 'token'), rev: page.match(/name="rev" value="([^"]*)"/)?.[1] ?? '4.0',
    reason: 'insult', note: '', next: '/mod',
  };
}

describe('permission is checked on the object, not only on the route', () => {
  test('every route has its row in this table', () => {
    const rows = routes().map((r) => `${r.method} ${r.pattern}`);
    assert.deepEqual(rows.filter((r) => !EXPECTED[r] && !PLAIN[r] && !kindOf(r)), []);
    assert.deepEqual([...Object.keys(EXPECTED), ...Object.keys(PLAIN), ...Object.values(OBJECTS).flatMap((o) => Object.keys(o.routes))].filter((r) => !rows.includes(r)), []);
  });

  for (const state of STATES) {
    test(`a comment that is ${state}: every route in every role`, async () => {
      const wrong = [];
      let comment = await make(state);
      for (const route of routes()) {
        const name = `${route.method} ${route.pattern}`;
        if (!EXPECTED[name]) continue;
        for (const role of ROLES) {
          const target = route.pattern.replace('/{lang}/{slug}', comment.article)
            .replace('{number}', comment.number).replace('{id}', comment.id);
          const before = await rowOf(comment);
          const form = route.method === 'POST' ? await formFor(route, role, comment) : undefined;
          const answer = await who[role].ask(target, { form });
          const expected = EXPECTED[name](role, state);
          const said = `${cell(route, role, state)}: ${answer.status}, expected ${expected}`;
          if (answer.status !== expected) wrong.push(said);
          visited.add(cell(route, role, state));
          const changed = (await rowOf(comment)) !== before;
          if (changed && !(expected === 303 && route.method === 'POST')) wrong.push(`${said}, and it changed`);
          if (!changed && expected === 303 && route.method === 'POST') wrong.push(`${said}, and nothing changed`);
          if (changed) comment = await make(state);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  /* A token of one's own session where there is one, else a stolen one. */
  async function tokenFor(role, route) {
    if (route.csrf === 'SIGN_IN' || route.csrf === 'PASSKEY') {
      return hidden((await who.stranger.get('/mod/sign-in')).text, 'token', route.pattern);
    }
    if (route.csrf === 'PASSKEY_NEW') {
      const owner = reaches(role, 'ACCOUNT') ? who[role] : who.administrator;
      return hidden((await owner.get('/mod/account')).text, 'token', route.pattern);
    }
    if (role === 'disabled') return leftToken;
    if (role === 'pending') return hidden((await who.pending.get('/mod/second-step')).text, 'token', '/mod/second-step');
    return hidden((await (reaches(role, 'ACCOUNT') ? who[role] : who.administrator).get('/mod/account')).text, 'token', '/mod/sign-out');
  }

  async function plainForm(role, route, target) {
    const reader = who[role];
    if (target.endsWith('/comments')) return { ...await reader.fields(OPEN), name: 'Matrix', text: `Cell: ${words()}.` };
    if (target.endsWith('/preview')) return { ...await reader.fields(OPEN), text: '*x*' };
    if (target.endsWith('/rating')) return { token: hidden((await reader.get(OPEN)).text, 'token', target), answer: 'yes' };
    const token = await tokenFor(role, route);
    if (target.startsWith('/mod/conversations')) return { token, mode: '0' };
    if (target.startsWith('/mod/site')) return { token, on: '0', mode: '4' }; // as it is
    return {
      token, code: '000000', current: 'wrong', fresh: '0123456789', again: '0123456789', password: passwords[role] ?? 'wrong',
      name: `Matrix ${++serial}`, role: '1', does: '2', on: '1', up: '1', words: 'tripwire',
      text: 'x', seq: '1', trust: '1', days: '1', chosen: '1', seen: '1', action: 'publish', lang: 'en',
    };
  }

  /* Held comments in a language that nobody else writes in: enough to keep a batch busy. */
  let crowded;
  async function crowd() {
    if (!crowded) {
      const file = path.join(room.dir, 'crowd.json');
      const comments = Array.from({ length: 4000 }, (_, i) => ({ number: i + 1, reply_to: null, name: `Reader ${i}`,
        lang: 'ky', state: 'held', at: '2026-03-02T09:00:00Z', text: `Crowded: ${words()}.` }));
      writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article: 'old-orchard', comments }] }));
      room.run('import', '--dir', room.dir, file);
      crowded = true;
    }
    return 'lang=ky';
  }

  for (const [kind, object] of Object.entries(OBJECTS)) {
    for (const state of object.states) {
      test(`a ${kind} that is ${state}: every route in every role`, async () => {
        const makeOne = makers({ room, db, who, comment: make, crowd, words })[kind];
        const wrong = [];
        let one, madeFor;
        for (const route of routes()) {
          const expected = object.routes[`${route.method} ${route.pattern}`];
          if (!expected) continue;
          for (const role of ROLES) {
            const isOwn = / own$/.test(state) && isStaff(role);
            if (!one || madeFor !== (isOwn ? role : 'anybody') || (one.isStill && !(await one.isStill()))) {
              await one?.drop?.();
              one = await makeOne(state, role);
              madeFor = isOwn ? role : 'anybody';
            }
            const target = route.pattern.replace('{id}', one.id).replace('{key}', one.id);
            const what = route.pattern.split('/').pop();
            const fields = one.fields(what);
            const token = route.method === 'POST' ? await tokenFor(role, route) : '';
            const form = route.method === 'POST' ? [['token', token], ...(Array.isArray(fields) ? fields : Object.entries(fields))] : undefined;
            const before = await one.seen();
            const answer = await who[role].ask(target, { form });
            const said = `${cell(route, role, state)}: ${answer.status}, expected ${expected(role, state)}`;
            if (answer.status !== expected(role, state)) wrong.push(said);
            visited.add(cell(route, role, state));
            const isChanged = (await one.seen()) !== before;
            const mayChange = route.method === 'POST' && expected(role, state) === 303;
            if (isChanged !== mayChange) wrong.push(`${said}, and ${isChanged ? 'it' : 'nothing'} changed`);
            if (isChanged) {
              await one.drop?.();
              one = undefined;
            }
          }
        }
        assert.deepEqual(wrong, []);
      });
    }
  }

  test('routes without a comment: every role', async () => {
    const wrong = [];
    for (const route of routes()) {
      const name = `${route.method} ${route.pattern}`;
      const target = PLAIN[name]?.[0];
      if (!target) continue;
      for (const role of ROLES) {
        const form = route.method === 'POST' ? await plainForm(role, route, target) : undefined;
        if (target === '/mod/sign-out' && reaches(role, 'PENDING')) continue; // below
        if (name === 'POST /mod/sign-in') continue; // below
        const answer = await who[role].ask(target, { form });
        const expected = expectedOf(route, role);
        if (answer.status !== expected) wrong.push(`${cell(route, role)}: ${answer.status}, expected ${expected}`);
        visited.add(cell(route, role));
      }
    }
    assert.deepEqual(wrong, []);
    for (const role of ROLES.filter(isStaff)) assert.equal((await who[role].get('/mod')).status, 200, `${role} is still signed in`);
  });

  test('guessed and strange ids lead nowhere', async () => {
    for (const id of ['0', '-1', '9223372036854775807', '9223372036854775808', '1e3', '0x10', '+1', '01', '%31%00', '1;drop', "1'--", '١']) {
      const answer = await who.administrator.get(`/mod/comments/${encodeURI(id)}`);
      assert.ok([400, 404].includes(answer.status), `${id}: ${answer.status}`);
      const public_ = await who.stranger.get(`${OPEN}/comments/${encodeURI(id)}`);
      assert.ok([400, 404].includes(public_.status), `${id}: ${public_.status}`);
    }
  });

  test('a comment cannot be reached through another article', async () => {
    const { number } = await make('published');
    const answer = await who.author.get(`/en/give-us-back-the-dark/comments/${number}/edit`);
    assert.ok([403, 404].includes(answer.status));
  });

  test('a decision on words that were changed meanwhile is refused and says so', async () => {
    const comment = await make('held');
    const form = await formFor({ pattern: '/mod/comments/{id}/publish' }, 'moderator', comment);
    const edited = await who.author.post(`${comment.article}/comments/${comment.number}/edit`,
      { token: comment.tokens.edit, text: 'Quite other words, put in at the last moment.' });
    assert.equal(edited.status, 303);
    const answer = await who.moderator.post(`/mod/comments/${comment.id}/publish`, form);
    assert.equal(answer.status, 409);
    assert.deepEqual(await stateOf(comment), [0, 0]);
  });

  test('two moderators at once: one decision counts, the other is told', async () => {
    const comment = await make('held');
    const forms = await Promise.all(['moderator', 'administrator'].map((role) =>
      formFor({ pattern: '/mod/comments/{id}/publish' }, role, comment)));
    const answers = await Promise.all([
      who.moderator.post(`/mod/comments/${comment.id}/publish`, forms[0]),
      who.administrator.post(`/mod/comments/${comment.id}/reject`, forms[1]),
    ]);
    assert.deepEqual(answers.map((a) => a.status).sort(), [303, 409]);
  });

  test('whoever signs in leaves the session behind that they had', async () => {
    const route = routes().find((r) => r.method === 'POST' && r.pattern === '/mod/sign-in');
    for (const role of ROLES) {
      const reader = reaches(role, 'PENDING') ? (await signedIn(role)).reader
        : Object.assign(new Reader(room), { jar: new Map(who[role].jar) });
      const before = Object.assign(new Reader(room), { jar: new Map(reader.jar) });
      const form = { token: await tokenFor(role, route), ...room.moderator };
      assert.equal((await reader.post('/mod/sign-in', form)).status, expectedOf(route, role), role);
      assert.equal((await reader.get('/mod/account')).status, 200, role);
      assert.match((await before.get('/mod/account')).headers.location, /^\/mod\/sign-in/, role);
      visited.add(cell(route, role));
    }
    for (const role of ROLES.filter(isStaff)) assert.equal((await who[role].get('/mod')).status, 200, `${role} is still signed in`);
  });

  test('whoever has a session may end it, and nobody another\'s', async () => {
    const route = routes().find((r) => r.pattern === '/mod/sign-out');
    for (const role of ROLES.filter((r) => reaches(r, 'PENDING'))) {
      const form = { token: await tokenFor(role, route) };
      assert.equal((await who.stranger.post('/mod/sign-out', form)).status, 403);
      assert.equal((await who[role].post('/mod/sign-out', form)).status, 303, role);
      assert.match((await who[role].get('/mod')).headers.location, /^\/mod\/sign-in/);
      visited.add(cell(route, role));
    }
  });
});
