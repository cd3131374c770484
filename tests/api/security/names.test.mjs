/*
 * Rules: names have their combining characters capped, bidirectional controls refused, each name
 * its own <bdi>; the team's names and the bylines are protected from look-alikes, while Kazakh,
 * Kyrgyz, Uzbek and Arabic names pass. Text from outside is stored byte for byte or refused, never
 * cut silently, and escaped once.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { newsroom } from '../../lib/newsroom.mjs';
import {
  FAST, OPEN, Reader, ask, commentId, complaints, corpus, database, textarea, unescape,
} from './lib.mjs';

let room, db, who;
let serial = 0;

before(async () => {
  room = await newsroom({ ...FAST, AITYS_COMMENTS_PER_HOUR: '1000000', AITYS_COMMENTS_PROTECTED_NAMES: 'Ombudsman' });
  db = database(room);
  who = new Reader(room);
});

after(async () => {
  db?.close();
  const found = complaints(room);
  await room?.stop();
  assert.deepEqual(found, []);
});

const say = (name) => who.comment(OPEN, { name, text: `Said ${++serial} times.` });
const nameField = (html) => unescape(html.match(/<input id="f-name"[^>]*value="([^"]*)"/)?.[1] ?? '');

async function refused(names, status = [422, 403, 409]) {
  const passed = [];
  for (const [what, name] of names) {
    const answer = await say(name);
    if (!status.includes(answer.status)) passed.push(`${what}: ${answer.status} ${JSON.stringify(name)}`);
    else if (nameField(answer.text) !== name && !/[\x00-\x1f\ufffd]/.test(name)) passed.push(`${what}: not given back`);
    else if (!/id="f-name-e"/.test(answer.text)) passed.push(`${what}: not told at the name`);
    else if (!textarea(answer.text)?.startsWith('Said ')) passed.push(`${what}: the words are lost`);
  }
  assert.deepEqual(passed, []);
}

describe('names', () => {
  test('bidirectional controls and other invisible characters are refused, the form filled in', async () => {
    const controls = [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
      0x200b, 0x2060, 0xfeff, 0x00ad, 0x2028, 0x2029, 0x0085, 0xfff9, 0xe0001, 0x1d173, 0xe000, 0x180e];
    await refused(controls.map((c) => [`U+${c.toString(16)}`, `Aru${String.fromCodePoint(c)}zhan`]));
  });

  test('names that nobody can see are refused', async () => {
    await refused([['blanks', '\u00a0\u00a0'], ['Hangul filler', '\u3164'], ['Braille blank', '\u2800'], ['marks alone', '\u0301\u0301'],
      ['joiners', '\u200d\u200d'], ['ideographic space', '\u3000'], ['variation selectors', '\ufe0f\ufe0f'], ['musical null', '\u{1D159}']]);
  });

  test('zalgo is refused, real stacks of marks pass', async () => {
    await refused([['zalgo', `Z${'\u0300\u0317\u0489'.repeat(5)}algo`], ['enclosing', `a${'\u20dd'.repeat(4)}`], ['end', `abc${'\u0336'.repeat(9)}`],
      ['marks around a joiner', `a${'\u0301\u200d'.repeat(6)}`]]);
    assert.equal((await say('Nguyễn Văn Ắ')).status, 303);
    assert.equal((await say('مُحَمَّدٌ')).status, 303);
  });

  test('look-alikes of the moderator\'s name are refused', async () => {
    const name = room.moderator.name;
    assert.equal(name, 'moderator');
    await refused([
      ['itself', 'moderator'], ['capitals', 'MODERATOR'], ['Title', 'Moderator'], ['Cyrillic o', 'm\u043eder\u0430t\u043er'], ['all Cyrillic it can', 'm\u043ed\u0435r\u0430t\u043er'],
      ['Greek o', 'm\u03bfderat\u03bfr'], ['full width', '\uff4d\uff4f\uff44\uff45\uff52\uff41\uff54\uff4f\uff52'], ['bold', '\u{1D426}\u{1D428}\u{1D41D}\u{1D41E}\u{1D42B}\u{1D41A}\u{1D42D}\u{1D428}\u{1D42B}'],
      ['zero', 'm0derat0r'], ['rn', 'rnoderator'], ['blanks', 'm o d e r a t o r'], ['blank at the end', 'moderator '], ['blank before', ' moderator'],
      ['no-break space', 'moderator\u00a0'], ['circled', '\u24dc\u24de\u24d3\u24d4\u24e1\u24d0\u24e3\u24de\u24e1'], ['small capitals', 'ᴍᴏᴅᴇʀᴀᴛᴏʀ'],
      ['white on black', '\u{1F17C}\u{1F17E}\u{1F173}\u{1F174}\u{1F181}\u{1F170}\u{1F183}\u{1F17E}\u{1F181}'], ['joiner', 'mode\u200drator'], ['non-joiner', 'mode\u200crator'],
    ]);
  });

  test('decorations around the moderator\'s name are refused as well', async () => {
    await refused([['dot', 'moderator.'], ['dash', '-moderator-'], ['underscore', '_moderator_'], ['tick', 'moderator ✓'], ['check mark', 'moderator ✔️'],
      ['shield', '🛡️ moderator'], ['brackets', '[moderator]'], ['quotes', '“moderator”'], ['star', '★ moderator'], ['middle dots', 'm·o·d·e·r·a·t·o·r']]);
  });

  test('look-alikes of bylines, and of what the settings protect, are refused', async () => {
    await refused([['byline', 'Aigerim Sadykova'], ['small', 'aigerim sadykova'], ['no blank', 'AigerimSadykova'], ['Cyrillic', 'Аіgеrіm Ѕаdуkоvа'],
      ['agency', 'NORTHWIRE'], ['agency, zero', 'N0RTHWIRE'], ['setting', 'Ombudsman'], ['setting, Greek', '\u039fmbudsman']]);
  });

  test('Latin and Cyrillic or Greek in one word are refused', async () => {
    await refused([['o', 'T\u043em'], ['a', 'An\u0430ra'], ['Greek', 'N\u03bfra'], ['second word', 'Hello \u0430bc']]);
  });

  test('real names pass, byte for byte', async () => {
    const names = ['Әйгерім Қасымқызы', 'Өмірбек Ұлы', 'Гүлнара', 'Ырысбек Һаким', 'Іңкәр', 'Жеңишбек Өмүралиев', 'Үмүт', 'Ўткир Ғаниев', 'Шоҳруҳ Ҳакимов',
      'Oʻktam Gʻaniyev', 'Oʼktam Gʼaniyev', "O'ktam G'aniyev", 'O‘ktam G’aniyev', 'Shahnoza, Qoʻqon', 'Ərkin', 'Наталья', 'Ольга-Мария', 'Ё. Ж.', 'Ґанна Їжак',
      'عبد الرحمن بن محمد', 'فاطمة الزهراء', 'محمد‌رضا', 'נועה', '李小龍', 'みゆき', '김민수', 'Zoë Ångström', 'Iñaki', 'D’Arcy', 'Łukasz', 'Þóra', 'Ayan 2', 'гидротехник_57',
      'Dana 🌷', '👩‍🚒', '🇰🇿 Ayan', 'Iris M.', 'Мадина (Қарағанды)', 'Anna и Пётр', 'Айнұр / Ainur'];
    const wrong = [];
    for (const name of names) {
      const answer = await say(name);
      if (answer.status !== 303) {
        wrong.push(`${name}: ${answer.status}`);
        continue;
      }
      const [[stored]] = await db.all(`SELECT name FROM comment WHERE id = ${await commentId(db, OPEN, answer.number)}`);
      if (stored !== name) wrong.push(`${name}: stored as ${stored}`);
      const { text } = await who.get(`${OPEN}/comments/${answer.number}`);
      if (!text.includes(`<bdi>${name.replace(/&/g, '&amp;').replace(/'/g, '&#39;')}</bdi>`)) wrong.push(`${name}: not in a <bdi>`);
    }
    assert.deepEqual(wrong, []);
  });

  test('every name on every page stands in a <bdi> of its own', async () => {
    const { number } = await say('Bdiname Qx');
    await who.comment(OPEN, { name: 'Answering Qy', text: 'Yes.', replyTo: number });
    const moderator = new Reader(room);
    await moderator.signIn();
    for (const [reader, target] of [[who, OPEN], [who, `${OPEN}/comments/${number}/reply`], [moderator, '/mod?state=published'], [moderator, OPEN]]) {
      const body = (await reader.get(target)).text.replace(/<head>[\s\S]*<\/head>/, '').replace(/<input[^>]*>/g, '');
      const bare = body.match(/.{0,20}Bdiname Qx.{0,10}/g)?.filter((m) => !m.includes('<bdi>Bdiname Qx</bdi>'));
      assert.deepEqual(bare ?? [], [], target);
    }
  });
});

describe('text from outside is stored byte for byte or refused, and escaped once', () => {
  const shown = (html, number) => html.match(new RegExp(`<li class="c[^>]*id="c${number}">[\\s\\S]*?</li>`))?.[0] ?? '';

  async function roundTrip(texts) {
    const wrong = [];
    let stored = 0, no = 0;
    const moderator = new Reader(room);
    await moderator.signIn();
    for (const text of texts) {
      const sent = `${text}\r\n\r\n(${++serial})`;
      const answer = await who.comment(OPEN, { name: `Naughty ${serial}`, text: sent });
      if (answer.status !== 303) {
        no++;
        const back = textarea(answer.text)?.replace(/\r\n?/g, '\n');
        if (answer.status !== 422) wrong.push(`${answer.status} ${JSON.stringify(text)}`);
        else if (!/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/.test(text) && back !== sent.replace(/\r\n?/g, '\n')) wrong.push(`not given back: ${JSON.stringify(text)}`);
        continue;
      }
      stored++;
      const id = await commentId(db, OPEN, answer.number);
      const [[kept]] = await db.all(`SELECT hex(text) FROM comment WHERE id = ${id}`);
      if (kept !== Buffer.from(sent).toString('hex').toUpperCase()) wrong.push(`changed: ${JSON.stringify(text)}`);
      const edit = textarea((await who.get(`${OPEN}/comments/${answer.number}/edit`)).text);
      if (edit.replace(/\r\n?/g, '\n') !== sent.replace(/\r\n?/g, '\n')) wrong.push(`edited otherwise: ${JSON.stringify(text)} ${JSON.stringify(edit)}`);
      const page = shown((await who.get(`${OPEN}/comments/${answer.number}`)).text, answer.number);
      if (/&amp;(amp|lt|gt|quot|#\d+);/.test(page) && !/&(amp|lt|gt|quot|#\d+);/.test(text)) wrong.push(`escaped twice: ${JSON.stringify(text)}`);
      if (!page) wrong.push(`not shown: ${JSON.stringify(text)}`);
    }
    assert.deepEqual(wrong, []);
    return `${stored} stored, ${no} refused`;
  }

  test('the Big List of Naughty Strings as comments', async (t) => {
    const file = corpus(t, 'blns', 'blns.json');
    if (file) t.diagnostic(await roundTrip(JSON.parse(readFileSync(file, 'utf8')).filter((s) => s.trim())));
  });

  test('CSV formulas, escapes, entities, line ends, our own templates', async () => {
    await roundTrip(['=1+1', '+1', '-1', '@SUM(1)', '=cmd|\' /C calc\'!A0', '\t=1', '&amp;', '&lt;b&gt;', '&#60;', '{{name}}', '{{{body}}}', '{{> head}}', '{{=<% %>=}}',
      '%s%n%x', '%00', '\\0', '${7*7}', '<%= 1 %>', '#{1}', 'a\rb', 'a\nb', 'a\r\nb', '\u2028', '\ud83d\udc69\u200d\ud83d\ude92', ']]>', '-->', '</textarea>', '</script>', '\u00a0',
      '\n\nfirst lines empty', '`', '"', "'", '<', '>', '&']);
  });

  test('the Big List of Naughty Strings as names: stored byte for byte or refused and given back', async (t) => {
    const file = corpus(t, 'blns', 'blns.json');
    if (!file) return;
    const wrong = [];
    for (const name of JSON.parse(readFileSync(file, 'utf8'))) {
      const answer = await say(name);
      if (answer.status === 303) {
        const [[kept]] = await db.all(`SELECT hex(name) FROM comment WHERE id = ${await commentId(db, OPEN, answer.number)}`);
        if (kept !== Buffer.from(name).toString('hex').toUpperCase()) wrong.push(`changed: ${JSON.stringify(name)}`);
      } else if (![422, 403, 409].includes(answer.status)) {
        wrong.push(`${answer.status}: ${JSON.stringify(name)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('feeds with all of that are well-formed XML without controls', async () => {
    const { text } = await ask(room, `${OPEN}/comments.atom`);
    assert.doesNotMatch(text, /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
    const open = [];
    for (const [, close, name, empty] of text.replace(/<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([a-zA-Z][\w:-]*)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
      if (close) assert.equal(open.pop(), name);
      else if (!empty) open.push(name);
    }
    assert.deepEqual(open, []);
    assert.doesNotMatch(text.replace(/<\/?[a-zA-Z][\w:-]*(?:\s+[\w:-]+="[^"<]*")*\s*\/?>|<\?xml[^>]*\?>/g, ''), /</, 'no other tag');
    assert.doesNotMatch(text, /&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/);
  });

  test('moderators\' notes come back byte for byte', async () => {
    const moderator = new Reader(room);
    await moderator.signIn();
    const { number } = await say('Noted');
    const id = await commentId(db, OPEN, number);
    const note = '=1+1 <b>"&amp;\'\r\n{{x}} ‮ \u2028';
    assert.equal((await moderator.decide(id, 'reject', { reason: 'other', note })).status, 303);
    const [[kept]] = await db.all(`SELECT hex(note) FROM decision WHERE comment = ${id} AND note <> ''`);
    assert.equal(kept, Buffer.from(note).toString('hex').toUpperCase());
    assert.ok((await moderator.get(`/mod/comments/${id}`)).text.includes('&lt;b&gt;'));
  });
});
