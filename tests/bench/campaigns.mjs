/*
 * Campaigns: which copies are found among other people's comments, what is taken for one by mistake,
 * and what a comment costs. Needs no server; bench_campaign says what it counts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { root } from '../lib/newsroom.mjs';
import { tool } from './room.mjs';

const SETS = process.env.AITYS_MODERATION_SETS
  ?? path.join(root, '../shared/data/moderation');

export const FOUND = ['campaign_case', 'campaign_disguised', 'campaign_edited10',
  'campaign_edited25', 'campaign_wrapped', 'campaign_alerts_per_20000', 'campaign_false_per_20000'];
export const COST = ['campaign_us', 'campaign_bytes', 'campaign_worst_us'];

/* Shows all that is told and returns the figures in it. */
function figures(...args) {
  if (!existsSync(SETS)) {
    console.log(`there are no sets of comments in ${SETS}; AITYS_MODERATION_SETS names others`);
    return [];
  }
  const told = execFileSync(tool('campaign'), args, { encoding: 'utf8' });
  console.log(told.replace(/^campaign_.*\n/gm, '').trimEnd());
  return [...told.matchAll(/^(campaign_\w+) ([\d.]+) (\w+)$/gm)]
    .map(([, name, value, unit]) => ({ name, value, unit }));
}

export const finding = () => figures('found', SETS);

export const remembering = ({ quick }) => figures('cost', SETS, quick ? '100000' : '1000000');
