/*
 * Power cuts by tests/fault/powercut: none may lose anything on an honest disk; and what is known
 * to lose (a disk that lies, synchronous=NORMAL) must be found out, or the test does not bite.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import path from 'node:path';

import { binary } from './server.mjs';

const folder = path.resolve(path.dirname(binary), '../..');
const PROGRAM = 'tests/fault/powercut';

export function powercutBuild() {
  execFileSync('ninja', ['-C', folder, PROGRAM], { stdio: 'pipe' });
}

/** { cuts, hit, lost, half, corrupt } of one run. */
export function powercut({ cuts, disk = 'honest', seed = randomInt(2 ** 40), print = () => {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(folder, PROGRAM),
      ['--cuts', cuts, '--disk', disk, '--seed', seed].map(String),
      { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (bytes) => { text += bytes; });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      print(`${disk} disk, seed ${seed}: ${text.trim()}`);
      const sums = text.match(/cuts (\d+), hit (\d+), lost (\d+), half (\d+), corrupt (\d+)\n$/);
      if (!sums) return reject(new Error(`powercut ended with ${code ?? signal}`));
      const [n, hit, lost, half, corrupt] = sums.slice(1).map(Number);
      return resolve({ cuts: n, hit, lost, half, corrupt });
    });
  });
}

const sum = (results, key) => results.reduce((n, result) => n + result[key], 0);

export async function figures({ quick, print }) {
  powercutBuild();
  const cuts = quick ? 300 : 10000;
  const each = Math.ceil(cuts / 2); // one process a core
  const honest = await Promise.all([1, 2].map(() => powercut({ cuts: each, print })));
  const [normal, lying] = await Promise.all(['normal', 'lying'].map((disk) =>
    powercut({ cuts: quick ? 100 : 1000, disk, print })));
  if (normal.corrupt || normal.half) throw new Error('synchronous=NORMAL may lose, not destroy');
  return [
    { name: 'powercut_lost', value: sum(honest, 'lost'), unit: 'jobs' },
    { name: 'powercut_corrupt', value: sum(honest, 'corrupt') + sum(honest, 'half'), unit: 'cuts' },
    { name: 'powercut_cuts', value: sum(honest, 'cuts'), unit: 'cuts' },
    { name: 'powercut_normal_lost', value: normal.lost, unit: 'jobs' },
    { name: 'powercut_lying_lost', value: lying.lost, unit: 'jobs' },
  ];
}
