// Hands in-memory databases over to the next process of a development server, which restarts on every file change.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { withDeadline } from '../../../remote/withDeadline';

/** How long the server may take to answer, in milliseconds: it may be ending, or the parent may be something else. */
const answerTimeout = 3_000;

/** The content of a plugin's database in the previous process, and a way to keep that of this one. */
export interface KeptMemory {
  /** A whole database as serialized by SQLite; undefined in the first process. */
  content: Buffer | undefined;
  /** Never rejects: what can't be kept is lost, as it would be without such a server. */
  keep(content: Buffer): Promise<void>;
}

/** Returns `undefined` unless this process runs under the development server of Backstage's CLI. */
export async function keptMemory(pluginId: string, logger: LoggerService): Promise<KeptMemory | undefined> {
  // The server uses the channel to the parent process. Without one, the package is not even loaded.
  if (!process.connected) return undefined;
  const { DevDataStore } = await import('@backstage/backend-dev-utils');
  const store = DevDataStore.get();
  if (!store) return undefined;
  const key = `greenroom-database-${pluginId}`;

  async function ask<T>(asked: Promise<T>, what: string): Promise<T | undefined> {
    try {
      return await withDeadline(asked, answerTimeout);
    } catch (error) {
      logger.warn(`The development server could not ${what} what is in memory`, error as Error);
      return undefined;
    }
  }
  const found = await ask(store.load<Uint8Array | undefined>(key), 'give back');
  return {
    content: found?.loaded && found.data ? Buffer.from(found.data) : undefined,
    async keep(content) {
      if (process.connected) await ask(store.save(key, content), 'keep');
    },
  };
}
