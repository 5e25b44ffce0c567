// Hands databases in memory on to the next process of a development server, which starts one for every change of a file.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { withDeadline } from '../../remote/withDeadline';

/** Milliseconds that the server has for an answer: it may be ending, or not be the one that this process was told of. */
const answerTimeout = 3_000;

/** What the process before had in a plugin's database, and what to do with that of this one. */
export interface KeptMemory {
  /** A whole database as SQLite serializes it; `undefined` where this process is the first. */
  content: Buffer | undefined;
  /** Never rejects: what can't be kept is lost, as it is without such a server. */
  keep(content: Buffer): Promise<void>;
}

/** `undefined` unless this process runs under the development server of Backstage's command line. */
export async function keptMemory(pluginId: string, logger: LoggerService): Promise<KeptMemory | undefined> {
  // It talks over the channel to the parent process; without one not even the package is loaded.
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
