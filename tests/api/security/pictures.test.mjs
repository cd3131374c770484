/*
 * Pictures: what a camera or an editor wrote into a file (place, device, author, thumbnail) does
 * not reach the bytes that readers get; what is no picture is not served as one.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';

import { binary, newsroom } from '../../lib/newsroom.mjs';
import { ask, complaints, filesOf } from './lib.mjs';

/* 64 × 48 pixels, a gradient. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAwAEADASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAgEABQT/xAAVEAEBAAAAAAAAAAAAAAAAAAABAP/EABYBAQEBAAAAAAAAAAAAAAAAAAIDAf/EABURAQEAAAAAAAAAAAAAAAAAAAAB/9oADAMBAAIRAxEAPwDwBMKBMKtTUJBYJBGkoTCgTCNJQkFgkEK1zgmFAmFWpqEgsEwjSYJhQJhGkoTCgTCNJzQmFAmFWpqEwoEwhWsEwoEwjSUJhQJhGk//2Q==', 'base64');

const MARK = 'PlantedMeta';
let room, folder;

before(async () => {
  room = await newsroom();
  folder = path.join(room.dir, '..', 'stories');
  mkdirSync(folder);
});

after(async () => {
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

const segment = (marker, body) => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};

/** An Exif block with a maker, a comment and a place. */
function exif(orientation = 1) {
  const texts = [[0x010f, `${MARK}Maker`], [0x0110, `${MARK}Model`], [0x013b, `${MARK}Artist`], [0x010e, `${MARK}Description`]];
  const entries = [];
  const data = [];
  const count = texts.length + 2;
  let at = 8 + 2 + count * 12 + 4;
  const entry = (tag, type, n, value) => {
    const b = Buffer.alloc(12);
    b.writeUInt16LE(tag, 0);
    b.writeUInt16LE(type, 2);
    b.writeUInt32LE(n, 4);
    b.writeUInt32LE(value, 8);
    return b;
  };
  for (const [tag, text] of texts) {
    const bytes = Buffer.from(`${text}\0`);
    entries.push(entry(tag, 2, bytes.length, at));
    data.push(bytes);
    at += bytes.length;
  }
  entries.push(entry(0x0112, 3, 1, orientation));
  entries.push(entry(0x8825, 4, 1, at));
  // 43° 14' 20.4" N, 76° 56' 43.1" E and the text of the place
  const gps = Buffer.from(`${MARK}GPS 43.238949 76.889709\0`);
  const count2 = Buffer.alloc(2);
  count2.writeUInt16LE(1);
  data.push(count2, entry(0x001d, 2, gps.length, at + 18), Buffer.alloc(4), gps);
  const n = Buffer.alloc(2);
  n.writeUInt16LE(count);
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), n, ...entries, Buffer.alloc(4), ...data]);
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
}

function jpegWithAll() {
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF exif:GPSLatitude="43,14.34N" creator="${MARK}Xmp"/></x:xmpmeta>`;
  return Buffer.concat([
    JPEG.subarray(0, 2),
    segment(0xe1, exif()),
    segment(0xe1, Buffer.from(xmp)),
    segment(0xed, Buffer.from(`Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x50\0\x10${MARK}Iptc`, 'latin1')),
    segment(0xfe, Buffer.from(`${MARK}Comment`)),
    segment(0xe7, Buffer.from(`${MARK}Vendor`)),
    JPEG.subarray(2),
    Buffer.from(`${MARK}Trailer<script>alert(1)</script>`),
  ]);
}

function crc32(bytes) {
  let c = ~0;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

const chunk = (name, body) => {
  const all = Buffer.alloc(body.length + 12);
  all.writeUInt32BE(body.length, 0);
  all.write(name, 4, 'latin1');
  body.copy(all, 8);
  all.writeUInt32BE(crc32(all.subarray(4, body.length + 8)), body.length + 8);
  return all;
};

function png(extra = []) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(64, 0);
  header.writeUInt32BE(48, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(48 * (1 + 64 * 3), 0x40);
  for (let y = 0; y < 48; y++) rows[y * 193] = 0;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...extra,
    chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)), Buffer.from(`${MARK}Trailer`)]);
}

const pngWithAll = () => png([
  chunk('tEXt', Buffer.from(`Comment\0${MARK}Text`)), chunk('eXIf', exif().subarray(6)), chunk('tIME', Buffer.from([7, 234, 1, 2, 3, 4, 5])),
  chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${MARK}Xmp`)), chunk('zTXt', Buffer.concat([Buffer.from('Author\0\0'), deflateSync(`${MARK}Zipped`)])),
]);

/** Publishes an article with that picture; { ok, said, slug }. */
function publish(slug, file, bytes) {
  if (bytes) writeFileSync(path.join(folder, file), bytes);
  writeFileSync(path.join(folder, `${slug}.md`), `---
article: ${slug}
lang: en
slug: ${slug}
headline: "${slug}"
published: 2026-01-02T03:04:05Z
pictures:
  - file: ${JSON.stringify(file)}
    alt: "A picture"
---
A text.
`);
  try {
    return { ok: true, slug, said: execFileSync(binary, ['publish', '--dir', room.dir, path.join(folder, `${slug}.md`)], { env: room.env, encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    return { ok: false, slug, said: `${error.stdout}${error.stderr}`, code: error.status };
  }
}

/** Every size of the pictures on a page. */
async function served(slug) {
  const { text } = await ask(room, `/en/${slug}`);
  const addresses = [...new Set(text.match(/\/pictures\/\w+\/\d+\.\w+/g) ?? [])];
  return Promise.all(addresses.map(async (at) => ({ at, ...(await ask(room, at)) })));
}

for (const [kind, file, bytes] of [['JPEG', 'gps.jpg', jpegWithAll()], ['PNG', 'gps.png', pngWithAll()]]) {
  test(`a published ${kind} loses its place, device, author, comments and what hangs behind it`, async () => {
    assert.ok(bytes.includes(`${MARK}GPS`));
    const answer = publish(`with-meta-${kind.toLowerCase()}`, file, bytes);
    assert.ok(answer.ok, answer.said);
    const sizes = await served(answer.slug);
    assert.ok(sizes.length > 0);
    for (const { at, status, bytes: got, headers } of sizes) {
      assert.equal(status, 200);
      assert.match(headers['content-type'], /^image\/(webp|jpeg|png)$/, at);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      for (const mark of [MARK, 'Exif', 'EXIF', 'XMP ', 'xmpmeta', 'Photoshop', 'GPS', '43.238949', 'ICCP', 'script']) {
        assert.ok(!got.includes(mark), `${at} contains ${mark}`);
      }
      assert.ok(!got.includes(deflateSync(`${MARK}Zipped`).subarray(2, 12)));
    }
    const { text } = await ask(room, `/en/${answer.slug}`);
    assert.doesNotMatch(text, /gps\.(jpg|png)/, 'the file\'s own name is not told');
    for (const at of filesOf(room.dir)) assert.ok(!readFileSync(at).includes(MARK), `${path.basename(at)} keeps it`);
  });
}

test('what is no picture is refused, and nothing is published', async () => {
  const cases = {
    'svg.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'svg.png': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    'html.jpg': '<html><script>alert(1)</script>',
    'poly.jpg': Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.from('<script>alert(1)</script>')]),
    'cut.png': png().subarray(0, 60),
    'empty.png': '',
    'gif.gif': 'GIF89a/*',
    'bomb.png': (() => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(60000, 0);
      header.writeUInt32BE(60000, 4);
      header.set([8, 2, 0, 0, 0], 8);
      return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(10000000))), chunk('IEND', Buffer.alloc(0))]);
    })(),
  };
  for (const [file, bytes] of Object.entries(cases)) {
    const slug = `bad-${file.replace('.', '-')}`;
    const answer = publish(slug, file, Buffer.from(bytes));
    assert.equal(answer.ok, false, file);
    assert.ok(answer.code < 128, `${file}: ended with ${answer.code}`);
    assert.doesNotMatch(answer.said, /Sanitizer|runtime error/);
    assert.equal((await ask(room, `/en/${slug}`)).status, 404, file);
  }
});

test('a picture outside the folder is not taken: no path, no link leads out', async () => {
  writeFileSync(path.join(room.dir, '..', 'outside.png'), png());
  symlinkSync(path.join(room.dir, '..', 'outside.png'), path.join(folder, 'link.png'));
  for (const file of ['../../outside.png', '../outside.png/../../outside.png', '/etc/hostname', '/proc/self/environ', 'file:///etc/hostname', 'http://127.0.0.1:1/x.png', 'link.png']) {
    const answer = publish(`outside-${Math.random().toString(36).slice(2)}`, file);
    assert.equal(answer.ok, false, `${file}: ${answer.said}`);
  }
});

test('an address of a picture leads to that picture or nowhere', async () => {
  const { text } = await ask(room, '/en/the-reservoir-that-came-back');
  const [at] = text.match(/\/pictures\/\w+\/\d+\.\w+/);
  const [, hash, width, extension] = at.match(/\/pictures\/(\w+)\/(\d+)\.(\w+)/);
  for (const target of [`/pictures/${hash}/1.${extension}`, `/pictures/${hash}/${width}.html`, `/pictures/${hash}/${width}.js`, `/pictures/${hash}/${width}`,
    `/pictures/${hash}/-${width}.${extension}`, `/pictures/${hash.toUpperCase()}x/${width}.${extension}`, `/pictures/${'0'.repeat(64)}/${width}.${extension}`,
    `/pictures/..%2f..%2faitys.yaml/1.png`, `/pictures/../aitys.yaml`, `/assets/../aitys.yaml`, `/assets/x/..%2f..%2faitys.yaml`, '/aitys.yaml', '/aitys.db', '/.env', '/site/aitys.db']) {
    const answer = await ask(room, target);
    assert.ok([400, 404].includes(answer.status), `${target}: ${answer.status}`);
  }
});
