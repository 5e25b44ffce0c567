// Lets one build of a repository run at a time: two at once delete each other's files.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 200;

/** Resolves once no other build runs. `onWait` is called with the id of its process, if there is one. */
export async function lockBuilds(root, onWait) {
  const folder = join(root, '.cache/builds');
  const own = join(folder, String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(own, { force: true }));
  let before = [];
  let told;
  for (;;) {
    // Before looking for others: of two builds that begin in the same instant, at least one sees the other.
    writeFileSync(own, '');
    const others = othersIn(folder);
    if (others.length === 0) return;
    // All but the first of those that wait give way, or none might ever be alone.
    if (others.some(pid => pid < process.pid)) rmSync(own, { force: true });
    const holder = others.find(pid => before.includes(pid));
    if (holder !== undefined && holder !== told) onWait((told = holder));
    before = others;
    await sleep(lookMs);
  }
}

/** The processes of other builds. Forgets those that were killed, maybe in another container. */
function othersIn(folder) {
  const others = readdirSync(folder)
    .map(Number)
    .filter(pid => pid !== process.pid);
  for (const pid of others) if (!isAlive(pid)) rmSync(join(folder, String(pid)), { force: true });
  return others.filter(isAlive);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
