// Our configuration schemas in Backstage's loader, which its command line and its frontend-serving plugin use.
import { readFileSync } from 'node:fs';
import { compareInProcess, failureOf } from '../lib/compareInProcess.mjs';

const read = path => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const ours = ['@greenroom/backend-app-api', '@greenroom/backend-defaults'];
const plugins = ['@greenroom/plugin-catalog-backend', '@greenroom/plugin-scaffolder-backend'];
const asked = 'that they can be put together, that a configuration is valid, and what is secret in it';

/** Yields one row for our packages alone, as if they had replaced the published ones, and one for all packages together. */
export async function* schemas({ chosen }) {
  if (!chosen('schemas')) return;
  const published = Object.keys(read('../package.json').dependencies);
  const sets = [
    { what: ours.map(name => `\`${name}\``).join(', '), task: { dependencies: ours, strict: true } },
    {
      what: 'These, our plugins and all published ones',
      task: { dependencies: [...ours, ...plugins, ...published], strict: false },
    },
  ];
  for (const { what, task } of sets) {
    const compared = await compareInProcess('mergeSchemas', task);
    yield { what, asked, count: compared.count, failure: failureOf(compared) };
  }
}
