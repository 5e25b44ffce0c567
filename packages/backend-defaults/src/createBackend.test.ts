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
  const exporting = [...folders.map(folder => `services/${folder}`), 'alpha'];
  const exported = (await Promise.all(exporting.map(factoriesOf))).flatMap(found => [...found.values()]);
  expect(new Set(defaultServiceFactories)).toEqual(new Set(exported));
  expect(defaultServiceFactories).toHaveLength(exported.length);
});

it('exports the alpha services together', async () => {
  const own = (await Promise.all(alphaFolders.map(folder => factoriesOf(`alpha/${folder}/factory`)))).flatMap(
    factories => [...factories],
  );
  expect(new Map(own)).toEqual(await factoriesOf('alpha'));
  expect(own.map(([id]) => id)).toEqual(alphaFolders.map(folder => `alpha.core.${folder}`));
});

it.each(paths)('has one shape in %s', folder => {
  const path = join(__dirname, folder);
  // The alpha services share a subpath.
  expect(existsSync(join(path, 'index.ts'))).toBe(folder.startsWith('services/'));
  expect(existsSync(join(path, 'factory.ts'))).toBe(true);
  expect(readFileSync(join(path, 'factory.ts'), 'utf8').split('\n').length).toBeLessThanOrEqual(61);
  expect(readFileSync(join(path, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(41);
});

it('names core services after their folders', async () => {
  for (const folder of folders.filter(name => name in coreServices)) {
    expect([...(await factoriesOf(`services/${folder}`)).keys()]).toContain(`core.${folder}`);
  }
});

/** What `script` prints as JSON in its last line, in a process of its own with the sources of this package. */
function printedBy(script: string) {
  const output = execFileSync(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '-e', script],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, APP_CONFIG_backend_listen: '127.0.0.1:0' },
    },
  );
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

const loadedPackages =
  "[...new Set(Object.keys(require.cache).map(file => file.split('/node_modules/').at(-1).split('/')[0]))]";

it('loads no heavy package before a backend starts', () => {
  const loaded: string[] = printedBy(`
    const { createBackend } = require('./src/index.ts');
    createBackend();
    console.log(JSON.stringify(${loadedPackages}));`);
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

it('answers probes without express and compression, and loads them for the first request of another kind', () => {
  const seen = printedBy(`
    const { createBackend } = require('./src/index.ts');
    const { coreServices, createServiceFactory } = require('@greenroom/backend-plugin-api');
    const { httpServerAddressServiceRef } = require('./src/services/discovery/HttpServerAddress.ts');
    const seen = [];
    let address;
    const backend = createBackend();
    backend.add(
      createServiceFactory({
        service: httpServerAddressServiceRef,
        deps: {},
        factory: () => ({ report: url => (address = url) }),
      }),
    );
    const ask = async path => {
      const { status } = await fetch(address + path);
      const late = ${loadedPackages}.filter(name => name === 'express' || name === 'compression');
      seen.push([status, late.sort()]);
    };
    backend
      .start()
      .then(() => ask('/.backstage/health/v1/readiness?verbose'))
      .then(() => ask('/nothing?a=b'))
      .then(() => console.log('\\n' + JSON.stringify(seen)))
      .then(() => process.exit());`);
  expect(seen).toEqual([
    [200, []],
    [404, ['compression', 'express']],
  ]);
});
