// Tests the gathering of schemas over real trees of packages, linked ones and broken ones among them.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderForEach } from '../../../testing/folderForEach';
import { defaultSchemaRoots, gatherSchemas } from './gatherSchemas';

describe('gatherSchemas', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  function write(path: string, content: unknown) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const manifest = (name: string, dependencies: string[] = [], rest: object = {}) => ({
    name,
    dependencies: Object.fromEntries(dependencies.map(each => [each, '*'])),
    ...rest,
  });
  const schemaOf = (key: string) => ({ type: 'object', properties: { [key]: { type: 'string' } } });
  const system = '@backstage/backend-plugin-api';

  it('finds schemas in files and in manifests, over hoisted, nested and linked packages', async () => {
    write('app/package.json', manifest('app', ['plugin-a', 'linked'], { configSchema: schemaOf('own') }));
    write('node_modules/plugin-a/package.json', {
      ...manifest('plugin-a', [system, 'plugin-b']),
      configSchema: 'config.schema.json',
    });
    write('node_modules/plugin-a/config.schema.json', schemaOf('a'));
    write(
      'node_modules/plugin-a/node_modules/plugin-b/package.json',
      manifest('plugin-b', [system], { configSchema: schemaOf('nested') }),
    );
    write(
      'node_modules/plugin-b/package.json',
      manifest('plugin-b', [], { configSchema: schemaOf('other') }),
    );
    write('workspace/package.json', manifest('linked', ['plugin-b'], { configSchema: schemaOf('linked') }));
    symlinkSync(join(root, 'workspace'), join(root, 'node_modules/linked'));

    const { schemas, skipped } = await gatherSchemas([join(root, 'app')]);
    expect(schemas.map(({ packageName, schema }) => [packageName, Object.keys(schema.properties!)])).toEqual([
      ['app', ['own']],
      ['plugin-a', ['a']],
      ['linked', ['linked']],
      // Of two copies one counts.
      ['plugin-b', ['nested']],
    ]);
    expect(skipped).toEqual([]);
  });

  it('reads no further than packages that can know of configuration', async () => {
    write('app/package.json', manifest('app', ['plain', 'plugin-a', 'missing']));
    write('node_modules/plain/package.json', manifest('plain', ['deep']));
    write('node_modules/deep/package.json', manifest('deep', [], { configSchema: schemaOf('deep') }));
    write('node_modules/plugin-a/package.json', manifest('plugin-a', [system, 'deep']));
    // The application, plain, plugin-a and deep, the latter by way of plugin-a.
    expect(await gatherSchemas([join(root, 'app')])).toMatchObject({
      packages: 4,
      schemas: [{ packageName: 'deep' }],
    });

    write('other/package.json', manifest('other', ['plain']));
    expect(await gatherSchemas([join(root, 'other')])).toMatchObject({ packages: 2, schemas: [] });
  });

  it('goes on where an optional package is missing, a cycle leads back, or a schema cannot be used', async () => {
    write('app/package.json', {
      ...manifest('app', ['code', 'broken', 'gone', 'list', 'cycle']),
      optionalDependencies: { 'not-installed': '*' },
    });
    const install = (name: string, configSchema: unknown) =>
      write(`node_modules/${name}/package.json`, manifest(name, ['cycle'], { configSchema }));
    install('code', 'config.js');
    install('broken', 'schema.json');
    write('node_modules/broken/schema.json', '{ "type": ');
    install('gone', 'schema.json');
    install('list', []);
    install('cycle', schemaOf('cycle'));
    const { schemas, skipped } = await gatherSchemas([join(root, 'app')]);
    expect(schemas).toMatchObject([{ packageName: 'cycle' }]);
    expect(skipped).toEqual([
      { packageName: 'code', reason: 'config.js is neither a .json nor a .d.ts file' },
      { packageName: 'broken', reason: expect.stringMatching(/JSON/) },
      { packageName: 'gone', reason: expect.stringMatching(/ENOENT/) },
      { packageName: 'list', reason: 'its schema is not an object' },
    ]);
  });

  it('leaves out the implementation that this one stands in for', async () => {
    write('app/package.json', manifest('app', ['@backstage/backend-defaults']));
    write(
      'node_modules/@backstage/backend-defaults/package.json',
      manifest('@backstage/backend-defaults', [], { configSchema: schemaOf('app') }),
    );
    expect((await gatherSchemas([join(root, 'app')])).schemas).toEqual([]);
  });

  it('replaces references to definitions, except where that would never end', async () => {
    write('app/package.json', {
      name: 'app',
      configSchema: {
        definitions: {
          time: { type: 'string' },
          tree: { properties: { child: { $ref: '#/definitions/tree' } } },
        },
        properties: { wait: { $ref: '#/definitions/time', description: 'How long' } },
      },
    });
    expect((await gatherSchemas([join(root, 'app')])).schemas[0]!.schema).toEqual({
      properties: { wait: { type: 'string', description: 'How long' } },
    });

    write('deep/package.json', {
      name: 'deep',
      configSchema: {
        definitions: { tree: { properties: { child: { $ref: '#/definitions/tree' } } } },
        properties: { root: { $ref: '#/definitions/tree' } },
      },
    });
    expect((await gatherSchemas([join(root, 'deep')])).schemas[0]!.schema).toMatchObject({
      definitions: { tree: {} },
      properties: { root: { properties: { child: { $ref: '#/definitions/tree' } } } },
    });
  });

  it('begins at the script that runs, or in the working directory where a tool runs it', () => {
    write('app/package.json', { name: 'app' });
    write('app/src/package.json', { type: 'module' });
    write('app/src/index.js', '');
    write('elsewhere/package.json', { name: 'elsewhere' });
    const [here, there] = [join(root, 'app'), join(root, 'elsewhere')];
    const own = join(__dirname, '../../../..');
    expect(defaultSchemaRoots(join(here, 'src/index.js'), there)).toEqual([here, there, own]);
    expect(defaultSchemaRoots(join(here, 'node_modules/tool/bin.js'), there)).toEqual([there, own]);
    expect(defaultSchemaRoots('', here)).toEqual([here, own]);
  });
});
