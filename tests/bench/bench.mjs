/*
 * The benches: each entry measures some figures. Ratios come from interleaved rounds on this machine;
 * the median of the rounds counts.
 */
import { pages } from './pages.mjs';
import { reading } from './reading.mjs';

const BENCHES = [
  { names: ['page_bytes', 'script_bytes'], run: pages },
  { names: ['read26_vs_nginx', 'read26_cpu_vs_epoll'], run: reading },
];

function options(argv) {
  const chosen = { quick: argv.includes('--quick'), only: null };
  const at = argv.indexOf('--only');
  if (at >= 0) chosen.only = argv[at + 1];
  const known = BENCHES.flatMap((bench) => bench.names);
  if (chosen.only && !known.includes(chosen.only)) {
    console.error(`bench: no figure ${chosen.only}; there are: ${known.join(' ')}`);
    process.exit(2);
  }
  return chosen;
}

const chosen = options(process.argv.slice(2));
const figures = [];
for (const bench of BENCHES) {
  if (chosen.only && !bench.names.includes(chosen.only)) continue;
  figures.push(...await bench.run(chosen));
}
for (const { name, value, unit } of figures) {
  if (!chosen.only || chosen.only === name) console.log(`figure ${name} ${value} ${unit}`);
}
