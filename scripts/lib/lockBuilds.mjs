// Lets one build of a repository run at a time: two at once delete each other's files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 200;

/** Resolves once no other build runs. `onWait` is called with the id of its process, if there is one. */
export async function lockBuilds(root, onWait) {
  const folder = join(root, '.cache');
  const file = join(folder, 'build.lock');
  mkdirSync(folder, { recursive: true });
  let told;
  while (!create(file)) {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) {
      // Left by a build that was killed.
      rmSync(file, { force: true });
      continue;
    }
    if (holder !== undefined && holder !== told) onWait((told = holder));
    await sleep(lookMs);
  }
  process.once('exit', () => rmSync(file, { force: true }));
}

function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while the file is being written, or if it is gone. */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
