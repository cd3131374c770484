/*
 * A cluster of PostgreSQL servers under Patroni, with one etcd, on this machine's loopback and in a
 * folder of its own. Its configuration and its clients' addresses are those that
 * docs/operator/scaling.md shows.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync,
  rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../lib/ports.mjs';
import { ask, root, sleep } from './server.mjs';

const run = promisify(execFile);
const SCOPE = 'newsroom';
const NAMES = ['db1', 'db2', 'db3']; // as in the document's addresses
const LOOPBACK = '127.0.0.1';
const WHOLE_MAX_MS = 120000;
const GENTLE_MS = 250; // between two looks at the cluster

const has = (program) => {
  try {
    execFileSync(program, ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/* The folder of the newest server's programs; undefined where there is none. */
function serverPrograms() {
  if (process.env.PG_BIN) return process.env.PG_BIN;
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest && `/usr/lib/postgresql/${newest}/bin`;
}

/** Whether this machine has what a cluster needs. */
export const hasPatroni = () => Boolean(serverPrograms()) && ['patroni', 'patronictl', 'etcd'].every(has);

/** What docs/operator/scaling.md tells operators to write: { dynamic, database, replica }: texts. */
export function documented() {
  const text = readFileSync(path.join(root, 'docs/operator/scaling.md'), 'utf8');
  const section = text.slice(text.indexOf('\n## 5. Patroni'));
  const [dynamic, settings] = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map((block) => block[1]);
  const [, database, replica] = settings.match(/^database: (\S+)\nstore:\n {2}replica: (\S+)$/m);
  return { dynamic, database, replica };
}

/* Servers refuse to run as root: then they are the user's "postgres", or else "nobody". */
function serverUser() {
  if (process.getuid() !== 0) return {};
  const id = (name, what) => Number(execFileSync('id', [what, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id(name, '-u'), gid: id(name, '-g') };
    } catch {
      /* the next one */
    }
  }
  throw new Error('there is no user to run servers as');
}

/* What /proc holds of each process; those that end meanwhile are left out. */
function eachProcess(look) {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      look(pid, `/proc/${pid}`);
    } catch {
      /* it has just ended */
    }
  }
}

/*
 * A process (null: none), all that work in a folder, since a server does not stay its starter's child, and
 * all that these began.
 */
function processesOf(first, folder) {
  const children = new Map();
  const all = first === null ? [] : [first];
  eachProcess((pid, entry) => {
    const parent = Number(readFileSync(`${entry}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    if (readlinkSync(`${entry}/cwd`) === folder) all.push(pid);
  });
  for (const pid of all) all.push(...(children.get(pid) ?? []).filter((one) => !all.includes(one)));
  return all;
}

function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (e) {
      if (e.code !== 'ESRCH') throw e;
    }
  }
}

/* One program of the cluster, its output in a file. */
function daemon(top, name, [program, ...args], user) {
  const out = openSync(path.join(top, `${name}.log`), 'a');
  const child = spawn(program, args, { ...user, cwd: '/', stdio: ['ignore', out, out] });
  closeSync(out);
  child.on('error', () => { /* isAlive() tells */ });
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  const isAlive = () => Boolean(child.pid) && child.exitCode === null && child.signalCode === null;
  return {
    isAlive,
    processes: (folder) => processesOf(isAlive() ? child.pid : null, folder),
    end: async () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

async function etcdStart(top, user) {
  const [port, peers] = [await freePort(), await freePort()];
  const [client, peer] = [port, peers].map((one) => `http://${LOOPBACK}:${one}`);
  const etcd = daemon(top, 'etcd', ['etcd', '--name', 'one', '--data-dir', path.join(top, 'etcd'),
    '--logger', 'zap', '--log-level', 'error', '--listen-client-urls', client, '--advertise-client-urls', client,
    '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `one=${peer}`], user);
  for (let tries = 0; ; tries++) {
    const answer = await ask(`${client}/health`, { agent: false }).catch(() => ({ status: 0 }));
    if (answer.status === 200) return { ...etcd, hosts: `${LOOPBACK}:${port}` };
    if (!etcd.isAlive() || tries > 300) throw new Error('etcd does not answer');
    await sleep(100);
  }
}

/* What is a machine's own in Patroni's configuration; JSON is YAML. */
const configuration = (top, node, etcd, bin) => JSON.stringify({
  scope: SCOPE,
  name: node.name,
  restapi: { listen: `${LOOPBACK}:${node.api}`, connect_address: `${LOOPBACK}:${node.api}` },
  etcd3: { hosts: etcd.hosts },
  bootstrap: { dcs: {}, initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, { auth: 'trust' }] },
  watchdog: { mode: 'off' },
  postgresql: {
    listen: `${LOOPBACK}:${node.port}`,
    connect_address: `${LOOPBACK}:${node.port}`,
    bin_dir: bin,
    data_dir: path.join(top, node.name),
    basebackup: [{ checkpoint: 'fast' }],
    pgpass: path.join(top, `${node.name}.pgpass`),
    authentication: { superuser: { username: 'postgres' }, replication: { username: 'replicator' } },
    parameters: { unix_socket_directories: top, max_connections: 100 },
    pg_hba: ['local all all trust', `host all all ${LOOPBACK}/32 trust`,
      `host replication all ${LOOPBACK}/32 trust`],
  },
});

const isWhole = (members) => members.length === NAMES.length
  && members.some((one) => one.role === 'leader' && one.state === 'running')
  && members.some((one) => one.role === 'sync_standby')
  && members.every((one) => one.role === 'leader' || (['running', 'streaming'].includes(one.state) && one.lag === 0));

/* What a node says of all; [] when none answers. */
async function membersOf(nodes) {
  for (const node of nodes.filter((one) => one.daemon?.isAlive())) {
    try {
      const answer = await ask(`http://${LOOPBACK}:${node.api}/cluster`, { agent: false, timeoutMs: 5000 });
      return JSON.parse(answer.body).members;
    } catch {
      /* the next one may know */
    }
  }
  return [];
}

/* The document's address with the machines' names replaced. */
const addressOn = (nodes, text) => nodes.reduce((all, node) =>
  all.replace(new RegExp(`\\b${node.name}\\b`), `${LOOPBACK}:${node.port}`), text);

/* As in the document: a role, its database. The servers' own user may do that. */
async function databaseMake(bin, leader) {
  const to = ['--host', LOOPBACK, '--port', String(leader.port), '--username', 'postgres'];
  await run(path.join(bin, 'createuser'), [...to, 'aitys']);
  await run(path.join(bin, 'createdb'), [...to, '--owner', 'aitys', '--encoding', 'UTF8', '--template', 'template0',
    'aitys']);
}

/**
 * Makes and starts a cluster of three with the document's configuration, and an empty database in it.
 *
 * Returns { database, replica: addresses for Aitys; leader(): a node's name; whole(): when all three
 * follow one; kill(name), again(name); switchover(); log(): ends of the logs; stop() }
 */
export async function cluster() {
  const { dynamic, ...addresses } = documented();
  const [bin, user] = [serverPrograms(), serverUser()];
  const top = mkdtempSync(path.join(tmpdir(), 'aitys-patroni-'));
  if (user.uid !== undefined) chownSync(top, user.uid, user.gid);
  const file = (name) => path.join(top, `${name}.yml`);
  const nodes = [];
  let etcd = null;

  const of = (name) => nodes.find((node) => node.name === name);
  const launch = (node) => { node.daemon = daemon(top, node.name, ['patroni', file(node.name)], user); };
  const control = (...args) => run('patronictl', ['-c', file(NAMES[0]), ...args]);

  async function until(what, holds) {
    for (const began = Date.now(); ; await sleep(GENTLE_MS)) {
      const members = await membersOf(nodes);
      if (holds(members)) return members;
      if (Date.now() - began > WHOLE_MAX_MS) throw new Error(`${what}: ${JSON.stringify(members)}`);
    }
  }
  const leaderOf = (members) => members.find((one) => one.role === 'leader' && one.state === 'running')?.name;

  const it = {
    database: '',
    replica: '',
    whole: () => until('the cluster does not become whole', isWhole),
    leader: async () => leaderOf(await until('there is no leader', leaderOf)),
    /** All processes of a machine end at once. */
    kill: async (name) => {
      const node = of(name);
      killAll(node.daemon.processes(path.join(top, name)));
      await node.daemon.end();
    },
    again: (name) => launch(of(name)),
    switchover: () => control('switchover', '--force', SCOPE),
    log: () => ['etcd', ...NAMES].filter((name) => existsSync(path.join(top, `${name}.log`)))
      .map((name) => `${name}:\n${readFileSync(path.join(top, `${name}.log`), 'utf8').slice(-4000)}`).join('\n'),
    stop: async () => {
      for (const node of nodes.filter((one) => one.daemon)) await it.kill(node.name);
      await etcd?.end();
      rmSync(top, { recursive: true, force: true });
    },
  };

  try {
    etcd = await etcdStart(top, user);
    for (const name of NAMES) {
      const node = { name, port: await freePort(), api: await freePort() };
      writeFileSync(file(name), configuration(top, node, etcd, bin));
      nodes.push(node);
    }
    it.database = addressOn(nodes, addresses.database);
    it.replica = addressOn(nodes, addresses.replica);
    launch(nodes[0]);
    await it.leader();
    writeFileSync(file('dynamic'), dynamic);
    await control('edit-config', '--force', '--apply', file('dynamic'), SCOPE);
    await databaseMake(bin, nodes[0]);
    nodes.slice(1).forEach(launch);
    await it.whole();
  } catch (e) {
    const log = it.log();
    await it.stop();
    throw new Error(`${e.message}\n${log}`, { cause: e });
  }
  return it;
}
