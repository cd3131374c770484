/*
 * Runs the real binary in folders of its own, removed afterwards.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { binary, root } from '../../lib/newsroom.mjs';

export const demo = path.join(root, 'demo');

/** A folder for one test, gone when the test ends. */
export function folder(t) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-cli-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Runs `aitys …`; never throws. The environment has no AITYS_ but what is given. */
export function aitys(args, { cwd, env = {}, input = '' } = {}) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('AITYS_')));
  const done = spawnSync(binary, args, {
    cwd, input, encoding: 'utf8', env: { ...clean, ...env }, timeout: 120_000,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** An empty newsroom in the demo's languages; returns its folder. */
export function newsroom(t) {
  const dir = path.join(folder(t), 'site');
  const made = aitys(['init', dir]);
  if (made.code !== 0) throw new Error(made.err);
  cpSync(path.join(demo, 'aitys.yaml'), path.join(dir, 'aitys.yaml'));
  return dir;
}

/** Writes files { name: content } below a folder. */
export function write(dir, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), content);
  }
}

/** An article's file; fields replace or add to the standard ones, undefined leaves one out. */
export function article(fields = {}, body = 'A text.\n') {
  const all = {
    article: 'storm', lang: 'en', slug: 'the-storm', headline: 'The storm',
    published: '2026-03-02T09:30:00+05:00', ...fields,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\n`);
  return `---\n${lines.join('')}---\n${body}`;
}

/** Rows of a query, through Python's sqlite3: what is stored, not what the program says. */
export function query(dir, sql) {
  const script = 'import json,sqlite3,sys\n' +
    'db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)\n' +
    'show = lambda v: v.hex() if isinstance(v, bytes) else v\n' +
    'print(json.dumps([[show(v) for v in row] for row in db.execute(sys.argv[2])]))\n';
  const done = spawnSync('python3', ['-c', script, path.join(dir, 'aitys.db'), sql],
    { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/** A JPEG of 64 × 48 pixels in one colour, without metadata. */
export const jpeg = Buffer.from(
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/' +
  '2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAAR' +
  'CAAwAEADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAA' +
  'AAAAAAAAAAAAAAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYBMXgAAAAAAAAAAAAAAAAAAAAAH//2Q==',
  'base64');

/** The same JPEG as a telephone makes it: lying on its side, with the place in it, twice. */
export function jpegWithPlace(place) {
  const text = Buffer.from(`${place}\0`);
  const entry = (tag, type, count, value) => {
    const b = Buffer.alloc(12);
    b.writeUInt16LE(tag, 0);
    b.writeUInt16LE(type, 2);
    b.writeUInt32LE(count, 4);
    b.writeUInt32LE(value, 8);
    return b;
  };
  /* TIFF head (8), main directory (2 + 3 · 12 + 4 = 42), GPS directory (2 + 12 + 4 = 18), text. */
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  const count = (n) => Buffer.from([n, 0]);
  const end = Buffer.alloc(4);
  const tiff = Buffer.concat([
    head,
    count(3), entry(0x010e, 2, text.length, 68), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, 50), end,
    count(1), entry(0x001c, 7, text.length, 68), end,
    text,
  ]);
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
  const xmp = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), text]);
  const segment = (content) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(content.length + 2);
    return Buffer.concat([Buffer.from([0xff, 0xe1]), size, content]);
  };
  return Buffer.concat([jpeg.subarray(0, 2), segment(exif), segment(xmp), jpeg.subarray(2)]);
}

/** A PNG that claims a size and has no more than a few pixels. */
export function pngOfSize(width, height) {
  const crcOf = (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    return (crc ^ 0xffffffff) >>> 0;
  };
  const chunk = (name, content) => {
    const body = Buffer.concat([Buffer.from(name), content]);
    const size = Buffer.alloc(4);
    const crc = Buffer.alloc(4);
    size.writeUInt32BE(content.length);
    crc.writeUInt32BE(crcOf(body));
    return Buffer.concat([size, body, crc]);
  };
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))), chunk('IEND', Buffer.alloc(0))]);
}

export const readBytes = (...parts) => readFileSync(path.join(...parts));
