/* publish: all or nothing, and nothing that is not the article. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { aitys, article, demo, folder, jpeg, jpegWithPlace, newsroom, pngOfSize, query, readBytes, write }
  from './aitys.mjs';

const publish = (dir, ...paths) => aitys(['publish', '--dir', dir, ...paths]);
const counts = (dir) => query(dir, 'SELECT (SELECT count(*) FROM edition), (SELECT count(*) FROM section), ' +
  '(SELECT count(*) FROM standing), (SELECT count(*) FROM picture), (SELECT count(*) FROM article)')[0];

test('the demo is published, then the same, then changed; comments stay', (t) => {
  const dir = newsroom(t);
  const news = path.join(folder(t), 'news');
  cpSync(demo, news, { recursive: true });
  const began = Date.now();
  const first = publish(dir, news);
  const took = Date.now() - began;
  assert.equal(first.code, 0, first.err);
  assert.equal(first.err, `aitys: ${news}/README.md: has no front matter; passed over\n`);
  const lines = first.out.trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^new {6}\S+\.md$/);
  const [editions, sections, standing, pictures, articles] = counts(dir);
  assert.equal(lines.length, editions + sections + standing);
  assert.ok(editions > 20 && articles === 8 && pictures === 9);

  assert.equal(aitys(['import', '--dir', dir, path.join(news, 'comments.json')]).code, 0);
  const said = query(dir, 'SELECT id, text FROM comment ORDER BY id');
  assert.equal(said.length, 43);

  const before = Date.now();
  const second = publish(dir, news);
  assert.equal(second.code, 0);
  for (const line of second.out.trimEnd().split('\n')) assert.match(line, /^same {5}/);
  const tookAgain = Date.now() - before;
  assert.ok(tookAgain < took / 2, `no picture is made again: ${took} ms, then ${tookAgain} ms`);
  console.log(`# published in ${took} ms, once more in ${tookAgain} ms`);

  const file = path.join(news, 'articles/reservoir-returns.en.md');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nOne more sentence.\n`);
  const third = publish(dir, news);
  assert.equal(third.code, 0, third.err);
  const changed = third.out.trimEnd().split('\n').filter((line) => !line.startsWith('same'));
  assert.deepEqual(changed, [`changed  ${file}`]);
  assert.deepEqual(query(dir, 'SELECT id, text FROM comment ORDER BY id'), said);
  assert.deepEqual(counts(dir), [editions, sections, standing, pictures, articles]);
  assert.equal(aitys(['check', '--database', dir]).code, 0);
});

test('init --demo does it in one step', (t) => {
  const dir = path.join(folder(t), 'site');
  const made = aitys(['init', dir, '--demo', demo]);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /43 comments: 43 new, 0 there already\n/);
  assert.equal(query(dir, 'SELECT count(*) FROM comment')[0][0], 43);
});

test('one faulty file keeps all others from being published', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, {
    'a.md': article({ article: 'a', slug: 'a' }),
    'b.md': article({ article: 'b', slug: 'B b', hedline: 'x' }),
    'c.md': article({ article: 'c', slug: 'c', lang: 'de', section: 'nowhere' }, 'Text <b>bold</b>\n'),
  });
  const run = publish(dir, news);
  assert.equal(run.code, 1);
  assert.equal(run.out, '');
  const lines = run.err.trimEnd().split('\n');
  assert.equal(lines[0], `aitys: ${news}/b.md:4: slug: "B b" cannot be part of an address; write ` +
    'lower-case letters a-z, digits and single hyphens, for example "b-b"');
  assert.equal(lines[1], `aitys: ${news}/b.md:7: hedline: there is no such field; did you mean headline?`);
  assert.match(lines[2], /c\.md:9: body: /);
  assert.equal(lines.at(-1), 'aitys: nothing was published');
  assert.deepEqual(counts(dir), [0, 0, 0, 0, 0]);
});

test('what only the site knows is checked, too', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, { 'c.md': article({ lang: 'de', section: 'nowhere' }) });
  const run = publish(dir, news);
  assert.equal(run.err,
    `aitys: ${news}/c.md:3: lang: "de" is not among the settings' site.languages; add it there or correct it\n` +
    `aitys: ${news}/c.md:7: section: there is no section "nowhere"; publish its file, too, or correct the name\n` +
    'aitys: nothing was published\n');
  assert.equal(run.code, 1);
});

test('the same edition, slug or another conversation twice: both files are named', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, {
    'a.md': article({ conversation: 'open' }),
    'b.md': article({ slug: 'other' }),
    'c.md': article({ article: 'flood' }),
    'd.md': article({ lang: 'kk', conversation: 'held' }),
  });
  const run = publish(dir, news);
  assert.equal(run.code, 1);
  assert.equal(run.err,
    `aitys: ${news}/b.md:2: article: "storm" (en) is the key of another file, too: ${news}/a.md:2; change one of them\n` +
    `aitys: ${news}/c.md:4: slug: "the-storm" (en) is the slug of another file, too: ${news}/a.md:4; change one of them\n` +
    `aitys: ${news}/d.md:7: conversation: is another one than in ${news}/a.md:7; the editions of an article share one\n` +
    'aitys: nothing was published\n');
});

test('a slug of an article that is stored is refused, with its line', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, { 'a.md': article() });
  assert.equal(publish(dir, news).code, 0);
  write(news, { 'a.md': article({ article: 'flood' }), 'b.md': article({ article: 'b', slug: 'b' }) });
  const run = publish(dir, news);
  assert.equal(run.code, 1);
  assert.match(run.err, new RegExp(`^aitys: ${news}/a\\.md:4: .*the-storm`));
  assert.deepEqual(counts(dir), [1, 0, 0, 0, 1]);
});

test('a picture loses where it was taken, and stands upright', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  const place = 'SECRET-PLACE 43.2567 N 76.9286 E';
  const source = jpegWithPlace(place);
  assert.equal(source.toString('latin1').split(place).length, 3, 'the fixture bites');
  write(news, {
    'a.md': article({ pictures: '[{file: p/x.jpg, alt: A shore, caption: Where, credit: N}]' }),
    'p/x.jpg': source,
  });
  const run = publish(dir, news);
  assert.equal(run.code, 0, run.err);
  const [[hash, extension, width, height, widths]] =
    query(dir, 'SELECT hash, extension, width, height, widths FROM picture');
  assert.deepEqual([extension, width, height, widths], ['webp', 48, 64, '48']);
  const [[bytes]] = query(dir, 'SELECT bytes FROM picture_file');
  const picture = Buffer.from(bytes, 'hex');
  assert.equal(picture.subarray(8, 16).toString('latin1'), 'WEBPVP8 ', 'pixels and nothing else');
  assert.equal(picture.readUInt32LE(16) + 20, picture.length);
  assert.match(hash, /^[0-9a-f]{64}$/);
  for (const name of ['aitys.db', 'aitys.db-wal']) {
    let all = Buffer.alloc(0);
    try { all = readBytes(dir, name); } catch { /* there is none */ }
    for (const word of [place, 'Exif\0', 'ns.adobe.com']) assert.ok(!all.includes(word), `${name}: ${word}`);
  }
});

test('a picture that changed changes its edition', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, { 'a.md': article({ pictures: '[{file: x.jpg, alt: A}]' }), 'x.jpg': jpeg });
  assert.match(publish(dir, news).out, /^new /);
  assert.match(publish(dir, news).out, /^same /);
  write(news, { 'x.jpg': jpegWithPlace('somewhere') });
  assert.match(publish(dir, news).out, /^changed /);
});

test('what is no picture is refused with file and line', (t) => {
  const dir = newsroom(t);
  const cases = {
    'text.jpg': [Buffer.from('hello'), 'is neither JPEG, PNG nor WebP; save it as one of them'],
    'gif.png': [Buffer.from('GIF89a'), 'is neither JPEG, PNG nor WebP; save it as one of them'],
    'svg.png': [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'is neither JPEG, PNG nor WebP; save it as one of them'],
    'cut.jpg': [jpeg.subarray(0, 200), 'cannot be decoded; save it again with a picture editor'],
    'half.jpg': [jpeg.subarray(0, 270), 'cannot be decoded; save it again with a picture editor'],
    'bomb.png': [pngOfSize(50_001, 1_000), 'has more than 50 million pixels; make it smaller'],
    'tower.png': [pngOfSize(100, 400_000), 'is too tall for its width; crop it'],
    'huge.jpg': [Buffer.concat([jpeg, Buffer.alloc(20 * 1024 * 1024)]), 'has more than 20 MiB; save it smaller'],
  };
  const news = folder(t);
  const list = Object.keys(cases).map((name) => `\n  - {file: ${name}, alt: A}`).join('');
  write(news, { 'a.md': article({ pictures: list }) });
  for (const [name, [bytes]] of Object.entries(cases)) write(news, { [name]: bytes });
  /* Those that look wrong at once, then those that only decoding shows. */
  const seen = [];
  for (let rounds = 0; rounds < 2; rounds++) {
    const run = publish(dir, news);
    assert.equal(run.code, 1);
    for (const [name, [, why]] of Object.entries(cases)) {
      const line = 8 + Object.keys(cases).indexOf(name);
      if (run.err.includes(`${news}/a.md:${line}: file:`)) {
        assert.ok(run.err.split('\n').some((l) => l.includes(`a.md:${line}: file:`) && l.endsWith(why)),
          `${name}: ${run.err}`);
        seen.push(name);
        write(news, { [name]: jpeg });
      }
    }
  }
  assert.deepEqual(seen.sort(), Object.keys(cases).sort());
  assert.equal(publish(dir, news).code, 0);
});

test('pictures and files stay within the folders that were named', (t) => {
  const dir = newsroom(t);
  const outer = folder(t);
  const news = path.join(outer, 'news');
  write(outer, { 'secret.jpg': jpeg, 'news/a.md': article({ pictures: '[{file: ../secret.jpg, alt: A}]' }) });
  const why = 'is outside of the published folder; put it into the folder, or name a folder that holds both';
  const run = publish(dir, news);
  assert.equal(run.err, `aitys: ${news}/a.md:7: file: ../secret.jpg: ${why}\naitys: nothing was published\n`);
  symlinkSync('../secret.jpg', path.join(news, 'inside.jpg'));
  write(news, { 'a.md': article({ pictures: '[{file: inside.jpg, alt: A}]' }) });
  assert.match(publish(dir, news).err, /inside\.jpg: is outside/);
  assert.match(publish(dir, path.join(news, 'a.md')).err, /inside\.jpg: is outside/);
  write(outer, { 'news/a.md': article({ pictures: '[{file: ../secret.jpg, alt: A}]' }) });
  assert.equal(aitys(['publish', '--dir', dir, 'news'], { cwd: outer }).code, 0, 'the current folder holds both');
});

test('a folder is walked in order, without hidden files', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, {
    'z.md': article({ article: 'z', slug: 'z' }),
    'deep/down/y.md': article({ article: 'y', slug: 'y' }),
    '.hidden.md': 'nonsense',
    '.git/x.md': 'nonsense',
    'notes.txt': 'nonsense',
  });
  const run = publish(dir, news);
  assert.equal(run.out, `new      ${news}/deep/down/y.md\nnew      ${news}/z.md\n`);
  assert.match(publish(dir, path.join(news, '.git')).err, /has no front matter/);
  const empty = folder(t);
  assert.deepEqual(publish(dir, empty),
    { code: 1, out: '', err: 'aitys: there are no .md files to publish\n' });
  assert.match(publish(dir, path.join(empty, 'nothing')).err, /No such file or directory/);
});

test('too much and not text is refused', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, { 'a.md': article({}, 'x'.repeat(2 * 1024 * 1024)), 'b.md': Buffer.from([45, 45, 45, 10, 255]) });
  const run = publish(dir, news);
  assert.equal(run.err, `aitys: ${news}/a.md: has more than 2 MiB; split it\n` +
    `aitys: ${news}/b.md:2: is not well-formed UTF-8; save the file as UTF-8\naitys: nothing was published\n`);
});

test('control bytes in a file do not reach the terminal', (t) => {
  const dir = newsroom(t);
  const news = folder(t);
  write(news, { 'a.md': '---\narticle: a\n"x\\e[31m": 1\n---\nText\n' });
  const run = publish(dir, news);
  assert.equal(run.code, 1);
  assert.ok(!run.err.includes('\x1b'));
  assert.match(run.err, /x\\x1B\[31m: there is no such field/);
});
