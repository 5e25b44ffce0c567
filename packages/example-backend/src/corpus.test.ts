// Repositories as people publish them, read whole: each document is served or refused with its place, each template has a
// form and dry-runs to its end, or to the first action that this backend does not have.
import { dropDatabases } from '@greenroom/testing';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineCounter, parseAllDocuments } from 'yaml';
import { GithubStandIn } from './testing/GithubStandIn';
import { cleanUpExamples, makeFolder, runExample, writeConfig } from './testing/runExample';
import { sampleValues } from './testing/sampleValues';

jest.setTimeout(240_000);

/** Folders called `<owner>__<name>`. Those of other people are not ours to publish: whoever has some names their folder. */
const own = join(__dirname, 'testing/corpus');
const given = process.env.GREENROOM_TEST_CORPUS;
const corpora = [
  { title: 'of our own', corpus: own, suite: describe },
  given
    ? { title: 'given', corpus: resolve(given), suite: describe }
    : {
        title:
          'of other people (needs GREENROOM_TEST_CORPUS, a folder of repositories called <owner>__<name>)',
        corpus: own,
        suite: describe.skip,
      },
];

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const databases = postgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
const token = 'a-token-for-the-tests-of-the-corpus';

interface Refusal {
  readonly subject: string;
  readonly file: string;
  readonly line?: number;
  readonly reason: string;
}
interface Entity {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Record<string, string>;
  };
  readonly spec: { readonly steps?: readonly Step[] };
}
interface Step {
  readonly action: string;
  readonly if?: unknown;
}
/** A document of a file, with its first and last line. */
interface Piece {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** `<kind>:<name>`, if it looks like an entity. */
  readonly ref?: string;
}

const suites = databases.flatMap(database => corpora.map(one => ({ ...one, database })));
for (const { corpus, database, suite, title } of suites) {
  suite(`on ${database}, the corpus ${title}`, () => {
    const prefix = `greenroom_corpus_${randomUUID().slice(0, 8)}_`;
    const paths = filesBelow(corpus).filter(path => /\.ya?ml$/.test(path));
    const pieces = paths.flatMap(path => piecesOf(corpus, path));
    let github: GithubStandIn;
    let url: string;
    let entities: Entity[];
    let refused: Refusal[];

    beforeAll(async () => {
      github = await GithubStandIn.start(corpus);
      url = await runExample(['--config', await writeConfig(JSON.stringify(await configOf()))]).ready();
      // What is slow to read comes while the backend is ready already.
      expect(await unjudged()).toEqual([]);
    });
    afterAll(async () => {
      await cleanUpExamples();
      github?.stop();
      if (database === 'PostgreSQL') await dropDatabases(prefix);
    });

    async function configOf() {
      const connection = database === 'PostgreSQL' ? postgres : { directory: await makeFolder() };
      return {
        backend: {
          listen: { host: '127.0.0.1', port: 0 },
          database: { client: database === 'PostgreSQL' ? 'pg' : 'better-sqlite3', connection, prefix },
          auth: { externalAccess: [{ type: 'static', options: { token, subject: 'tests' } }] },
        },
        // Without a token the files would be read from another host.
        integrations: { github: [{ host: 'github.com', apiBaseUrl: github.apiBaseUrl, token }] },
        catalog: { locations: paths.map(path => ({ type: 'url', target: GithubStandIn.urlOf(path) })) },
      };
    }

    async function ask(path: string, body?: object) {
      const answer = await fetch(`${url}/api/${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    }

    /** Gives the documents of which nothing is known after a minute. */
    async function unjudged(): Promise<Piece[]> {
      for (let attempt = 0; ; attempt += 1) {
        entities = (await ask('catalog/entities')).body as Entity[];
        refused = ((await ask('catalog/.greenroom/ingestion')).body as { refused: Refusal[] }).refused;
        const left = pieces.filter(piece => outcomeOf(piece) === undefined);
        if (left.length === 0 || attempt === 300) return left;
        await sleep(200);
      }
    }

    function outcomeOf({ path, first, last, ref }: Piece): 'served' | Refusal | undefined {
      const file = GithubStandIn.urlOf(path);
      const isServed = entities.some(
        ({ kind, metadata }) =>
          `${kind}:${metadata.name}` === ref &&
          metadata.annotations['backstage.io/managed-by-location'] === `url:${file}`,
      );
      if (isServed) return 'served';
      return refused.find(one => one.file === file && one.line! >= first && one.line! <= last);
    }

    it('is served or refused, document by document, with file, line and reason', () => {
      const outcomes = pieces.map(outcomeOf);
      for (const outcome of outcomes) {
        if (outcome !== 'served')
          expect(outcome).toMatchObject({ subject: 'document', reason: expect.stringMatching(/\w/) });
      }
      const served = outcomes.filter(outcome => outcome === 'served').length;
      report(
        `${paths.length} files, ${pieces.length} documents: ${served} served, ${pieces.length - served} refused`,
      );
      expect(served).toBeGreaterThan(0);
    });

    it('has a form for each template, which dry-runs to its end or to the first action that is lacking', async () => {
      const templates = entities.filter(({ kind }) => kind === 'Template');
      const actions = (await ask('scaffolder/v2/actions')).body as Array<{ id: string }>;
      const isThere = (action: string) => actions.some(({ id }) => id === action);
      const ends: string[] = [];
      for (const template of templates) {
        const { namespace, name } = template.metadata;
        const form = await ask(`scaffolder/v2/templates/${namespace}/template/${name}/parameter-schema`);
        expect([name, form]).toMatchObject([name, { status: 200, body: { steps: expect.any(Array) } }]);
        const { steps } = form.body as { steps: Array<{ schema: object }> };
        const tried = await ask('scaffolder/v2/dry-run', {
          template,
          values: sampleValues(steps.map(({ schema }) => ({ ...schema }))),
        });
        if (tried.status === 200) {
          ends.push('its end');
          continue;
        }
        const { message } = (tried.body as { error: { message: string } }).error;
        const [, lacking = message] =
          /uses the action '(.*?)', which this backend does not have/.exec(message) ?? [];
        const first = template.spec.steps!.find(
          ({ action, if: condition }) => !isThere(action) && !condition,
        );
        const lacks = template.spec.steps!.filter(one => !isThere(one.action) && (one.if || one === first));
        expect([name, lacks.map(({ action }) => action)]).toEqual([name, expect.arrayContaining([lacking])]);
        ends.push(lacking);
      }
      expect(ends.length).toBeGreaterThan(0);
      const counts = [...new Set(ends)]
        .sort()
        .map(end => `${end} (${ends.filter(one => one === end).length})`);
      report(`${templates.length} templates dry-ran to: ${counts.join(', ')}`);
      if (corpus === own) expect(counts).toEqual(['acme:order-stage (1)', 'its end (2)']);
    });

    /** Nobody knows before what a given corpus holds. */
    function report(text: string): void {
      if (corpus !== own) process.stdout.write(`The corpus ${title} on ${database}: ${text}\n`);
    }
  });
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}: see GREENROOM_TEST_CORPUS`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function piecesOf(corpus: string, path: string): Piece[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(readFileSync(join(corpus, path), 'utf8'), {
    lineCounter: lines,
    logLevel: 'error',
  });
  return [...documents].flatMap(document => {
    if (document.errors.length === 0 && document.contents === null) return [];
    const [start, , end] = document.range;
    const place = { path, first: lines.linePos(start).line, last: lines.linePos(end).line };
    const value = document.errors.length > 0 ? undefined : (Object(document.toJS()) as Partial<Entity>);
    return [
      { ...place, ...(value?.kind && value.metadata && { ref: `${value.kind}:${value.metadata.name}` }) },
    ];
  });
}
