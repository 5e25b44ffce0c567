// What a backend with one plugin has loaded when it is ready and has nothing to do, in a process of its own.
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

const script = `
  const { createBackend } = require('@greenroom/backend-defaults');
  const backend = createBackend();
  backend.add(require('./src/index.ts').default);
  backend
    .start()
    .then(() => {
      const names = Object.keys(require.cache).map(file => file.split('/node_modules/').at(-1).split('/').slice(0, 2).join('/'));
      console.log('\\n' + JSON.stringify([...new Set(names)]));
    })
    .then(() => process.exit());`;

it.each(['@greenroom/plugin-catalog-backend', '@greenroom/plugin-scaffolder-backend'])(
  '%s is ready without what entities, templates, inputs, policies and metrics are looked at with',
  plugin => {
    const output = execFileSync(
      process.execPath,
      ['--conditions=greenroom-source', '--import', 'tsx', '-e', script],
      {
        // Where no configuration lies.
        cwd: dirname(require.resolve(`${plugin}/package.json`)),
        encoding: 'utf8',
        env: {
          ...process.env,
          APP_CONFIG_backend_baseUrl: 'http://localhost:7007',
          APP_CONFIG_backend_listen: '127.0.0.1:0',
          APP_CONFIG_backend_database: '{"client":"better-sqlite3","connection":":memory:"}',
        },
      },
    );
    const loaded = JSON.parse(output.trim().split('\n').at(-1)!) as string[];
    const startsOf = (name: string) => loaded.filter(path => path.startsWith(`${name}/`) || path === name);
    expect(startsOf('knex')).not.toEqual([]);
    const later = [
      '@backstage/catalog-model',
      '@backstage/catalog-client',
      '@backstage/plugin-permission-common',
      '@opentelemetry/api',
      'ajv',
      'node-fetch',
      'tar',
      'zod',
    ];
    expect(later.flatMap(startsOf)).toEqual([]);
  },
  60_000,
);
