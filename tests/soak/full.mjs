/*
 * The disk is full while the server runs: readers are served, writers are asked to come again and
 * keep their words, and when there is room again all goes on without a restart.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ARTICLES, fill, pages, send } from './forms.mjs';
import { ask, site, sleep } from './server.mjs';

/* A small disk of our own; null without the right to have one. */
function mount() {
  const at = mkdtempSync(path.join(tmpdir(), 'aitys-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=0700', 'aitys-soak', at],
      { stdio: 'pipe' });
    return at;
  } catch {
    rmdirSync(at);
    return null;
  }
}

function unmount(at) {
  execFileSync('umount', [at]);
  rmdirSync(at);
}

function stuff(file) {
  const fd = openSync(file, 'w');
  let piece = Buffer.alloc(65536, 1);
  while (piece.length > 0) {
    try {
      writeSync(fd, piece);
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      piece = piece.subarray(0, piece.length >> 1);
    }
  }
  closeSync(fd);
}

/* What readers look at: pages in the cache and pages that are made anew. */
async function readAll(origin) {
  for (const address of [...ARTICLES, `${ARTICLES[0]}?order=newest`, `${ARTICLES[0]}/comments/1`,
    `${ARTICLES[0]}/comments/1/reply`, '/en', '/en/feed.atom', '/healthz']) {
    const { status } = await ask(origin + address);
    assert.equal(status, 200, `${address} on a full disk`);
  }
}

function isRefusedWell(answer, form) {
  assert.equal(answer.status, 503);
  assert.match(answer.headers['retry-after'] ?? '', /^\d+$/);
  const inPage = answer.body.match(/<textarea[^>]*name="text"[^>]*>\n?([\s\S]*?)<\/textarea>/);
  assert.ok(inPage, 'the form is shown again');
  assert.equal(inPage[1], form.text, 'with the words that were typed');
}

async function starve(room, at, print) {
  const told = { acknowledged: [], refused: [] };
  const filler = path.join(at, 'filler');
  const all = await pages(room.origin);
  const write = async (n) => {
    const form = fill(all[n % all.length]);
    const answer = await send(room.origin, form);
    if (answer.status === 303) told.acknowledged.push(form);
    else told.refused.push(form) && isRefusedWell(answer, form);
  };
  for (let n = 0; n < 20; n++) await write(n);
  assert.equal(told.refused.length, 0);

  stuff(filler);
  for (let n = 0; told.refused.length < 50; n++) {
    await write(n);
    assert.ok(n < 20000, 'the disk is never full');
    if (told.refused.length % 10 === 1) await readAll(room.origin);
  }
  await Promise.all(Array.from({ length: 64 }, (_, n) => write(n))); // in one transaction
  await readAll(room.origin);
  assert.ok(room.isAlive());
  print(`full: ${told.acknowledged.length} acknowledged, ${told.refused.length} refused with their `
    + 'words; readers served');

  unlinkSync(filler);
  const freed = Date.now();
  while ((await send(room.origin, fill(all[0]))).status !== 303) {
    assert.ok(Date.now() - freed < 5000, 'writing goes on within 5 s');
    await sleep(20);
  }
  print(`room again: writing goes on after ${Date.now() - freed} ms, without a restart`);
  const before = (await room.stored()).texts;
  for (const form of told.acknowledged) assert.equal(before[form.text], 1, 'acknowledged');
  for (const form of told.refused) assert.equal(before[form.text], undefined, 'refused');
  for (const form of told.refused) {
    assert.equal((await send(room.origin, form)).status, 303, 'the same form, later');
    told.acknowledged.push(form);
  }
  await room.stop();
  await room.check();
  await room.start();
  const after = (await room.stored()).texts;
  for (const form of told.acknowledged) assert.equal(after[form.text], 1, 'after a restart');
}

/** True; false when this machine does not let us have a small disk. */
export async function full({ print = () => {} } = {}) {
  const at = mount();
  if (!at) return false;
  try {
    const room = await site({ parent: at });
    try {
      await room.start();
      await starve(room, at, print);
    } finally {
      await room.remove();
    }
  } finally {
    unmount(at);
  }
  return true;
}

export async function figures({ print }) {
  if (!await full({ print })) {
    console.log('disk_full: skipped: only root may mount a small disk');
    return [];
  }
  return [{ name: 'disk_full_ok', value: 1, unit: 'bool' }];
}
