/*
 * The second step of signing in, without JavaScript: codes of an app, recovery codes, what a sign-in
 * that is half done may reach, and the account's page.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { totp } from '../../lib/totp.mjs';
import { Reader, forms } from './client.mjs';

const SESSION = 'aitys-mod';
const QUICK = { AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000' };
let room;
before(async () => { room = await newsroom(QUICK); });
after(() => room?.stop());

let serial = 0;
/** Somebody new of the team: { name, password }. */
function join(role = 'moderator') {
  const name = `person${++serial}`;
  const printed = room.run('moderator', 'add', name, '--role', role, '--dir', room.dir);
  return { name, password: printed.match(/password: (\S+)/)[1] };
}

/** The password's step alone; the answer says where it leads. */
async function begin(who) {
  const reader = new Reader(room.origin);
  const answer = await reader.signIn(who);
  return { reader, location: answer.headers.location };
}

async function send(reader, page, ending, fields) {
  const form = await reader.form(page, ending);
  return reader.post(form.action, { ...form.fields, ...fields });
}

const code = (reader, typed) => send(reader, '/mod/second-step', '/second-step', { code: typed });
const shown = (html) => [...html.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, text]) => text);

/** Somebody with codes switched on: { who, reader, secret, codes }. */
async function withCodes(role) {
  const who = join(role);
  const { reader } = await begin(who);
  const page = await reader.get('/mod/account/totp');
  const secret = page.body.match(/<code>([A-Z2-7 ]+)<\/code>/)[1];
  const [form] = forms(page.body).filter((f) => f.action === '/mod/account/totp');
  const answer = await reader.post(form.action, { ...form.fields, code: totp(secret, -1), password: who.password });
  assert.equal(answer.status, 200, answer.body);
  return { who, reader, secret, codes: shown(answer.body) };
}

describe('switching codes on', () => {
  test('the page shows the secret as letters, as an address and as a picture', async () => {
    const { reader } = await begin(join());
    const page = (await reader.get('/mod/account/totp')).body;
    const secret = page.match(/<code>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<\/code>/)[1].replace(/ /g, '');
    assert.match(page, new RegExp(`href="otpauth://totp/[^"]*person\\d+\\?secret=${secret}&amp;issuer=`));
    assert.match(page, /<svg class="qr" viewBox="-4 -4 (\d+) \1" role="img" aria-label="[^"]+"[^>]*><path d="M0 0h7v1h-7z/);
    const other = (await reader.get('/mod/account/totp')).body;
    assert.ok(!other.includes(secret), 'every page has a secret of its own');
  });

  test('a wrong code changes nothing and keeps the secret', async () => {
    const who = join();
    const { reader } = await begin(who);
    const page = (await reader.get('/mod/account/totp')).body;
    const [form] = forms(page).filter((f) => f.action === '/mod/account/totp');
    const again = await reader.post(form.action, { ...form.fields, code: '000000', password: who.password });
    assert.equal(again.status, 422);
    assert.equal(again.body.match(/<code>([^<]+)</)[1], page.match(/<code>([^<]+)</)[1]);
    assert.match(again.body, /<\/header>\s*<div class="notice problem" id="faults" role="alert">[\s\S]*?<a href="#f-code">The code is wrong/, 'where the page opens');
    assert.match(again.body, /<b class="error" id="e-code">The code is wrong/);
    assert.equal(again.body.match(/role="alert"/g).length, 1);
    assert.equal((await begin(who)).location, '/mod');
  });

  test('a password that is refused is marked at its field and told where the page opens', async () => {
    const who = join();
    const { reader } = await begin(who);
    const good = { current: who.password, fresh: 'quite another one', again: 'quite another one' };
    for (const [id, wrong, said] of [
      ['f-current', { current: 'not-this-one' }, 'The current password is wrong'],
      ['f-fresh', { fresh: 'short', again: 'short' }, 'A password has at least 10'],
      ['f-again', { again: 'quite another, two' }, 'The two new passwords'],
    ]) {
      const form = forms((await reader.get('/mod/account')).body).find((f) => f.action === '/mod/account/password');
      const { status, body } = await reader.post(form.action, { ...form.fields, ...good, ...wrong });
      assert.equal(status, 422, id);
      assert.match(body, new RegExp(`id="faults" role="alert">[\\s\\S]*?<a href="#${id}">${said}`));
      assert.match(body, new RegExp(`<input id="${id}"[^>]* aria-invalid="true">\\s*<b class="error" id="[^"]*">${said}`));
      assert.equal(body.match(/aria-invalid/g).length, 1);
    }
  });

  test('ten recovery codes are shown once, and codes are asked for from then on', async () => {
    const { who, reader, codes } = await withCodes();
    assert.equal(new Set(codes).size, 10);
    for (const one of codes) assert.match(one, /^([a-km-np-z2-9]{4}-){4}[a-km-np-z2-9]{4}$/);
    const account = (await reader.get('/mod/account')).body;
    for (const one of codes) assert.ok(!account.includes(one));
    assert.match(account, /10 recovery codes are left/);
    assert.match((await begin(who)).location, /^\/mod\/second-step/);
  });

  test('what the password alone had opened ends', async () => {
    const who = join();
    const { reader: old } = await begin(who);
    const { reader } = await begin(who);
    const page = await reader.get('/mod/account/totp');
    const secret = page.body.match(/<code>([A-Z2-7 ]+)<\/code>/)[1];
    const [form] = forms(page.body).filter((f) => f.action === '/mod/account/totp');
    const fields = { ...form.fields, code: totp(secret), password: who.password };
    assert.equal((await reader.post(form.action, fields)).status, 200);
    assert.equal((await old.get('/mod')).status, 303);
    assert.equal((await reader.get('/mod')).status, 200);
  });
});

describe('the second step', () => {
  test('a code opens a session of its own; the pending one is dead', async () => {
    const { who, secret } = await withCodes();
    const { reader } = await begin(who);
    const pending = reader.cookies.get(SESSION);
    const answer = await code(reader, totp(secret));
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, '/mod');
    assert.notEqual(reader.cookies.get(SESSION), pending);
    assert.equal((await reader.get('/mod')).status, 200);
    reader.cookies.set(SESSION, pending);
    assert.match((await reader.get('/mod')).headers.location, /^\/mod\/sign-in/);
  });

  test('a code is taken once, for all sign-ins', async () => {
    const { who, secret } = await withCodes();
    const typed = totp(secret);
    assert.equal((await code((await begin(who)).reader, typed)).status, 303);
    assert.equal((await code((await begin(who)).reader, typed)).status, 422);
  });

  test('a recovery code opens once, however it is written', async () => {
    const { who, codes } = await withCodes();
    assert.equal((await code((await begin(who)).reader, codes[3].toUpperCase().replace(/-/g, ' '))).status, 303);
    assert.equal((await code((await begin(who)).reader, codes[3])).status, 422);
    const { reader } = await begin(who);
    assert.equal((await code(reader, codes[4])).status, 303);
    const made = await send(reader, '/mod/account', '/codes', { password: who.password });
    assert.equal(shown(made.body).length, 10);
    assert.equal((await code((await begin(who)).reader, codes[5])).status, 422);
    assert.equal((await code((await begin(who)).reader, shown(made.body)[5])).status, 303);
  });

  test('it leads where one wanted to go, and nowhere else', async () => {
    const { who, secret } = await withCodes();
    const reader = new Reader(room.origin);
    const form = await reader.form('/mod/sign-in?next=/mod?state=spam', '/mod/sign-in');
    const step = await reader.post(form.action, { ...form.fields, ...who });
    assert.equal(step.headers.location, '/mod/second-step?next=%2Fmod%3Fstate%3Dspam');
    const page = await reader.form(step.headers.location, '/second-step');
    const bad = await reader.post(page.action, { ...page.fields, next: 'https://evil.example/', code: totp(secret) });
    assert.equal(bad.headers.location, '/mod');
  });

  test('the fifth wrong code ends the sign-in, and the next one has to wait', async () => {
    const { who, secret } = await withCodes();
    const { reader } = await begin(who);
    for (let i = 1; i < 5; i++) assert.equal((await code(reader, '000000')).status, 422, `code ${i}`);
    const last = await code(reader, '000000');
    assert.equal(last.status, 429);
    assert.ok(Number(last.headers['retry-after']) > 50);
    assert.match(last.body, /Too many wrong codes/);
    assert.equal(reader.cookies.has(SESSION), false);
    // From anywhere else, with the right one: not looked at.
    const other = (await begin(who)).reader;
    assert.equal((await code(other, totp(secret))).status, 429);
    assert.match((await other.get('/mod')).headers.location, /^\/mod\/sign-in/);
  });

  test('a sign-in that is half done reaches nothing but its next step', async () => {
    const { who } = await withCodes('administrator');
    const { reader } = await begin(who);
    for (const target of ['/mod', '/mod/account', '/mod/account/totp', '/mod/team', '/mod/team/1', '/mod/comments/1']) {
      const answer = await reader.get(target);
      assert.equal(answer.status, 303, target);
      assert.match(answer.headers.location, /^\/mod\/second-step\?next=/);
    }
    const [form] = forms((await reader.get('/mod/second-step')).body);
    for (const target of ['/mod/account/codes', '/mod/account/password', '/mod/team', '/mod/team/1/disable', '/mod/account/sessions/end-others']) {
      const good = { password: 'x', current: 'x', fresh: '0123456789', again: '0123456789', name: 'x', role: '1' };
      assert.equal((await reader.post(target, { ...form.fields, ...good })).status, 403, target);
    }
    const front = (await reader.get('/en')).body;
    assert.ok(!front.includes('modbar'), 'nothing is shown of a moderator');
    assert.equal((await send(reader, '/mod/second-step', '/sign-out', {})).status, 303);
    assert.match((await reader.get('/mod/second-step')).headers.location, /^\/mod\/sign-in/);
  });
});

describe('the account', () => {
  test('switching codes off needs a code, and the recovery codes go', async () => {
    const { who, reader, secret, codes } = await withCodes();
    const { password } = who;
    const wrong = await send(reader, '/mod/account', '/totp/off', { code: '123', password });
    assert.equal(wrong.status, 422);
    assert.match(wrong.body, /id="e-off">The code is wrong/);
    const answer = await send(reader, '/mod/account', '/totp/off', { code: totp(secret), password });
    assert.equal(answer.headers.location, '/mod/account?done=totp-off');
    assert.match((await reader.get(answer.headers.location)).body, /Codes are switched off/);
    const { location } = await begin(who);
    assert.equal(location, '/mod');
    assert.equal(codes.length, 10);
    assert.doesNotMatch((await reader.get('/mod/account')).body, /recovery codes are left/);
  });

  test('the password changes with the current one, and other sessions end', async () => {
    const who = join();
    const { reader } = await begin(who);
    const { reader: other } = await begin(who);
    const change = (fields) => send(reader, '/mod/account', '/password', fields);
    const fresh = 'a quite new password';
    assert.equal((await change({ current: 'not this one', fresh, again: fresh })).status, 422);
    assert.equal((await change({ current: who.password, fresh, again: `${fresh}!` })).status, 422);
    const short = await change({ current: who.password, fresh: 'short', again: 'short' });
    assert.equal(short.status, 422);
    assert.match(short.body, /at least 10 characters/);
    assert.doesNotMatch(short.body, /value="short"/);
    assert.equal((await change({ current: who.password, fresh, again: fresh })).headers.location, '/mod/account?done=password');
    assert.equal((await reader.get('/mod')).status, 200);
    assert.equal((await other.get('/mod')).status, 303);
    await assert.rejects(begin(who), /sign-in: 422/);
    assert.equal((await begin({ ...who, password: fresh })).location, '/mod');
  });

  test('sessions are listed and ended one by one or all; nobody ends another\'s', async () => {
    const who = join();
    const [one, two, three] = [await begin(who), await begin(who), await begin(who)].map((b) => b.reader);
    const page = (await one.get('/mod/account')).body;
    const ends = forms(page).filter((f) => /\/sessions\/\w+\/end$/.test(f.action));
    assert.equal(ends.length, 2);
    assert.equal(page.match(/this one/g).length, 1);
    const stranger = (await begin(join())).reader;
    const [theirs] = forms((await stranger.get('/mod/account')).body).filter((f) => f.action.endsWith('/password'));
    assert.equal((await stranger.post(ends[0].action, { token: theirs.fields.token })).status, 404);
    assert.equal((await one.post(ends[0].action, ends[0].fields)).status, 303);
    assert.equal((await one.post(ends[0].action, ends[0].fields)).status, 404);
    assert.equal([await two.get('/mod'), await three.get('/mod')].filter((a) => a.status === 200).length, 1);
    const { reader: four } = await begin(who);
    assert.equal((await send(one, '/mod/account', '/end-others', {})).status, 303);
    for (const gone of [two, three, four]) assert.equal((await gone.get('/mod')).status, 303);
    assert.equal((await one.get('/mod')).status, 200);
    assert.equal((await stranger.get('/mod')).status, 200);
  });

  test('recovery codes are made only where there is a second step', async () => {
    const { password, ...who } = join();
    const { reader } = await begin({ ...who, password });
    const [form] = forms((await reader.get('/mod/account')).body).filter((f) => f.action.endsWith('/password'));
    assert.equal((await reader.post('/mod/account/codes', { token: form.fields.token, password })).status, 409);
  });
});

describe('a session without the password', () => {
  /* At its field: named by a label, marked, described, and nothing typed comes back. */
  function assertAsked(answer, id, password) {
    assert.equal(answer.status, 422);
    const field = answer.body.match(new RegExp(`<label for="${id}">Current password</label>\\s*<input id="${id}"([^>]*)>([\\s\\S]*?)</div>`));
    assert.ok(field, `no field ${id}`);
    assert.match(field[1], /type="password" required autocomplete="current-password"/);
    assert.match(field[1], /aria-invalid="true"/);
    const error = field[1].match(/aria-describedby="([^"]+)"/)[1];
    assert.match(field[2], new RegExp(`id="${error}">The current password is wrong`));
    assert.ok(answer.body.includes(`<a href="#${id}">The current password is wrong`), 'and above the page');
    if (password) assert.ok(!answer.body.includes(password));
  }

  const WRONG = ['', 'not the current one'];

  test('switches no codes on', async () => {
    const who = join();
    const { reader } = await begin(who);
    const page = (await reader.get('/mod/account/totp')).body;
    const secret = page.match(/<code>([A-Z2-7 ]+)<\/code>/)[1];
    const [form] = forms(page).filter((f) => f.action === '/mod/account/totp');
    for (const password of WRONG) {
      const answer = await reader.post(form.action, { ...form.fields, code: totp(secret), password });
      assertAsked(answer, 'f-password', password);
      assert.ok(answer.body.includes(`<code>${secret}</code>`), 'the app may have it already');
    }
    assert.equal((await begin(who)).location, '/mod');
  });

  test('switches none off, and uses up no code', async () => {
    const { who, reader, secret, codes } = await withCodes();
    for (const password of WRONG) {
      assertAsked(await send(reader, '/mod/account', '/totp/off', { code: codes[0], password }), 'f-off-password', password);
    }
    assert.match((await begin(who)).location, /^\/mod\/second-step/);
    assert.match((await reader.get('/mod/account')).body, /10 recovery codes are left/);
    const { password } = who;
    assert.equal((await send(reader, '/mod/account', '/totp/off', { code: totp(secret), password })).status, 303);
  });

  test('is in the ledger when the password was wrong', async () => {
    const failures = () => {
      const file = path.join(room.dir, `ledger-${performance.now()}.txt`);
      room.run('ledger', 'export', file);
      return readFileSync(file, 'utf8').match(/ sign_in_failed\b/g)?.length ?? 0;
    };
    const { reader } = await withCodes();
    const before = failures();
    assert.equal((await send(reader, '/mod/account', '/codes', { password: WRONG[1] })).status, 422);
    assert.equal(failures(), before + 1);
  });

  test('makes no recovery codes', async () => {
    const { who, reader, codes } = await withCodes();
    for (const password of WRONG) {
      assertAsked(await send(reader, '/mod/account', '/codes', { password }), 'f-codes', password);
    }
    assert.equal((await code((await begin(who)).reader, codes[0])).status, 303);
  });
});

describe('signing in where one is signed in', () => {
  const listed = async (reader) => (await reader.get('/mod/account')).body.match(/<li class="row">/g).length;
  const opens = async (session) => {
    const reader = new Reader(room.origin);
    reader.cookies.set(SESSION, session);
    return (await reader.get('/mod/account')).status === 200;
  };

  test('ends the session that was there; a refused sign-in changes nothing', async () => {
    const who = join();
    const { reader } = await begin(who);
    const { reader: elsewhere } = await begin(who);
    const old = reader.cookies.get(SESSION);
    await assert.rejects(reader.signIn({ ...who, password: 'not this one' }), /sign-in: 422/);
    assert.equal(await listed(elsewhere), 2);
    assert.ok(await opens(old));
    assert.equal((await reader.signIn(who)).headers.location, '/mod');
    assert.equal(await listed(elsewhere), 2);
    assert.equal(await opens(old), false);
    assert.ok(await opens(reader.cookies.get(SESSION)));
  });

  test('whoever signs in, and with a second step as well', async () => {
    const { who, reader, secret } = await withCodes();
    const { reader: other } = await begin(join());
    const [mine, theirs] = [reader, other].map((r) => r.cookies.get(SESSION));
    other.cookies.set(SESSION, mine);
    assert.match((await other.signIn(who)).headers.location, /^\/mod\/second-step/);
    assert.equal(await opens(mine), false);
    assert.ok(await opens(theirs), 'that one did not come along');
    assert.equal((await code(other, totp(secret))).status, 303);
    assert.equal(await listed(other), 1);
  });
});

describe('where the site wants a second step', () => {
  let strict;
  before(async () => { strict = await newsroom({ ...QUICK, AITYS_MODERATION_SECOND_STEP: 'seniors' }); });
  after(() => strict?.stop());

  test('seniors and above set it up first; then everything opens', async () => {
    const reader = new Reader(strict.origin);
    await reader.signIn(strict.moderator); // an administrator
    for (const target of ['/mod', '/mod/team']) {
      const answer = await reader.get(target);
      assert.equal(answer.status, 303);
      assert.match(answer.headers.location, /^\/mod\/account/);
    }
    const account = (await reader.get('/mod/account')).body;
    assert.match(account, /Please set up a second step first/);
    assert.match(account, /\/mod\/sign-out/);
    assert.doesNotMatch(account, /comments? waits?/);
    const page = await reader.get('/mod/account/totp');
    const secret = page.body.match(/<code>([A-Z2-7 ]+)<\/code>/)[1];
    const [form] = forms(page.body).filter((f) => f.action === '/mod/account/totp');
    const { password } = strict.moderator;
    assert.equal((await reader.post(form.action, { ...form.fields, code: totp(secret), password })).status, 200);
    assert.equal((await reader.get('/mod')).status, 200);
    assert.equal((await reader.get('/mod/team')).status, 200);
  });

  test('moderators need not', async () => {
    const printed = strict.run('moderator', 'add', 'junior', '--dir', strict.dir);
    const reader = new Reader(strict.origin);
    await reader.signIn({ name: 'junior', password: printed.match(/password: (\S+)/)[1] });
    assert.equal((await reader.get('/mod')).status, 200);
  });
});
