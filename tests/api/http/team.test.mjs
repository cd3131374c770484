/* The team's pages: who is in it, with which role, and who is shut out. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';

let room, admin;
before(async () => {
  room = await newsroom({ AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000' });
  admin = new Reader(room.origin);
  await admin.signIn(room.moderator);
});
after(() => room?.stop());

const ROLES = { moderator: '1', senior: '2', editor: '3', administrator: '4' };

async function add(name, role = 'moderator') {
  const form = await admin.form('/mod/team', '/mod/team');
  return admin.post(form.action, { ...form.fields, name, role: ROLES[role] });
}

/** Adds somebody and signs them in: { name, password, reader, at }. */
async function join(name, role) {
  const page = (await add(name, role)).body;
  const password = page.match(/<li><code>([^<]+)<\/code>/)[1];
  const at = page.match(/href="(\/mod\/team\/\d+)"/)[1];
  const reader = new Reader(room.origin);
  await reader.signIn({ name, password });
  return { name, password, reader, at };
}

async function act(at, what, fields = {}) {
  const form = forms((await admin.get(at)).body).find((f) => f.action === `${at}/${what}`);
  assert.ok(form, `${at} offers ${what}`);
  return admin.post(form.action, { ...form.fields, ...fields });
}

describe('the team', () => {
  test('somebody is added with a password that is shown once', async () => {
    const answer = await add('Aruzhan', 'senior');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['cache-control'], /no-store/);
    const password = answer.body.match(/<li><code>((?:[a-km-np-z2-9]{4}-){5}[a-km-np-z2-9]{4})<\/code>/)[1];
    const list = (await admin.get('/mod/team')).body;
    assert.match(list, /Aruzhan/);
    assert.match(list, /Senior moderator/);
    assert.ok(!list.includes(password));
    const reader = new Reader(room.origin);
    assert.equal((await reader.signIn({ name: 'Aruzhan', password })).status, 303);
  });

  test('a name that is taken, empty or strange is refused and kept in the form', async () => {
    await join('Bolat');
    const taken = await add('Bolat');
    assert.equal(taken.status, 409);
    assert.match(taken.body, /Somebody of the team has this name/);
    assert.match(taken.body, /value="Bolat"/);
    assert.equal((await add('')).status, 422);
    assert.equal((await add('x\u202Ey')).status, 422);
    const form = await admin.form('/mod/team', '/mod/team');
    for (const role of ['', '0', '5', '-1', 'king']) {
      assert.equal((await admin.post(form.action, { ...form.fields, name: 'Chingiz', role })).status, 422, role);
    }
    assert.doesNotMatch((await admin.get('/mod/team')).body, /Chingiz/);
  });

  test('another role holds at once, without signing in again', async () => {
    const { reader, at } = await join('Dana');
    assert.equal((await reader.get('/mod/team')).status, 403);
    assert.equal((await act(at, 'role', { role: '4' })).headers.location, `${at}?done=role`);
    assert.equal((await reader.get('/mod/team')).status, 200);
    await act(at, 'role', { role: '3' });
    assert.equal((await reader.get('/mod/team')).status, 403);
  });

  test('who is shut out is out at once, and comes in again with the same password', async () => {
    const { name, password, reader, at } = await join('Erlan');
    assert.equal((await act(at, 'disable')).status, 303);
    assert.match((await reader.get('/mod')).headers.location, /^\/mod\/sign-in/);
    await assert.rejects(new Reader(room.origin).signIn({ name, password }), /422/);
    assert.match((await admin.get('/mod/team')).body, /shut out/);
    assert.equal((await act(at, 'enable')).status, 303);
    await new Reader(room.origin).signIn({ name, password });
    assert.match((await reader.get('/mod')).headers.location, /^\/mod\/sign-in/, 'old sessions stay ended');
  });

  test('a forgotten password is replaced, sessions end', async () => {
    const { name, password, reader, at } = await join('Farida');
    const answer = await act(at, 'password');
    assert.equal(answer.status, 200);
    const fresh = answer.body.match(/<li><code>([^<]+)<\/code>/)[1];
    assert.equal((await reader.get('/mod')).status, 303);
    await assert.rejects(new Reader(room.origin).signIn({ name, password }), /422/);
    await new Reader(room.origin).signIn({ name, password: fresh });
  });

  test('nobody changes oneself, and the last administrator stays', async () => {
    const own = forms((await admin.get('/mod/team')).body)[0];
    const list = (await admin.get('/mod/team')).body;
    const at = list.match(/href="(\/mod\/team\/\d+)"><bdi>moderator</)[1];
    assert.deepEqual(forms((await admin.get(at)).body).filter((f) => f.action.startsWith(at)), []);
    for (const what of ['role', 'disable', 'reset', 'password']) {
      assert.equal((await admin.post(`${at}/${what}`, { ...own.fields, role: '1' })).status, 403, what);
    }
    // Another administrator may, but for the last one.
    const second = await join('Gulnara', 'administrator');
    await act(second.at, 'disable');
    const form = forms((await admin.get(second.at)).body).find((f) => f.action.endsWith('/enable'));
    assert.ok(form);
    assert.throws(() => room.run('moderator', 'disable', 'moderator', '--dir', room.dir), /last administrator/);
    assert.equal((await admin.get('/mod')).status, 200);
  });

  test('an address of nobody is none', async () => {
    for (const id of ['0', '999999', 'x', '-1']) assert.equal((await admin.get(`/mod/team/${id}`)).status, 404, id);
  });
});
