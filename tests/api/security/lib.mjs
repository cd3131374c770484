/*
 * What the security tests share: requests in full control of their headers and of the client's
 * address, readers and moderators with their cookies, and a look into the database.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';

import { corpora, root } from '../../lib/newsroom.mjs';

/* The demo's conversations by their mode. */
export const OPEN = '/en/the-reservoir-that-came-back';
export const HELD = '/en/fourteen-pupils-and-one-bell';
export const CLOSED = '/en/give-us-back-the-dark';
export const OTHER = '/en/a-dombra-out-of-a-fallen-tree';

/** Settings under which tests may write as fast as they like. */
export const FAST = {
  AITYS_COMMENTS_MIN_S: '0',
  AITYS_COMMENTS_BURST: '10000',
  AITYS_RATINGS_PER_HOUR: '100000',
  AITYS_REPORTS_PER_HOUR: '100000',
  AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000',
};

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

/**
 * One request, no redirect followed.
 *
 * options   method, headers, body (string or bytes), form (object or pairs), from (own address)
 * Returns   { status, headers, cookies (list of Set-Cookie), bytes, text }
 */
export function ask(room, target, options = {}) {
  const origin = new URL(options.origin ?? room.origin);
  const headers = { host: origin.host, ...options.headers };
  let body = options.body;
  if (options.form) {
    body = new URLSearchParams(options.form).toString();
    headers['content-type'] ??= 'application/x-www-form-urlencoded';
  }
  if (body !== undefined) headers['content-length'] ??= Buffer.byteLength(body);
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const request = http.request({
      agent, method, headers, path: target, host: origin.hostname, port: origin.port,
      localAddress: options.from,
    }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          raw: answer.rawHeaders,
          cookies: answer.headers['set-cookie'] ?? [],
          bytes,
          get text() { return bytes.toString('utf8'); },
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes to the socket, everything that comes back until the server closes or `wait` ms pass. */
export function talk(room, bytes, { wait = 5000, from, end = false } = {}) {
  const { hostname, port } = new URL(room.origin);
  return new Promise((resolve) => {
    const pieces = [];
    const socket = net.connect({ host: hostname, port, localAddress: from });
    const started = Date.now();
    const done = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: Buffer.concat(pieces).toString('latin1'), closed, ms: Date.now() - started });
    };
    const timer = setTimeout(() => done(false), wait);
    socket.on('data', (piece) => pieces.push(piece));
    socket.on('error', () => done(true));
    socket.on('close', () => done(true));
    socket.write(bytes);
    if (end) socket.end();
  });
}

/** The value of a hidden field of the form whose action is `action` (or of the first). */
export function hidden(html, name, action) {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  for (const form of forms) {
    if (action && !form.includes(`action="${action}"`)) continue;
    const found = form.match(new RegExp(`name="${name}" value="([^"]*)"`));
    if (found) return unescape(found[1]);
  }
  return undefined;
}

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

/** HTML character references back to characters. */
export function unescape(html) {
  return html.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (NAMED[name]) return NAMED[name];
    if (/^#x/i.test(name)) return String.fromCodePoint(parseInt(name.slice(2), 16));
    return name[0] === '#' ? String.fromCodePoint(Number(name.slice(1))) : whole;
  });
}

/** What an HTML parser makes of the textarea's content: one line end behind the tag is dropped. */
export function textarea(html) {
  const found = html.match(/<textarea id="f-text"[^>]*>\n?([\s\S]*?)<\/textarea>/);
  return found && unescape(found[1]);
}

/** A browser of its own: keeps cookies, has an address and headers. */
export class Reader {
  constructor(room, { from, headers = {} } = {}) {
    this.room = room;
    this.from = from;
    this.headers = headers;
    this.jar = new Map();
  }

  async ask(target, options = {}) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(this.room, target, {
      from: this.from,
      ...options,
      headers: { ...this.headers, ...(cookie ? { cookie } : {}), ...options.headers },
    });
    for (const line of answer.cookies) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value === '' || /max-age=0/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  get(target, options) { return this.ask(target, options); }

  post(target, form, options) { return this.ask(target, { ...options, form }); }

  /** The hidden fields of a page's form for writing. */
  async fields(target) {
    const { text } = await this.get(target);
    const form = text.match(/<form class="write"[\s\S]*?<\/form>/)?.[0] ?? '';
    const fields = {};
    for (const [, name, value] of form.matchAll(/name="(\w+)" value="([^"]*)"/g)) {
      fields[name] = unescape(value);
    }
    return fields;
  }

  /** Posts a comment; { status, number, location, text, cookies }. */
  async comment(article, { name = 'Aruzhan', text, replyTo, ...more }) {
    const fields = await this.fields(replyTo ? `${article}/comments/${replyTo}/reply` : article);
    const answer = await this.post(`${article}/comments`, { ...fields, name, text, ...more });
    const number = Number(answer.headers.location?.match(/comments\/(\d+)[?#]/)?.[1]);
    return Object.assign(answer, { number, location: answer.headers.location });
  }

  async edit(article, number, text) {
    const at = `${article}/comments/${number}/edit`;
    const token = hidden((await this.get(at)).text, 'token', at);
    return this.post(at, { token: token ?? '', text });
  }

  async withdraw(article, number) {
    const at = `${article}/comments/${number}/withdraw`;
    const token = hidden((await this.get(at)).text, 'token', at);
    return this.post(at, { token: token ?? '' });
  }

  async signIn({ name, password } = this.room.moderator, next = '') {
    const page = await this.get('/mod/sign-in');
    const token = hidden(page.text, 'token', '/mod/sign-in');
    return this.post('/mod/sign-in', { token, name, password, next });
  }

  /** A moderator's decision: publish, reject, spam, withdraw. */
  async decide(id, what, { reason = what === 'publish' || what === 'spam' ? '' : 'insult', note = '' } = {}) {
    const page = await this.get(`/mod/comments/${id}`);
    const rev = page.text.match(/name="rev" value="([^"]*)"/)?.[1] ?? '';
    const token = hidden(page.text, 'token') ?? '';
    return this.post(`/mod/comments/${id}/${what}`, { token, rev, reason, note, next: '/mod' });
  }
}

/**
 * The database as it is on disk now, read by Python's SQLite beside the server.
 * all(sql)   rows as lists;  close()
 */
export function database(room) {
  const program = `
import json, sqlite3, sys
db = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
db.text_factory = lambda b: b.decode('utf-8', 'surrogateescape')
for line in sys.stdin:
    rows = db.execute(json.loads(line)).fetchall()
    print(json.dumps([[c.hex() if isinstance(c, bytes) else c for c in row] for row in rows]), flush=True)
`;
  const child = spawn('python3', ['-c', program, path.join(room.dir, 'aitys.db')],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async all(sql) {
      child.stdin.write(`${JSON.stringify(sql)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`no answer to ${sql}`);
      return JSON.parse(value);
    },
    close() { child.stdin.end(); },
  };
}

/** Changes the database beside the server, as time or an operator would. */
export function change(room, sql) {
  const program = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
db.execute(sys.argv[2])
`;
  execFileSync('python3', ['-c', program, path.join(room.dir, 'aitys.db'), sql]);
}

const KEPT = ['thread', 'comment', 'commenter', 'rating', 'moderator', 'session', 'decision',
  'edition', 'article', 'protected_name', 'counter', 'passkey', 'recovery_code',
  'batch', 'kept_words', 'claim', 'opinion', 'team_note', 'trust_change', 'rule', 'report', 'campaign', 'control', 'thread_message', 'ledger'];

/** A hash of each table that readers and moderators can change; how far the search got changes by itself. */
export async function everything(db) {
  const hashes = {};
  for (const table of KEPT) {
    const which = table === 'counter' ? "WHERE name <> 'search'" : '';
    const rows = JSON.stringify(await db.all(`SELECT * FROM ${table} ${which}`));
    hashes[table] = createHash('sha256').update(rows).digest('hex').slice(0, 16);
  }
  return hashes;
}

/** The id that moderators' addresses have for a comment. */
export async function commentId(db, article, number) {
  const slug = article.split('/').pop();
  const [[id]] = await db.all(`SELECT c.id FROM comment c JOIN edition e ON e.article = c.thread
    WHERE e.lang = 'en' AND e.slug = '${slug}' AND c.id % 16777216 = ${number}`);
  return id;
}

/** The rows of routes.def: { method, pattern, role, csrf, bodyMax, rate, cache, handler }. */
export function routes() {
  const source = readFileSync(path.join(root, 'src/web/routes.def'), 'utf8');
  const units = { KiB: 1024, MiB: 1024 * 1024 };
  return [...source.matchAll(/^ROUTE\((.*)\)$/gm)].map(([, row]) => {
    const cells = row.match(/"[^"]*"|[^,]+/g).map((cell) => cell.trim());
    const [method, pattern, role, csrf, body, rate, tx, cache, form, handler] = cells;
    const size = body.match(/^(\d+)(?: \* (\w+))?$/);
    return {
      method, pattern: pattern.slice(1, -1), role, csrf, rate, tx, cache, form, handler,
      bodyMax: Number(size[1]) * (units[size[2]] ?? 1),
    };
  });
}

/** Every file below a folder. */
export function filesOf(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}


/** The path of other people's test data, or undefined after saying that it is absent. */
export function corpus(t, ...parts) {
  const at = path.join(corpora, ...parts);
  if (existsSync(at)) return at;
  t.skip(`absent: ${parts.join('/')} below ${corpora}`);
  return undefined;
}

/** The sanitizers' word in the log, if there is one. */
export function complaints(room) {
  return (room?.log ?? '').match(/(ERROR: \w+Sanitizer|runtime error:|panic)[^\n]*/g) ?? [];
}

