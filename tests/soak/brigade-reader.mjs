/*
 * Reads pages one after another until it is told to end, and notes how long each answer took: while
 * others write, and while they do not (shared[0]: 1, 0; 2: end).
 */
import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { origin, addresses, shared } = workerData;
const PAUSE_MS = 5;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const times = { on: [], off: [] };

const read = (address) => new Promise((resolve, reject) => {
  http.get(origin + address, { agent }, (answer) => {
    answer.on('data', () => {});
    answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${address}: ${answer.statusCode}`))));
  }).on('error', reject);
});

for (let n = 0; Atomics.load(shared, 0) !== 2; n++) {
  const isOn = Atomics.load(shared, 0) === 1;
  const began = performance.now();
  await read(addresses[n % addresses.length]);
  times[isOn ? 'on' : 'off'].push(performance.now() - began);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
agent.destroy();
parentPort.postMessage(times);
