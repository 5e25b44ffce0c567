// A backend with the catalog, or with the scaffolder as well: `node pluginsServer.mjs <maker> <catalog | both> --config <file>`.
import { createRequire } from 'node:module';
import { reportUsage } from './answer.mjs';

const require = createRequire(import.meta.url);
const scopes = { greenroom: '@greenroom', published: '@backstage' };
const catalog = ['plugin-catalog-backend', 'plugin-catalog-backend-module-scaffolder-entity-model'];
const features = { catalog, both: [...catalog, 'plugin-scaffolder-backend'] };

const [maker, which] = process.argv.slice(2);
const load = name => require(`${scopes[maker]}/${name}`);

const backend = load('backend-defaults').createBackend();
for (const name of features[which]) backend.add(load(name).default);
reportUsage();
await backend.start();
