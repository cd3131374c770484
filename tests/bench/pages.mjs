/*
 * Page weight: what a first visit to the demo article with 26 comments transfers, compressed.
 */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { newsroom } from '../lib/newsroom.mjs';

/** The bytes of the body as sent. */
export function rawGet(url, headers = {}) {
  return new Promise((resolve, reject) => {
    http.get(url, { headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
        body: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}

export const ARTICLE = '/en/the-reservoir-that-came-back';

const BROTLI = { 'Accept-Encoding': 'gzip, deflate, br' };

export async function pages() {
  const room = await newsroom();
  try {
    const html = await (await fetch(room.origin + ARTICLE)).text();
    const assets = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(css|js))"/g)];
    const bytes = { html: 0, css: 0, js: 0 };
    /* The server makes a page that stays smaller in the background, two seconds are plenty. */
    const first = await rawGet(room.origin + ARTICLE, BROTLI);
    await sleep(2000);
    for (const [path, kind] of [[ARTICLE, 'html'], ...assets.map((m) => [m[1], m[2]])]) {
      const { body } = await rawGet(room.origin + path, BROTLI);
      bytes[kind] += body.length;
    }
    console.log(`article HTML ${bytes.html} (at once ${first.body.length}), CSS ${bytes.css}, script ${bytes.js} bytes (brotli)`);
    return [
      { name: 'page_bytes', value: bytes.html + bytes.css, unit: 'bytes' },
      { name: 'script_bytes', value: bytes.js, unit: 'bytes' },
    ];
  } finally {
    await room.stop();
  }
}
