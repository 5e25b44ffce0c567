// Lists the files of the repository: those that git tracks or would track, or all but what commands make if it is a plain folder.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The paths of all files that are not ignored, relative to `root`, with forward slashes. */
export function listFiles(root) {
  if (existsSync(join(root, '.git'))) {
    const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (git.status === 0) return git.stdout.split('\0').filter(Boolean);
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !/(^|\/)(node_modules|dist|coverage|\.cache|\.yarn)\//.test(path));
}
