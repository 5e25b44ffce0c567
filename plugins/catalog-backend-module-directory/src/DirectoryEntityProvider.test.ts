// Tests of the provider with real folders.
import { execFileSync } from 'node:child_process';
import syncFs from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mockServices } from '@greenroom/backend-test-utils';
import type { EntityProviderMutation } from '@greenroom/plugin-catalog-node';
import { eventually } from '@greenroom/testing';
import { DirectoryEntityProvider } from './DirectoryEntityProvider';

describe('DirectoryEntityProvider', () => {
  let top: string;
  let folder: string;
  let provider: DirectoryEntityProvider;
  const logger = mockServices.logger.mock();
  const mutations: EntityProviderMutation[] = [];
  const refreshed: string[] = [];
  const applyMutation = jest.fn(async (mutation: EntityProviderMutation) => void mutations.push(mutation));
  const refresh = async ({ keys }: { keys: string[] }) => void refreshed.push(...keys);

  const write = async (name: string, text = 'text') => {
    await fs.mkdir(dirname(join(folder, name)), { recursive: true });
    await fs.writeFile(join(folder, name), text);
  };
  const link = async (name: string, target: string) => {
    await fs.mkdir(dirname(join(folder, name)), { recursive: true });
    await fs.symlink(target, join(folder, name));
  };
  /** As editors save files, version control checks them out, and Kubernetes changes a volume. */
  const replace = async (name: string, create: (temporary: string) => Promise<void>) => {
    await create(`${name}.tmp`);
    await fs.rename(join(folder, `${name}.tmp`), join(folder, name));
  };
  const connect = (path = folder) => {
    provider = new DirectoryEntityProvider({ id: 'services', path, filename: /^.*\.yaml$/ }, logger);
    return provider.connect({ applyMutation, refresh });
  };
  const provided = () => {
    const last = mutations.at(-1);
    const entities = last?.type === 'full' ? last.entities : [];
    return entities.map(({ entity }) => String(entity.spec?.target).replace(`${folder}/`, ''));
  };
  const warnings = () => logger.warn.mock.calls.map(([message]) => message.replaceAll(folder, 'FOLDER'));

  const expectRefreshed = async (name: string, change: () => Promise<void>) => {
    refreshed.length = 0;
    await change();
    await eventually(() => expect(refreshed).toContain(`file:${join(folder, name)}`));
  };

  beforeEach(async () => {
    top = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'catalog-directory-')));
    folder = join(top, 'services');
    await fs.mkdir(folder);
    jest.clearAllMocks();
    mutations.length = 0;
    refreshed.length = 0;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await provider.stop();
    await fs.rm(top, { recursive: true });
  });

  /** Kubernetes mounts ConfigMaps and Secrets like this, and changes them like this. */
  async function mount(version: string, files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await write(`..${version}/${name}`, text);
    await replace('..data', temporary => link(temporary, `..${version}`));
    for (const name of Object.keys(files)) {
      const [first] = name.split('/') as [string];
      await link(first, `..data/${first}`).catch(() => {});
    }
  }

  it('provides the files of a mounted ConfigMap, and notices that it has changed', async () => {
    await mount('1', { 'a.yaml': 'a', 'deep/b.yaml': 'b', 'deep/x.txt': 'x' });
    await connect();
    expect(provided()).toEqual(['a.yaml', 'deep/b.yaml']);
    const change = async () => {
      await mount('2', { 'a.yaml': 'changed', 'deep/b.yaml': 'b', 'deep/c.yaml': 'c' });
    };
    await expectRefreshed('a.yaml', change);
    await eventually(() => expect(provided()).toEqual(['a.yaml', 'deep/b.yaml', 'deep/c.yaml']));
    await fs.rm(join(folder, '..1'), { recursive: true });
    const changeBack = async () => {
      await mount('1', { 'a.yaml': 'a' });
      await fs.rm(join(folder, 'deep'));
      await fs.rm(join(folder, '..2'), { recursive: true });
    };
    await expectRefreshed('a.yaml', changeBack);
    await eventually(() => expect(provided()).toEqual(['a.yaml']));
    expect(warnings()).toEqual([]);
  });

  it('notices a change of a ConfigMap whose folder it provides', async () => {
    await mount('1', { 'deep/b.yaml': 'b' });
    await connect(join(folder, 'deep'));
    expect(provided()).toEqual(['deep/b.yaml']);
    await mount('2', { 'deep/c.yaml': 'c' });
    await fs.rm(join(folder, '..1'), { recursive: true });
    await eventually(() => expect(provided()).toEqual(['deep/c.yaml']));
  });

  it('notices that a link to a whole folder leads to another one', async () => {
    await write('1/a.yaml');
    await write('2/b.yaml');
    await link('current', '1');
    await connect(join(folder, 'current'));
    expect(provided()).toEqual(['current/a.yaml']);
    await replace('current', temporary => link(temporary, '2'));
    await eventually(() => expect(provided()).toEqual(['current/b.yaml']));
  });

  it('provides each file once, whatever links lead to it or in circles', async () => {
    await write('real/a.yaml');
    await write('.hidden/b.yaml');
    await write('node_modules/c.yaml');
    await link('a-link.yaml', 'real/a.yaml');
    await link('a-loop', '.');
    await link('real/up', '../real');
    await link('self.yaml', 'self.yaml');
    await link('nowhere.yaml', 'missing.yaml');
    await link('x', '.hidden');
    await link('y', 'x');
    await link('.also-hidden', 'node_modules');
    await link('z.yaml', '.hidden/b.yaml');
    await connect();
    expect(provided()).toEqual(['real/a.yaml', 'x/b.yaml']);
    expect(warnings()).toEqual([]);
  });

  it('provides no pipe, which could be read forever, nor what leads to one', async () => {
    await write('a.yaml');
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    await link('link.yaml', 'pipe.yaml');
    await connect();
    expect(provided()).toEqual(['a.yaml']);
    expect(warnings()).toEqual([]);
  });

  it('does not follow links out of the folder, and says so once', async () => {
    await fs.mkdir(join(top, 'services-2'));
    await fs.writeFile(join(top, 'services-2/secret.yaml'), 'secret');
    await link('folder', '../services-2');
    await link('file.yaml', join(top, 'services-2/secret.yaml'));
    await link('uninteresting.txt', join(top, 'services-2/secret.yaml'));
    await link('way', 'folder');
    await connect();
    expect(provided()).toEqual([]);
    await write('a.yaml');
    await eventually(() => expect(provided()).toEqual(['a.yaml']));
    expect(warnings()).toEqual(
      ['file.yaml', 'folder', 'way'].map(
        name => `The catalog leaves out FOLDER/${name}: it is a link that leads out of the folder FOLDER`,
      ),
    );
  });

  it('notices changes of the file that a link leads to', async () => {
    await write('texts/a.txt');
    await link('a.yaml', 'texts/a.txt');
    await connect();
    await expectRefreshed('a.yaml', () => write('texts/a.txt', 'changed'));
    await write('texts/b.txt');
    await expectRefreshed('a.yaml', () => replace('a.yaml', temporary => link(temporary, 'texts/b.txt')));
    expect(provided()).toEqual(['a.yaml']);
  });

  it('notices each time that a file is replaced', async () => {
    await write('deep/a.yaml');
    await connect();
    for (const text of ['1', '2', '3']) {
      await expectRefreshed('deep/a.yaml', () => replace('deep/a.yaml', temporary => write(temporary, text)));
    }
    expect(provided()).toEqual(['deep/a.yaml']);
  });

  it('notices that a folder is replaced', async () => {
    await write('a/x.yaml');
    await write('b/x.yaml');
    await connect();
    await expectRefreshed('a/x.yaml', async () => {
      await fs.rename(join(folder, 'a'), join(folder, 'old'));
      await fs.rename(join(folder, 'b'), join(folder, 'a'));
    });
    await eventually(() => expect(provided()).toEqual(['a/x.yaml', 'old/x.yaml']));
    await expectRefreshed('a/x.yaml', () => write('a/x.yaml', 'changed'));
  });

  it('keeps what is there if the folder goes away, and goes on when it is back', async () => {
    await write('a.yaml');
    await connect();
    await fs.rm(folder, { recursive: true });
    await eventually(() => expect(logger.error).toHaveBeenCalled());
    expect(provided()).toEqual(['a.yaml']);
    await write('b.yaml');
    await eventually(() => expect(provided()).toEqual(['b.yaml']));
    await expectRefreshed('b.yaml', () => write('b.yaml', 'changed'));
  });

  it('says which folder of the configuration is missing', async () => {
    await expect(connect(join(folder, 'missing'))).rejects.toThrow(
      `The folder ${folder}/missing of catalog.providers.directory.services can't be read: ENOENT`,
    );
  });

  it('tries again if the catalog can not be changed at the moment', async () => {
    await write('a.yaml');
    await connect();
    applyMutation.mockRejectedValueOnce(new Error('the database is down'));
    await write('b.yaml');
    await expectRefreshed('a.yaml', () => write('a.yaml', 'changed'));
    expect(logger.error).toHaveBeenCalled();
    expect(provided()).toEqual(['a.yaml', 'b.yaml']);
  });

  it('notices changes although other files come and go all the time', async () => {
    await connect();
    let count = 0;
    const noise = setInterval(() => void write(`${count++}.log`), 50);
    try {
      await write('a.yaml');
      await eventually(() => expect(provided()).toEqual(['a.yaml']));
    } finally {
      clearInterval(noise);
    }
    expect(mutations).toHaveLength(2);
  });

  it('provides what is there where nothing more can be watched, and says so once', async () => {
    await write('a.yaml');
    await write('deep/b.yaml');
    jest.spyOn(syncFs, 'watch').mockImplementation(() => {
      throw Object.assign(new Error('ENOSPC: too many watchers'), { code: 'ENOSPC' });
    });
    await connect();
    expect(provided()).toEqual(['a.yaml', 'deep/b.yaml']);
    expect(warnings()).toEqual([expect.stringMatching(/^The folder .* can't be watched: changes in it/)]);
  });

  it('provides what it can read, and keeps what it could read before', async () => {
    await write('a.yaml');
    await write('deep/b.yaml');
    await connect();
    const { readdir } = fs;
    const denied = jest.spyOn(fs, 'readdir').mockImplementation(async (...args) => {
      if (args[0] === join(folder, 'deep'))
        throw Object.assign(new Error('EACCES: denied'), { code: 'EACCES' });
      return readdir(...(args as unknown as Parameters<typeof readdir>)) as never;
    });
    await write('c.yaml');
    await eventually(() => expect(provided()).toEqual(['a.yaml', 'c.yaml', 'deep/b.yaml']));
    expect(warnings()).toEqual(["The catalog leaves out FOLDER/deep: it can't be read: EACCES: denied"]);
    await fs.rename(join(folder, 'a.yaml'), join(folder, 'deep/a.yaml'));
    await eventually(() => expect(provided()).toEqual(['c.yaml', 'deep/b.yaml']));
    denied.mockRestore();
    await fs.chmod(join(folder, 'deep'), 0o700);
    await eventually(() => expect(provided()).toEqual(['c.yaml', 'deep/a.yaml', 'deep/b.yaml']));
  });
});
