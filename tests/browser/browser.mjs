/*
 * Debian's Chromium for the journeys, with a profile of its own, and what every journey does.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { root } from '../lib/newsroom.mjs';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const artefacts = path.join(root, 'tests/browser/artefacts');

/** Launches the browser; the caller closes it. */
export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Opens a page of its own (cookies apart) and fails the journey on any request to others. */
export async function open(browser, origin, options = {}) {
  const context = await browser.newContext({ bypassCSP: false, ...options });
  const page = await context.newPage();
  page.foreign = [];
  page.complaints = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
      page.foreign.push(request.url());
    }
  });
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/** What axe finds, as short lines; an empty list is a clean page. Works with script off, too. */
export async function axe(browser, page) {
  const context = await browser.newContext({
    bypassCSP: true,
    viewport: page.viewportSize(),
    storageState: await page.context().storageState(),
  });
  try {
    const copy = await context.newPage();
    await copy.setContent('');
    await copy.goto(page.url());
    return await axeHere(copy);
  } finally {
    await context.close();
  }
}

/** The same on this very page (its context must have bypassCSP). */
export async function axeHere(page) {
  await page.addScriptTag({ path: axePath });
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

/** Keeps a screenshot as an artefact of the test run. */
export async function keep(page, name) {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: path.join(artefacts, `${name}.png`), fullPage: true });
}

/** Whether the page can be scrolled sideways: it must not. */
export async function isWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
}
