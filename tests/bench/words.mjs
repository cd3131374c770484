/*
 * Word lists of 100,000 entries over comments of 1,500 characters: bench_word_list, inside one process.
 */
import { execFileSync } from 'node:child_process';

import { tool } from './room.mjs';

export const WORD_LISTS = ['wordlist_us', 'wordlist_invented_us', 'wordlist_crowded_us'];

export function matching() {
  const told = execFileSync(tool('word_list'), { encoding: 'utf8' });
  console.log(told.replace(/^figure .*\n/gm, '').trimEnd());
  return [...told.matchAll(/^figure (\w+) (\d+) (\w+)$/gm)]
    .map(([, name, value, unit]) => ({ name, value, unit }));
}
