// Tests of tasks and requests that mean harm: each gets a clear error, while other tasks of the same backend go on.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { LogEvent } from '@backstage/plugin-scaffolder-common';
import { eventsOf, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend, testToken } from '../testing/startScaffolderBackend';
import { dumpDatabase, type TestDatabase, testDatabases } from '../testing/testDatabases';

jest.setTimeout(180_000);

const step = (action: string, input: JsonObject, extra: JsonObject = {}) => ({
  id: 'one',
  name: 'One',
  action,
  input,
  ...extra,
});
const echo = (text: string, extra: JsonObject = {}) => step('test:echo', { text }, extra);
const run = "return process.getBuiltinModule('child_process').execSync('id').toString()";

/** By name: the step, the code of its error where it has one, and what is said about it. */
const hostile: { [name: string]: [ReturnType<typeof step>, string | undefined, RegExp] } = {
  'escape-by-constructor': [
    echo(`\${{ range.constructor("${run}")() }}`),
    'GR_TEMPLATE_INVALID',
    /^The template at steps\.one\.input\.text, line 1, /,
  ],
  'escape-by-include': [
    echo('{% include "/etc/passwd" %}'),
    'GR_TEMPLATE_INVALID',
    /^The template at steps\.one\.input\.text, line 1, /,
  ],
  'endless-loop': [
    echo('{% for i in range(100000000) %}{% endfor %}'),
    'GR_TEMPLATE_LIMIT',
    /^The template at steps\.one\.input\.text.* was stopped: /,
  ],
  'endless-macro': [
    echo('{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}'),
    'GR_TEMPLATE_LIMIT',
    /^The template at steps\.one\.input\.text.* was stopped: /,
  ],
  'endless-condition': [
    echo('x', { if: '{% for i in range(100000000) %}{% endfor %}' }),
    'GR_TEMPLATE_LIMIT',
    /^The template at steps\.one\.if.* was stopped: /,
  ],
  'each-of-a-range': [
    echo('x', { each: '${{ range(1000000) }}' }),
    'GR_TEMPLATE_LIMIT',
    /^The template at steps\.one\.each.* was stopped: .*work unit limit/,
  ],
  'each-with-much': [
    step('debug:log', { message: '${{ "x" | center(1000000) }}' }, { each: '${{ range(60) }}' }),
    undefined,
    /^The inputs of step 'one' for its items have more than 50000000 characters/,
  ],
  'each-of-values': [
    echo('x', { each: '${{ parameters.million }}' }),
    'GR_TEMPLATE_INVALID',
    /^The template at steps\.one\.each can't be rendered: Template value containers cannot exceed 100000 entries/,
  ],
  'writes-above': [
    step('fetch:plain:file', { url: 'URL/plain.txt', targetPath: '../../outside' }),
    undefined,
    /^Path '.*' leads out of its base directory/,
  ],
  'writes-to-the-root': [
    step('catalog:write', { entity: {}, filePath: '/etc/greenroom' }),
    undefined,
    /^Path '.*' leads out of its base directory/,
  ],
  'deletes-above': [
    step('fs:delete', { files: ['../..'] }),
    undefined,
    /^Path '.*' leads out of its base directory/,
  ],
  'reads-this-machine': [
    step('fetch:plain', { url: 'file:///etc' }),
    undefined,
    /'file:\/\/\/etc' can't be fetched/,
  ],
  'reads-the-network': [
    step('fetch:plain', { url: 'http://127.0.0.2:1/a.tar.gz' }),
    'GR_URL_NOT_ALLOWED',
    /backend\.reading\.allow/,
  ],
  'archive-with-parents': [
    step('fetch:plain', { url: 'URL/parents.tar.gz' }),
    'GR_ARCHIVE_INVALID',
    /outside\.txt/,
  ],
  'error-in-circles': [step('test:fail-in-circles', {}), undefined, /^It is its own fault$/],
  'huge-file': [
    step('fetch:plain:file', { url: 'URL/huge.txt', targetPath: 'huge.txt' }),
    'GR_URL_TOO_LARGE',
    /URL\/huge\.txt is larger than the limit .* Raise backend\.reading\.maxFileSize/,
  ],
};

const secret = 'gho_TopS3cretWordOfAll';
/** All of the language, and all of the scaffolder. */
const filters = [
  'abs', 'batch(100)', 'capitalize', 'center(80)', 'default("x")', 'dictsort', 'dump', 'e', 'escape', 'first', 'float',
  'forceescape', 'groupby("length")', 'indent(2)', 'int', 'join(",")', 'last', 'length', 'list', 'list | join(" ")',
  'list | dump', 'list | reverse | join("")', 'lower', 'nl2br', 'random', 'reject', 'rejectattr("x")', 'replace("_", "_")',
  'reverse', 'round', 'safe', 'select', 'selectattr("length")', 'slice(3)', 'sort', 'string', 'striptags', 'sum', 'title',
  'trim', 'truncate(20)', 'truncate(12, true)', 'upper', 'urlencode', 'urlize', 'wordcount', 'parseRepoUrl',
  'parseEntityRef', 'parseEntityRef({ defaultKind: "a" })', 'pick("length")', 'projectSlug', 'noSuchFilter',
]; // prettier-ignore

describe.each(testDatabases)('hostile tasks on %s', (_, makeDatabase) => {
  let server: Server;
  let url: string;
  let folder: string;
  let database: TestDatabase;
  let backend: ScaffolderBackend;
  let client: ReturnType<typeof scaffolderClient>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    const archives = makeArchives(folder);
    server = createServer((request, response) => {
      if (request.url === '/huge.txt') sendMegabytes(100, response);
      else response.end(archives.get(request.url!) ?? 'plain');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    url = `http://${host}`;
    database = await makeDatabase();
    const located = (steps: object) =>
      JSON.parse(JSON.stringify(steps).replaceAll('URL', url)) as JsonObject[];
    backend = await startScaffolderBackend({
      database: database.config,
      config: { backend: { reading: { allow: [{ host }] }, workingDirectory: folder } },
      scaffolder: { defaultEnvironment: { secrets: { TOKEN: secret } } },
      entities: [
        ...Object.entries(hostile).map(([name, [one]]) => template(name, located([one]))),
        ...filters.map((filter, index) =>
          template(`filter-${index}`, [echo(`- \${{ secrets.word | ${filter} }} -`)]),
        ),
        template(
          'archive-with-links',
          [
            ...located([step('fetch:plain', { url: 'URL/links.tar.gz' })]),
            { id: 'list', name: 'List', action: 'test:read', input: {} },
          ],
          { output: { files: '${{ steps.list.output.files }}' } },
        ),
        sourced('file:/etc/template.yaml'),
        sourced('url:file:///etc/template.yaml'),
        template('configured', [echo('- ${{ environment.secrets.TOKEN }} ${{ secrets.TOKEN }} -')]),
        template('good', [echo('Hello ${{ parameters.name }}')]),
      ],
    });
    client = scaffolderClient(backend.url);
  });
  afterAll(async () => {
    await backend.stop();
    await database.remove();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function runToEnd(
    name: string,
    values: Record<string, JsonValue> = {},
    more: object = {},
  ): Promise<LogEvent[]> {
    const { taskId } = await client.scaffold({ templateRef: `template:default/${name}`, values, ...more });
    return eventsOf(client, taskId);
  }

  it('fail with what is wrong with them, and others are done meanwhile', async () => {
    const million = Array.from({ length: 1_000_000 }, () => 1);
    const good = (name: string) => runToEnd('good', { name });
    const ends = Object.keys(hostile).flatMap(name => [
      runToEnd(name, name === 'each-of-values' ? { million } : {}),
      good(name),
    ]);
    const all = await Promise.all(ends);
    const failed = all.filter((__, index) => index % 2 === 0).map(events => events.at(-1)!.body);
    const done = all.filter((__, index) => index % 2 === 1).map(events => events.at(-1)!.body.status);
    const ended = failed.map(body => {
      const { status, error } = body as { status?: string; error?: { code?: string; message: string } };
      const { code, message } = error ?? {};
      return { status, code, message: message?.replaceAll(url, 'URL') };
    });
    expect(ended).toEqual(
      Object.values(hostile).map(([, code, message]) => ({
        status: 'failed',
        code,
        message: expect.stringMatching(message),
      })),
    );
    expect(done).toEqual(done.map(() => 'completed'));
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  });

  it('read nothing of this machine, wherever they say that they are from', async () => {
    for (const source of ['file:/etc/template.yaml', 'url:file:///etc/template.yaml']) {
      const events = await runToEnd(`from-${source.split(':')[0]}`);
      expect(events.at(-1)!.body).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(/example\.com.*(reading\.allow|is not allowed)/),
      });
      const dryRun = client.dryRun({
        template: sourced(source),
        values: {},
        directoryContents: [],
      });
      await expect(dryRun).rejects.toMatchObject({
        body: { error: { message: expect.stringMatching(/example\.com/) } },
      });
    }
  });

  it('get no links out of archives', async () => {
    const events = await runToEnd('archive-with-links');
    expect(events.at(-1)!.body).toMatchObject({ status: 'completed', output: { files: { 'a.txt': 'A' } } });
  });

  it('show no secret, whatever filter they send it through: not in events, logs or the database', async () => {
    const ends = await Promise.all(
      filters.map((__, index) => runToEnd(`filter-${index}`, {}, { secrets: { word: secret } })),
    );
    const leaks = /gho_|s3c|cret|terc|wordof/gi;
    let echoed = 0;
    for (const [index, events] of ends.entries()) {
      const text = JSON.stringify(events);
      expect({ filter: filters[index], leaks: text.replaceAll('secret', '').match(leaks) }).toEqual({
        filter: filters[index],
        leaks: null,
      });
      if (text.includes('***')) echoed += 1;
    }
    expect(echoed).toBeGreaterThan(20);
    const kept = `${backend.lines.join('\n')}\n${await dumpDatabase(database)}`;
    expect(kept.replaceAll('secret', '').match(/gho_|S3cret|terc3S|WordOf/g)).toBeNull();
  });

  it('show no secret of the configuration to those who bring one of the same name', async () => {
    const events = await runToEnd('configured', {}, { secrets: { TOKEN: 'one of mine' } });
    expect(events.map(({ body }) => body.message)).toContain('Echo: - *** *** -');
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  it.each([
    ['fetch:template', { url: './', copyWithoutTemplating: ['*a*a*a*a*a*a*a*a*a*b'] }],
    ['fs:delete', { files: ['+(a*)b'] }],
  ])('can not hold the backend up by a glob of %s', async (action, input) => {
    const name = 'a'.repeat(90);
    const dryRun = client.dryRun({
      template: template('slow', [
        { ...step('fetch:plain', { url: './' }), id: 'fetch' },
        step(action, input as JsonObject),
      ]),
      values: {},
      directoryContents: [{ path: name, base64Content: '' }],
    });
    await expect(dryRun).rejects.toMatchObject({
      body: { error: { message: expect.stringMatching(/takes longer than 1000 ms to match/) } },
    });
  });

  it.each([[['a', 'a/b']], [['.']]])('are told which of the files %j can not be one', async paths => {
    const dryRun = client.dryRun({
      template: template('clash', [echo('x')]),
      values: {},
      directoryContents: paths.map(path => ({ path, base64Content: '' })),
    });
    await expect(dryRun).rejects.toMatchObject({
      body: { error: { name: 'InputError', message: expect.stringContaining(`'${paths.at(-1)}'`) } },
    });
  });

  it('get no secret of the configuration by a dry run, whose template anybody may have written', async () => {
    const token = '${{ environment.secrets.TOKEN }}';
    const tried = await client.dryRun({
      template: template('prying', [
        step('catalog:write', { entity: { metadata: { name: token } } }),
        {
          ...step('debug:wait', { seconds: "${{ 7 if environment.secrets.TOKEN[0] == 'g' else 0 }}" }),
          id: 'w',
        },
      ]),
      values: {},
      directoryContents: [],
    });
    const [file] = tried.directoryContents!;
    const written = Buffer.from(file!.base64Content, 'base64').toString();
    expect(written).toMatch(/name: <secret TOKEN>/);
    expect(tried.log.map(({ body }) => body.message)).toContain('Would wait for 0 seconds');
  });

  it.each([
    [
      'a value with a reserved name',
      '{"templateRef": "template:default/good", "values": {"__proto__": {"x": 1}}}',
      400,
      /reserved/,
    ],
    [
      'a reference with odd characters',
      '{"templateRef": "template:default/\\u0000💥", "values": {}}',
      404,
      /has no template/,
    ],
    [
      'a reference to nowhere',
      '{"templateRef": "template:../../etc", "values": {}}',
      404,
      /has no template 'template:\.\.\/\.\.\/etc'/,
    ],
    ['no JSON', '{"templateRef": ', 400, /JSON/],
    [
      '100 MB',
      `{"templateRef": "template:default/good", "values": {"a": "${'x'.repeat(100_000_000)}"}}`,
      413,
      /too large/,
    ],
  ])('are refused for %s', async (_what, body, status, message) => {
    const headers = { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${backend.url}/v2/tasks`, { method: 'POST', headers, body });
    const { error } = (await response.json()) as { error: { message: string } };
    expect([response.status, error.message]).toEqual([status, expect.stringMatching(message)]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect((await runToEnd('good', { name: 'you\0 💥' })).at(-1)!.body.status).toBe('completed');
  });

  it.each([
    ['/v2/tasks/%00', 400, /NUL/],
    ['/v2/tasks/%00/eventstream', 400, /NUL/],
    ['/v2/tasks?createdBy=%00', 400, /NUL/],
    ['/v2/tasks/..%2F..', 404, /There is no task/],
    ['/v2/tasks/__proto__/events', 404, /There is no task/],
    ['/v2/templates/default/template/..%2F..%2Fetc/parameter-schema', 404, /has no template/],
  ])('get a clear answer from %s', async (path, status, message) => {
    const headers = { authorization: `Bearer ${testToken}` };
    const response = await fetch(`${backend.url}${path}`, { headers });
    const { error } = (await response.json()) as { error: { message: string } };
    expect([response.status, error.message]).toEqual([status, expect.stringMatching(message)]);
  });
});

/** A template that claims to be from somewhere else than the catalog knows. */
function sourced(source: string) {
  const entity = template(`from-${source.split(':')[0]}`, [step('fetch:plain', { url: './passwd' })]);
  entity.metadata.annotations!['backstage.io/source-location'] = source;
  return entity;
}

/** Archives by their paths: one with links that lead out, one with a file beside it. */
function makeArchives(folder: string): Map<string, Buffer> {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  writeFileSync(join(folder, 'outside.txt'), 'O');
  writeFileSync(join(tree, 'a.txt'), 'A');
  symlinkSync('/etc', join(tree, 'etc'));
  symlinkSync('../outside.txt', join(tree, 'link.txt'));
  const pack = (...args: string[]) => execFileSync('tar', ['-C', tree, ...args]);
  return new Map([
    ['/links.tar.gz', pack('-cz', '.')],
    ['/parents.tar.gz', pack('-czP', '../outside.txt')],
  ]);
}

function sendMegabytes(left: number, response: NodeJS.WritableStream & { destroyed?: boolean }): void {
  if (left === 0 || response.destroyed) response.end();
  else response.write(Buffer.alloc(1024 * 1024, 'a'), () => sendMegabytes(left - 1, response));
}
