/*
 * Rules: Content-Security-Policy `default-src 'none'` with only what the page needs, no unsafe-*;
 * nosniff, no-referrer, frame-ancestors by list; on every route. Redirects lead to paths of the
 * same origin only. No cookie is set on reading; what is personal is never shared.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import {
  FAST, HELD, OPEN, Reader, ask, complaints, corpus, hidden, routes, talk,
} from './lib.mjs';

let room, author, moderator, own, commenter, asset, picture;
const reader = () => new Reader(room);

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_BURST: '300', AITYS_COMMENTS_PER_HOUR: '1', AITYS_SERVER_HEAD_MS: '1500' });
  author = reader();
  moderator = reader();
  own = (await author.comment(OPEN, { text: 'Mine.', name: 'Gulnara of the test' })).number;
  assert.equal((await moderator.signIn()).status, 303);
  [commenter] = (await moderator.get('/mod')).text.match(/\/mod\/commenters\/[0-9a-f]{32}/);
  const page = (await reader().get(OPEN)).text;
  [asset] = page.match(/\/assets\/\w+\/theme\.css/);
  [picture] = page.match(/\/pictures\/\w+\/\d+\.\w+/);
});

after(async () => {
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

const NEEDED = {
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /geolocation=\(\)/,
};

/** What is wrong with the headers of an answer. */
function faults({ headers, raw }) {
  const wrong = [];
  const policy = headers['content-security-policy'] ?? '';
  const csp = Object.fromEntries(policy.split(';').map((d) => d.trim().split(/\s+/)).map(([n, ...v]) => [n, v.join(' ')]));
  if (csp['default-src'] !== "'none'") wrong.push(`default-src ${csp['default-src']}`);
  if (csp['base-uri'] !== "'none'") wrong.push(`base-uri ${csp['base-uri']}`);
  if (csp['form-action'] !== "'self'") wrong.push(`form-action ${csp['form-action']}`);
  if (!csp['frame-ancestors']) wrong.push('no frame-ancestors');
  for (const [name, value] of Object.entries(csp)) {
    if (/unsafe-|\*|data:|blob:|https?:(?!\/\/)|filesystem:/.test(value)) wrong.push(`${name} ${value}`);
  }
  for (const [name, value] of Object.entries(NEEDED)) {
    if (!value.test(headers[name] ?? '')) wrong.push(`${name}: ${headers[name]}`);
  }
  const names = raw.filter((_, i) => i % 2 === 0).map((n) => n.toLowerCase()).filter((n) => n !== 'set-cookie');
  const twice = names.filter((n, i) => names.indexOf(n) !== i && n !== 'vary');
  if (twice.length) wrong.push(`twice: ${twice}`);
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-credentials']) {
    if (headers[name]) wrong.push(`${name}: ${headers[name]}`);
  }
  if (/javascript|ecmascript/.test(headers['content-type'] ?? '')) wrong.push('a script');
  return wrong;
}

const samples = () => ({
  'GET /': ['/'], 'GET /{lang}': ['/en', '/ar'], 'GET /{lang}/section/{slug}': ['/en/section/culture'],
  'GET /{lang}/author/{key}': ['/en/author/aigerim-sadykova'], 'GET /{lang}/page/{slug}': ['/en/page/comment-policy'],
  'GET /{lang}/{slug}': [OPEN, `${OPEN}?order=newest`], 'GET /{lang}/{slug}/comments/{number}': [`${OPEN}/comments/${own}`],
  'GET /{lang}/{slug}/comments/{number}/reply': [`${OPEN}/comments/1/reply`],
  'GET /{lang}/{slug}/comments/{number}/report': [`${OPEN}/comments/1/report`],
  'GET /mod/conversations/{id}': ['/mod/conversations/1'],
  'GET /mod/site': ['/mod/site'], 'GET /mod/reasons': ['/mod/reasons'], 'GET /mod/new-reason': ['/mod/new-reason'],
  'GET /mod/reasons/{key}': ['/mod/reasons/insult'],
  'GET /{lang}/{slug}/comments/{number}/edit': [`${OPEN}/comments/${own}/edit`],
  'GET /{lang}/{slug}/comments/{number}/withdraw': [`${OPEN}/comments/${own}/withdraw`],
  'GET /{lang}/feed.atom': ['/en/feed.atom'], 'GET /{lang}/section/{slug}/feed.atom': ['/en/section/culture/feed.atom'],
  'GET /{lang}/{slug}/comments.atom': [`${OPEN}/comments.atom`], 'GET /sitemap.xml': ['/sitemap.xml'],
  'GET /sitemap-{after}.xml': ['/sitemap-0.xml'], 'GET /news-sitemap.xml': ['/news-sitemap.xml'],
  'GET /ledger': ['/ledger'], 'GET /{lang}/about/ledger': ['/en/about/ledger'], 'GET /ledger.txt': ['/ledger.txt'],
  'GET /robots.txt': ['/robots.txt'], 'GET /assets/{hash}/{name}': [asset], 'GET /pictures/{hash}/{file}': [picture],
  'GET /mod/sign-in': ['/mod/sign-in'], 'GET /mod': ['/mod'], 'GET /mod/comments/{id}': ['/mod/comments/134217729'],
  'GET /mod/second-step': ['/mod/second-step'], 'GET /mod/account': ['/mod/account'], 'GET /mod/account/totp': ['/mod/account/totp'],
  'GET /mod/rules': ['/mod/rules'], 'GET /mod/new-rule/{kind}': ['/mod/new-rule/words'], 'GET /mod/rules/{id}': ['/mod/rules/999'],
  'GET /mod/rules/{id}/remove': ['/mod/rules/999/remove'], 'GET /mod/team': ['/mod/team'], 'GET /mod/team/{id}': ['/mod/team/1'],
  'GET /mod/done': ['/mod/done'], 'GET /mod/commenters/{key}': [commenter],
  'GET /mod/batches': ['/mod/batches'], 'GET /mod/batches/{id}': ['/mod/batches/999'], 'GET /mod/statistics': ['/mod/statistics'],
  'GET /mod/campaigns': ['/mod/campaigns'], 'GET /mod/campaigns/{id}': ['/mod/campaigns/999'],
  'GET /healthz': ['/healthz'], 'GET /metrics': ['/metrics'],
});

describe('the policy and its companions stand on every answer', () => {
  test('every route of reading, as stranger, author and moderator, GET and HEAD, 304 too', async () => {
    const rows = routes().filter((r) => r.method === 'GET').map((r) => `GET ${r.pattern}`);
    assert.deepEqual(rows.filter((r) => !samples()[r]), []);
    const wrong = [];
    for (const [name, role] of [['stranger', reader()], ['author', author], ['moderator', moderator]]) {
      for (const target of Object.values(samples()).flat()) {
        const answer = await role.get(target);
        wrong.push(...faults(answer).map((f) => `${name} ${target} ${answer.status}: ${f}`));
        const head = await role.ask(target, { method: 'HEAD' });
        if (head.status !== answer.status) wrong.push(`HEAD ${target}: ${head.status}, GET ${answer.status}`);
        if (head.bytes.length) wrong.push(`HEAD ${target}: a body`);
        wrong.push(...faults(head).map((f) => `${name} HEAD ${target}: ${f}`));
        if (answer.headers.etag) {
          const again = await role.get(target, { headers: { 'if-none-match': answer.headers.etag } });
          if (again.status !== 304) wrong.push(`${name} ${target}: ${again.status}, not 304`);
          wrong.push(...faults(again).map((f) => `${name} 304 ${target}: ${f}`));
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('errors: 400, 403, 404, 405, 408, 413, 414, 422, 429, 431, 501, 505', async () => {
    const stranger = reader();
    const flood = reader();
    const asked = {
      403: ask(room, `${OPEN}/comments`, { form: { text: 'x' } }),
      404: ask(room, '/en/no-such-article'),
      405: ask(room, OPEN, { method: 'DELETE' }),
      413: ask(room, `${OPEN}/rating`, { form: { answer: 'x'.repeat(9000) } }),
      422: (async () => stranger.post(`${OPEN}/comments`, { ...await stranger.fields(OPEN), name: '', text: '' }))(),
    };
    const wrong = [];
    for (const [status, asking] of Object.entries(asked)) {
      const answer = await asking;
      if (answer.status !== Number(status)) wrong.push(`${answer.status}, expected ${status}`);
      wrong.push(...faults(answer).map((f) => `${status}: ${f}`));
    }
    let answer;
    for (let i = 0; i < 400 && answer?.status !== 429; i++) {
      answer = await flood.post(`${OPEN}/comments`, { ...await flood.fields(OPEN), name: 'Flood', text: `Drop ${i}` });
    }
    assert.equal(answer.status, 429);
    wrong.push(...faults(answer).map((f) => `429: ${f}`));
    const raw = {
      400: 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      '400 ': 'nonsense\r\n\r\n',
      408: 'GET / HTTP/1.1\r\nHost: a\r\n',
      414: `GET /${'a'.repeat(100000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      431: `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(100000)}\r\n\r\n`,
      501: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
      505: 'GET / HTTP/3.0\r\nHost: a\r\n\r\n',
    };
    for (const [status, bytes] of Object.entries(raw)) {
      const { text } = await talk(room, bytes);
      const [head] = text.split('\r\n\r\n');
      const [line, ...lines] = head.split('\r\n');
      const pairs = lines.map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 1).trim()]);
      if (!line.startsWith(`HTTP/1.1 ${status.trim()}`)) wrong.push(`${status}: ${line || 'closed without a word'}`);
      else wrong.push(...faults({ headers: Object.fromEntries(pairs), raw: pairs.flat() }).map((f) => `raw ${status}: ${f}`));
    }
    assert.deepEqual(wrong, []);
  });

  test('nothing but our own assets is served as a script', async () => {
    const page = (await reader().get(OPEN)).text;
    for (const [, src] of page.matchAll(/<script[^>]*src="([^"]*)"/g)) assert.match(src, /^\/assets\/\w+\//);
    for (const target of Object.values(samples()).flat()) {
      assert.doesNotMatch((await reader().get(target)).headers['content-type'] ?? '', /script|json|wasm/, target);
    }
  });
});

describe('cookies', () => {
  test('no cookie is set on reading', async () => {
    for (const target of [...Object.values(samples()).flat(), '/en/nowhere', `${OPEN}/comments/99999`]) {
      assert.deepEqual((await reader().get(target)).cookies, [], target);
    }
  });

  test('every cookie is HttpOnly, of this host and path, SameSite; Secure over https', async () => {
    const stranger = reader();
    const { cookies: rated } = await stranger.post(`${OPEN}/rating`,
      { token: hidden((await stranger.get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes' });
    const { cookies: session } = await reader().signIn();
    for (const line of [...rated, ...session]) {
      assert.match(line, /; HttpOnly/);
      assert.match(line, /; SameSite=(Strict|Lax)/);
      assert.match(line, /; Path=\/(;|$)/);
      assert.doesNotMatch(line, /Domain/i);
    }
    assert.match(session[0], /SameSite=Strict/);
    assert.equal(rated.length, 1);
    assert.equal(session.length, 1);
  });

  test('cookies that are broken, doubled or huge are no reason to fail', async () => {
    for (const cookie of ['aitys-mod', '=', ';;;', `aitys-mod=${'a'.repeat(64)}`, `aitys-key=${'g'.repeat(64)}`,
      'aitys-mod=x; aitys-mod=y', `a=${'b'.repeat(4000)}`, 'aitys-key="quoted"', 'aitys-key=%00']) {
      for (const target of [OPEN, '/mod', `${OPEN}/comments/${own}/edit`]) {
        const answer = await ask(room, target, { headers: { cookie } });
        assert.ok([200, 303, 403].includes(answer.status), `${cookie} ${target}: ${answer.status}`);
      }
    }
  });
});

describe('what is personal is never shared', () => {
  test('personal pages are private, no-store; shared ones are asked about each time', async () => {
    for (const target of Object.values(samples()).flat()) {
      const shared = await reader().get(target);
      const control = shared.headers['cache-control'];
      if (/mod|\/reply|\/report|\/edit|\/withdraw|healthz|metrics/.test(target)) assert.match(control, /no-store/, target);
      if (/^public/.test(control) && !/\/(assets|pictures)\//.test(target)) assert.match(control, /max-age=0, must-revalidate/, target);
      if (/^public/.test(control) && !/\/(assets|pictures)\//.test(target)) assert.match(shared.headers.vary, /Cookie/, target);
      const personal = await moderator.get(target);
      if (!/\/(assets|pictures)\//.test(target)) assert.match(personal.headers['cache-control'], /private, no-store/, target);
      if (!/\/(assets|pictures)\//.test(target)) assert.equal(personal.headers.etag, undefined, target);
    }
    for (const target of [OPEN, `${OPEN}/comments/${own}`]) {
      assert.match((await author.get(target)).headers['cache-control'], /private, no-store/);
    }
  });

  test('a page that the author or a moderator fetched first shows the next reader nothing of theirs', async () => {
    const targets = [OPEN, `${OPEN}?order=newest`, `${OPEN}/comments/${own}`, '/en', `${OPEN}/comments.atom`,
      '/en/section/culture', '/sitemap.xml', '/en/feed.atom', '/ru', '/kk'];
    for (const first of [author, moderator]) {
      for (const target of targets) {
        await first.get(`${target}${target.includes('?') ? '&' : '?'}x=${Math.random()}`);
        await first.get(target);
        const { text } = await reader().get(target);
        assert.doesNotMatch(text, /sign-out|href="\/mod|\/edit"|\/withdraw"|modbar/, target);
        for (const secret of first.jar.values()) assert.ok(!text.includes(secret), target);
      }
    }
  });

  test('no answer ever contains a secret of a cookie', async () => {
    for (const who of [author, moderator]) {
      for (const target of Object.values(samples()).flat()) {
        const { text } = await who.get(target);
        for (const secret of who.jar.values()) assert.ok(!text.includes(secret), target);
      }
    }
  });

  test('a cached page has no idempotency key in its form: readers would share it', async () => {
    const fields = await reader().fields(OPEN);
    assert.equal(fields.key, '');
  });

  test('a query or a path cannot be mistaken for another page in the cache', async () => {
    const personal = (target) => ask(room, target, { headers: { cookie: `aitys-key=${'0'.repeat(64)}` } });
    const main = (html) => html.replace(/value="[^"]*"/g, '').replace(/[\s\S]*<body>/, '').replace(/<time[\s\S]*?<\/time>/g, '');
    const victim = `${OPEN}?order=newest&after=AAAA`;
    // Whoever comes first asks for an order that does not exist, with a line feed in it.
    for (const poison of [
      `${OPEN}?order=newest%0Aafter=AAAA`, `${OPEN}%0Aorder=newest?after=AAAA`, `${OPEN}?after=AAAA%0Aorder=newest`,
      `${OPEN}?order=newest%0aafter%3dAAAA`,
    ]) {
      await reader().get(poison);
      const truth = main((await personal(victim)).text);
      assert.equal(main((await reader().get(victim)).text), truth, poison);
    }
  });

  test('Host, X-Forwarded-Host and the like do not reach a page', async () => {
    for (const headers of [{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example' },
      { 'x-original-url': '/mod' }, { 'x-rewrite-url': '/mod' }, { 'x-host': 'evil.example' }]) {
      const fresh = `${OPEN}?order=newest&before=${Math.random().toString(36).slice(2)}`;
      for (const target of [fresh, '/sitemap.xml', '/en/feed.atom', '/', '/en/']) {
        const answer = await ask(room, target, { headers });
        assert.doesNotMatch(answer.text + JSON.stringify(answer.headers), /evil\.example/, `${JSON.stringify(headers)} ${target}`);
      }
    }
  });
});

/** Whether a browser that reads this Location stays with us. */
function staysHere(location) {
  return location.startsWith('/') && !/^\/[/\\]/.test(location) && !/[\x00-\x20\\\x7f-\uffff]/.test(location) &&
    new URL(location, room.origin).origin === new URL(room.origin).origin;
}

describe('redirects lead to paths of the same origin only', () => {
  const OWN = ['//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example',
    'https:evil.example', 'javascript:alert(1)', 'data:text/html,x', '/mod//evil.example', '/mod/../..//evil.example',
    '/mod/../\\evil.example', '/mod@evil.example', '/mod.evil.example', '/modevil', '/mod\r\nSet-Cookie: a=b', '/mod\t//e',
    '/mod/%2f%2fevil.example', '/mod/%0d%0aSet-Cookie:a=b', '/mod?x=//evil.example', '/mod?next=https://evil.example',
    '/en', '/', '', '/mod/..;/', '/mod/.//evil', '/%6dod', '/MOD', '/mod\u2028', '/mod\u0000', '/mod#//evil.example'];

  test('next of sign-in and of decisions', async (t) => {
    const lists = ['Open-Redirect-payloads.txt', 'openredirects.txt'].map((f) => corpus(t, 'injection/open-redirect', f));
    const payloads = [...OWN, ...lists.filter(Boolean).flatMap((f) => readFileSync(f, 'utf8').split('\n').filter(Boolean))];
    const who = reader();
    let left = 0;
    for (const next of payloads) {
      const page = await who.get(`/mod/sign-in?next=${encodeURIComponent(next)}`);
      const shown = hidden(page.text, 'next', '/mod/sign-in');
      assert.ok(staysHere(shown) && shown.startsWith('/mod'), `shown: ${shown}`);
    }
    // Passwords cost time: the direct way for our own list and a sample of theirs.
    const token = hidden((await who.get('/mod/sign-in')).text, 'token', '/mod/sign-in');
    for (const next of [...OWN, ...payloads.filter((_, i) => i % 60 === 0)]) {
      const answer = await who.post('/mod/sign-in', { token, ...room.moderator, next });
      if (next.includes('\0')) {
        assert.equal(answer.status, 422, 'a NUL is refused');
        continue;
      }
      assert.equal(answer.status, 303, next);
      if (!staysHere(answer.headers.location) || !answer.headers.location.startsWith('/mod')) left++;
      assert.equal(answer.cookies.length, 1);
    }
    assert.equal(left, 0);
    for (const next of payloads) {
      const page = await who.get('/mod/comments/134217729');
      if (next.includes('\0')) continue;
      const answer = await who.post('/mod/comments/134217729/publish',
        { token: hidden(page.text, 'token'), rev: page.text.match(/name="rev" value="([^"]*)"/)[1], next });
      assert.equal(answer.status, 409);
      const shown = answer.text.match(/name="next" value="([^"]*)"/)?.[1] ?? '/mod';
      assert.ok(staysHere(shown), shown);
    }
  });

  test('slashes alone', async () => {
    for (const target of ['//', '///', '////', '/./', '/en//', '/en///', '//en/', '/en//x/', '/mod/', '/mod//', '/%20/', '/?/', '//?next=x']) {
      const answer = await ask(room, target);
      assert.ok(answer.status < 500, target);
      if (answer.headers.location) assert.ok(staysHere(answer.headers.location), target);
    }
  });

  test('paths and queries of any kind', async (t) => {
    const lists = [corpus(t, 'injection/open-redirect', 'Open-Redirect-payloads.txt'),
      corpus(t, 'injection/open-redirect', 'openredirects.txt')];
    const payloads = lists.filter(Boolean).flatMap((f) => readFileSync(f, 'utf8').split('\n').filter(Boolean));
    for (const payload of [...OWN, ...payloads]) {
      const safe = encodeURI(payload).replace(/[\s#]/g, '');
      for (const target of [safe.startsWith('/') ? safe : `/${safe}`, `/${safe}/`, `/en/${safe}/`, `/mod?state=${safe}`, `/mod/comments/${safe}`,
        `/en/${safe}/..//`, `//evil.example/${safe}/`]) {
        const answer = await ask(room, target);
        assert.ok(answer.status < 500, `${target}: ${answer.status}`);
        const { location } = answer.headers;
        if (location) assert.ok(staysHere(location), `${target} leads to ${location}`);
      }
    }
  });
});

describe('header injection is impossible', () => {
  test('CR and LF in path, query, cookies and fields', async (t) => {
    const file = corpus(t, 'injection/crlf-injection', 'crlfinjection.txt');
    const lines = file ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    const payloads = [...lines, '/%0d%0aX-Planted:%201', '/%E5%98%8A%E5%98%8DX-Planted:1', '/en%0d%0aX-Planted:1/', '/en/%0aX-Planted:1/'];
    for (const payload of payloads) {
      for (const target of [payload, `/en${payload}/`, `/mod${payload}`, `/mod/sign-in?next=/mod${payload}`, `/?${payload.slice(1)}`,
        `/mod?state=${payload}`, `${OPEN}?order=${payload}`]) {
        const { text } = await talk(room, `GET ${target.replace(/ /g, '%20')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        const [head] = text.split('\r\n\r\n');
        assert.doesNotMatch(head, /^(set-cookie|x-planted|location: (?!\/[^/\\]|\/\r?$))/im, target);
      }
    }
    const who = reader();
    const token = hidden((await who.get('/mod/sign-in')).text, 'token', '/mod/sign-in');
    const answer = await who.post('/mod/sign-in', { token, ...room.moderator, next: '/mod\r\nX-Planted: 1' });
    assert.equal(answer.headers['x-planted'], undefined);
    const rated = await ask(room, `${OPEN}/rating`, {
      form: { token: hidden((await reader().get(OPEN)).text, 'token', `${OPEN}/rating`), answer: 'yes\r\nX-Planted: 1' },
    });
    assert.equal(rated.headers['x-planted'], undefined);
    assert.equal(rated.status, 422);
  });
});

describe('over https', () => {
  test('cookies are Secure with the prefix __Host-, and HSTS is sent', async () => {
    const secure = await newsroom({ ...FAST, AITYS_SITE_ORIGIN: 'https://news.example' });
    try {
      const who = new Reader(secure);
      const answer = await who.comment(HELD, { text: 'Over https.' });
      assert.equal(answer.status, 303);
      const session = await new Reader(secure).signIn();
      for (const line of [...answer.cookies, ...session.cookies]) {
        assert.match(line, /^__Host-/);
        assert.match(line, /; Secure/);
      }
      assert.match(answer.headers['strict-transport-security'], /max-age=\d{7,}/);
      assert.ok(answer.headers.location.startsWith('/'));
    } finally {
      await secure.stop();
    }
  });
});
