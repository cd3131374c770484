/*
 * Trying a rule on a big site: the page says at how many comments it looked, and meanwhile nobody
 * else waits, not even for signing in.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { serverAddress } from '../../lib/database.mjs';
import { newsroom } from '../../lib/newsroom.mjs';
import { Reader } from './client.mjs';
import { join } from './team.mjs';

const COMMENTS = 8000;
const FEWEST = 500; /* a page of the trial: so many are looked at however slow the machine is */
const OPEN = '/en/the-reservoir-that-came-back';

let room, editors, token;

/* 1,400 characters, in which no rule below finds anything until it has read all of them. */
const words = (number) => `${`Қағаз ${number} бетінде жазылған сөз. `.repeat(50).slice(0, 1380)} соңы.`;

before(async () => {
  room = await newsroom({ AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000' });
  const now = Date.now() - COMMENTS * 60;
  const comments = Array.from({ length: COMMENTS }, (_, i) => ({
    number: i + 1, reply_to: null, name: `Reader ${i % 500}`, lang: 'kk', state: 'published', text: words(i + 1),
    at: `${new Date(now + i * 50).toISOString().slice(0, 19)}Z`,
  }));
  const file = path.join(room.dir, 'many.json');
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article: 'old-orchard', comments }] }));
  room.run('import', '--dir', room.dir, file);
  editors = [await join(room, 'Erlan', 'editor'), await join(room, 'Elmira', 'editor')];
  token = [];
  for (const editor of editors) token.push((await editor.form('/mod/new-rule/newcomer', '/newcomer')).fields);
});
after(() => room?.stop());

/** Tries a rule about new commenters, which asks the database of each comment. */
const tryRule = (i) => editors[i].post('/mod/new-rule/newcomer/try', { ...token[i], name: 'New', does: '2', published: '1' });

test('so many comments are looked at, which the page says', async () => {
  const answer = await tryRule(0);
  assert.equal(answer.status, 200);
  const seen = Number(answer.body.match(/of ([\d,]+) comments of the last 30 days/)[1].replaceAll(',', ''));
  assert.ok(seen >= FEWEST, `${seen}`);
  assert.equal(seen < COMMENTS, /Only the newest [\d,]+ comments were looked at/.test(answer.body), 'part of them is said to be one');
});

test('while editors try rules, others read, moderate and sign in', async () => {
  const trials = [0, 1, 0, 1, 0, 1].map((i) => {
    const trial = { began: performance.now(), ms: 0 };
    trial.answer = tryRule(i).then((answer) => { trial.ms = performance.now() - trial.began; return answer; });
    return trial;
  });
  const took = {};
  const meanwhile = async (name, work) => {
    const began = performance.now();
    const answer = await work();
    took[name] = performance.now() - began;
    assert.ok([200, 303].includes(answer.status), `${name}: ${answer.status}`);
  };
  const reader = new Reader(room.origin);
  const moderator = new Reader(room.origin);
  await Promise.all([
    meanwhile('article', () => reader.get(OPEN)),
    meanwhile('signing in', () => moderator.signIn(room.moderator)),
    meanwhile('the queue', () => editors[0].get('/mod')),
  ]);
  await meanwhile('the queue of who has just signed in', () => moderator.get('/mod'));
  const answered = performance.now() - trials[0].began;
  const ended = trials.filter((t) => t.ms > 0).length;
  const answers = await Promise.all(trials.map((t) => t.answer));
  assert.deepEqual(answers.map((a) => a.status), trials.map(() => 200));
  console.log(`# ${Object.entries(took).map(([k, ms]) => `${k} ${ms.toFixed(0)} ms`).join(', ')}; trials ended after ${trials.map((t) => t.ms.toFixed(0)).join(', ')} ms; all others were answered after ${answered.toFixed(0)} ms on ${serverAddress ? 'PostgreSQL' : 'SQLite'}`);
  assert.ok(ended < trials.length, 'everybody else was answered before the trials had ended');
  for (const t of trials) assert.ok(t.ms < 15000, `${t.ms} ms`);
});
