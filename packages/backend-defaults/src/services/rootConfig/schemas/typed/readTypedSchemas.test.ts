// Tests when schemas written as types are compiled, and when what is on disk is used: real files and the real compiler.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEach } from '../../../../testing/folderForEach';
import { loadCompiler } from './loadCompiler';
import { readTypedSchemas } from './readTypedSchemas';
import { SchemaCache, schemaCacheFolders } from './SchemaCache';

jest.mock('./loadCompiler', () => {
  const actual = jest.requireActual('./loadCompiler');
  return { ...actual, loadCompiler: jest.fn(actual.loadCompiler) };
});
const loaded = jest.mocked(loadCompiler);

describe('readTypedSchemas', () => {
  let root: string;
  let cache: SchemaCache;
  folderForEach(folder => {
    root = folder;
    cache = new SchemaCache([join(root, 'cache')]);
    loaded.mockClear();
  });

  const shop = (text: string, version = '1.0.0') => {
    const file = join(root, 'config.d.ts');
    writeFileSync(file, text);
    return { packageName: '@my/shop', version, file };
  };
  const config = 'export interface Config { /** @visibility secret */ pin?: string }';
  const schemas = [
    {
      packageName: '@my/shop',
      schema: { type: 'object', properties: { pin: { type: 'string', visibility: 'secret' } } },
    },
  ];

  it('compiles once, and again for another version, another text, a damaged file, or on demand', async () => {
    const folder = join(root, 'cache');
    const first = await readTypedSchemas([shop(config)], cache);
    expect(first).toEqual({ schemas, skipped: [], uncompiled: [], compiled: { count: 1, folder } });
    expect(await readTypedSchemas([shop(config)], cache)).toEqual({ schemas, skipped: [], uncompiled: [] });
    expect(loaded).toHaveBeenCalledTimes(1);

    const [file] = readdirSync(folder);
    expect(file).toMatch(/^@my__shop@1\.0\.0-[0-9a-f]{16}\.json$/);
    writeFileSync(join(folder, file!), '{ "schema": ');
    expect(await readTypedSchemas([shop(config)], cache)).toEqual(first);
    expect(JSON.parse(readFileSync(join(folder, file!), 'utf8'))).toEqual({ schema: schemas[0]!.schema });
    expect(await readTypedSchemas([shop(config)], cache, { anew: true })).toEqual(first);
    expect(await readTypedSchemas([shop(config, '1.0.1')], cache)).toMatchObject({ compiled: { count: 1 } });
    expect(await readTypedSchemas([shop(`${config}\n`)], cache)).toMatchObject({ compiled: { count: 1 } });
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('does without a compiler what it can: what is on disk is used, the rest is named', async () => {
    await readTypedSchemas([shop(config)], cache);
    loaded.mockResolvedValue(undefined);
    try {
      const other = { packageName: 'other', version: '', file: join(root, 'config.d.ts') };
      const read = await readTypedSchemas([shop(config), other], cache);
      expect(read).toEqual({ schemas, skipped: [], uncompiled: ['other'] });
    } finally {
      loaded.mockReset();
      loaded.mockImplementation(jest.requireActual('./loadCompiler').loadCompiler);
    }
  });

  it('reports what is broken or missing, also from the cache, and what could not be kept', async () => {
    const broken = shop('export interface Config {');
    const gone = { ...broken, packageName: 'gone', file: join(root, 'gone.d.ts') };
    const skipped = [
      { packageName: 'gone', reason: expect.stringMatching(/ENOENT/) },
      { packageName: '@my/shop', reason: expect.stringMatching(/^line 1 has a mistake/) },
    ];
    const read = await readTypedSchemas([broken, gone], cache);
    expect(read).toMatchObject({ schemas: [], skipped, compiled: { count: 1 } });
    const again = await readTypedSchemas([broken, gone], cache);
    expect(again.skipped).toEqual(expect.arrayContaining(skipped));
    expect(loaded).toHaveBeenCalledTimes(1);

    writeFileSync(join(root, 'file'), '');
    const nowhere = new SchemaCache([join(root, 'file', 'cache')]);
    expect(await readTypedSchemas([shop(config)], nowhere)).toMatchObject({
      schemas,
      compiled: { count: 1 },
    });
  });
});

describe('SchemaCache', () => {
  let root: string;
  folderForEach(folder => (root = folder));
  const source = { packageName: 'shop', version: '1.0.0', text: '' };

  it('writes to the first folder that lets it, and reads all', () => {
    writeFileSync(join(root, 'file'), '');
    const [readOnly, own] = [join(root, 'file', 'a'), join(root, 'own')];
    expect(new SchemaCache([readOnly, own]).write(source, { problem: 'p' })).toBe(own);
    expect(new SchemaCache([join(root, 'other'), own]).read(source)).toEqual({ problem: 'p' });
    expect(new SchemaCache([readOnly]).write(source, {})).toBeUndefined();
    expect(new SchemaCache([readOnly]).read(source)).toBeUndefined();
  });

  it('lies in the nearest node_modules, then where the user keeps such things', () => {
    mkdirSync(join(root, 'node_modules'));
    mkdirSync(join(root, 'packages/backend'), { recursive: true });
    const folders = schemaCacheFolders(join(root, 'packages/backend'), { XDG_CACHE_HOME: '/caches' });
    expect(folders).toEqual([
      join(root, 'node_modules/.cache/greenroom/config-schemas'),
      '/caches/greenroom/config-schemas',
    ]);
  });
});
