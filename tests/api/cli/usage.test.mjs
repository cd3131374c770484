/* How the program is called: help, versions, mistakes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { root } from '../../lib/newsroom.mjs';
import { aitys } from './aitys.mjs';

const visible = ['init', 'check', 'serve', 'publish', 'import', 'moderator add',
  'moderator password', 'moderator list', 'explain', 'backup', 'help', 'version'];

test('without a command it tells the commands and fails', () => {
  const run = aitys([]);
  assert.equal(run.code, 2);
  assert.equal(run.out, '');
  for (const name of visible) assert.match(run.err, new RegExp(`^  ${name} `, 'm'));
  assert.doesNotMatch(run.err, /reference/);
});

test('--help, -h and help say the same on standard output', () => {
  const help = aitys(['help']);
  assert.equal(help.code, 0);
  assert.equal(help.err, '');
  for (const option of ['--help', '-h']) assert.deepEqual(aitys([option]), help);
});

test('every command explains itself', () => {
  for (const name of visible) {
    const words = name.split(' ');
    const help = aitys(['help', ...words]);
    assert.equal(help.code, 0, name);
    assert.match(help.out, new RegExp(`^Usage: aitys ${name}`));
    assert.deepEqual(aitys([...words, '--help']), help);
  }
  assert.match(aitys(['help', 'moderator']).out, /moderator add[^]*moderator password[^]*moderator list/);
});

test('the version has one line', () => {
  assert.match(aitys(['--version']).out, /^aitys \d+\.\d+\.\d+\n$/);
  assert.deepEqual(aitys(['version']), aitys(['--version']));
});

const mistakes = [
  [['pubilsh', 'x.md'], 'aitys: pubilsh: there is no such command; did you mean `aitys publish`?\n'],
  [['moderator', 'ad', 'x'], 'aitys: moderator: there is no such command; did you mean `aitys moderator add`?\n'],
  [['frobnicate'], 'aitys: frobnicate: there is no such command; `aitys help` lists them\n'],
  [['help', 'frobnicate'], 'aitys: frobnicate: there is no such command; `aitys help` lists them\n'],
  [['publish'], 'aitys: publish: FILE|FOLDER… is missing; see `aitys help publish`\n'],
  [['init', 'a', 'b'], 'aitys: init: b: one argument too many; see `aitys help init`\n'],
  [['publish', '--dri', 'x', 'y'], 'aitys: publish: --dri: there is no such option; see `aitys help publish`\n'],
  [['backup', 'x', '--dir'], 'aitys: backup: --dir: DIR is missing; see `aitys help backup`\n'],
  [['backup', '--dir', 'a', '--dir=b', 'x'], 'aitys: backup: --dir: stands there twice; see `aitys help backup`\n'],
  [['check', '--database=1'], 'aitys: check: --database: takes no value; see `aitys help check`\n'],
  [['init', '\x1b[31mred', 'b\x1b[0m'], 'aitys: init: b\\x1B[0m: one argument too many; see `aitys help init`\n'],
];
for (const [args, err] of mistakes) {
  test(`a mistake is told: aitys ${args.join(' ').replace(/\x1b/g, 'ESC')}`, () => {
    assert.deepEqual(aitys(args), { code: 2, out: '', err });
  });
}

test('the manual pages print', () => {
  const commands = aitys(['reference', 'man', 'aitys.1']);
  assert.equal(commands.code, 0);
  assert.match(commands.out, /^\.TH AITYS 1/);
  for (const name of visible) assert.ok(commands.out.includes(`.B ${name}\n`), name);
  assert.match(aitys(['reference', 'man', 'aitys.yaml.5']).out, /^\.B site\.name$/m);
  assert.equal(aitys(['reference', 'man', 'x']).code, 2);
});

test('docs/man is up to date: tools/make-man', () => {
  for (const page of ['aitys.1', 'aitys.yaml.5'])
    assert.equal(readFileSync(path.join(root, 'docs/man', page), 'utf8'), aitys(['reference', 'man', page]).out, page);
});
