/*
 * The benches: each entry measures some figures. Ratios come from interleaved rounds on this machine;
 * the median of the rounds counts.
 */
import { measure, options } from '../lib/figures.mjs';
import { COST, FOUND, REBUILT, finding, rebuilding, remembering } from './campaigns.mjs';
import { growth, space } from './growth.mjs';
import { swelling } from './memory.mjs';
import { nodes } from './nodes.mjs';
import { pages } from './pages.mjs';
import { PGWRITTEN, pgwriting } from './pgwriting.mjs';
import { READ1000, READ26, reading1000, reading26 } from './reading.mjs';
import { rendering } from './rendering.mjs';
import { idling, slowing, starting } from './resting.mjs';
import { SEARCHING, searching } from './searching.mjs';
import { SPREAD, spreading } from './spreading.mjs';
import { WORD_LISTS, matching } from './words.mjs';
import { WRITTEN, writing } from './writing.mjs';

const BENCHES = [
  { group: 'pages', names: ['page_bytes', 'script_bytes'], run: pages },
  { group: 'read26', names: READ26, run: reading26 },
  { group: 'read1000', names: READ1000, run: reading1000 },
  { group: 'render', names: ['render26_us', 'render26_statements'], run: rendering },
  { group: 'write', names: WRITTEN, run: writing },
  { group: 'pgwrite', names: PGWRITTEN, run: pgwriting },
  { group: 'growth', names: ['growth_read', 'growth_post', 'growth_queue'], run: growth },
  { names: ['rss_growth'], run: swelling },
  { group: 'start', names: ['start_ms', 'idle_rss_mib'], run: starting },
  { names: ['conn_bytes'], run: idling },
  { names: ['slow_p99'], run: slowing },
  { names: ['bytes_per_comment'], run: space },
  { names: ['node_ms_p99'], run: nodes },
  { group: 'spread', names: SPREAD, run: spreading },
  { group: 'search', names: SEARCHING, run: searching },
  { group: 'campaign_found', names: FOUND, run: finding },
  { group: 'campaign_cost', names: COST, run: remembering },
  { group: 'campaign_rebuilt', names: REBUILT, run: rebuilding },
  { group: 'words', names: WORD_LISTS, run: matching },
];

await measure('script/bench', BENCHES, options('script/bench', BENCHES));
