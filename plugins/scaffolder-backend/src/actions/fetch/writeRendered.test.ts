// Tests of the permissions of rendered files.
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRendered } from './writeRendered';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-rendered-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;

it.each([0o644, 0o755])('gives a new file the permissions of its source: %o', async mode => {
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  writeFileSync(source, '');
  chmodSync(source, mode);
  await writeRendered(target, 'text', { source });
  expect(modeOf(target)).toBe(mode & ~process.umask());
});

it('gives them to a file that is replaced', async () => {
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  writeFileSync(source, '');
  writeFileSync(target, 'former');
  chmodSync(source, 0o640);
  chmodSync(target, 0o755);
  await writeRendered(target, 'text', { source, mayExist: true });
  expect(modeOf(target)).toBe(0o640);
});
