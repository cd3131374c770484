/*
 * aitys ledger: an export that others verify without a newsroom, what is told of one that was
 * changed, and that anybody can follow the chain with nothing but a hash and a signature.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { aitys, folder, newsroom } from './aitys.mjs';

const PASSWORD = 'correct horse battery staple\n';

/** A newsroom whose team was changed a few times, and an export of its ledger. */
function ledger(t) {
  const dir = newsroom(t);
  const file = path.join(folder(t), 'ledger.txt');
  const run = (...args) => aitys(['ledger', ...args, '--dir', dir]);
  const name = (n) => aitys(['moderator', 'add', `Dana ${n}`, '--password-stdin', '--dir', dir], { input: PASSWORD });
  for (let n = 1; n <= 3; n++) assert.equal(name(n).code, 0);
  const head = run('sign').out.trim();
  assert.equal(name(4).code, 0);
  assert.equal(run('export', file).code, 0);
  return { dir, file, run, name, head, lines: readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

test('an export is verified without a newsroom', (t) => {
  const { dir, file, head, run, lines } = ledger(t);
  const alone = (...args) => aitys(['ledger', 'verify', file, ...args], { cwd: folder(t) });
  const good = alone();
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /^good: 4 entries, 2 signed heads\n/);
  assert.match(good.out, /The key is the one that the file names/);
  const key = run('key').out.trim();
  assert.match(key, /^[0-9a-f]{64}$/);
  const known = alone('--key', key, '--head', head);
  assert.equal(known.code, 0, known.err);
  assert.doesNotMatch(known.out, /The key is the one/);
  const wrong = alone('--key', '00'.repeat(32));
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /none of the keys that sign this ledger is the one given/);
  assert.match(alone('--key', 'x').err, /--key: is no public key/);
  const piped = aitys(['ledger', 'verify', '-'], { input: `${lines.join('\n')}\n` });
  assert.equal(piped.code, 0, piped.err);
  assert.equal(aitys(['ledger', 'verify', path.join(dir, 'none')]).code, 1);
});

test('a file is its owner\'s alone, whatever the umask', (t) => {
  const { dir } = ledger(t);
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const file = path.join(folder(t), 'open.txt');
  assert.equal(aitys(['ledger', 'export', file, '--dir', dir]).code, 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a file is never overwritten; "-" is standard output', (t) => {
  const { file, run, lines } = ledger(t);
  const again = run('export', file);
  assert.equal(again.code, 1);
  assert.match(again.err, /exists already/);
  const out = run('export', '-');
  assert.equal(out.code, 0);
  assert.deepEqual(out.out.split('\n').slice(0, -2), lines.slice(0, -1));
});

test('what was changed is named with its line', (t) => {
  const { file, lines } = ledger(t);
  assert.equal(lines.length, 9, 'header, five entries, two heads, the end');
  const cases = [
    [lines.map((l, i) => (i === 3 ? l.replace('role=1', 'role=4') : l)), ':4: entry 2 was changed'],
    [lines.filter((_, i) => i !== 3), ':4: entry 2 was removed'],
    [lines.slice(0, 6), ':7: the ledger was cut off behind entry 3'],
    [[...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)], ':3: the order was changed'],
    [[...lines, lines[8]], ':10: something was added behind the signed end'],
  ];
  for (const [changed, told] of cases) {
    writeFileSync(file, `${changed.join('\n')}\n`);
    const done = aitys(['ledger', 'verify', file]);
    assert.equal(done.code, 1);
    assert.ok(done.err.includes(`${file}${told}`), `${told}: ${done.err}`);
  }
});

test('a signed head that was noted proves history', (t) => {
  const { dir, run, head, name } = ledger(t);
  const noted = path.join(folder(t), 'heads.txt');
  writeFileSync(noted, `kept by a reader\n${head}\n`);
  assert.equal(run('verify', '--head', noted).code, 0);
  assert.match(run('verify', '--head', 'head 3').err, /--head: .*is no signed head/);
  assert.match(run('verify', '--head', path.join(dir, 'aitys.yaml')).err, /no signed head in it/);
  /* The newsroom begins anew and does the same things. */
  const other = ledger(t);
  const done = other.run('verify', '--head', head);
  assert.equal(done.code, 1);
  assert.match(done.err, /history was rewritten: entry 3|noted head of entry 3 is not signed/);
  assert.equal(name(9).code, 0);
  assert.match(run('verify').out, /not signed yet: 1 entries/);
});

test('a new key is named by the old one', (t) => {
  const { run, name } = ledger(t);
  const old = run('key').out.trim();
  const fresh = run('new-key').out.trim();
  assert.notEqual(fresh, old);
  assert.equal(run('key').out.trim(), fresh);
  assert.equal(name(5).code, 0);
  assert.ok(run('sign').out.includes(` ${fresh} `));
  for (const key of [old, fresh]) assert.equal(run('verify', '--key', key).code, 0);
});

test('anybody can follow the chain with b2sum and check a signature', (t) => {
  const { lines } = ledger(t);
  const entries = lines.filter((l) => /^[0-9a-f]{64} /.test(l));
  let last = '0'.repeat(64);
  for (const line of entries) {
    const text = `${last} ${line.slice(65)}\n`;
    const sum = execFileSync('b2sum', ['-l', '256'], { input: text, encoding: 'utf8' }).slice(0, 64);
    assert.equal(sum, line.slice(0, 64));
    last = sum;
  }
  const genesis = entries[0].slice(0, 64);
  for (const line of lines.filter((l) => /^(head|end) /.test(l))) {
    const [what, seq, at, hash, before, key, signature] = line.split(' ');
    const raw = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
    const text = `aitys ledger ${what} ${genesis} ${seq} ${at} ${hash} ${before}\n`;
    assert.ok(verify(null, Buffer.from(text), createPublicKey({ key: raw, format: 'der', type: 'spki' }),
      Buffer.from(signature, 'hex')));
  }
});

test('nobody’s name stands in it', (t) => {
  const { lines } = ledger(t);
  assert.doesNotMatch(lines.join('\n'), /Dana/);
});
