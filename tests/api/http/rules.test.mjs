/* Rules: made, tried, changed and removed in the console, and what they do to comments. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import { Reader, forms, numberOf } from './client.mjs';

const OPEN = '/en/the-reservoir-that-came-back';
const OTHER = '/en/a-dombra-out-of-a-fallen-tree';
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const LOADED_MS = 600; /* a tick of the jobs, and time to compile on a busy machine */

let room, editor;
before(async () => {
  room = await newsroom({
    AITYS_COMMENTS_MIN_S: '0', AITYS_COMMENTS_BURST: '10000', AITYS_COMMENTS_PER_HOUR: '100000',
    AITYS_MODERATION_SIGN_INS_PER_HOUR: '10000',
  });
  editor = new Reader(room.origin);
  await editor.signIn(room.moderator);
});
after(() => room?.stop());

/** The rule's form on a page: what is ticked is sent, what is not is not. */
async function ruleForm(path) {
  const page = await editor.get(path);
  const form = forms(page.body).find((f) => f.action === path);
  assert.ok(form, `${path} (${page.status}) has its form`);
  const fields = { ...form.fields, does: form.html.match(/<option value="(\d)" selected>/)?.[1] };
  for (const [, attributes] of form.html.matchAll(/<input type="checkbox"([^>]*)>/g)) {
    if (!attributes.includes('checked')) delete fields[attributes.match(/name="(\w+)"/)[1]];
  }
  return { action: form.action, fields };
}

async function save(path, changes) {
  const form = await ruleForm(path);
  const answer = await editor.post(form.action, { ...form.fields, ...changes });
  if (answer.status === 303) await sleep(LOADED_MS);
  return answer;
}

async function add(kind, changes) {
  const answer = await save(`/mod/new-rule/${kind}`, { name: `A rule about ${kind}`, ...changes });
  assert.equal(answer.status, 303, answer.body);
  return answer.headers.location.split('?')[0];
}

async function remove(at) {
  const form = await editor.form(`${at}/remove`, '/remove');
  assert.equal((await editor.post(form.action, form.fields)).status, 303);
  await sleep(LOADED_MS);
}

let said = 0;
/** Posts and tells what became of it: { reader, path, shown, own }. */
async function say(text, { reader = new Reader(room.origin), article = OPEN } = {}) {
  const answer = await reader.comment(article, { name: 'Ayan', text });
  assert.equal(answer.status, 303, `${text}: ${answer.body}`);
  const path = answer.headers.location.replace(/[?#].*/, '');
  const stranger = await new Reader(room.origin).get(path);
  said++;
  return { reader, path, number: numberOf(answer.headers.location), shown: stranger.status === 200,
    own: (await reader.get(path)).body };
}

const row = async (at) => {
  const page = (await editor.get('/mod/rules')).body;
  return page.split('<li>').find((li) => li.includes(`href="${at}"`)) ?? '';
};

describe('rules', () => {
  test('a word list holds, says why, and counts', async () => {
    const at = await add('words', { name: 'Casinos', does: '2', words: '# ours\ncasino*\nfree money' });
    assert.match((await editor.get(`${at}?done=added`)).body, /The rule was added/);
    const met = await say(`Try this c\u0430s1no, it is FREE -- money (${said})`);
    assert.ok(!met.shown);
    assert.match(met.own, /waits for a moderator/);
    assert.ok((await say(`Nothing of that kind here (${said}).`)).shown);
    const queue = (await editor.get('/mod?state=held')).body;
    assert.match(queue, /Word list “Casinos”/);
    assert.match(queue, /<mark>c\u0430s1no<\/mark>/);
    assert.match(queue, /<mark>FREE -- money<\/mark>/);
    assert.match(queue, /<mark dir="auto">c\u0430s1no<\/mark> <span>\(<bdi>casino\*<\/bdi>: look-alike letters and digits or signs for letters\)<\/span>/);
    assert.match(queue, /<mark dir="auto">FREE -- money<\/mark><\/li>/);
    assert.match(await row(at), /Met 1 comment</);
    const id = (await editor.get(`/mod?rule=rule%3A${at.split('/').pop()}`)).body.match(/\/mod\/comments\/(\d+)/)[1];
    assert.equal((await editor.decide(id, 'publish')).status, 303);
    assert.match(await row(at), /Overruled 1 of 1/);
    await remove(at);
  });

  test('words are read as they are shown, and marked where they were written', async () => {
    const at = await add('words', { name: 'As shown', does: '2', words: 'crook' });
    const referred = await say(`Such a cr&#111;ok, they say (${said}).`);
    const linked = await say(`What cr**o**[ok](http://a.example)s... a cr**o**[o](http://a.example)k (${said}).`);
    const innocent = await say(`The cr **o** ok is none: cr&amp;#111;ok (${said}).`);
    assert.ok(!referred.shown && !linked.shown && innocent.shown);
    const queue = (await editor.get('/mod?state=held')).body;
    assert.match(queue, /Such a <mark>cr<\/mark><mark>o<\/mark><mark>ok<\/mark>, they say/);
    assert.match(queue, / a <mark>cr<\/mark><strong><mark>o<\/mark><\/strong><a [^>]*><mark>o<\/mark><\/a>.*<mark>k<\/mark> \(/);
    assert.doesNotMatch(queue, /What <mark>/);
    await remove(at);
  });

  test('a list with faults comes back as it was typed, with the lines', async () => {
    const words = 'casino\na\n*bad\nCasino\nwhat?';
    const answer = await save('/mod/new-rule/words', { name: 'Faulty', does: '1', words });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /4 lines are not right\. Nothing was saved\./);
    assert.match(answer.body, /Line 2: one letter/);
    assert.match(answer.body, /Line 3: a star/);
    assert.match(answer.body, /Line 4: the same as line 1/);
    assert.match(answer.body, /Line 5: has a character/);
    assert.equal(forms(answer.body).find((f) => f.action === '/mod/new-rule/words').fields.words, words);
    assert.match(answer.body, /value="Faulty"/);
    assert.match(answer.body, /<option value="1" selected>/);
    assert.doesNotMatch((await editor.get('/mod/rules')).body, /Faulty/);
    const nameless = await save('/mod/new-rule/words', { name: ' ', words: 'casino' });
    assert.equal(nameless.status, 422);
    assert.match(nameless.body, /Please give the rule a name/);
    const tried = await editor.post('/mod/new-rule/words/try', { ...(await ruleForm('/mod/new-rule/words')).fields, name: '', does: '2', words: 'casino' });
    assert.equal(tried.status, 200, 'to be tried it needs none');
    assert.match(tried.body, /It would have met/);
    assert.match(tried.body, /<button formaction="\/mod\/new-rule\/words\/try" formnovalidate>/);
    assert.match(nameless.body, />\ncasino<\/textarea>/);
    assert.equal((await save('/mod/new-rule/words', { name: 'Empty', words: '# nothing' })).status, 422);
  });

  test('figures are checked at their fields', async () => {
    const answer = await save('/mod/new-rule/shape', { name: 'Loud', capitals: '120', run: 'x' });
    assert.equal(answer.status, 422);
    assert.equal(answer.body.match(/a number that is not possible here/g).length, 2);
    assert.match(answer.body, /name="capitals" value="120"[^>]*aria-invalid="true"/);
    assert.match(answer.body, /name="run" value="x"[^>]*aria-invalid="true"/);
    const hosts = await save('/mod/new-rule/links', { name: 'Hosts', refuse: 'casino.example\r\nno host' });
    assert.equal(hosts.status, 422);
    assert.match(hosts.body, /no host: no name of a host/);
    assert.match(hosts.body, />\ncasino\.example\nno host\n<\/textarea>/);
  });

  test('who is rejected is told politely by which kind, and not by which word', async () => {
    const at = await add('words', { name: 'Insults', does: '1', words: 'numbskull' });
    const met = await say(`You are a NUMB-SKULL, and I said it (${said}).`);
    assert.ok(!met.shown);
    assert.match(met.own, /It has words that are not accepted here/);
    assert.doesNotMatch(met.own, /Insults|<mark>/);
    assert.match((await editor.get('/mod?state=rejected')).body, /Word list “Insults”/);
    await remove(at);
    assert.ok((await say(`You are a numbskull once more (${said}).`)).shown);
  });

  test('a rule that reports lets it appear among the reported', async () => {
    const at = await add('words', { name: 'Watched', does: '3', words: 'reservoirs' });
    const met = await say(`About reservoirs (${said}).`);
    assert.ok(met.shown);
    const reported = (await editor.get('/mod?state=reported')).body;
    assert.match(reported, /Word list “Watched”/);
    assert.match(reported, /<mark>reservoirs<\/mark>/);
    assert.match(reported, /Reported: by a rule \(1\)/);
    const [, address] = reported.match(/href="(\/mod\/comments\/\d+)"/);
    assert.match((await editor.get(address)).body, /id="reports"[\s\S]*?<b>by a rule<\/b>/);
    await remove(at);
  });

  test('links: how many, refused and allowed hosts, in any spelling', async () => {
    const at = await add('links', { does: '2', links: '2', refuse: 'казино.example', allow: 'herald.example' });
    assert.ok((await say(`One: https://a.example/${said}`)).shown);
    assert.ok(!(await say(`Two: https://a.example/${said} and [here](https://b.example/)`)).shown);
    assert.ok((await say(`Ours: https://herald.example/${said} https://www.HERALD.example/x`)).shown);
    assert.ok(!(await say(`[x](https://www.${new URL('https://казино.example').hostname}/) ${said}`)).shown);
    assert.ok(!(await say(`[x](https&colon;//КАЗИНО.example./${said})`)).shown);
    assert.ok(!(await say(`https://www.казино.example/${said}`)).shown);
    assert.ok((await say(`https://казино.example.org/${said}`)).shown);
    await remove(at);
  });

  test('new commenters, until enough of theirs was published', async () => {
    const at = await add('newcomer', { does: '2', published: '1' });
    const reader = new Reader(room.origin);
    const first = await say(`My first words here (${said}).`, { reader });
    assert.ok(!first.shown);
    const id = (await editor.get('/mod?state=held&order=newest')).body.match(/\/mod\/comments\/(\d+)/g);
    for (const path of new Set(id)) await editor.decide(path.split('/')[3], 'publish').catch(() => {});
    assert.ok((await say(`And my second (${said}).`, { reader })).shown);
    await remove(at);
  });

  test('the same words in another conversation', async () => {
    const at = await add('repeat', { does: '1', copies: '1', within: '24', characters: '10' });
    const words = `The very same words, in every corner (${said}).`;
    assert.ok((await say(words)).shown);
    const copy = await say(words, { article: OTHER });
    assert.ok(!copy.shown);
    assert.match(copy.own, /The same words were said elsewhere already/);
    await remove(at);
  });

  test('capitals, long runs, nothing but signs', async () => {
    const at = await add('shape', { does: '2', capitals: '70', run: '8', wordless: '1' });
    assert.ok(!(await say(`LISTEN TO ME NOW EVERYBODY (${said})`)).shown);
    assert.ok((await say(`NASA and ESA agree on this one (${said})`)).shown);
    assert.ok(!(await say(`Nooooooooo (${said})`)).shown);
    assert.ok(!(await say('\u{1F600} \u{1F389} !!! ...')).shown);
    await remove(at);
  });

  test('a long comment, however its characters are written, also on trial', async () => {
    assert.match((await editor.get('/mod/new-rule/shape')).body, /Characters of the whole comment, from so many on/);
    const form = await ruleForm('/mod/new-rule/shape');
    const met = async () => Number((await editor.post('/mod/new-rule/shape/try',
      { ...form.fields, name: 'Long', does: '2', whole: '1000' })).body.match(/It would have met (\d+) of/)[1]);
    const long = (n) => `${++said} ${'ta\u0301t '.repeat(400)}`.match(/(?:\P{M}\p{M}*)/gu).slice(0, n - 1).join('') + '.';
    const before = await met();
    const at = await add('shape', { does: '2', whole: '1000' });
    assert.ok((await say(long(999))).shown);
    assert.ok(!(await say(long(1000))).shown);
    assert.equal(await met(), before + 1);
    await remove(at);
  });

  const edited = async (met, text) => {
    const form = await met.reader.form(`${met.path}/edit`, '/edit');
    assert.equal((await met.reader.post(form.action, { ...form.fields, text })).status, 303);
  };
  const caseOf = (page, words) => page.split('<article class="case"').find((one) => one.includes(words)) ?? '';

  test('an edit that takes the words out takes the marks out, and the rule learns nothing', async () => {
    const at = await add('words', { name: 'Gambling', does: '2', words: 'roulette*' });
    const met = await say('Visit my roulette tonight, dear readers.');
    await edited(met, 'I agree with Marat Ospanov about the dam.');
    const queue = (await editor.get('/mod?state=held&order=newest')).body;
    const card = caseOf(queue, 'Marat Ospanov');
    assert.match(card, /Word list “Gambling” \(the author has changed the words since\)/);
    assert.doesNotMatch(card, /<mark/);
    const [, id] = card.match(/\/mod\/comments\/(\d+)/);
    for (const [lang, words] of [['ru', 'с тех пор автор изменил текст'], ['ar', 'غيّر صاحب التعليق نصه بعد ذلك'],
      ['kk', 'содан бері автор мәтінді өзгерткен'], ['uz', 'shundan beri muallif matnni oʻzgartirgan']]) {
      assert.ok((await editor.get(`/mod/comments/${id}`, { 'accept-language': lang })).body.includes(words), lang);
    }
    await edited(met, 'To the roulettes with Marat Ospanov.');
    const again = caseOf((await editor.get('/mod?state=held&order=newest')).body, 'Marat Ospanov');
    assert.equal(again.match(/<mark[^>]*>roulettes<\/mark>/g)?.length, 2);
    assert.doesNotMatch(again, /has changed the words/);
    await edited(met, 'I do agree with Marat Ospanov.');
    assert.equal((await editor.decide(id, 'publish')).status, 303);
    assert.match(await row(at), /Met 1 comment</);
    assert.doesNotMatch(await row(at), /Overruled/);
    await remove(at);
  });

  test('an edit that takes the words out closes the report of a rule', async () => {
    const at = await add('words', { name: 'Walruses', does: '3', words: 'walrus' });
    const met = await say('The walrus sings at night.');
    assert.ok(caseOf((await editor.get('/mod?state=reported')).body, 'sings at night'));
    await edited(met, 'The piano sings at night.');
    assert.equal(caseOf((await editor.get('/mod?state=reported')).body, 'sings at night'), '');
    await remove(at);
  });

  test('the strongest counts, and an edit is asked as well', async () => {
    const holds = await add('words', { name: 'Holds', does: '2', words: 'lorem' });
    const rejects = await add('words', { name: 'Rejects', does: '1', words: 'ipsum' });
    const both = await say(`lorem and ipsum (${said})`);
    assert.match(both.own, /It has words that are not accepted here/);
    assert.match(await row(holds), /Met no comment yet/);
    assert.match(await row(rejects), /Met 1 comment</);
    const fine = await say(`Nothing in it yet (${said})`);
    assert.ok(fine.shown);
    const form = await fine.reader.form(`${fine.path}/edit`, '/edit');
    assert.equal((await fine.reader.post(form.action, { ...form.fields, text: 'Now it has lorem.' })).status, 303);
    assert.doesNotMatch((await new Reader(room.origin).get(fine.path)).body, /Now it has lorem/);
    assert.match(await row(holds), /Met 1 comment</);
    await remove(holds);
    await remove(rejects);
  });

  test('trying tells what it would have done, and stores nothing', async () => {
    const words = `trial${said}balloon`;
    await say(`A ${words} rises (${said}).`);
    await say(`Another ${words} (${said}).`);
    const form = await ruleForm('/mod/new-rule/words');
    const answer = await editor.post('/mod/new-rule/words/try',
      { ...form.fields, name: 'Balloons', does: '1', words });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /It would have met 2 of [\d,]+ comments/);
    assert.match(answer.body, new RegExp(`<mark>${words}</mark>`));
    assert.match(answer.body, /Decided by nobody<\/dt><dd>2</);
    assert.match(answer.body, /value="Balloons"/);
    assert.match(answer.body, new RegExp(`>\\n${words}</textarea>`));
    assert.doesNotMatch((await editor.get('/mod/rules')).body, /Balloons/);
    const loud = await editor.post('/mod/new-rule/newcomer/try',
      { ...(await ruleForm('/mod/new-rule/newcomer')).fields, name: 'New', published: '1' });
    assert.match(loud.body, /It would have met [1-9][\d,]* of/);
    const copies = await editor.post('/mod/new-rule/repeat/try',
      { ...(await ruleForm('/mod/new-rule/repeat')).fields, name: 'Again', copies: '1', within: '24' });
    assert.match(copies.body, /It would have met [1-9]\d* of/);
  });

  test('a change says what is new and gone; two editors do not overwrite each other', async () => {
    const at = await add('words', { name: 'Changing', words: 'one1x\ntwo2x' });
    const seen = await ruleForm(at);
    const answer = await save(at, { words: 'two2x\nthree3x\nfour4x' });
    assert.match(answer.headers.location, /done=changed\.2\.1$/);
    assert.match((await editor.get(answer.headers.location)).body, /Lines that are new: 2\. Lines that are gone: 1\./);
    const late = await editor.post(at, { ...seen.fields, words: 'mine5x' });
    assert.equal(late.status, 409);
    assert.match(late.body, /Somebody has changed this rule meanwhile/);
    const again = forms(late.body).find((f) => f.action === at);
    assert.equal(again.fields.words, 'mine5x');
    assert.equal((await editor.post(at, { ...again.fields, does: '2', on: '1' })).status, 303);
    await remove(at);
  });

  test('off does nothing; on does again; a removed one is gone', async () => {
    const at = await add('words', { words: 'switchable' });
    const flip = async (on) => {
      const form = forms((await editor.get('/mod/rules')).body).find((f) => f.action === `${at}/switch`);
      const answer = await editor.post(form.action, { token: form.fields.token, on });
      assert.match(answer.headers.location, on === '1' ? /done=on/ : /done=off/);
      await sleep(LOADED_MS);
    };
    await flip('0');
    assert.ok((await say(`switchable (${said})`)).shown);
    await flip('1');
    assert.ok(!(await say(`switchable (${said})`)).shown);
    await remove(at);
    assert.equal((await editor.get(at)).status, 404);
    assert.ok((await say(`switchable (${said})`)).shown);
  });

  test('moderators look, editors change', async () => {
    const at = await add('words', { words: 'onlylook' });
    const form = await editor.form('/mod/team', '/mod/team');
    const page = (await editor.post(form.action, { ...form.fields, name: 'Looker', role: '1' })).body;
    const reader = new Reader(room.origin);
    await reader.signIn({ name: 'Looker', password: page.match(/<li><code>([^<]+)<\/code>/)[1] });
    const list = (await reader.get('/mod/rules')).body;
    assert.match(list, new RegExp(at));
    assert.doesNotMatch(list, /switch"|new-rule/);
    const look = (await reader.get(at)).body;
    assert.match(look, /Only editors change rules/);
    assert.match(look, /onlylook/);
    assert.doesNotMatch(look, /<button class="send">/);
    assert.equal((await reader.get('/mod/new-rule/words')).status, 403);
    await remove(at);
  });

  test('100,000 entries are saved and shown again', async () => {
    const words = Array.from({ length: 100000 }, (_, i) => `zq${i.toString(36).replace(/\d/g, (d) => 'ghijklmnop'[d])}xv${i % 7 ? '*' : ''}`);
    const unique = [...new Set(words)];
    const form = await ruleForm('/mod/new-rule/words');
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...form.fields, name: 'Long', does: '2', words: unique.join('\n') })) {
      body.append(name, value);
    }
    const multipart = new Response(body);
    const bytes = Buffer.from(await multipart.arrayBuffer());
    const answer = await editor.send('/mod/new-rule/words', {
      method: 'POST', body: bytes,
      headers: { 'content-type': multipart.headers.get('content-type'), 'sec-fetch-site': 'same-origin', origin: 'null' },
    });
    assert.equal(answer.status, 303, answer.body.slice(0, 3000));
    const at = answer.headers.location.split('?')[0];
    await sleep(2000);
    assert.ok(!(await say(`${unique[500].replace('*', '')} (${said})`)).shown);
    const shown = await ruleForm(at);
    assert.equal(shown.fields.words.split('\n').length, unique.length);
    await remove(at);
  });
});
