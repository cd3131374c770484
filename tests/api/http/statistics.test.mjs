/*
 * The team's figures as pages: what is counted is in the tables and in the charts, in every
 * language, and others' figures are for senior moderators.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader } from './client.mjs';
import { join, send } from './team.mjs';

let room;
let chief;
let junior;
let other;

before(async () => {
  room = await newsroom();
  const file = path.join(room.dir, 'held.json');
  const comments = [1, 2, 3].map((number) => ({
    number, reply_to: null, name: `Reader ${number}`, lang: 'en', text: `Words of number ${number}.`,
    at: '2026-09-21T08:00:00Z', state: 'held',
  }));
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1',
    conversations: [{ article: 'old-orchard', comments }] }));
  room.run('import', '--dir', room.dir, file);
  const printed = room.run('moderator', 'add', 'bolat', '--role', 'moderator', '--dir', room.dir);
  const [, password] = printed.match(/password: (\S+)/);
  junior = new Reader(room.origin);
  await junior.signIn({ name: 'bolat', password });
  other = await join(room, 'marat', 'moderator');
  chief = new Reader(room.origin);
  await chief.signIn(room.moderator);
});
after(async () => room?.stop());

/** The tables of a page, by the ids of their sections: rows of cells. */
function tables(html) {
  return Object.fromEntries([...html.matchAll(/<section class="figures" id="(\w+)">(.*?)<\/section>/gs)]
    .map(([, key, inner]) => [key, [...inner.matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)]
      .map(([, row]) => row.split(/<t[dh][^>]*>/).map((cell) => cell.replace(/<[^>]*>/g, '').trim()))]));
}

const rects = (html, key) => html.match(new RegExp(`aria-labelledby="${key}-t".*?</svg>`, 's'))?.[0]
  .match(/<rect/g).length ?? 0;

/** The first card of the queue. */
async function first(reader) {
  return (await reader.get('/mod')).body.match(/\/mod\/comments\/(\d+)/)[1];
}

test('what is decided is counted, for whom and when', async () => {
  const before = (await chief.get('/mod/statistics')).body;
  const waited = tables(before).ages.reduce((sum, [, n]) => sum + Number(n), 0);
  assert.ok(waited >= 3);
  assert.equal((await junior.decide(await first(junior), 'publish')).status, 303);
  assert.equal((await chief.decide(await first(chief), 'spam')).status, 303);

  const page = (await chief.get('/mod/statistics')).body;
  const t = tables(page);
  assert.equal(t.ages.reduce((sum, [, n]) => sum + Number(n), 0), waited - 2);
  assert.deepEqual(t.days.at(-1).slice(1, 4), ['1', '1', '0']);
  assert.equal(t.days.length, 7);
  assert.equal(t.hours.length, 24);
  assert.equal(t.hours.reduce((sum, [, , n]) => sum + Number(n), 0), 2);
  assert.deepEqual(t.members.find(([name]) => name === 'bolat').slice(1), ['1', '0', '0%', '0']);
  assert.deepEqual(t.members.find(([name]) => name === room.moderator.name).slice(1), ['0', '1', '100%', '0']);
  assert.equal(rects(page, 'days'), 2);
  assert.match(page, /<dt>Share kept away<\/dt><dd>50%<\/dd>/);
  assert.match(page, /<dt>Median wait for a decision<\/dt>/);
});

test('whoever took all of it back has kept no share away', async () => {
  const id = await first(other);
  assert.equal((await other.decide(id, 'spam')).status, 303);
  assert.equal((await send(other, `/mod/comments/${id}`, '/undo')).status, 303);
  const [row] = tables((await other.get('/mod/statistics')).body).members;
  assert.deepEqual(row.slice(1), ['0', '0', '–', '1']);
});

test('others are for senior moderators, one’s own are for everybody', async () => {
  const page = (await junior.get('/mod/statistics')).body;
  assert.deepEqual(tables(page).members.map(([name]) => name), ['bolat']);
  assert.doesNotMatch(page, new RegExp(`<bdi>${room.moderator.name}</bdi></th>`));
  assert.match(page, /Your own/);
  const guest = await new Reader(room.origin).get('/mod/statistics');
  assert.equal(guest.status, 303);
});

test('a period is 7 or 30 days, whatever is asked for', async () => {
  for (const [query, days] of [['', 7], ['?days=30', 30], ['?days=7', 7], ['?days=31', 7],
    ['?days=-1', 7], ['?days=9999999999999999999', 7], ['?days=%3Cb%3E', 7]]) {
    const answer = await chief.get(`/mod/statistics${query}`);
    assert.equal(answer.status, 200);
    assert.equal(tables(answer.body).days.length, days, query);
    assert.match(answer.body, new RegExp(`days=${days}" aria-current="page"`));
  }
});

test('every language has its own words and direction', async () => {
  const said = { ru: 'Статистика', kk: 'Статистика', ar: 'الإحصاءات' };
  for (const [lang, word] of Object.entries(said)) {
    const { body } = await chief.get('/mod/statistics', { 'accept-language': lang });
    assert.match(body, new RegExp(`<h1>${word}</h1>`));
    assert.match(body, new RegExp(`<html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}">`));
  }
});
