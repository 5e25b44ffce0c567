// Removes a workspace or a temporary folder once its run is over.
import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { FEW_ENTRIES } from './archiveWorkspace';

const options = { recursive: true, force: true };

/**
 * Does nothing if there is none. Small ones, which are the majority, are removed synchronously, which is several
 * times as fast. Tries again for 1.5 s: a program may be about to end, and Windows removes nothing that one has open.
 */
export async function removeWorkspace(folder: string): Promise<void> {
  if (isSmall(folder)) {
    try {
      return rmSync(folder, options);
    } catch {
      // Waiting must not block the process.
    }
  }
  await rm(folder, { ...options, maxRetries: 5 });
}

function isSmall(folder: string): boolean {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.length <= FEW_ENTRIES && !entries.some(entry => entry.isDirectory());
  } catch {
    return false;
  }
}
