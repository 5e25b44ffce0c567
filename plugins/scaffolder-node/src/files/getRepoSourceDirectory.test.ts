// Tests that what is published lies in the workspace.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRepoSourceDirectory } from './getRepoSourceDirectory';

it('gives a folder of the workspace, and none beside it', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  try {
    symlinkSync('/etc', join(workspace, 'link'));
    expect(getRepoSourceDirectory(workspace, undefined)).toBe(workspace);
    expect(getRepoSourceDirectory(workspace, './docs/')).toBe(join(workspace, 'docs'));
    for (const path of ['..', '../x', '/etc', 'link', 'link/x']) {
      expect(() => getRepoSourceDirectory(workspace, path)).toThrow('leads out of its base directory');
    }
  } finally {
    rmSync(workspace, { recursive: true });
  }
});
