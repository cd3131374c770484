/* Signing in as somebody of each role, and filling the queue: for tests of the console. */
import { writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { binary } from '../../lib/newsroom.mjs';
import { Reader, forms, numberOf } from './client.mjs';

/** Adds somebody of the team at the command line and signs them in. */
export async function join(room, name, role) {
  const password = `words-of-${name}-0`;
  execFileSync(binary, ['moderator', 'add', '--dir', room.dir, '--role', role, '--password-stdin', name],
    { env: room.env, input: `${password}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
  const reader = new Reader(room.origin);
  await reader.signIn({ name, password });
  reader.name = name;
  return reader;
}

const at = (number, second) => new Date(Date.UTC(2026, 9, 21, 8, 0, second ?? number)).toISOString().replace('.000', '');

/** Brings comments into a conversation: [{ number, text, state, name, lang }]. */
export function bring(room, article, comments) {
  const file = path.join(room.dir, `brought-${process.hrtime.bigint()}.json`);
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article,
    comments: comments.map((c) => ({ reply_to: null, name: `Reader ${c.number}`, lang: 'en', state: 'held', at: at(c.number), ...c })) }] }));
  room.run('import', '--dir', room.dir, file);
}

/** Writes a comment as a new guest, or as one that is given: { guest, number }. */
export async function write(room, article, text, guest = new Reader(room.origin), name = 'Guest') {
  const answer = await guest.comment(article, { name, text });
  if (answer.status !== 303) throw new Error(`comment: ${answer.status}`);
  return { guest, number: numberOf(answer.headers.location) };
}

/** The cards of a page of the queue: { id, html, text }. */
export function cards(html) {
  return [...html.matchAll(/<article class="case" id="case(\d+)".*?<\/article>/gs)]
    .map(([inner, id]) => ({ id, html: inner, text: inner.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }));
}

/** The id of the comment whose card has these words. */
export async function find(reader, words, filter = '') {
  const page = await reader.get(`/mod${filter}`);
  return cards(page.body).find((card) => card.text.includes(words))?.id;
}

/** Sends a form of a page as it is, with these fields besides. */
export async function send(reader, page, ending, fields = {}) {
  const answer = await reader.get(page);
  const form = forms(answer.body).find((f) => f.action.endsWith(ending));
  if (!form) throw new Error(`${page} (${answer.status}) has no form to …${ending}`);
  return reader.post(form.action, { ...form.fields, ...fields });
}
