/*
 * Passkeys over HTTP: an authenticator in software does right once, and then breaks one thing at a
 * time. The same in a browser: tests/browser/passkeys.test.mjs.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { Authenticator, base64url } from '../../lib/authenticator.mjs';
import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms } from './client.mjs';

const QUICK = { AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000' };
let room;
before(async () => { room = await newsroom(QUICK, { host: 'localhost' }); });
after(() => room?.stop());

const second = () => new Promise((resolve) => setTimeout(resolve, 1100));
let serial = 0;

function join(role = 'moderator') {
  const name = `person${++serial}`;
  const printed = room.run('moderator', 'add', name, '--role', role, '--dir', room.dir);
  return { name, password: printed.match(/password: (\S+)/)[1] };
}

async function signedIn(who) {
  const reader = new Reader(room.origin);
  await reader.signIn(who);
  return reader;
}

/** The account's form for a new passkey, and the handle that the page gives. */
async function fresh(reader) {
  const { body } = await reader.get('/mod/account');
  const form = forms(body).find((f) => f.action === '/mod/account/passkeys');
  return { ...form, user: body.match(/data-user="([^"]+)"/)[1], known: body.match(/data-known="([^"]*)"/)[1] };
}

async function add(reader, who, device, wrong = {}, fields = {}) {
  const form = await fresh(reader);
  return reader.post(form.action, {
    ...form.fields, name: 'My phone', password: who.password, ...device.create(form.fields.token, wrong), ...fields,
  });
}

/** Somebody with a passkey: { who, reader, device, user }. */
async function withPasskey(role) {
  const who = join(role);
  const reader = await signedIn(who);
  const { user } = await fresh(reader);
  const device = new Authenticator(room.origin);
  assert.equal((await add(reader, who, device)).status, 200);
  return { who, reader, device, user };
}

async function open(device, user, wrong = {}, reader = new Reader(room.origin)) {
  const form = await reader.form('/mod/sign-in', '/sign-in/passkey');
  const answer = await reader.post(form.action, { ...form.fields, ...device.get(form.fields.token, user, wrong) });
  return Object.assign(answer, { reader, form });
}

describe('a new passkey', () => {
  test('is added, listed, named and removed', async () => {
    const { who, reader, device } = await withPasskey();
    const page = (await reader.get('/mod/account')).body;
    assert.match(page, /My phone/);
    assert.equal((await fresh(reader)).known, base64url(device.id));
    const rename = forms(page).find((f) => /\/passkeys\/\w+\/name$/.test(f.action));
    assert.equal((await reader.post(rename.action, { ...rename.fields, name: 'The key in the drawer' })).status, 303);
    assert.match((await reader.get('/mod/account')).body, /The key in the drawer/);
    assert.equal((await reader.post(rename.action, { ...rename.fields, name: '' })).status, 422);
    const someone = join();
    const stranger = await signedIn(someone);
    const [theirs] = forms((await stranger.get('/mod/account')).body).filter((f) => f.action.endsWith('/password'));
    const remove = forms(page).find((f) => f.action === rename.action.replace(/name$/, 'remove'));
    assert.equal((await stranger.post(remove.action, { token: theirs.fields.token, password: someone.password })).status, 404);
    for (const password of ['', someone.password]) {
      const answer = await reader.post(remove.action, { ...remove.fields, password });
      assert.equal(answer.status, 422);
      assert.match(answer.body, /aria-invalid="true">\s*<b class="error" id="e[0-9a-f]{32}">The current password is wrong/);
      assert.equal((await fresh(reader)).known, base64url(device.id));
    }
    assert.equal((await reader.post(remove.action, { ...remove.fields, password: who.password })).status, 303);
    assert.doesNotMatch((await reader.get('/mod/account')).body, /The key in the drawer/);
  });

  test('brings the first recovery codes, the second one none', async () => {
    const { who, reader } = await withPasskey();
    const answer = await add(reader, who, new Authenticator(room.origin));
    assert.equal(answer.headers.location, '/mod/account?done=passkey');
  });

  test('needs the password', async () => {
    const who = join();
    const reader = await signedIn(who);
    const answer = await add(reader, { password: 'another password' }, new Authenticator(room.origin));
    assert.equal(answer.status, 422);
    assert.match(answer.body, /id="e-key-password">The current password is wrong/);
    assert.match(answer.body, /value="My phone"/);
  });

  test('is taken once, by one person', async () => {
    const { who, reader, device } = await withPasskey();
    assert.equal((await add(reader, who, device)).status, 409);
    const other = join();
    assert.equal((await add(await signedIn(other), other, device)).status, 409);
  });

  const wrongs = {
    'of another origin': { origin: 'http://evil.example' },
    'of our host on another port': { origin: 'http://localhost:1' },
    'for another host': { host: 'evil.example' },
    'of another challenge': { challenge: '00'.repeat(32) },
    'of another ceremony': { type: 'webauthn.get' },
    'from within another site\'s page': { crossOrigin: true },
    'without the user\'s presence': { flags: 0x44 },
    'without the user\'s verification': { flags: 0x41 },
    'without a key': { flags: 0x05, tail: Buffer.alloc(0) },
    'with a key that is no point of the curve': { point: { y: Buffer.alloc(32, 7) } },
    'with half a key': { tail: randomBytes(40) },
    'with client data that are no JSON': { json: '{"type":' },
    'with client data that say a thing twice': { json: '{"type":"webauthn.create","type":"webauthn.create"}' },
    'with client data that are a list': { json: '[]' },
    'with client data of another type': { json: '{"type":1,"challenge":2,"origin":3}' },
  };
  for (const [name, wrong] of Object.entries(wrongs)) {
    test(`${name} is refused`, async () => {
      const who = join();
      const reader = await signedIn(who);
      const answer = await add(reader, who, new Authenticator(room.origin), wrong);
      assert.equal(answer.status, 422);
      assert.match(answer.body, /This passkey does not open this site/);
      assert.equal((await fresh(reader)).known, '');
    });
  }

  test('what is no base64url is refused', async () => {
    const who = join();
    const reader = await signedIn(who);
    for (const fields of [{ client: '***' }, { authenticator: 'a=' }, { client: '', authenticator: '' }]) {
      assert.equal((await add(reader, who, new Authenticator(room.origin), {}, fields)).status, 422);
    }
  });

  test('a challenge of another session is none', async () => {
    const [one, two] = [join(), join()];
    const [mine, theirs] = [await signedIn(one), await signedIn(two)];
    const form = await fresh(theirs);
    const device = new Authenticator(room.origin);
    const answer = await mine.post(form.action, { ...form.fields, name: 'x', password: one.password, ...device.create(form.fields.token) });
    assert.equal(answer.status, 403);
  });
});

describe('signing in with a passkey', () => {
  test('opens without name, password and code', async () => {
    const { device, user } = await withPasskey();
    const answer = await open(device, user);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, '/mod');
    assert.equal((await answer.reader.get('/mod')).status, 200);
    assert.match((await answer.reader.get('/mod/account')).body, /by passkey/);
  });

  test('is the second step of those who have one, and ends the pending session', async () => {
    const { who, device, user } = await withPasskey();
    const reader = new Reader(room.origin);
    const step = await reader.signIn(who);
    assert.match(step.headers.location, /^\/mod\/second-step/);
    const pending = reader.cookies.get('aitys-mod');
    const form = await reader.form('/mod/second-step', '/sign-in/passkey');
    const answer = await reader.post(form.action, { ...form.fields, ...device.get(form.fields.token, user) });
    assert.equal(answer.status, 303);
    assert.equal((await reader.get('/mod')).status, 200);
    reader.cookies.set('aitys-mod', pending);
    assert.match((await reader.get('/mod/second-step')).headers.location, /^\/mod\/sign-in/);
  });

  test('ends the session whose cookie came along; a refused one ends nothing', async () => {
    const { reader, device, user } = await withPasskey();
    const old = reader.cookies.get('aitys-mod');
    assert.equal((await open(device, user, { flags: 0x01 }, reader)).status, 422);
    assert.equal((await reader.get('/mod')).status, 200);
    assert.equal((await open(device, user, {}, reader)).status, 303);
    assert.equal((await reader.get('/mod/account')).body.match(/<li class="row">/g).length, 1);
    reader.cookies.set('aitys-mod', old);
    assert.match((await reader.get('/mod')).headers.location, /^\/mod\/sign-in/);
  });

  test('a challenge is taken once', async () => {
    const { device, user } = await withPasskey();
    const reader = new Reader(room.origin);
    const form = await reader.form('/mod/sign-in', '/sign-in/passkey');
    const fields = { ...form.fields, ...device.get(form.fields.token, user) };
    assert.equal((await reader.post(form.action, fields)).status, 303);
    assert.equal((await new Reader(room.origin).post(form.action, fields)).status, 409);
    await second();
    assert.equal((await open(device, user)).status, 303);
  });

  test('of two authenticators with one key the later one is told', async () => {
    const { device, user } = await withPasskey();
    device.count = 10;
    assert.equal((await open(device, user)).status, 303);
    await second();
    device.count = 4;
    const cloned = await open(device, user);
    assert.equal(cloned.status, 422);
    assert.match(cloned.body, /its count went back/);
    assert.deepEqual(cloned.headers['set-cookie'] ?? [], []);
  });

  const wrongs = {
    'another origin': { origin: 'http://evil.example' },
    'another host': { host: 'evil.example' },
    'another challenge': { challenge: '11'.repeat(32) },
    'another ceremony': { type: 'webauthn.create' },
    'another site\'s frame': { crossOrigin: true },
    'no presence': { flags: 0x04 },
    'no verification': { flags: 0x01 },
    'a broken signature': { signature: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) ^ 1])]) },
    'no signature': { signature: () => Buffer.alloc(0) },
    'another\'s handle': { user: base64url(randomBytes(16)) },
    'no handle': { user: '' },
    'an id that nobody has': { id: randomBytes(32) },
  };
  for (const [name, wrong] of Object.entries(wrongs)) {
    test(`${name}: refused`, async () => {
      const { device, user } = await withPasskey();
      const answer = await open(device, user, wrong);
      assert.equal(answer.status, 422);
      assert.match(answer.body, /This passkey does not open this site/);
      assert.deepEqual(answer.headers['set-cookie'] ?? [], []);
    });
  }

  test('another key under a known id is refused', async () => {
    const { device, user } = await withPasskey();
    const forger = new Authenticator(room.origin);
    forger.id = device.id;
    assert.equal((await open(forger, user)).status, 422);
  });

  test('who was shut out stays out', async () => {
    const { who, device, user } = await withPasskey();
    room.run('moderator', 'disable', who.name, '--dir', room.dir);
    assert.equal((await open(device, user)).status, 422);
    room.run('moderator', 'enable', who.name, '--dir', room.dir);
    assert.equal((await open(device, user)).status, 303);
  });
});

test('where browsers give no passkeys none is offered or taken', async (t) => {
  const bare = await newsroom(QUICK);
  t.after(() => bare.stop());
  const reader = new Reader(bare.origin);
  await reader.signIn(bare.moderator);
  assert.doesNotMatch((await reader.get('/mod/sign-in')).body, /data-passkey/);
  assert.doesNotMatch((await reader.get('/mod/account')).body, /data-passkey/);
});
