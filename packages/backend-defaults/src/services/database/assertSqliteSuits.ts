// Knows which releases of better-sqlite3 end the whole process, without a word of why, and refuses them before they are loaded.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseDriverUnsuitedError } from './databaseErrors';

/** The release from which on the driver is built for Node-API 10: on an older one it is a segmentation fault. */
const firstOnNodeApi = 13;
const nodeApi = 10;
/** Older ones, if compiled for a Node whose object wraps call this, abort when a statement is collected. */
const abortingCall = 'RemoveEnvironmentCleanupHook';

/**
 * Rejects with `GR_DATABASE_DRIVER_UNSUITED` where the installed better-sqlite3 would end the process on this Node. For who opens
 * a database without the database service; that there is no driver is not told.
 *
 * @param subject - what can't be opened then, for the message. Default: SQLite databases.
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
 * The same of one release.
 *
 * @param folder - of the driver
 * @param versions - of the Node that is to load it
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
