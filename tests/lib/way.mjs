/* Ways to a database that break when a test wants it. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A way to the database that can lose the answer to a writer's COMMIT, which PostgreSQL has done:
 * the writer sends its notice (fixed7) and COMMIT (fixed2) together, see src/db/postgres.h. And it
 * can end all that go it, and those that come then at their first statement; or fall silent: nothing
 * gets through any more, and nobody is told.
 */
export async function cuttableWay({ address, name }) {
  const dir = mkdtempSync(path.join(tmpdir(), 'aitys-way-'));
  const server = new URL(address).searchParams.get('host');
  const way = { cuts: 0, broken: 0, address: `postgresql:///${name}?host=${dir}&user=tester` };
  const ends = new Set();
  let armed = false;
  let breaks = false;
  let isSilent = false;
  const listener = net.createServer((client) => {
    const behind = net.connect(path.join(server, '.s.PGSQL.5432'));
    let isCut = false;
    const end = () => { client.destroy(); behind.destroy(); ends.delete(end); };
    ends.add(end);
    client.on('data', (bytes) => {
      if (isSilent) return;
      const text = bytes.toString('latin1');
      if (breaks && text.includes('set_config')) {
        way.broken++;
        end();
        return;
      }
      if (armed && text.includes('fixed7') && text.includes('fixed2') && !text.includes('ISOLATION')) {
        armed = false;
        isCut = true;
        way.cuts++;
        setTimeout(end, 200);
      }
      behind.write(bytes);
    });
    behind.on('data', (bytes) => { if (!isCut && !isSilent) client.write(bytes); });
    for (const socket of [client, behind]) socket.on('close', end).on('error', end);
  });
  await new Promise((resolve) => listener.listen(path.join(dir, '.s.PGSQL.5432'), resolve));
  way.cutNextCommit = () => { armed = true; };
  way.breakNew = (does) => { breaks = does; if (does) [...ends].forEach((end) => end()); };
  way.silence = (does) => { isSilent = does; if (!does) [...ends].forEach((end) => end()); };
  way.close = () => { listener.close(); rmSync(dir, { recursive: true, force: true }); };
  return way;
}
