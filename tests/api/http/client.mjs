/*
 * A browser without a window: requests with exactly the headers that a test wants, a cookie jar,
 * forms read from the page and sent back.
 */
import http from 'node:http';

/** Sends one request; nothing is added but what HTTP needs. Returns { status, headers, body, bytes }. */
export function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const sent = { ...headers };
    if (body !== undefined) sent['content-length'] = Buffer.byteLength(body);
    const rq = http.request(url, { method, headers: sent, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, body: bytes.toString('utf8') });
      });
    });
    rq.on('error', reject);
    rq.end(body);
  });
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

/** Text as an HTML parser reads it, of what the server's escapes can produce. */
export function unescape(html) {
  return html.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (all, name) => {
    if (name in ENTITIES) return ENTITIES[name];
    if (/^#x/i.test(name)) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return all;
  });
}

/** The forms of a page: { action, fields, html }. A textarea loses its first line end, as in browsers. */
export function forms(html) {
  return [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(([, action, inner]) => {
    const fields = {};
    for (const [, attributes] of inner.matchAll(/<input([^>]*)>/g)) {
      const name = attributes.match(/name="([^"]*)"/)?.[1];
      if (name) fields[name] = unescape(attributes.match(/value="([^"]*)"/)?.[1] ?? '');
    }
    for (const [, name, text] of inner.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs)) {
      fields[name] = unescape(text.replace(/^\n/, ''));
    }
    return { action: unescape(action), fields, html: inner };
  });
}

/** One reader: keeps cookies, sends forms as browsers do from a page without a referrer. */
export class Reader {
  constructor(origin) {
    this.origin = origin;
    this.cookies = new Map();
  }

  headers(more = {}) {
    const own = {};
    if (this.cookies.size > 0) {
      own.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
    return { ...own, ...more };
  }

  async send(path, options = {}) {
    const answer = await send(this.origin + path, { ...options, headers: this.headers(options.headers) });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(path, headers) {
    return this.send(path, { headers });
  }

  post(path, fields, headers = {}) {
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        origin: 'null',
        ...headers,
      },
    });
  }

  /** The first form of a page whose action ends so, with its fields. */
  async form(path, ending) {
    const page = await this.get(path);
    const found = forms(page.body).find((form) => form.action.endsWith(ending));
    if (!found) throw new Error(`${path} (${page.status}) has no form that posts to …${ending}`);
    return found;
  }

  /** Writes a comment from the article's page. Returns the answer. */
  async comment(article, fields) {
    const form = await this.form(article, '/comments');
    return this.post(form.action, { ...form.fields, ...fields });
  }

  async signIn({ name, password }) {
    const form = await this.form('/mod/sign-in', '/mod/sign-in');
    const answer = await this.post(form.action, { ...form.fields, name, password });
    if (answer.status !== 303) throw new Error(`sign-in: ${answer.status}`);
    return answer;
  }

  /** Decides on a comment from its page: publish, reject, spam, withdraw. */
  async decide(id, what, fields = {}) {
    const page = await this.get(`/mod/comments/${id}`);
    const form = forms(page.body).find((f) => f.html.includes(`formaction="/mod/comments/${id}/${what}"`));
    if (!form) throw new Error(`/mod/comments/${id} (${page.status}) offers no ${what}`);
    return this.post(`/mod/comments/${id}/${what}`, { ...form.fields, ...fields });
  }
}

/** The number at the end of a permalink: "/en/a/comments/7#c7" → 7. */
export const numberOf = (location) => Number(location.match(/\/comments\/(\d+)/)[1]);
