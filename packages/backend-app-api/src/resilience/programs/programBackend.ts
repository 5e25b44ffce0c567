// A backend for the programs of this folder, whose logger prints lines, and short ways to write its plugins.
import { writeSync } from 'node:fs';
import {
  coreServices,
  createBackendPlugin,
  type BackendFeature,
  type LifecycleService,
  type RootLoggerService,
} from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';
import { createSpecializedBackend, type Backend } from '../..';
import { lifecycleFactories } from '../../scenarios/plainServices';

export { provide };

/** Writes a line at once, as a root logger is to do: nothing is lost when the process ends. */
export function say(line: string): void {
  let left = Buffer.from(`${line}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      // The reader is slower than the writer.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

/** Keeps the process alive, as an open port would; the timer itself never matters. */
export function stayAlive(): void {
  setInterval(() => {}, 1_000_000);
}

export const forEver = () => new Promise<never>(() => {});

type Init = (deps: { lifecycle: LifecycleService }) => void | Promise<void>;

/** A backend with a root logger that writes `level: first line of the message`, and the plugins given by id. */
export function programBackend(inits: { [pluginId in string]: Init }, extra: BackendFeature[] = []): Backend {
  const backend = createSpecializedBackend({
    defaultServiceFactories: [...lifecycleFactories, provide(coreServices.rootLogger, () => lineLogger({}))],
  });
  for (const [pluginId, init] of Object.entries(inits)) {
    const register: Parameters<typeof createBackendPlugin>[0]['register'] = reg =>
      reg.registerInit({
        deps: { lifecycle: coreServices.lifecycle },
        init: async deps => init(deps),
      });
    backend.add(createBackendPlugin({ pluginId, register }));
  }
  extra.forEach(feature => backend.add(feature));
  return backend;
}

function lineLogger(fields: object): RootLoggerService {
  const log = (level: string) => (message: string, meta?: unknown) => {
    const shown = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
    const cause = meta instanceof Error ? ` [${meta.message}]` : '';
    say(`${level}: ${message.split('\n')[0]}${cause}${shown}`);
  };
  return {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    child: more => lineLogger({ ...fields, ...more }),
  };
}
