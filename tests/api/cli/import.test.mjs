/* import: comments from a file, all or nothing, again and again. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { aitys, article, folder, newsroom, query, write } from './aitys.mjs';

const comment = (number, more = {}) => ({
  number, reply_to: null, name: 'Алия', lang: 'kk', text: `Пікір ${number}`,
  at: '2026-03-02T09:30:00Z', state: 'published', ...more,
});

function prepare(t, comments, key = 'storm') {
  const dir = newsroom(t);
  const files = folder(t);
  write(files, {
    'a.md': article(),
    'c.json': JSON.stringify({ format: 'aitys-comments/1', conversations: [{ article: key, comments }] }),
  });
  assert.equal(aitys(['publish', '--dir', dir, path.join(files, 'a.md')]).code, 0);
  const file = path.join(files, 'c.json');
  return { dir, files, file, run: () => aitys(['import', '--dir', dir, file]) };
}

test('comments come in with numbers, times, places and states', (t) => {
  const { dir, run } = prepare(t, [
    comment(1), comment(2, { reply_to: 1 }), comment(3, { state: 'held' }),
    comment(5, { state: 'withdrawn', text: '', name: '' }),
  ]);
  assert.deepEqual(run(), { code: 0, out: '4 comments: 4 new, 0 there already\n', err: '' });
  assert.deepEqual(query(dir, 'SELECT placed, held FROM thread'), [[3, 1]]);
  assert.deepEqual(run(), { code: 0, out: '4 comments: 0 new, 4 there already\n', err: '' });
  assert.equal(aitys(['check', '--database', dir]).code, 0);
});

test('one faulty comment keeps all from coming in', (t) => {
  const { dir, file, run } = prepare(t, [comment(1), comment(2, { text: 'x'.repeat(1501) }),
    comment(3, { colour: 'red' })]);
  assert.deepEqual(run(), {
    code: 1, out: '',
    err: `aitys: ${file}: article storm, comment no. 2: the text has 1501 characters; at most 1500 are possible\n` +
      `aitys: ${file}: article storm, comment no. 3: "colour": there is no such field; remove it\n` +
      'aitys: nothing was imported\n',
  });
  assert.equal(query(dir, 'SELECT count(*) FROM comment')[0][0], 0);
});

test('what the database knows is told, too, and nothing stays', (t) => {
  const answers = prepare(t, [comment(1), comment(3, { reply_to: 2 })]);
  const first = answers.run();
  assert.equal(first.code, 1);
  assert.match(first.err, /c\.json: article storm: .*\n.*nothing was imported/);
  assert.equal(query(answers.dir, 'SELECT count(*) FROM comment')[0][0], 0);
  const unknown = prepare(t, [comment(1)], 'nowhere').run();
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /nowhere/);
});

test('what is no such file is refused', (t) => {
  const { dir, files } = prepare(t, []);
  write(files, { 'bad.json': '{\n"format" 1}', 'other.json': '{"format": "disqus"}' });
  assert.match(aitys(['import', '--dir', dir, path.join(files, 'bad.json')]).err,
    /bad\.json:2: cannot be read as JSON: /);
  assert.match(aitys(['import', '--dir', dir, path.join(files, 'other.json')]).err,
    /is not of the format aitys-comments\/1/);
  assert.equal(aitys(['import', '--dir', dir, path.join(files, 'none.json')]).code, 1);
});
