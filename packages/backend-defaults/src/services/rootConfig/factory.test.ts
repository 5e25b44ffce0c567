// Tests the configuration as the backend serves it: through the engine, with real files, reloaded while it runs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices, type RootConfigService } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { folderForEach } from '../../testing/folderForEach';
import { rootLifecycleServiceFactory } from '../rootLifecycle/factory';
import { RootLogger } from '../rootLogger';
import { rootConfigServiceFactory } from './factory';
import type { ReloadableConfig } from './ReloadableConfig';
import { rootConfigWatcherServiceFactory } from './watcherFactory';

describe('rootConfigServiceFactory', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  async function run(options: { watch?: boolean } = {}) {
    const file = join(root, 'app-config.yaml');
    const messages: string[] = [];
    let wake = () => {};
    const destination = {
      write(line: string) {
        messages.push(JSON.parse(line).message);
        wake();
      },
    };
    let config: RootConfigService | undefined;
    const backend = createSpecializedBackend({
      defaultServiceFactories: [
        rootConfigServiceFactory({ argv: ['--config', file], ...options }),
        rootConfigWatcherServiceFactory,
        rootLifecycleServiceFactory,
        provide(coreServices.rootLogger, () => RootLogger.create({ format: 'json', destination })),
      ],
    });
    backend.add(
      createPlugin('test', {
        deps: { config: coreServices.rootConfig },
        async init(deps) {
          config = deps.config;
        },
      }),
    );
    const next = async (pattern: RegExp) => {
      for (;;) {
        const index = messages.findIndex(message => pattern.test(message));
        if (index >= 0) return messages.splice(index, 1)[0];
        await new Promise<void>(resolve => (wake = resolve));
      }
    };
    return { backend, file, next, start: () => backend.start().then(() => config!) };
  }

  it('is a factory as it is and when it is called', () => {
    expect(rootConfigServiceFactory.service.id).toBe('core.rootConfig');
    expect(rootConfigServiceFactory().service.id).toBe('core.rootConfig');
    expect(rootConfigServiceFactory.$$type).toBe('@backstage/BackendFeature');
  });

  it('says so where the working directory was removed', async () => {
    writeFileSync(join(root, 'app-config.yaml'), 'app: { title: One }');
    const { start } = await run();
    const cwd = jest.spyOn(process, 'cwd').mockImplementation(() => {
      throw Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), { code: 'ENOENT' });
    });
    try {
      await expect(start()).rejects.toThrow('The working directory of the process was removed');
    } finally {
      cwd.mockRestore();
    }
  });

  it('serves the files, follows them, reports a broken edit, and stops watching with the backend', async () => {
    writeFileSync(join(root, 'app-config.yaml'), 'app: { title: One }');
    const { backend, file, next, start } = await run();
    const config = await start();
    expect(config.getString('app.title')).toBe('One');

    writeFileSync(file, 'app: { title: Two }');
    await next(/^The configuration was loaded anew$/);
    expect(config.getString('app.title')).toBe('Two');

    writeFileSync(file, 'app: { $title: Three }');
    expect(await next(/^The configuration stays as it was/)).toContain("'$title' is not a known directive");
    expect(config.getString('app.title')).toBe('Two');

    expect(await backend.stop()).toMatchObject({
      outcome: 'success',
      hooks: [{ owner: 'root', phase: 'shutdown', outcome: 'done' }],
    });
  });

  it('does not watch where it is told so', async () => {
    writeFileSync(join(root, 'app-config.yaml'), 'a: 1');
    const { backend, start } = await run({ watch: false });
    const config = await start();
    expect((config as ReloadableConfig).origin).toBeUndefined();
    expect(await backend.stop()).toMatchObject({ hooks: [] });
  });

  it('fails the start with all problems', async () => {
    writeFileSync(join(root, 'app-config.yaml'), 'a: { $x: 1 }\nb: { $y: 1 }');
    const { start } = await run();
    const error = await start().then(
      () => undefined,
      reason => reason,
    );
    expect(error?.message).toContain("app-config.yaml:1:6  '$x' is not a known directive");
    expect(error?.message).toContain("app-config.yaml:2:6  '$y' is not a known directive");
  });
});
