// Tests that templates as people published them fill their forms and run, to the end or to an action that is not there.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { JsonValue } from '@backstage/types';
import { parseAllDocuments } from 'yaml';
import { isTemplateEntity, type TemplateEntity } from '../templates/TemplateSpec';
import { createActionBench } from '../testing/runBuiltinAction';
import { runTemplate, sampleValues } from '../testing/runTemplate';

// Lies beside the repository where it is there at all: the files are not ours to publish.
const corpus = resolve(__dirname, '../../../../../shared/data/catalog-corpus');
const title = existsSync(corpus) ? 'the corpus' : `the corpus, which is not at ${corpus}`;
const describeCorpus = existsSync(corpus) ? describe : describe.skip;

interface Found {
  readonly path: string;
  /** As it would be on GitHub. */
  readonly url: string;
  readonly entity: TemplateEntity;
}

function findTemplates(): Found[] {
  if (!existsSync(corpus)) return [];
  const paths = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.yaml'))
    .sort();
  return paths.flatMap(path =>
    // Skeletons are templates of files: most of them are no YAML yet.
    parseAllDocuments(readFileSync(join(corpus, path), 'utf8'))
      .filter(document => document.errors.length === 0)
      .map(document => withIncludes(document.toJS()) as unknown as TemplateEntity)
      .filter(entity => entity?.kind === 'Template' && isTemplateEntity(entity))
      .map(entity => ({ path, url: githubUrl(path), entity })),
  );
}

function githubUrl(path: string): string {
  const [repository, ...rest] = path.split('/');
  return `https://github.com/${repository!.replace('__', '/')}/blob/main/${rest.join('/')}`;
}

/** What the catalog does with `$yaml`. */
function withIncludes(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withIncludes);
  if (typeof value !== 'object' || value === null) return value;
  const url = value.$yaml;
  if (typeof url === 'string') {
    const [, owner, name, rest] = /^https:\/\/github\.com\/([^/]+)\/([^/]+)\/blob\/main\/(.*)$/.exec(url)!;
    return parseAllDocuments(
      readFileSync(join(corpus, `${owner}__${name}`, rest!), 'utf8'),
    )[0]!.toJS() as JsonValue;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIncludes(item ?? null)]));
}

const templates = findTemplates();

describeCorpus(title, () => {
  let server: Server;
  let empty: string;
  let bench: ReturnType<typeof createActionBench>;
  beforeAll(async () => {
    empty = mkdtempSync(join(tmpdir(), 'empty-'));
    // Answers as the API of GitHub does for the archive of a repository; those that are not in the corpus are empty.
    server = createServer((request, response) => {
      const [, , owner, name, what] = request.url!.split('/');
      if (what === 'commits') return void response.end(JSON.stringify({ sha: 'a1b2c3' }));
      const folder = join(corpus, `${owner}__${name}`);
      const root = existsSync(folder) ? folder : empty;
      response.end(execFileSync('tar', ['-C', root, '-cz', '--transform', 's,^\\.,root,', '.']));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    rmSync(empty, { recursive: true });
  });
  beforeEach(() => {
    const apiBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    bench = createActionBench({ config: { integrations: { github: [{ host: 'github.com', apiBaseUrl }] } } });
  });
  afterEach(() => bench.close());

  const lacking = new Map<string, string | undefined>();
  it.each(templates.map(found => [relative('.', found.path), found] as const))(
    '%s',
    async (path, { entity, url }) => {
      const run = await runTemplate(entity.spec, sampleValues(entity.spec), {
        bench,
        baseUrl: url,
        isDryRun: true,
      });
      lacking.set(path, run.lacks);
      // Either it is at its end, or it says which action is missing, and that one is really in its steps.
      if (run.lacks === undefined) expect(run.output).toBeDefined();
      else expect(entity.spec.steps.map(({ action }) => action)).toContain(run.lacks);
    },
  );

  it('has all of its templates tried, of which the actions of other modules are lacking', () => {
    expect(lacking.size).toBe(26);
    expect([...new Set(lacking.values())].sort()).toEqual([
      'fetch:cookiecutter',
      'fetch:rails',
      'kube:apply',
      'publish:github',
      'publish:github:pull-request',
      'publish:gitlab:merge-request',
      'roadiehq:utils:fs:replace',
      'roadiehq:utils:merge',
    ]);
  });
});
