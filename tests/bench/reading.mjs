/*
 * Reading the cached article page: against nginx with the same bytes as a static file, and against
 * a bare epoll loop that sends the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { newsroom, root } from '../lib/newsroom.mjs';
import { SMALL } from './growth.mjs';
import { childrenOf, cpuUs, load, median, ratio, rounds, start, untilListening }
  from './measure.mjs';
import { ARTICLE, rawGet } from './pages.mjs';
import { article, dataset, serve } from './room.mjs';

const NGINX_PORT = 18111;
const EPOLL_PORT = 18112;
const CODING = { 'Accept-Encoding': 'gzip' };

/*
 * nginx with every header that our answer has, and nothing that costs it more than needed. One read
 * and one write came out ahead of sendfile when both were tried with a page of this size.
 */
function nginxConfiguration(dir, headers) {
  const kept = Object.entries(headers)
    .filter(([name]) => !['date', 'connection', 'content-length', 'content-type', 'etag',
      'keep-alive'].includes(name))
    .map(([name, value]) => `add_header ${name} "${String(value).replaceAll('"', '\\"')}";`);
  return `worker_processes auto; daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile off; output_buffers 1 512k; open_file_cache max=100;
  keepalive_requests 100000000;
  client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f;
  uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  server {
    listen 127.0.0.1:${NGINX_PORT} reuseport; root ${dir};
    max_ranges 0;
    location = /page {
      default_type "text/html; charset=utf-8"; add_header Last-Modified ""; ${kept.join(' ')}
    }
  }
}`;
}

/* The three servers of the same bytes, as targets; stop() ends the controls. */
async function controls(room, at) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  execFileSync('chmod', ['755', dir]);
  const page = await rawGet(room.origin + at, CODING);
  writeFileSync(path.join(dir, 'page'), page.body);
  writeFileSync(path.join(dir, 'nginx.conf'), nginxConfiguration(dir, page.headers));
  const head = Object.entries(page.headers).map(([k, v]) => `${k}: ${v}\r\n`).join('');
  writeFileSync(path.join(dir, 'answer'),
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n`), page.body]));
  execFileSync('cc', ['-O2', '-o', path.join(dir, 'epoll'), path.join(root, 'tests/bench/epoll.c')]);
  const nginx = start('/usr/sbin/nginx', ['-c', path.join(dir, 'nginx.conf')]);
  const epoll = start(path.join(dir, 'epoll'), [String(EPOLL_PORT), path.join(dir, 'answer'), '2']);
  const targets = [
    { name: 'aitys', url: room.origin + at, pids: () => [room.pid] },
    { name: 'nginx', url: `http://127.0.0.1:${NGINX_PORT}/page`, pids: () => childrenOf(nginx.pid) },
    { name: 'epoll', url: `http://127.0.0.1:${EPOLL_PORT}/`, pids: () => [epoll.pid] },
  ];
  for (const { url } of targets) await untilListening(url);
  await isSame(targets, page.body);
  return { targets, stop: async () => {
    await nginx.stop();
    await epoll.stop();
    rmSync(dir, { recursive: true, force: true });
  } };
}

/* A comparison of different bytes would be none. */
async function isSame(targets, body) {
  const sizes = [];
  for (const { name, url } of targets) {
    const answer = await rawGet(url, CODING);
    if (answer.status !== 200 || !answer.body.equals(body)) throw new Error(`${name}: other bytes`);
    const lines = Object.entries(answer.headers);
    sizes.push(`${name} ${lines.length} headers, ${lines.join(': ').length} bytes`);
  }
  console.log(`${body.length} bytes of body; ${sizes.join('; ')}`);
}

async function once({ url, pids }, options) {
  const before = cpuUs(pids());
  const { requests, perSecond } = await load(url, { ...options, headers: CODING });
  return { perSecond, us: (cpuUs(pids()) - before) / requests };
}

/*
 * Both ratios with so many connections: requests a second over nginx's, CPU over the bare loop's.
 * One round of a second is a quarter off at times; the median of twenty-one is not.
 */
async function compare(targets, connections, { quick }) {
  for (const { url } of targets) await load(url, { connections, seconds: 1, headers: CODING });
  const results = await rounds(quick ? 5 : 21, targets.map((target) =>
    () => once(target, { connections, seconds: 1 })));
  const of = (i, name) => results[i].map((each) => each[name]);
  for (const [i, { name }] of targets.entries()) {
    console.log(`${connections} connections: ${name} ${median(of(i, 'perSecond')).toFixed(0)} `
      + `requests/s, ${median(of(i, 'us')).toFixed(2)} us of CPU each`);
  }
  const found = { vsNginx: ratio(of(0, 'perSecond'), of(1, 'perSecond')),
    cpuVsEpoll: ratio(of(0, 'us'), of(2, 'us')) };
  console.log(`${connections} connections: ${found.vsNginx.toFixed(3)} of nginx, `
    + `${found.cpuVsEpoll.toFixed(3)} of the bare loop's CPU`);
  return found;
}

/* Found with each of these numbers of connections. */
async function read(room, at, connections, options) {
  const { targets, stop } = await controls(room, at);
  try {
    const found = {};
    for (const n of connections) found[n] = await compare(targets, n, options);
    return found;
  } finally {
    await stop();
  }
}

/* Of so many connections; the figures of 64 have no number. */
const CONNECTIONS = { 64: '', 512: '_512' };

const names = (page) => Object.values(CONNECTIONS)
  .flatMap((of) => [`${page}_vs_nginx${of}`, `${page}_cpu_vs_epoll${of}`]);
export const READ26 = names('read26');
export const READ1000 = names('read1000');

/* Those to measure: both; for a look at one figure, its own. */
function connectionsOf({ quick, only }) {
  const all = Object.keys(CONNECTIONS).map(Number);
  return quick && only?.includes('_') ? [only.endsWith(CONNECTIONS[512]) ? 512 : 64] : all;
}

async function figures(page, room, at, options) {
  const found = await read(room, at, connectionsOf(options), options);
  return Object.entries(CONNECTIONS).filter(([n]) => found[n]).flatMap(([n, of]) => [
    { name: `${page}_vs_nginx${of}`, value: found[n].vsNginx.toFixed(3), unit: 'ratio' },
    { name: `${page}_cpu_vs_epoll${of}`, value: found[n].cpuVsEpoll.toFixed(3), unit: 'ratio' },
  ]);
}

export async function reading26(options) {
  const room = await newsroom();
  try {
    return await figures('read26', room, ARTICLE, options);
  } finally {
    await room.stop();
  }
}

/* The first page of a conversation of a thousand comments. */
export async function reading1000(options) {
  const room = await serve(dataset(SMALL));
  try {
    return await figures('read1000', room, article(1), options);
  } finally {
    await room.stop();
  }
}
