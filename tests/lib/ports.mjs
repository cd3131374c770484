/*
 * Ports of the loopback for servers that a test starts by a number it must know beforehand.
 */
import net from 'node:net';

/* Below the ports that a system gives to those who ask for none (Linux: from 32768), so that no
 * connection takes one between two starts of a server. */
const FIRST = 10000;
const COUNT = 22000;

/* How many a process hands out before it comes to those of the process started after it. */
const SHARE = 64;

let next = process.pid * SHARE;

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * A port of 127.0.0.1 on which nobody listens. No other call gets it soon, in this process or in
 * another that runs beside it: each begins elsewhere and goes on from there.
 */
export async function freePort() {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + next++ % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error('every port is taken');
}
