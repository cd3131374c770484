/*
 * Long runs that break things on purpose. Each entry gives some figures; nothing is said of them
 * here but whether the run itself went well.
 */
import { measure, options } from '../lib/figures.mjs';
import { figures as brigade } from './brigade.mjs';
import { figures as failover } from './failover.mjs';
import { figures as full } from './full.mjs';
import { figures as kill9 } from './kill9.mjs';
import { figures as pgkill9 } from './pgkill9.mjs';
import { figures as powercut } from './powercut.mjs';

const SOAKS = [
  { names: ['kill9_lost', 'kill9_twice', 'kill9_ready_ms'], run: kill9 },
  { names: ['pgkill9_lost', 'pgkill9_twice', 'pgkill9_back_ms', 'pgkill9_ready_ms'], run: pgkill9 },
  { names: ['powercut_lost', 'powercut_corrupt', 'powercut_cuts', 'powercut_normal_lost',
    'powercut_lying_lost'], run: powercut },
  { names: ['disk_full_ok'], run: full },
  { names: ['brigade_actions', 'brigade_missed', 'brigade_ordinary_touched', 'brigade_p99'],
    group: 'brigade', run: brigade },
  { names: ['failover_lost', 'failover_twice', 'failover_acknowledged', 'failover_killed_ms', 'failover_killed_refused',
    'failover_switched_ms', 'failover_switched_refused'],
  group: 'failover', run: failover },
];

const chosen = options('script/soak', SOAKS);
const began = Date.now();
const print = (line) => console.log(`${((Date.now() - began) / 1000).toFixed(0)} s: ${line}`);
await measure('script/soak', SOAKS, { ...chosen, print });
