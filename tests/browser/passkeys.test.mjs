/*
 * Passkeys in a real browser with a virtual authenticator: made, used with and without a password,
 * cloned, cancelled, on another origin. And how the pages of accounts and of the team look.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../lib/newsroom.mjs';
import { totp } from '../lib/totp.mjs';
import { axe, isWide, keep, launch, open } from './browser.mjs';

const AUTHENTICATOR = {
  protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, automaticPresenceSimulation: true,
};
const QUICK = { AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000' };

let room, browser;
before(async () => {
  room = await newsroom(QUICK, { host: 'localhost' });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

let serial = 0;
function join(role = 'moderator') {
  const name = `person${++serial}`;
  const printed = room.run('moderator', 'add', name, '--role', role, '--dir', room.dir);
  return { name, password: printed.match(/password: (\S+)/)[1] };
}

/** A device of its own: { page, cdp, id }. */
async function device(options = {}) {
  const page = await open(browser, room.origin, { locale: 'en', ...options });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
  return { page, cdp, id };
}

async function signIn(page, { name, password }) {
  await page.goto(`${room.origin}/mod/sign-in`);
  await page.fill('#f-name', name);
  await page.fill('#f-password', password);
  await page.click('form.write button');
  await page.waitForLoadState();
}

async function addPasskey(page, who, name = 'My phone') {
  await page.goto(`${room.origin}/mod/account`);
  await page.fill('#f-key', name);
  await page.fill('#f-key-password', who.password);
  await Promise.all([page.waitForNavigation(), page.click('form[data-passkey="create"] button')]);
}

async function signOut(page) {
  await Promise.all([page.waitForNavigation(), page.click('.modbar button')]);
}

const usePasskey = (page) => Promise.all([page.waitForNavigation(), page.click('form[data-passkey="get"] button')]);
const pathOf = (page) => new URL(page.url()).pathname;

describe('passkeys', () => {
  test('one is made, and opens the site without name and password', async () => {
    const who = join();
    const { page } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    assert.equal(await page.locator('.secrets li').count(), 10, 'the first recovery codes');
    await signOut(page);
    await usePasskey(page);
    assert.equal(pathOf(page), '/mod');
    assert.match(await page.textContent('.modbar'), new RegExp(who.name));
    await page.goto(`${room.origin}/mod/account`);
    assert.match(await page.textContent('main'), /My phone/);
    assert.match(await page.textContent('main'), /by passkey/);
    assert.deepEqual(page.foreign, []);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('it is the second step after the password, too', async () => {
    const who = join();
    const { page } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    await signOut(page);
    await signIn(page, who);
    assert.equal(pathOf(page), '/mod/second-step');
    await usePasskey(page);
    assert.equal(pathOf(page), '/mod');
    await page.context().close();
  });

  test('the same device makes no second one', async () => {
    const who = join();
    const { page } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    await page.goto(`${room.origin}/mod/account`);
    await page.fill('#f-key', 'Once more');
    await page.fill('#f-key-password', who.password);
    await page.click('form[data-passkey="create"] button');
    await page.waitForSelector('form[data-passkey="create"] [role="alert"]:visible');
    assert.equal(await page.locator('.log details').count(), 1);
    await page.context().close();
  });

  test('a cloned authenticator is noticed by its count', async () => {
    const who = join();
    const { page, cdp, id } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    const { credentials: [made] } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: id });
    await signOut(page);
    await usePasskey(page);
    assert.equal(pathOf(page), '/mod');
    await signOut(page);
    await page.waitForTimeout(1100);
    // The copy that was taken before the sign-in counts from where it was.
    const clone = await device();
    await clone.cdp.send('WebAuthn.addCredential', { authenticatorId: clone.id, credential: made });
    await clone.page.goto(`${room.origin}/mod/sign-in`);
    await usePasskey(clone.page);
    assert.match(await clone.page.textContent('form[data-passkey] [role="alert"]'), /its count went back/);
    await clone.page.goto(`${room.origin}/mod`);
    assert.equal(pathOf(clone.page), '/mod/sign-in');
    await page.context().close();
    await clone.page.context().close();
  });

  test('without the user\'s verification nothing is made or opened', async () => {
    const who = join();
    const { page, cdp, id } = await device();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    await signIn(page, who);
    await page.goto(`${room.origin}/mod/account`);
    await page.fill('#f-key', 'Unverified');
    await page.fill('#f-key-password', who.password);
    await page.click('form[data-passkey="create"] button');
    await page.waitForSelector('form[data-passkey="create"] [role="alert"]:visible');
    await page.context().close();
  });

  test('what another origin makes of our challenge is refused', async () => {
    const who = join();
    const { page, cdp, id } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    await signOut(page);
    // The same server under another of its names: a page that takes our challenge and its own origin.
    const token = await page.inputValue('form[data-passkey] [name="token"]');
    const { port } = new URL(room.origin);
    const other = await page.context().newPage();
    const cdpOther = await page.context().newCDPSession(other);
    await cdpOther.send('WebAuthn.enable');
    const { authenticatorId } = await cdpOther.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR });
    const { credentials: [made] } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: id });
    await cdpOther.send('WebAuthn.addCredential', { authenticatorId, credential: made });
    await other.goto(`http://phish.localhost:${port}/mod/sign-in`);
    await other.evaluate((value) => {
      document.querySelector('form[data-passkey]').elements.token.value = value;
    }, token);
    // A site below ours may name our host, so the browser signs; the origin gives it away.
    await other.click('form[data-passkey] button');
    await other.waitForSelector('form[data-passkey] [role="alert"]:visible');
    assert.notEqual(pathOf(other), '/mod');
    await other.goto(`${room.origin}/mod`);
    assert.equal(pathOf(other), '/mod/sign-in');
    await page.context().close();
  });

  test('one is removed with the password only', async () => {
    const who = join();
    const { page } = await device();
    await signIn(page, who);
    await addPasskey(page, who);
    const remove = async (password) => {
      await page.locator('.log details:not([open]) summary').evaluateAll((all) => all.forEach((one) => one.click()));
      const form = page.locator('form[action$="/remove"]');
      await form.getByLabel('Current password').fill(password);
      await Promise.all([page.waitForNavigation(), form.getByRole('button').click()]);
    };
    await page.goto(`${room.origin}/mod/account`);
    await remove('not this one');
    assert.match(await page.locator('form[action$="/remove"] .error').innerText(), /The current password is wrong/);
    await remove(who.password);
    assert.equal(await page.locator('form[action$="/remove"]').count(), 0);
    assert.deepEqual(page.complaints.filter((c) => !/422/.test(c)), []);
    await page.context().close();
  });

  test('without JavaScript nothing of it is shown but why', async () => {
    const who = join();
    const page = await open(browser, room.origin, { javaScriptEnabled: false, locale: 'en' });
    await page.goto(`${room.origin}/mod/sign-in`);
    assert.equal(await page.locator('[data-passkey]').isVisible(), false);
    await signIn(page, who);
    await page.goto(`${room.origin}/mod/account`);
    assert.equal(await page.locator('form[data-passkey]').isVisible(), false);
    assert.match(await page.textContent('noscript'), /needs JavaScript/);
    await page.context().close();
  });
});

describe('the pages', () => {
  const views = {
    phone: { viewport: { width: 320, height: 700 }, locale: 'en' },
    desktop: { viewport: { width: 1280, height: 900 }, locale: 'ru' },
    dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark', locale: 'en' },
    rtl: { viewport: { width: 390, height: 800 }, locale: 'ar' },
  };

  for (const [name, options] of Object.entries(views)) {
    test(`${name}: nothing is cut off, and axe finds nothing`, async () => {
      const who = join('administrator');
      const { page } = await device(options);
      const look = async (what, address) => {
        if (address) await page.goto(room.origin + address);
        assert.equal(await isWide(page), false, `${what} scrolls sideways`);
        await keep(page, `team-${what}-${name}`);
        if (address) assert.deepEqual(await axe(browser, page), [], what);
      };
      await look('sign-in', '/mod/sign-in');
      await signIn(page, who);
      await look('totp', '/mod/account/totp');
      const secret = await page.textContent('.secret code');
      await page.fill('#f-code', totp(secret));
      await page.fill('#f-password', who.password);
      await page.click('form.write button.send');
      await page.waitForSelector('.secrets');
      await look('codes');
      await addPasskey(page, who, 'The key in the drawer of the desk by the window');
      await look('account', '/mod/account');
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
      await look('account-open');
      assert.deepEqual(await axe(browser, page), [], 'account-open');
      await look('team', '/mod/team');
      await look('member', '/mod/team/1');
      await signOut(page);
      await signIn(page, who);
      assert.equal(pathOf(page), '/mod/second-step');
      await look('second-step', '/mod/second-step');
      await page.fill('#f-code', totp(secret, 1));
      await page.click('form.write button.send');
      await page.waitForURL(`${room.origin}/mod`);
      await page.context().close();
    });
  }
});
