// Folders, exports and the list of default factories agree, and the package costs little to import.
import { coreServices } from '@greenroom/backend-plugin-api';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultServiceFactories } from './createBackend';

const root = dirname(__dirname);
const folders = readdirSync(join(__dirname, 'services')).sort();
const alphaFolders = readdirSync(join(__dirname, 'alpha'), { withFileTypes: true })
  .flatMap(entry => (entry.isDirectory() ? entry.name : []))
  .sort();
/** Folders of one shape, relative to this one. */
const paths = [
  ...folders.map(folder => `services/${folder}`),
  ...alphaFolders.map(folder => `alpha/${folder}`),
];

/** Every factory that a service folder exports, by the id of its service. */
async function factoriesOf(path: string): Promise<Map<string, unknown>> {
  const module: Record<string, unknown> = await import(`./${path}`);
  const factories = Object.entries(module).filter(([name]) => name.endsWith('ServiceFactory'));
  return new Map(
    factories.map(([, factory]) => [(factory as { service: { id: string } }).service.id, factory]),
  );
}

it('exports every service folder, and beside them only the alpha services and roles', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
  const subpaths = Object.keys(exports).filter(subpath => !['.', './package.json'].includes(subpath));
  expect(subpaths.sort()).toEqual(['./alpha', './roles', ...folders.map(folder => `./${folder}`)].sort());
});

it('lists the factories of every service folder, and no others', async () => {
  const exported = (await Promise.all(paths.map(factoriesOf))).flatMap(factories => [...factories.values()]);
  expect(new Set(defaultServiceFactories)).toEqual(new Set(exported));
  expect(defaultServiceFactories).toHaveLength(exported.length);
});

it('exports the alpha services together', async () => {
  const own = (await Promise.all(alphaFolders.map(folder => factoriesOf(`alpha/${folder}`)))).flatMap(
    factories => [...factories],
  );
  expect(new Map(own)).toEqual(await factoriesOf('alpha'));
  expect(own.map(([id]) => id)).toEqual(alphaFolders.map(folder => `alpha.core.${folder}`));
});

it.each(paths)('has one shape in %s', folder => {
  const path = join(__dirname, folder);
  expect(existsSync(join(path, 'index.ts'))).toBe(true);
  expect(existsSync(join(path, 'factory.ts'))).toBe(true);
  expect(readFileSync(join(path, 'factory.ts'), 'utf8').split('\n').length).toBeLessThanOrEqual(61);
  expect(readFileSync(join(path, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(41);
});

it('names core services after their folders', async () => {
  for (const folder of folders.filter(name => name in coreServices)) {
    expect([...(await factoriesOf(`services/${folder}`)).keys()]).toContain(`core.${folder}`);
  }
});

it('loads no heavy package before a backend starts', () => {
  const script = `
    require('tsx/cjs');
    const { createBackend } = require('./src/index.ts');
    createBackend();
    const packages = Object.keys(require.cache).map(file => file.split('/node_modules/').at(-1).split('/')[0]);
    console.log(JSON.stringify([...new Set(packages)]));`;
  const output = execFileSync(process.execPath, ['--conditions=greenroom-source', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  const loaded: string[] = JSON.parse(output.trim().split('\n').at(-1)!);
  expect(loaded).toContain('@backstage');
  const heavy = [
    'express',
    'router',
    'helmet',
    'cors',
    'compression',
    'express-rate-limit',
    '@keyv',
    '@redis',
    'iovalkey',
    'knex',
    'better-sqlite3',
    'pg',
    'yaml',
    'pino',
    'pino-pretty',
    'lodash',
    'jose',
    '@opentelemetry',
    'picomatch',
    'modern-tar',
    'yauzl',
    'croner',
    'ajv',
    'zod-to-json-schema',
    'zod',
  ];
  expect(loaded.filter(name => heavy.includes(name))).toEqual([]);
});
