/*
 * Objects of the team, in every state that they can have, for the table role × route × object state:
 * what each route answers, and how to make such an object. matrix.test.mjs visits them.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { OPEN, OTHER, Reader, hidden } from './lib.mjs';

const TEAM = ['moderator', 'senior', 'editor', 'administrator'];
const from = (least) => (role) => TEAM.indexOf(role) >= TEAM.indexOf(least);
const isStaff = from('moderator');
const isSenior = from('senior');
const isEditor = from('editor');

/* What reading and changing routes answer: done to those whom they let in, else a door or "no". */
const read = (isIn) => (role) => (isIn(role) ? 200 : isStaff(role) ? 403 : 303);
const shown = (isIn) => (role) => (isIn(role) ? 200 : 403);
const change = (isIn, isPossible = () => true) => (role, state) => {
  if (!isIn(role, state)) return 403;
  return isPossible(state) ? 303 : 409;
};
const own = (state) => state.endsWith(' own');

/* Each kind of object: its states, and what its routes answer by role and state. */
export const OBJECTS = {
  batch: {
    states: ['deciding own', 'deciding another’s', 'decided own', 'decided another’s', 'undone own', 'undone another’s'],
    routes: {
      'GET /mod/batches/{id}': read(isStaff),
      'POST /mod/batches/{id}/undo':
        change((role, state) => isSenior(role) || (isStaff(role) && own(state)), (state) => !state.startsWith('undone')),
    },
  },
  campaign: {
    states: ['alert', 'decided', 'ended', 'undone'],
    routes: {
      'GET /mod/campaigns/{id}': read(isStaff),
      'POST /mod/campaigns/{id}/ask': shown(isSenior),
      'POST /mod/campaigns/{id}': change(isSenior),
      'POST /mod/campaigns/{id}/end': change(isSenior, (state) => state === 'decided'),
      'POST /mod/campaigns/{id}/undo': change(isSenior, (state) => state === 'decided' || state === 'ended'),
    },
  },
  rule: {
    states: ['on', 'off'],
    routes: {
      'GET /mod/rules/{id}': read(isStaff),
      'POST /mod/rules/{id}': change(isEditor),
      'POST /mod/rules/{id}/try': shown(isEditor),
      'POST /mod/rules/{id}/switch': change(isEditor),
      'GET /mod/rules/{id}/remove': read(isEditor),
      'POST /mod/rules/{id}/remove': change(isEditor),
    },
  },
  commenter: {
    states: ['usual', 'trusted', 'always held', 'banned'],
    routes: {
      'GET /mod/commenters/{key}': read(isStaff),
      'POST /mod/commenters/{key}/trust': change(isSenior),
      'POST /mod/commenters/{key}/trust/undo': change(isSenior),
      'POST /mod/commenters/{key}/notes': change(isStaff),
    },
  },
  reason: {
    states: ['in use', 'out of use', 'worded anew'],
    routes: {
      'GET /mod/reasons/{key}': read(isEditor),
      'POST /mod/reasons/{key}': change(isEditor, (state) => state !== 'worded anew'),
      'POST /mod/reasons/{key}/switch': change(isEditor, (state) => state !== 'worded anew'),
      'POST /mod/reasons/{key}/move': change(isEditor, (state) => state === 'in use'),
    },
  },
};

/** The kind of object that a route is about; undefined: none of these. */
export const kindOf = (name) => Object.keys(OBJECTS).find((kind) => OBJECTS[kind].routes[name]);

/**
 * Makers of objects. room, db and who as matrix.test.mjs has them; comment(state) makes a comment,
 * crowd() many that are held, and says the filter that finds them; words() are like no others.
 *
 * Each maker: make(state, role) → { id, fields(what), seen() }: the object's address, what its form to
 * .../what posts, and what of it is stored.
 */
export function makers({ room, db, who, comment, crowd, words }) {
  let serial = 0;
  const token = async (role) => hidden((await who[role].get('/mod/account')).text, 'token', '/mod/sign-out');
  const post = async (role, target, fields) => {
    const answer = await who[role].post(target, { token: await token(role), ...fields });
    assert.equal(answer.status, 303, `${target}: ${answer.text}`);
    return answer.headers.location;
  };
  const row = async (sql) => JSON.stringify(await db.all(sql));
  const until = async (what, isSo) => {
    for (let tries = 0; tries < 300; tries++) {
      if (await isSo()) return;
      await sleep(50);
    }
    throw new Error(`it never came that ${what}`);
  };

  /* ---- Batches ---- */

  const batchSeen = (id) => row(`SELECT undone_s, undone_by FROM batch WHERE id = ${id}`);
  const isDone = async (id) => (await db.all(`SELECT is_done FROM batch WHERE id = ${id}`))[0][0] === 1;
  async function batch(state, role) {
    const other = role === 'administrator' ? 'senior' : 'administrator';
    const mine = own(state) && TEAM.includes(role) ? role : other;
    const seen = `${Math.floor(Date.now() / 1000)}`;
    let id;
    /* What a moderator may choose fits into one step: a batch of their own is decided when they see it. */
    const isBusy = state.startsWith('deciding') && mine !== 'moderator';
    if (isBusy) {
      await until('no batch is at work', async () => (await db.all('SELECT COUNT(*) FROM batch WHERE is_done = 0'))[0][0] === 0);
      const filter = await crowd();
      id = (await post(mine, '/mod/batches', { action: 'spam', seen, filter })).match(/batches\/(\d+)/)[1];
    } else {
      const made = await comment('held');
      const to = await post(mine, '/mod/batches', { chosen: `${made.id}.0.0.0.0`, action: 'spam', seen });
      id = to.match(/batches\/(\d+)/)[1];
      await until('the batch is decided', () => isDone(id));
      if (state.startsWith('undone')) {
        await post(mine, `/mod/batches/${id}/undo`, {});
        await until('the batch is undone', () => isDone(id));
      }
    }
    return { id, seen: () => batchSeen(id), fields: () => ({}), isStill: async () => !isBusy || !(await isDone(id)) };
  }

  /* ---- Campaigns ---- */

  const guests = [];
  async function campaign(state) {
    const said = `${words()} ${words()} ${words()}`;
    for (let i = 0; i < 6; i++) {
      const guest = guests[i % 4] ??= new Reader(room);
      const answer = await guest.comment(OTHER, { name: `Guest ${i % 4}`, text: `${said} ${i}` });
      assert.equal(answer.status, 303);
    }
    let id;
    await until('the team is told of a campaign', async () => {
      const rows = await db.all(`SELECT c.campaign FROM comment c JOIN campaign a ON a.id = c.campaign
        WHERE c.text LIKE '${said.slice(0, 40)}%' AND a.alert_s > 0`);
      id = rows[0]?.[0];
      return id;
    });
    const fields = () => ({ action: 'spam', seen: `${Math.floor(Date.now() / 1000)}`, expected: '6', reason: '', note: '' });
    const settle = () => until('its batch is done', async () => (await db.all('SELECT COUNT(*) FROM batch WHERE is_done = 0'))[0][0] === 0);
    if (state !== 'alert') await post('administrator', `/mod/campaigns/${id}`, fields());
    if (state === 'ended') await post('administrator', `/mod/campaigns/${id}/end`, {});
    await settle();
    if (state === 'undone') await post('administrator', `/mod/campaigns/${id}/undo`, {});
    await settle();
    return { id, fields, seen: () => row(`SELECT action, decided_s, batch FROM campaign WHERE id = ${id}`) };
  }

  /* ---- Rules, commenters, reasons ---- */

  async function rule(state) {
    const name = `Object ${++serial}`;
    const on = state === 'on' ? '1' : '';
    const to = await post('administrator', '/mod/new-rule/words', { name, does: '3', on, words: words().slice(0, 8), rev: '0' });
    const id = to.match(/rules\/(\d+)/)[1];
    const changed = { name: `${name} anew`, does: '3', on, words: words().slice(0, 8), rev: '1' };
    return {
      id, seen: () => row(`SELECT is_on, rev, name FROM rule WHERE id = ${id}`),
      fields: (what) => (what === 'switch' ? { on: state === 'on' ? '0' : '1' } : changed),
      drop: () => who.administrator.post(`/mod/rules/${id}/remove`, changed),
    };
  }

  const TRUST = { usual: '0', 'always held': '1', trusted: '2', banned: '3' };
  async function commenter(state) {
    const text = `By somebody new: ${words()}.`;
    assert.equal((await new Reader(room).comment(OPEN, { name: 'Somebody', text })).status, 303);
    const [[id]] = await db.all(`SELECT lower(hex(commenter)) FROM comment WHERE text = '${text}'`);
    for (const trust of [state === 'usual' ? '1' : '0', TRUST[state]]) {
      await post('administrator', `/mod/commenters/${id}/trust`, { trust, days: '0', reason: 'insult', note: '' });
    }
    const [[seq]] = await db.all(`SELECT MAX(seq) FROM trust_change WHERE lower(hex(commenter)) = '${id}'`);
    const next = state === 'always held' ? '2' : '1';
    return {
      id, fields: () => ({ seq: `${seq}`, trust: next, days: '0', reason: '', note: '', text: 'Seen.' }),
      seen: () => row(`SELECT trust, (SELECT MAX(seq) FROM trust_change t WHERE t.commenter = c.id), (SELECT COUNT(*) FROM team_note n WHERE n.commenter = c.id) FROM commenter c WHERE lower(hex(c.id)) = '${id}'`),
    };
  }

  async function reasonForm(target, changes) {
    const page = (await who.administrator.get(target)).text;
    const inputs = [...page.match(/<form class="write".*?<\/form>/s)[0].matchAll(/<input\b[^>]*>/g)].map(([i]) => i);
    return inputs.filter((i) => /name="(name|text|rev)"/.test(i)).map((i) => {
      const name = i.match(/name="(\w+)"/)[1];
      return [name, changes[name] ?? i.match(/value="([^"]*)"/)[1]];
    });
  }
  const newest = async () => (await db.all("SELECT key FROM reason WHERE key LIKE 'own-%' ORDER BY CAST(substr(key, 5) AS INTEGER) DESC LIMIT 1"))[0][0];
  async function reasonSave(target, changes) {
    const fields = await reasonForm(target, changes);
    const answer = await who.administrator.post(target, [['token', await token('administrator')], ...fields]);
    assert.equal(answer.status, 303, answer.text);
  }
  async function reason(state) {
    await reasonSave('/mod/new-reason', { name: `Object ${++serial}`, text: 'Words.' });
    const id = await newest();
    if (state === 'out of use') await post('administrator', `/mod/reasons/${id}/switch`, { on: '0' });
    if (state === 'worded anew') {
      const made = await comment('published');
      assert.equal((await who.administrator.decide(made.id, 'reject', { reason: id })).status, 303);
      await reasonSave(`/mod/reasons/${id}`, { text: 'Other words.' });
    }
    const changed = await reasonForm(`/mod/reasons/${id}`, { text: 'Changed words.' });
    return {
      id, seen: () => row('SELECT * FROM reason ORDER BY position, key'),
      fields: (what) => (what === 'switch' ? { on: state === 'out of use' ? '1' : '0' } : what === 'move' ? { up: '1' } : changed),
      drop: async () => who.administrator.post(`/mod/reasons/${await newest()}/switch`, { token: await token('administrator'), on: '0' }),
    };
  }

  return { batch, campaign, rule, commenter, reason };
}
