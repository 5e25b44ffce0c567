// Which releases of better-sqlite3 are refused, by what tells them apart on disk.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderForEach } from '../../../testing/folderForEach';
import { assertReleaseSuits, assertSqliteSuits } from './assertSqliteSuits';

const node20 = { node: '20.20.2', napi: '9' };
const node24 = { node: '24.21.0', napi: '10' };
let folder: string;

folderForEach(made => (folder = made));

async function install(version: string, binary?: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version }));
  if (binary === undefined) return;
  await mkdir(join(folder, 'build/Release'), { recursive: true });
  await writeFile(join(folder, 'build/Release/better_sqlite3.node'), binary);
}

it('refuses a release that is built for a Node-API which this Node does not have', async () => {
  await install('13.2.0');
  await expect(assertReleaseSuits(folder, "The database of plugin 'catalog'", node20)).rejects.toMatchObject({
    code: 'GR_DATABASE_DRIVER_UNSUITED',
    message:
      "The database of plugin 'catalog' can't be opened: better-sqlite3 13.2.0 would end the process, as it can't run on Node 20.20.2. Install better-sqlite3@12, or use Node 22.14 or later.",
  });
  await expect(
    assertReleaseSuits(folder, "The database of plugin 'catalog'", node24),
  ).resolves.toBeUndefined();
});

it('refuses an older release only if it was compiled for a Node that aborts with it', async () => {
  await install('12.11.1', '\x7fELF _ZN4node28RemoveEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_ ...');
  await expect(assertReleaseSuits(folder, "The database of plugin 'catalog'", node24)).rejects.toMatchObject({
    code: 'GR_DATABASE_DRIVER_UNSUITED',
    message:
      "The database of plugin 'catalog' can't be opened: better-sqlite3 12.11.1, as it was compiled for Node 24.21.0, would end the process sooner or later. Install better-sqlite3@13.",
  });
  await install('12.11.1', '\x7fELF _ZN4node25AddEnvironmentCleanupHookEPN2v87IsolateEPFvPvES3_ ...');
  await expect(
    assertReleaseSuits(folder, "The database of plugin 'catalog'", node24),
  ).resolves.toBeUndefined();
});

it('leaves a driver without its native part to who loads it', async () => {
  await install('12.11.1');
  await expect(
    assertReleaseSuits(folder, "The database of plugin 'catalog'", node20),
  ).resolves.toBeUndefined();
});

it('takes the driver that these tests run with, whose native part is where it is looked for', async () => {
  await expect(assertSqliteSuits()).resolves.toBeUndefined();
  const installed = dirname(require.resolve('better-sqlite3/package.json'));
  const { version } = require('better-sqlite3/package.json');
  expect(version.startsWith('12.')).toBe(existsSync(join(installed, 'build/Release/better_sqlite3.node')));
});
