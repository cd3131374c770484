/*
 * The comment form, filled in and sent as a browser does it, by many readers at once.
 */
import { randomBytes, randomInt } from 'node:crypto';
import http from 'node:http';

import { ask, sleep } from './server.mjs';

export const ARTICLES = [
  '/en/the-reservoir-that-came-back',
  '/en/a-dombra-out-of-a-fallen-tree',
  '/en/carriage-seven-silence-please',
  '/en/the-scales-nobody-argues-with',
  '/en/the-night-tram-finds-its-passengers',
  '/en/the-orchard-that-was-not-felled',
  '/en/fourteen-pupils-and-one-bell', // held before they appear
];

const field = (html, name) =>
  html.match(new RegExp(`<form[^>]*id="write"[\\s\\S]*?name="${name}" value="([^"]*)"`))[1];

/** The hidden fields of each article's form. */
export async function pages(origin) {
  const all = [];
  for (const address of ARTICLES) {
    const { status, body } = await ask(origin + address);
    if (status !== 200) throw new Error(`${address}: ${status}`);
    all.push({ address, token: field(body, 'token'), started: field(body, 'started') });
  }
  return all;
}

let number = 0;
const run = randomBytes(4).toString('hex');

/**
 * A form as it would be sent: words that nobody else uses, and in two of three cases the key that
 * the page's script makes.
 */
export function fill(page) {
  number += 1;
  const hasScript = number % 3 !== 0;
  const text = `Comment ${number} of ${run}. ${'Қар ерігенше күтеміз. '.repeat(randomInt(12))}`.trim();
  const body = new URLSearchParams({
    token: page.token,
    key: hasScript ? randomBytes(16).toString('hex') : '',
    started: page.started,
    reply_to: '',
    name: `Reader ${number}`,
    website: '',
    text,
  }).toString();
  return { address: `${page.address}/comments`, body, text, hasScript };
}

/** Sends a form; the answer has come in full, or it fails. */
export function send(origin, form, { agent, from = '198.51.100.1' } = {}) {
  return ask(origin + form.address, {
    method: 'POST',
    agent,
    body: form.body,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(form.body),
      Origin: 'null', // what browsers send from pages without a referrer
      'Sec-Fetch-Site': 'same-origin',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
      'X-Forwarded-For': from,
      'User-Agent': 'aitys-soak',
    },
  });
}

/**
 * Readers on kept connections write without pause until `until` is aborted or their connections
 * break. all: what `pages` returned. Returns forms: acknowledged, refused (with the status), and
 * those without an answer.
 */
export async function load(origin, all, { readers, until }) {
  const told = { acknowledged: [], refused: [], open: [] };
  const agent = new http.Agent({ keepAlive: true, maxSockets: readers });
  const one = async (reader) => {
    const from = `198.51.100.${reader + 1}`;
    for (let n = reader; !until.aborted; n++) {
      const form = fill(all[n % all.length]);
      try {
        const answer = await send(origin, form, { agent, from });
        if (answer.status === 303) told.acknowledged.push(form);
        else {
          told.refused.push({ ...form, status: answer.status });
          await sleep(50);
        }
      } catch {
        told.open.push(form);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: readers }, (_, reader) => one(reader)));
  agent.destroy();
  return told;
}
