// Tests that docs/errors.md and the sources have the same error codes, and that its examples are messages of the engine.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { wrongSetups } from '../diagnostics/wrongSetups';
import { EngineError, subject } from './EngineError';
import { engineErrors } from './errorWordings';

const repository = resolve(__dirname, '../../../..');
const page = readFileSync(join(repository, 'docs/errors.md'), 'utf8');
const examples = new Map(
  [...page.matchAll(/^### `(GR_[A-Z_]+)`\n\n.+? \*\*What to do:\*\* .+\n\n```text\n([^]+?)\n```$/gm)].map(
    ([, code, example]) => [code!, example!],
  ),
);

/** Folders of what only tests use. */
const testFolder = /(^|\/)(diagnostics|resilience|scenarios|testing|typeTests)\//;

/** The codes in the sources of all packages and plugins, tests left out, each with the files that have it. */
function codesOfSources(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const kind of ['packages', 'plugins']) {
    for (const name of readdirSync(join(repository, kind))) {
      const folder = join(repository, kind, name, 'src');
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts') || testFolder.test(file)) continue;
        for (const [, code] of readFileSync(join(folder, file), 'utf8').matchAll(/'(GR_[A-Z_]+)'/g)) {
          found.set(code!, [...(found.get(code!) ?? []), `${kind}/${name}/src/${file}`]);
        }
      }
    }
  }
  return found;
}

describe('docs/errors.md', () => {
  const sources = codesOfSources();
  const known = new Set([...sources.keys(), ...Object.keys(engineErrors)]);

  it('finds the codes of the sources', () => {
    expect(sources.get('GR_PORT_IN_USE')).toEqual([
      'packages/backend-defaults/src/services/rootHttpRouter/httpServerErrors.ts',
    ]);
    expect(known.size).toBeGreaterThan(50);
  });

  it('explains every code of the sources, each once', () => {
    expect([...known].filter(code => !examples.has(code))).toEqual([]);
    expect(page.match(/^### /gm)).toHaveLength(examples.size);
  });

  it('explains no code that the sources do not have', () => {
    expect([...examples.keys()].filter(code => !known.has(code))).toEqual([]);
  });

  it.each(Object.keys(engineErrors))('gives a message of the engine as the example of %s', code => {
    const messages = wrongSetups.flatMap(({ told }) =>
      told.flatMap(one => (one[0] === code ? [one[1]] : [])),
    );
    expect(messages).toContain(examples.get(code)!.replace(/\bsrc\/index\.ts:\d+:\d+/g, '<here>'));
  });
});

describe('EngineError', () => {
  it('raises each code of the table somewhere in the engine', () => {
    const raised = codesOfSources();
    expect(Object.keys(engineErrors).filter(code => !raised.has(code))).toEqual([]);
  });

  it('is named by its code, and survives JSON.stringify', () => {
    const path = [subject('module', 'm', 'p'), subject('service', 'a')];
    const fields = { subject: path[0]!, id: 'a', reason: 'no luck' };
    const error = new EngineError('GR_SERVICE_FAILED', fields, { path, cause: new Error('no luck') });
    expect(String(error)).toMatch(
      /^ServiceFailedError: Module 'm' of plugin 'p' could not get service 'a': no luck \(/,
    );
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ServiceFailedError',
      code: 'GR_SERVICE_FAILED',
      message: error.message,
      path,
      hint: expect.stringMatching(/^It was thrown at .*EngineError\.test\.ts:\d+:\d+\.$/),
      cause: { name: 'Error', message: 'no luck' },
    });
  });
});
