/*
 * The benches: each entry measures some figures. Ratios come from interleaved rounds on this machine;
 * the median of the rounds counts.
 */
import { COST, FOUND, REBUILT, finding, rebuilding, remembering } from './campaigns.mjs';
import { growth, space } from './growth.mjs';
import { nodes } from './nodes.mjs';
import { pages } from './pages.mjs';
import { pgwriting } from './pgwriting.mjs';
import { reading1000, reading26 } from './reading.mjs';
import { rendering } from './rendering.mjs';
import { idling, slowing, starting } from './resting.mjs';
import { SEARCHING, searching } from './searching.mjs';
import { WORD_LISTS, matching } from './words.mjs';
import { writing } from './writing.mjs';

const BENCHES = [
  { names: ['page_bytes', 'script_bytes'], run: pages },
  { names: ['read26_vs_nginx', 'read26_cpu_vs_epoll'], run: reading26 },
  { names: ['read1000_vs_nginx'], run: reading1000 },
  { names: ['render26_us', 'render26_statements'], run: rendering },
  { names: ['write1_vs_single', 'write64_vs_ceiling'], run: writing },
  { names: ['pgwrite64_vs_ceiling'], run: pgwriting },
  { names: ['growth_read', 'growth_post', 'growth_queue'], run: growth },
  { names: ['start_ms', 'idle_rss_mib'], run: starting },
  { names: ['conn_bytes'], run: idling },
  { names: ['slow_p99'], run: slowing },
  { names: ['bytes_per_comment'], run: space },
  { names: ['node_ms_p99'], run: nodes },
  { names: SEARCHING, run: searching },
  { names: FOUND, run: finding },
  { names: COST, run: remembering },
  { names: REBUILT, run: rebuilding },
  { names: WORD_LISTS, run: matching },
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
