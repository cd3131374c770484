/*
 * Reading the cached article page: against nginx with the same bytes as a static file, and against
 * a bare epoll loop that sends the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { newsroom, root } from '../lib/newsroom.mjs';
import { childrenOf, cpuUs, load, median, start, untilListening } from './measure.mjs';
import { ARTICLE, rawGet } from './pages.mjs';

const NGINX_PORT = 18111;
const EPOLL_PORT = 18112;
const CODING = { 'Accept-Encoding': 'gzip' };

/* nginx with every header that our answer has, and nothing that costs it more than needed. */
function nginxConfiguration(dir, headers) {
  const kept = Object.entries(headers)
    .filter(([name]) => !['date', 'connection', 'content-length', 'content-type', 'etag',
      'keep-alive'].includes(name))
    .map(([name, value]) => `add_header ${name} "${String(value).replaceAll('"', '\\"')}";`);
  return `worker_processes auto; daemon off; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
  client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p; fastcgi_temp_path ${dir}/f;
  uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  server {
    listen 127.0.0.1:${NGINX_PORT} reuseport; root ${dir};
    location = /page { default_type "text/html; charset=utf-8"; ${kept.join(' ')} }
  }
}`;
}

async function round(target, options) {
  const before = cpuUs(target.pids());
  const { requests, perSecond } = await load(target.url, { ...options, headers: CODING });
  target.perSecond.push(perSecond);
  target.cpu.push((cpuUs(target.pids()) - before) / requests);
}

async function compare(targets, { quick }) {
  for (const connections of [64, 512]) {
    for (const target of targets) {
      target.perSecond = [];
      target.cpu = [];
      await load(target.url, { connections, seconds: 1, headers: CODING });
    }
    for (let n = 0; n < (quick ? 3 : 9); n++) {
      for (const target of targets) await round(target, { connections, seconds: quick ? 1 : 3 });
    }
    const [ours, nginx, epoll] = targets;
    for (const target of targets) {
      console.log(`${connections} connections: ${target.name} ${median(target.perSecond).toFixed(0)} `
        + `requests/s, ${median(target.cpu).toFixed(2)} us of CPU each`);
    }
    const ratio = (a, b) => median(a.map((value, i) => value / b[i]));
    targets.figures = targets.figures ?? {};
    targets.figures[connections] = {
      vsNginx: ratio(ours.perSecond, nginx.perSecond),
      cpuVsEpoll: ratio(ours.cpu, epoll.cpu),
    };
  }
  return targets.figures;
}

export async function reading(options) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-bench-'));
  execFileSync('chmod', ['755', dir]);
  const room = await newsroom();
  const servers = [];
  try {
    const page = await rawGet(room.origin + ARTICLE, CODING);
    writeFileSync(path.join(dir, 'page'), page.body);
    writeFileSync(path.join(dir, 'nginx.conf'), nginxConfiguration(dir, page.headers));
    const head = Object.entries(page.headers).map(([k, v]) => `${k}: ${v}\r\n`).join('');
    writeFileSync(path.join(dir, 'answer'),
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n`), page.body]));
    execFileSync('cc', ['-O2', '-o', path.join(dir, 'epoll'),
      path.join(root, 'tests/bench/epoll.c')]);
    const nginx = start('/usr/sbin/nginx', ['-c', path.join(dir, 'nginx.conf')]);
    const epoll = start(path.join(dir, 'epoll'), [String(EPOLL_PORT), path.join(dir, 'answer'),
      '2']);
    servers.push(nginx, epoll);
    await untilListening(`http://127.0.0.1:${NGINX_PORT}/page`);
    await untilListening(`http://127.0.0.1:${EPOLL_PORT}/`);
    const figures = await compare([
      { name: 'aitys', url: room.origin + ARTICLE, pids: () => [room.pid] },
      { name: 'nginx', url: `http://127.0.0.1:${NGINX_PORT}/page`,
        pids: () => childrenOf(nginx.pid) },
      { name: 'epoll', url: `http://127.0.0.1:${EPOLL_PORT}/`, pids: () => [epoll.pid] },
    ], options);
    console.log(`512 connections: ${figures[512].vsNginx.toFixed(3)} of nginx, `
      + `${figures[512].cpuVsEpoll.toFixed(3)} of the epoll loop's CPU`);
    return [
      { name: 'read26_vs_nginx', value: figures[64].vsNginx.toFixed(3), unit: 'ratio' },
      { name: 'read26_cpu_vs_epoll', value: figures[64].cpuVsEpoll.toFixed(3), unit: 'ratio' },
    ];
  } finally {
    for (const server of servers) await server.stop();
    await room.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
