/*
 * Rule: one database may hold many sites, and nobody reaches across. Objects of a neighbour are named
 * by their numbers on every address of the console that takes one: an administrator of this site
 * finds none of them, changes none of them, and a neighbour's session opens nothing here.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { FAST, HELD, OPEN, Reader, change, commentId, complaints, database, hidden, routes } from './lib.mjs';

const NEIGHBOUR = 2;
const TABLES = ['thread', 'comment', 'commenter', 'moderator', 'session', 'rule', 'batch', 'campaign', 'team_note',
  'claim', 'opinion', 'reason', 'decision', 'trust_change', 'report', 'control', 'ledger'];
let room, db, token, messages;
const administrator = {};
const theirs = {}; // what {id} or {key} is below each of the console's addresses

/* These say nothing of a comment, wherever it is: they take back what oneself has, if anything. */
const ONES_OWN = ['POST /mod/comments/{id}/release', 'POST /mod/comments/{id}/opinion/drop'];
/* {key} is of one's own here, and is looked for among them alone. */
const OWN_KEYS = /^\/mod\/account\//;

const rowsOf = async (site) => {
  const rows = {};
  for (const table of TABLES) rows[table] = await db.all(`SELECT * FROM ${table} WHERE site = ${site}`);
  return rows;
};

async function member(role) {
  const name = `${role} of two`;
  const printed = room.run('moderator', 'add', '--role', role, '--dir', room.dir, name);
  const reader = new Reader(room);
  assert.equal((await reader.signIn({ name, password: printed.match(/password: (\S+)/)[1] })).status, 303);
  const [[id]] = await db.all(`SELECT id FROM moderator WHERE name = '${name}'`);
  return { reader, id };
}

/** Makes objects here and gives them to the neighbour. */
async function settle() {
  const author = new Reader(room);
  const { number } = await author.comment(HELD, { text: 'Words of a neighbour.', name: 'Neighbour' });
  const id = await commentId(db, HELD, number);
  const [[key]] = await db.all(`SELECT hex(commenter) FROM comment WHERE id = ${id}`);
  const page = (await administrator.reader.get(`/mod/comments/${id}`)).text;
  const at = `/mod/comments/${id}/notes`;
  assert.equal((await administrator.reader.post(at, { token: hidden(page, 'token', at), text: 'A note.' })).status, 303);
  const [[note]] = await db.all('SELECT id FROM team_note');
  const [[thread]] = await db.all(`SELECT article FROM edition WHERE slug = '${OPEN.split('/').pop()}'`);
  const moved = await member('editor');
  change(room, `INSERT INTO rule (site, id, kind, does, is_on, changed_s, moderator, name, source)
    VALUES (${NEIGHBOUR}, 801, 1, 1, 1, 1, ${moved.id}, 'Theirs', 'reservoir')`);
  change(room, `INSERT INTO batch (site, id, moderator, action, role, expected, until_s, at_s, reason, note, choice, is_done)
    VALUES (${NEIGHBOUR}, 802, ${moved.id}, 1, 4, 1, 1, 1, '', '', 'ids=${id}', 1)`);
  change(room, `INSERT INTO reason (site, key, is_on, wants_note, is_used, position, rev, successor, name)
    VALUES (${NEIGHBOUR}, 'own-803', 1, 0, 0, 1, 1, '', 'Theirs')`);
  change(room, `INSERT INTO campaign (site, id, alert_s) VALUES (${NEIGHBOUR}, ${id}, 1)`);
  for (const [table, where] of [['comment', `id = ${id}`], ['commenter', `hex(id) = '${key}'`], ['team_note', `id = ${note}`],
    ['moderator', `id = ${moved.id}`], ['session', `moderator = ${moved.id}`], ['thread', `id = ${thread}`]]) {
    change(room, `UPDATE ${table} SET site = ${NEIGHBOUR} WHERE ${where}`);
  }
  Object.assign(theirs, {
    comments: id, notes: note, rules: 801, team: moved.id, commenters: key.toLowerCase(), batches: 802, reasons: 'own-803',
    campaigns: id, conversations: thread, number, moved: moved.reader, author,
  });
}

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000' });
  db = database(room);
  Object.assign(administrator, await member('administrator'));
  await settle();
  token = hidden((await administrator.reader.get('/mod/account')).text, 'token', '/mod/sign-out');
  const [[own]] = await db.all('SELECT id FROM thread WHERE site = 1');
  messages = (await administrator.reader.get(`/mod/conversations/${own}`)).text.match(/name="message"/g).length;
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

/* Good for every route: nothing but whose the object is can be wrong. */
const form = (more = {}) => [
  ...Object.entries({
    token, reason: 'insult', seq: '1', text: 'x', trust: '3', days: '1', mode: '3', slow: '0', role: '1', on: '0',
    does: '1', name: 'Mine', words: 'mine', note: 'x', action: 'spam', expected: '1', seen: '1', insists: '1', ...more,
  }),
  ...Array.from({ length: messages }, () => ['message', 'x']),
];

test('no number of a neighbour leads anywhere', async () => {
  const before_ = await rowsOf(NEIGHBOUR);
  const wrong = [];
  let visited = 0;
  for (const route of routes()) {
    const [, part] = route.pattern.match(/^\/mod\/(\w+)\/\{(?:id|key)\}/) ?? [];
    if (!part) {
      assert.ok(!/\{(id|key)\}/.test(route.pattern) || !route.pattern.startsWith('/mod') || OWN_KEYS.test(route.pattern),
        `${route.pattern}: what is it of?`);
      continue;
    }
    assert.ok(theirs[part] !== undefined, `${route.pattern}: of a neighbour there is none`);
    const target = route.pattern.replace(/\{(id|key)\}/, theirs[part]);
    const words = part === 'reasons' ? Array.from({ length: 4 }, () => ['text', 'x']) : []; // in five languages
    const fields = { rules: { rev: '1' }, reasons: { rev: '1', note: '1', up: '1' } }[part] ?? { rev: '0.0.0.0' };
    const answer = await administrator.reader.ask(target, { form: route.method === 'POST' ? [...form(fields), ...words] : undefined });
    const name = `${route.method} ${route.pattern}`;
    const expected = ONES_OWN.includes(name) ? [303] : [404];
    if (!expected.includes(answer.status)) wrong.push(`${name}: ${answer.status}`);
    if (/Words of a neighbour|Theirs/.test(answer.text)) wrong.push(`${name} shows what is theirs`);
    visited++;
  }
  assert.deepEqual(wrong, []);
  assert.ok(visited > 30, `${visited} addresses`);
  assert.deepEqual(await rowsOf(NEIGHBOUR), before_);
});

test('nor on a list, in a filter, or in a batch', async () => {
  const before_ = await rowsOf(NEIGHBOUR);
  for (const target of ['/mod', '/mod?state=all', `/mod?state=all&commenter=${theirs.commenters}`, '/mod/rules', '/mod/reasons', '/mod/batches',
    '/mod/campaigns', '/mod/team', `/mod?state=all&campaign=${theirs.campaigns}`, '/mod/statistics']) {
    const { status, text } = await administrator.reader.get(target);
    assert.equal(status, 200, target);
    assert.doesNotMatch(text, /Words of a neighbour|Theirs|editor of two/, target);
  }
  for (const choice of [{ chosen: theirs.comments }, { filter: `state=all&commenter=${theirs.commenters}` }]) {
    const { status, headers } = await administrator.reader.post('/mod/batches', form(choice));
    assert.equal(status, 303);
    for (let tries = 0; tries < 50; tries++) {
      const { text } = await administrator.reader.get(headers.location);
      if (!/http-equiv="refresh"/.test(text)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  assert.deepEqual(await rowsOf(NEIGHBOUR), before_);
});

test('a ban holds on the site that set it, whoever asks with the same key by the same network', async () => {
  change(room, `UPDATE commenter SET trust = 3 WHERE site = ${NEIGHBOUR}`);
  change(room, `INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s, at_s, reason, note)
    SELECT site, id, 1, ${theirs.team}, 0, 0, 3, 0, 1, 'insult', '' FROM commenter WHERE site = ${NEIGHBOUR}`);
  const { status, number } = await theirs.author.comment(HELD, { text: 'Not banned here.', name: 'Guest' });
  assert.equal(status, 303);
  const id = await commentId(db, HELD, number);
  assert.deepEqual(await db.all(`SELECT site, state FROM comment WHERE id = ${id}`), [[1, 0]]);
  assert.deepEqual(await db.all(`SELECT rule FROM decision WHERE comment = ${id}`), [['mode:held']], 'not for its network');
  const [[key]] = await db.all(`SELECT lower(hex(commenter)) FROM comment WHERE id = ${id}`);
  assert.notEqual(key, theirs.commenters, 'somebody new, with a key of this site');
  const { text } = await administrator.reader.get(`/mod/commenters/${key}`);
  assert.doesNotMatch(text, /class="standfirst"|id="trusts"/);
});

test('there is no second site to choose: nothing names one, and all that a server writes is of its own', async () => {
  assert.deepEqual(routes().filter((r) => /site\}/.test(r.pattern)), []);
  assert.throws(() => room.run('init', room.dir));
  for (const table of TABLES) {
    const sites = (await db.all(`SELECT DISTINCT site FROM ${table} ORDER BY site`)).flat();
    assert.deepEqual(sites.filter((site) => site !== 1 && site !== NEIGHBOUR), [], table);
  }
});

test('their rules hold nothing here, their sessions open nothing, their comments are not shown', async () => {
  const { status, number } = await new Reader(room).comment(HELD, { text: 'The reservoir is full again.' });
  assert.equal(status, 303);
  const [[state]] = await db.all(`SELECT state FROM comment WHERE id = ${await commentId(db, HELD, number)}`);
  assert.equal(state, 0, 'held by its conversation, not rejected by their rule');
  assert.equal((await theirs.moved.get('/mod')).status, 303);
  assert.equal((await new Reader(room).get(`${HELD}/comments/${theirs.number}`)).status, 404);
});
