/*
 * Rule: permission is checked on the object, not only on the route; the table role × route ×
 * object state is stated in full and tested in full; unlisted means denied.
 *
 * Each route of routes.def is visited in every role, and where a comment is concerned in every
 * state that it can have; `figure matrix_untested` counts the cells that nobody visited.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { FAST, HELD, OPEN, Reader, commentId, complaints, database, hidden, routes } from './lib.mjs';

let room, db;
const who = {}; // stranger, other (a guest with a key), author, moderator, administrator
const visited = new Set();
const cell = (route, role, state = '-') => `${route.method} ${route.pattern} | ${role} | ${state}`;

const ROLES = ['stranger', 'other', 'author', 'moderator', 'administrator'];

/* "placed": it was public before. */
const STATES = ['held', 'published', 'rejected', 'spam', 'withdrawn',
  'held placed', 'rejected placed', 'spam placed', 'withdrawn placed'];
const NUMBER = { held: 0, published: 1, rejected: 2, spam: 3, withdrawn: 4 };

const isStaff = (role) => role === 'moderator' || role === 'administrator';
const isPublic = (state) => state === 'published' || state.endsWith(' placed');

/* Whether its author still meets it: what was withdrawn before it was public is gone altogether. */
const isAuthors = (role, state) => role === 'author' && state !== 'withdrawn';

/*
 * What each cell answers. Of a comment that was never public, nobody but its author learns that
 * there is one (404); one that was public keeps its place.
 */
const EXPECTED = {
  'GET /{lang}/{slug}/comments/{number}': (role, state) =>
    (isPublic(state) || isAuthors(role, state) ? 200 : 404),
  'GET /{lang}/{slug}/comments/{number}/reply': (role, state) =>
    (isPublic(state) || isAuthors(role, state) ? 200 : 404),
  'GET /{lang}/{slug}/comments/{number}/edit': (role, state) => {
    if (isAuthors(role, state)) return /^(held|published)/.test(state) ? 200 : 403;
    return isPublic(state) ? 403 : 404;
  },
  'POST /{lang}/{slug}/comments/{number}/edit': (role, state) =>
    (role === 'author' && /^(held|published)/.test(state) ? 303 : 403),
  'GET /{lang}/{slug}/comments/{number}/withdraw': (role, state) => {
    if (isAuthors(role, state)) return state.startsWith('withdrawn') ? 403 : 200;
    return isPublic(state) ? 403 : 404;
  },
  'POST /{lang}/{slug}/comments/{number}/withdraw': (role, state) =>
    (role === 'author' && !state.startsWith('withdrawn') ? 303 : 403),
  'GET /mod/comments/{id}': (role) => (isStaff(role) ? 200 : 303),
  'POST /mod/comments/{id}/publish': (role, state) => decision(role, /^(held|rejected|spam)/.test(state)),
  'POST /mod/comments/{id}/reject': (role, state) => decision(role, /^(held|published|spam)/.test(state)),
  'POST /mod/comments/{id}/spam': (role, state) => decision(role, /^(held|published|rejected)/.test(state)),
  'POST /mod/comments/{id}/withdraw': (role, state) => decision(role, !state.startsWith('withdrawn')),
};

function decision(role, isPossible) {
  if (!isStaff(role)) return 403;
  return isPossible ? 303 : 409;
}

/* Routes without a comment: an address, and what it answers readers and staff. */
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
  'GET /robots.txt': ['/robots.txt', 200],
  'GET /assets/{hash}/{name}': [null, 200],
  'GET /pictures/{hash}/{file}': [null, 200],
  'GET /mod/sign-in': ['/mod/sign-in', 200],
  'POST /mod/sign-in': ['/mod/sign-in', 303],
  'POST /mod/sign-out': ['/mod/sign-out', 403, 303],
  'GET /mod': ['/mod', 303, 200],
  'GET /healthz': ['/healthz', 200],
  'GET /metrics': ['/metrics', 404],
};

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000' });
  db = database(room);
  room.run('moderator', 'add', '--dir', room.dir, 'second');
  const printed = room.run('moderator', 'password', '--dir', room.dir, 'second');
  for (const role of ROLES) who[role] = new Reader(room);
  await who.author.comment(OPEN, { text: 'So that I have a key.', name: 'Author' });
  await who.other.comment(OPEN, { text: 'So that I have one, too.', name: 'Other' });
  const password = printed.match(/\S{10,}/g).find((word) => !/second|password/i.test(word));
  assert.equal((await who.moderator.signIn({ name: 'second', password })).status, 303, printed);
  assert.equal((await who.administrator.signIn()).status, 303);
  const page = (await who.stranger.get(OPEN)).text;
  PLAIN['GET /assets/{hash}/{name}'][0] = page.match(/\/assets\/\w+\/theme\.css/)[0];
  PLAIN['GET /pictures/{hash}/{file}'][0] = page.match(/\/pictures\/\w+\/\d+\.\w+/)[0];
});

after(async () => {
  const cells = routes().flatMap((r) => ROLES.flatMap((role) =>
    (EXPECTED[`${r.method} ${r.pattern}`] ? STATES : ['-']).map((state) => cell(r, role, state))));
  const untested = cells.filter((c) => !visited.has(c));
  db?.close();
  const found = complaints(room);
  await room?.stop();
  console.log(`figure matrix_untested ${untested.length} cells`);
  assert.deepEqual(untested, []);
  assert.deepEqual(found, []);
});

let serial = 0;

/** A new comment of the author in that state: { number, id, edit, withdraw (tokens) }. */
async function make(state) {
  const article = state.endsWith(' placed') && !state.startsWith('held') || state === 'published' ? OPEN : HELD;
  const text = `Comment ${++serial} on its way to ${state}.`;
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

/** The form that this role would send; whoever has no token of one's own uses a stolen one. */
async function formFor(route, role, comment) {
  const what = route.pattern.split('/').pop();
  if (/\/comments\/\{number\}/.test(route.pattern)) {
    return { token: comment.tokens[what], text: `Other words, ${role}, ${++serial}.` };
  }
  const staff = isStaff(role) ? who[role] : who.administrator;
  const page = (await staff.get(`/mod/comments/${comment.id}`)).text;
  return {
    token: hidden(page, 'token'), rev: page.match(/name="rev" value="([^"]*)"/)?.[1] ?? '4.0',
    reason: 'insult', note: '', next: '/mod',
  };
}

describe('permission is checked on the object, not only on the route', () => {
  test('every route has its row in this table', () => {
    const rows = routes().map((r) => `${r.method} ${r.pattern}`);
    assert.deepEqual(rows.filter((r) => !EXPECTED[r] && !PLAIN[r]), []);
    assert.deepEqual([...Object.keys(EXPECTED), ...Object.keys(PLAIN)].filter((r) => !rows.includes(r)), []);
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

  test('routes without a comment: every role', async () => {
    const wrong = [];
    for (const route of routes()) {
      const name = `${route.method} ${route.pattern}`;
      const [target, forReaders, forStaff] = PLAIN[name] ?? [];
      if (!target) continue;
      for (const role of ROLES) {
        const reader = name === 'POST /mod/sign-in' || name === 'POST /mod/sign-out'
          ? Object.assign(new Reader(room), { jar: new Map(who[role].jar) }) : who[role];
        let form;
        if (name.endsWith('/comments')) form = { ...await reader.fields(OPEN), name: 'Matrix', text: `Cell ${++serial}.` };
        if (name.endsWith('/preview')) form = { ...await reader.fields(OPEN), text: '*x*' };
        if (name.endsWith('/rating')) form = { token: hidden((await reader.get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes' };
        if (name === 'POST /mod/sign-in') {
          form = { token: hidden((await reader.get(target)).text, 'token', target), ...room.moderator };
        }
        if (name === 'POST /mod/sign-out') {
          const staff = isStaff(role) ? new Reader(room) : who.administrator;
          if (isStaff(role)) {
            await staff.signIn();
            reader.jar = staff.jar;
          }
          form = { token: hidden((await staff.get('/mod')).text, 'token', target) };
        }
        const expected = isStaff(role) ? forStaff ?? forReaders : forReaders;
        const answer = await reader.ask(target, { form });
        if (answer.status !== expected) wrong.push(`${cell(route, role)}: ${answer.status}, expected ${expected}`);
        visited.add(cell(route, role));
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal((await who.moderator.get('/mod')).status, 200, 'nobody was signed out by another');
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
});
