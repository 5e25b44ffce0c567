// Tests of packing workspaces: few files, which are read at once, and many or large ones, which are not.
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveWorkspace, inspectWorkspace, restoreWorkspace } from './archiveWorkspace';

let folder: string;
let from: string;
let to: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-workspace-'));
  from = join(folder, 'from');
  to = join(folder, 'to');
  await mkdir(join(from, 'nested/empty'), { recursive: true });
  await writeFile(join(from, 'run.sh'), 'echo');
  await chmod(join(from, 'run.sh'), 0o755);
  await symlink('run.sh', join(from, 'nested/link'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ['few', 2, 10, 6],
  ['many', 100, 10, 104],
  ['large', 2, 400_000, 6],
])('gives %s files back as they were', async (_name, files, bytes, entries) => {
  for (let at = 0; at < files; at++) {
    await writeFile(join(from, `nested/${at}`), String(at % 10).repeat(bytes));
  }
  const state = await inspectWorkspace(from);
  expect(state).toMatchObject({ entries });
  const archive = await archiveWorkspace(from, state);
  // The bytes that compressed archives begin with.
  expect([...archive.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  expect(archive.length).toBeLessThan(10_000);

  await restoreWorkspace(to, archive);
  expect(await inspectWorkspace(to)).toMatchObject({ bytes: state.bytes, entries });
  for (let at = 0; at < files; at++) {
    expect(await readFile(join(to, `nested/${at}`), 'utf8')).toBe(String(at % 10).repeat(bytes));
  }
  expect((await stat(join(to, 'run.sh'))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(to, 'nested/link'))).toBe('run.sh');
  expect((await stat(join(to, 'nested/empty'))).isDirectory()).toBe(true);
});

it.each([
  ['few', 2],
  ['many', 100],
])('leaves out a socket that a tool has left among %s files', async (_name, files) => {
  const names = [...Array(files).keys(), 'run.sh'].map(String);
  for (const name of names) await writeFile(join(from, name), 'x');
  await rm(join(from, 'nested'), { recursive: true });
  const server = createServer().listen(join(from, 'ssh.sock'));
  await once(server, 'listening');
  const archive = await archiveWorkspace(from, await inspectWorkspace(from));
  server.close();
  await restoreWorkspace(to, archive);
  expect((await readdir(to)).sort()).toEqual(names.sort());
});

it('leaves out links that lead out of the workspace, and names them', async () => {
  const links = { absolute: folder, 'nested/out': '../../from', 'nested/in': '../run.sh', broken: 'nothing' };
  for (const [path, destination] of Object.entries(links)) await symlink(destination, join(from, path));
  const leftOut = await restoreWorkspace(to, await archiveWorkspace(from, await inspectWorkspace(from)));
  expect(leftOut.sort()).toEqual(['absolute', 'nested/out']);
  expect((await readdir(to)).sort()).toEqual(['broken', 'nested', 'run.sh']);
  expect((await readdir(join(to, 'nested'))).sort()).toEqual(['empty', 'in', 'link']);
  expect(await readlink(join(to, 'nested/in'))).toBe('../run.sh');
});

it('leaves out links that lead out through others', async () => {
  await mkdir(join(from, 'a/b/c'), { recursive: true });
  const links = {
    'a/b/c/up': '../..',
    out: 'a/b/c/up/../../..',
    through: 'out',
    future: 'a/b/c/up/../../new',
    inside: 'a/b/c/up',
  };
  for (const [path, destination] of Object.entries(links)) await symlink(destination, join(from, path));
  const leftOut = await restoreWorkspace(to, await archiveWorkspace(from, await inspectWorkspace(from)));
  expect(leftOut.sort()).toEqual(['future', 'out', 'through']);
  expect((await readdir(to)).sort()).toEqual(['a', 'inside', 'nested', 'run.sh']);
  expect(await readdir(join(to, 'inside'))).toEqual(['b']);
});

it('gives back links that lead through others, in either order, and one that the library would change', async () => {
  await mkdir(join(from, 'releases/1'), { recursive: true });
  await writeFile(join(from, 'releases/1/tool'), 'run');
  const links = {
    a: 'b',
    b: 'releases/1',
    c: 'b',
    d: 'a/tool',
    'nested/e': '../c/tool',
    'nested/f': 'e',
    drive: 'c:name',
  };
  for (const [path, destination] of Object.entries(links)) await symlink(destination, join(from, path));
  expect(await restoreWorkspace(to, await archiveWorkspace(from, { entries: 1, bytes: 0 }))).toEqual([]);
  for (const [path, destination] of Object.entries(links)) {
    expect(await readlink(join(to, path))).toBe(destination);
  }
  for (const path of ['d', 'nested/e', 'nested/f'])
    expect(await readFile(join(to, path), 'utf8')).toBe('run');
});

it.each(['file', 'link'])('fails rather than to go on without a %s that can not be written', async kind => {
  const name = 'n'.repeat(230);
  if (kind === 'link') await symlink('run.sh', join(from, name));
  else await writeFile(join(from, name), '');
  const archive = await archiveWorkspace(from, { entries: 1, bytes: 0 });
  // A path may have 4,095 bytes.
  while (to.length < 3_900) to = join(to, 'd'.repeat(Math.min(250, 3_950 - to.length)));
  const { message } = (await restoreWorkspace(to, archive).catch((error: Error) => error)) as Error;
  expect(message).toContain('ENAMETOOLONG');
  // Users see it.
  expect(message).not.toContain(folder);
});
