// Tests reloading with real files and real file system events.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEach } from '../../testing/folderForEach';
import { sourceArguments } from '../../testing/sourceArguments';
import { ConfigWatcher } from './ConfigWatcher';
import { loadConfig } from './loadConfig';
import { ReloadableConfig } from './ReloadableConfig';

jest.mock('./loadConfig', () => {
  const actual = jest.requireActual('./loadConfig');
  return { ...actual, loadConfig: jest.fn(actual.loadConfig) };
});
const load = jest.mocked(loadConfig);

/** Lets the next load have no effect before `release`; `read` resolves when it has read all files. */
function holdNextLoad() {
  let release!: () => void;
  const released = new Promise<void>(resolve => (release = resolve));
  const read = new Promise<void>(resolve => {
    load.mockImplementationOnce(async options => {
      const outcome = actualLoadConfig(options);
      await outcome.catch(() => {});
      resolve();
      await released;
      return outcome;
    });
  });
  return { read, release };
}
const { loadConfig: actualLoadConfig } = jest.requireActual<{ loadConfig: typeof loadConfig }>(
  './loadConfig',
);

type Told = { kind: 'reload' } | { kind: 'error'; error: Error };

describe('ConfigWatcher', () => {
  let root: string;
  const watchers: ConfigWatcher[] = [];
  afterEach(() => watchers.splice(0).forEach(watcher => watcher.close()));
  folderForEach(folder => (root = folder));

  async function start(argv: string[] = [], meanwhile = () => {}, folder = '.') {
    const origin = { argv, cwd: join(root, folder), env: {} };
    const config = new ReloadableConfig(await loadConfig(origin), origin);
    meanwhile();
    const told: Told[] = [];
    let wake = () => {};
    const tell = (event: Told) => {
      told.push(event);
      wake();
    };
    const watcher = new ConfigWatcher(config, {
      debounceMs: 20,
      onReload: () => tell({ kind: 'reload' }),
      onError: error => tell({ kind: 'error', error }),
    });
    watchers.push(watcher);
    const next = async () => {
      while (told.length === 0) await new Promise<void>(resolve => (wake = resolve));
      return told.shift()!;
    };
    return { config, watcher, next, told };
  }
  /** Resolves when the last load has had its effect. */
  const taken = async () => {
    await Promise.allSettled(load.mock.results.map(({ value }) => value as unknown));
    await new Promise(setImmediate);
  };
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);

  it('loads a changed file and tells subscribers', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    const seen: unknown[] = [];
    config.subscribe(() => seen.push(config.get('a')));
    write('app-config.yaml', 'a: 2');
    expect(await next()).toEqual({ kind: 'reload' });
    expect(seen).toEqual([2]);
  });

  it('reports a broken edit, keeps the last good content, and takes the corrected one', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    write('app-config.yaml', 'a: [');
    const event = await next();
    expect(event).toMatchObject({ kind: 'error', error: { code: 'GR_CONFIG_INVALID' } });
    expect(config.get('a')).toBe(1);
    write('app-config.yaml', 'a: 3');
    expect(await next()).toEqual({ kind: 'reload' });
    expect(config.get('a')).toBe(3);
  });

  it('notices a local file that appears, a file that is replaced, and a $file in another directory', async () => {
    mkdirSync(join(root, 'secrets'));
    write('app-config.yaml', 'a: 1\ntoken: { $file: secrets/token.txt }');
    write('secrets/token.txt', 'one');
    const { config, next } = await start();

    write('app-config.local.yaml', 'a: 2');
    await next();
    expect(config.get('a')).toBe(2);

    write('replacement.tmp', 'a: 5\ntoken: { $file: secrets/token.txt }');
    renameSync(join(root, 'replacement.tmp'), join(root, 'app-config.yaml'));
    rmSync(join(root, 'app-config.local.yaml'));
    await next();
    expect(config.get('a')).toBe(5);

    write('secrets/token.txt', 'two');
    await next();
    expect(config.get('token')).toBe('two');
  });

  it('notices files behind links that are swapped, as Kubernetes mounts them', async () => {
    for (const version of ['1', '2', '3']) {
      mkdirSync(join(root, `..v${version}`));
      write(`..v${version}/app-config.yaml`, `a: ${version}`);
    }
    symlinkSync('..v1', join(root, '..data'));
    symlinkSync('..data/app-config.yaml', join(root, 'app-config.yaml'));
    const { config, next } = await start();
    // Twice, as the first one may be seen by the look that every watcher begins with.
    for (const version of ['2', '3']) {
      symlinkSync(`..v${version}`, join(root, '..data_tmp'));
      renameSync(join(root, '..data_tmp'), join(root, '..data'));
      expect(await next()).toEqual({ kind: 'reload' });
      expect(config.get('a')).toBe(Number(version));
    }
  });

  it('notices a folder behind a link that is swapped, as a deployment switches between releases', async () => {
    for (const release of ['1', '2', '3']) {
      mkdirSync(join(root, release));
      write(`${release}/app-config.yaml`, `a: ${release}`);
    }
    symlinkSync('1', join(root, 'current'));
    const { config, next } = await start(['--config', 'current/app-config.yaml']);
    for (const release of ['2', '3']) {
      symlinkSync(release, join(root, 'next'));
      renameSync(join(root, 'next'), join(root, 'current'));
      expect(await next()).toEqual({ kind: 'reload' });
      expect(config.get('a')).toBe(Number(release));
    }
    write('3/app-config.yaml', 'a: 4');
    await next();
    expect(config.get('a')).toBe(4);
  });

  it('goes on with a folder that is removed and made again', async () => {
    mkdirSync(join(root, 'config'));
    write('config/app-config.yaml', 'a: 1');
    const { config, next } = await start(['--config', 'config/app-config.yaml']);
    rmSync(join(root, 'config'), { recursive: true });
    expect(await next()).toMatchObject({ kind: 'error' });
    mkdirSync(join(root, 'config'));
    write('config/app-config.yaml', 'a: 2');
    let told = await next();
    // The file may be looked at while it is missing or empty.
    while (config.get('a') !== 2) told = await next();
    expect(told).toEqual({ kind: 'reload' });
    write('config/app-config.yaml', 'a: 3');
    await next();
    expect(config.get('a')).toBe(3);
  });

  it.each([
    ['', []],
    [', also where a folder above has one', ['app-config.yaml']],
  ])('keeps the content where the file that it comes from is gone%s, until it is back', async (_, others) => {
    const main = 'backend/app-config.yaml';
    mkdirSync(join(root, 'backend'));
    for (const other of others) write(other, 'a: 0');
    write(main, 'a: 1');
    const { config, next } = await start([], undefined, 'backend');
    rmSync(join(root, main));
    expect(await next()).toMatchObject({
      kind: 'error',
      error: {
        code: 'GR_CONFIG_INVALID',
        message: expect.stringContaining('app-config.yaml  The file is gone: put it back'),
      },
    });
    expect(config.get('a')).toBe(1);
    write(main, 'a: 2');
    // The file may be looked at while it is still empty.
    while (config.get('a') !== 2) await next();
  });

  it('takes a file that was away while it was read for one that has changed', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    const { read, release } = holdNextLoad();
    rmSync(join(root, 'app-config.yaml'));
    await read;
    write('app-config.yaml', 'a: 2');
    release();
    expect(await next()).toEqual({ kind: 'reload' });
    expect(config.get('a')).toBe(2);
  });

  it('says which folder can not be watched', async () => {
    const problem = Object.assign(new Error('ENOSPC: no space for watchers'), { code: 'ENOSPC' });
    jest.spyOn(fs, 'watch').mockImplementationOnce(() => {
      throw problem;
    });
    write('app-config.yaml', 'a: 1');
    const { told } = await start();
    expect(told).toEqual([{ kind: 'error', error: expect.objectContaining({ cause: problem }) }]);
    expect(told).toMatchObject([
      { error: { message: expect.stringContaining(`files in ${root} go unnoticed`) } },
    ]);
  });

  it('waits for a file that a broken edit asks for, wherever it is to be', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    write('app-config.yaml', 'a: { $file: secrets/later/a.txt }');
    expect(await next()).toMatchObject({
      kind: 'error',
      error: { code: 'GR_CONFIG_INVALID', message: expect.stringContaining('no such file') },
    });
    expect(config.get('a')).toBe(1);
    mkdirSync(join(root, 'secrets/later'), { recursive: true });
    write('secrets/later/a.txt', 'two');
    while (config.get('a') !== 'two') await next();
  });

  it('notices what changed after it was loaded, and before it was watched', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start([], () => write('app-config.yaml', 'a: 2'));
    expect(await next()).toEqual({ kind: 'reload' });
    expect(config.get('a')).toBe(2);
  });

  it('tells nobody where the content stays the same', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, told } = await start();
    const first = config.loaded;
    const { read, release } = holdNextLoad();
    write('app-config.yaml', '# a comment\na: 1');
    await read;
    release();
    await taken();
    expect(config.loaded).toBe(first);
    expect(told).toEqual([]);
  });

  it('loads once more what changes while it loads', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    const { read, release } = holdNextLoad();
    write('app-config.yaml', 'a: 2');
    await read;
    write('app-config.yaml', 'a: 3');
    // By the time at which another one has loaded it, it was told of as well.
    const other = await start();
    write('app-config.yaml', 'a: 4');
    await other.next();
    release();
    await next();
    expect(config.get('a')).toBe(2);
    await next();
    expect(config.get('a')).toBe(4);
  });

  it('passes on what subscribers throw', async () => {
    write('app-config.yaml', 'a: 1');
    const { config, next } = await start();
    const error = new Error('cannot cope');
    config.subscribe(() => {
      throw error;
    });
    write('app-config.yaml', 'a: 2');
    expect(await next()).toEqual({ kind: 'error', error });
    expect(await next()).toEqual({ kind: 'reload' });
  });

  it('is over when closed', async () => {
    write('app-config.yaml', 'a: 1');
    const closed = await start();
    const open = await start();
    closed.watcher.close();
    write('app-config.yaml', 'a: 2');
    await open.next();
    expect(open.config.get('a')).toBe(2);
    expect(closed.config.get('a')).toBe(1);
    expect(closed.told).toEqual([]);
  });

  it.each(['a: 2', 'a: ['])('is over when closed while it loads %s', async text => {
    write('app-config.yaml', 'a: 1');
    const { config, watcher, told } = await start();
    const { read, release } = holdNextLoad();
    write('app-config.yaml', text);
    await read;
    watcher.close();
    release();
    await taken();
    expect(config.get('a')).toBe(1);
    expect(told).toEqual([]);
  });

  it('never keeps the process alive', () => {
    write('app-config.yaml', 'a: 1');
    const script = `
      const { loadConfig } = require(${JSON.stringify(join(__dirname, 'loadConfig.ts'))});
      const { ReloadableConfig } = require(${JSON.stringify(join(__dirname, 'ReloadableConfig.ts'))});
      const { ConfigWatcher } = require(${JSON.stringify(join(__dirname, 'ConfigWatcher.ts'))});
      const origin = { argv: [], cwd: ${JSON.stringify(root)}, env: {} };
      loadConfig(origin).then(loaded => {
        new ConfigWatcher(new ReloadableConfig(loaded, origin), { onError() {} });
        console.log('watching');
      });`;
    const child = spawnSync(process.execPath, [...sourceArguments, '--eval', script], {
      encoding: 'utf8',
      timeout: 20_000,
      cwd: __dirname,
    });
    expect({ stdout: child.stdout, status: child.status, signal: child.signal }).toEqual({
      stdout: 'watching\n',
      status: 0,
      signal: null,
    });
  }, 30_000);
});
