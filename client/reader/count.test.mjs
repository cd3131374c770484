// Runs the counter of reader.js, as it is served, over the texts of tests/unit/view/count_sample.c
// and compares it with the server's numbers. Usage: node count.test.mjs COUNT_SAMPLE
import { execFileSync } from "node:child_process";
import vm from "node:vm";

const sample = process.argv[2];
const run = (what) => execFileSync(sample, [what], { encoding: "utf8", maxBuffer: 2 ** 28 });

// The script is one closure; its last lines start it. Here they hand out the counter instead.
const served = run("script");
const source = served.replace(/dropSentDrafts\(\);\n(?!.*\bfunction\b)/, "globalThis.counter = counter;\nreturn;\n");
if (source === served) throw new Error("reader.js no longer ends as this test expects");
const context = { window: {}, document: {}, sessionStorage: {} };
vm.runInNewContext(source, context);
const count = context.counter();

let texts = 0;
const wrong = [];
for (const line of run("texts").split("\n").filter(Boolean)) {
  const [text, expected] = JSON.parse(line);
  texts++;
  if (count(text) !== expected) wrong.push(`${JSON.stringify(text)}: ${count(text)}, not ${expected}`);
}
console.log(`${texts} texts, ${wrong.length} counted otherwise than by the server`);
console.log(wrong.slice(0, 20).join("\n"));
process.exit(texts > 1000 && wrong.length === 0 ? 0 : 1);
