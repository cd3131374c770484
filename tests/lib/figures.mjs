/*
 * What script/bench and script/soak have in common: which figures are asked for, and how they are
 * printed: last, one a line, below the command that they are of.
 */
import { execFileSync } from 'node:child_process';
import os from 'node:os';

import { root } from './newsroom.mjs';

/* What a command was run with that is ours, as it would be typed; addresses may hold passwords. */
const ours = () => Object.entries(process.env).filter(([name]) => name.startsWith('AITYS_')).sort()
  .map(([name, value]) => `${name}=${value.includes('://') ? '…' : `'${value}'`} `).join('');

/* What was measured: the commit, and whether the files are still those of it. */
function revision() {
  try {
    return execFileSync('git', ['-C', root, 'describe', '--always', '--dirty=, changed'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

/**
 * What the command line chooses of a list of runs, each { names, group (or none), run }: names are
 * those of its figures, group stands for all of them. Ends the program when there is no such name.
 * Returns { quick, only }.
 */
export function options(script, runs, argv = process.argv.slice(2)) {
  const at = argv.indexOf('--only');
  const only = at >= 0 ? argv[at + 1] ?? '' : null;
  const known = runs.flatMap(({ names, group }) => [...names, ...(group ? [group] : [])]);
  if (only !== null && !known.includes(only)) {
    console.error(`${script}: no figure ${only}; there are: ${known.join(' ')}`);
    process.exit(2);
  }
  return { quick: argv.includes('--quick'), only };
}

const isOf = ({ names, group }, only) => only === null || only === group || names.includes(only);

/** Does what is chosen, then prints the command and the figures. */
export async function measure(script, runs, chosen) {
  const figures = [];
  for (const each of runs.filter((one) => isOf(one, chosen.only))) {
    const wanted = chosen.only === null || chosen.only === each.group;
    for (const figure of await each.run(chosen))
      if (wanted || figure.name === chosen.only) figures.push(figure);
  }
  const quick = chosen.quick ? ' --quick' : '';
  const command = `${ours()}${script}${chosen.only === null ? '' : ` --only ${chosen.only}`}${quick}`;
  console.log(`# these are of: ${command} (commit ${revision()}; ${os.cpus().length} processors)`);
  if (chosen.only === null)
    console.log(`# one of them alone: ${ours()}${script} --only NAME${quick}`);
  for (const { name, value, unit } of figures) console.log(`figure ${name} ${value} ${unit}`);
}
