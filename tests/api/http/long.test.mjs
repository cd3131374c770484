/*
 * A long conversation, page by page: in both orders and both directions every comment comes exactly
 * once, and a page never depends on how long the conversation is.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';

const ARTICLE = '/en/the-orchard-that-was-not-felled';
const COMMENTS = 700;
let room;
let address;

/* A tree that is wide at the top and deep in places, made by a fixed rule. */
function comments() {
  const all = [];
  for (let number = 1; number <= COMMENTS; number++) {
    const isReply = number > 1 && number % 3 !== 0;
    const deep = number % 11 < 6 ? number - 1 : ((number * 7919) % (number - 1)) + 1;
    all.push({
      number,
      reply_to: isReply ? deep : null,
      name: `Reader ${number}`,
      lang: 'en',
      text: `Words of number ${number}.`,
      at: new Date(Date.UTC(2026, 9, 21, 8) + number * 60000).toISOString().replace('.000', ''),
      state: 'published',
    });
  }
  return all;
}

before(async () => {
  room = await newsroom();
  const file = path.join(room.dir, 'long.json');
  writeFileSync(file, JSON.stringify({ format: 'aitys-comments/1',
    conversations: [{ article: 'old-orchard', comments: comments() }] }));
  room.run('import', '--dir', room.dir, file);
  await room.restart();
  const front = await (await fetch(`${room.origin}/en`)).text();
  address = front.match(/href="(\/en\/[a-z0-9-]*orchard[a-z0-9-]*)"/)?.[1] ?? ARTICLE;
});
after(async () => room?.stop());

async function page(at) {
  const answer = await fetch(room.origin + at.replaceAll('&amp;', '&'));
  assert.equal(answer.status, 200, at);
  const html = await answer.text();
  return {
    numbers: [...html.matchAll(/<li class="c [^"]*" id="c(\d+)"/g)].map((m) => Number(m[1])),
    next: html.match(/<a [^>]*href="([^"#]+)[^"]*" rel="next/)?.[1],
    previous: html.match(/<a [^>]*href="([^"#]+)[^"]*" rel="prev/)?.[1],
  };
}

for (const order of ['', '?order=newest']) {
  test(`every comment once, ${order || 'oldest first'}, forth and back`, async () => {
    const forth = [];
    let at = address + order;
    let last;
    while (at) {
      last = at;
      const { numbers, next } = await page(at);
      assert.ok(numbers.length > 0 && numbers.length <= 50, `${numbers.length} on ${at}`);
      forth.push(...numbers);
      assert.ok(forth.length <= COMMENTS, 'pages repeat');
      at = next;
    }
    assert.equal(forth.length, COMMENTS);
    assert.equal(new Set(forth).size, COMMENTS);

    const back = [];
    at = last;
    while (at) {
      const { numbers, previous } = await page(at);
      back.unshift(...numbers);
      at = previous;
    }
    assert.deepEqual(back.slice(-COMMENTS), forth);
  });
}

test('a reply stands below what it answers', async () => {
  const parents = new Map(comments().map((c) => [c.number, c.reply_to]));
  const seen = new Set();
  let at = address;
  while (at) {
    const { numbers, next } = await page(at);
    for (const number of numbers) {
      const parent = parents.get(number);
      assert.ok(parent === null || seen.has(parent), `${number} stands before ${parent}`);
      seen.add(number);
    }
    at = next;
  }
});

test('places that nobody made are refused politely', async () => {
  for (const place of ['x', '1', '9'.repeat(30), '%00', '1.zz', '-1']) {
    const answer = await fetch(`${room.origin}${address}?after=${place}`);
    assert.ok([200, 400, 404].includes(answer.status), `${place}: ${answer.status}`);
  }
});
