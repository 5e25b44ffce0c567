// Tests of removing workspaces: small and large ones, nested ones, links, none, and one that is still in use.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWorkspace } from './removeWorkspace';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-workspace-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each<[string, (workspace: string) => void]>([
  ['with few files', workspace => writeFileSync(join(workspace, 'a.txt'), 'a')],
  [
    'with many files',
    workspace => {
      for (let at = 0; at < 100; at++) writeFileSync(join(workspace, `${at}.txt`), 'a');
    },
  ],
  ['with folders', workspace => mkdirSync(join(workspace, 'a', 'b'), { recursive: true })],
  ['that is empty', () => {}],
])('removes one %s', async (_, fill) => {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  fill(workspace);
  await removeWorkspace(workspace);
  expect(existsSync(workspace)).toBe(false);
});

it('leaves alone what links in it lead to', async () => {
  const [workspace, kept] = [join(folder, 'workspace'), join(folder, 'kept.txt')];
  mkdirSync(workspace);
  writeFileSync(kept, 'kept');
  symlinkSync(kept, join(workspace, 'link'));
  symlinkSync(folder, join(workspace, 'up'));
  await removeWorkspace(workspace);
  expect(existsSync(workspace)).toBe(false);
  expect(existsSync(kept)).toBe(true);
});

it('takes one that is not there for removed', async () => {
  await expect(removeWorkspace(join(folder, 'missing'))).resolves.toBeUndefined();
});

it('tries again for a while where a program of the last step is not done yet', async () => {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const program = `
    const { writeFileSync } = require('node:fs');
    for (let at = 0; at < 500; at++) writeFileSync(String(at), '');
    console.log('many');
    for (let at = 0, end = Date.now() + 200; Date.now() < end; at++)
      try { writeFileSync('more-' + at, ''); } catch {}`;
  const writer = spawn(process.execPath, ['-e', program], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(writer.stdout, 'data');
  await removeWorkspace(workspace);
  expect(existsSync(workspace)).toBe(false);
});
