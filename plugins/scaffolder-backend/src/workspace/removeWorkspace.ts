// Removes a workspace once its run is over.
import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { FEW_ENTRIES } from './archiveWorkspace';

/**
 * Does nothing if there is none. Small ones, which are the majority, are removed synchronously, which is several
 * times as fast.
 */
export async function removeWorkspace(folder: string): Promise<void> {
  const options = { recursive: true, force: true };
  if (isSmall(folder)) rmSync(folder, options);
  else await rm(folder, options);
}

function isSmall(folder: string): boolean {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.length <= FEW_ENTRIES && !entries.some(entry => entry.isDirectory());
  } catch {
    return false;
  }
}
