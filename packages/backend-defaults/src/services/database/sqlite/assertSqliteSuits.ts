// Refuses releases of better-sqlite3 that would crash the process without any message, before they are loaded.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseDriverUnsuitedError } from '../databaseErrors';

/** The first release built for Node-API 10. On an older Node-API it is a segmentation fault. */
const firstOnNodeApi = 13;
const nodeApi = 10;
/** Older releases, if compiled for a Node whose object wraps call this, abort when a statement is garbage collected. */
const abortingCall = 'RemoveEnvironmentCleanupHook';

/**
 * Rejects with `GR_DATABASE_DRIVER_UNSUITED` if the installed better-sqlite3 would crash on this Node. For code that
 * opens a database without the database service. A missing driver is not reported.
 *
 * @param subject - what can't be opened in that case, for the message. Default: SQLite databases.
 *
 * @public
 */
export async function assertSqliteSuits(subject = 'SQLite databases'): Promise<void> {
  let folder: string;
  try {
    folder = dirname(createRequire(__filename).resolve('better-sqlite3/package.json'));
  } catch {
    return;
  }
  await assertReleaseSuits(folder, subject);
}

/**
 * The same for the release in a given folder.
 *
 * @param folder - the folder of the driver
 * @param versions - the versions of Node and Node-API that will load it
 */
export async function assertReleaseSuits(
  folder: string,
  subject: string,
  versions: { node: string; napi?: string } = process.versions,
): Promise<void> {
  const { version: release } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  if (Number.parseInt(release, 10) >= firstOnNodeApi) {
    if (Number(versions.napi) >= nodeApi) return;
    throw new DatabaseDriverUnsuitedError({
      subject,
      what: `better-sqlite3 ${release} would end the process, as it can't run on Node ${versions.node}`,
      hint: 'Install better-sqlite3@12, or use Node 22.14 or later.',
    });
  }
  const binary = await readFile(join(folder, 'build/Release/better_sqlite3.node')).catch(() => undefined);
  if (binary?.includes(abortingCall)) {
    throw new DatabaseDriverUnsuitedError({
      subject,
      what: `better-sqlite3 ${release}, as it was compiled for Node ${versions.node}, would end the process sooner or later`,
      hint: 'Install better-sqlite3@13.',
    });
  }
}
