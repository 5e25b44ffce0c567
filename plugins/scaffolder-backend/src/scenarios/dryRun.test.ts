// Dry runs as a template editor asks for them: with files beside the template, and with templates that are not finished.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend } from '../testing/startScaffolderBackend';

let folder: string;
let workingDirectory: string;
let backend: ScaffolderBackend;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scaffolder-dry-run-'));
  workingDirectory = join(folder, 'not', 'there', 'yet');
  const database = { client: 'better-sqlite3', connection: ':memory:' };
  backend = await startScaffolderBackend({ database, config: { backend: { workingDirectory } } });
}, 60_000);
afterAll(async () => {
  await backend.stop();
  await rm(folder, { recursive: true });
});

const step = (action: string, input: object) => ({ id: 'one', name: 'One', action, input });
const fetchAll = step('fetch:plain', { url: '.' });

function dryRun(tried: ReturnType<typeof template>, files: object[] = []) {
  const directoryContents = files as never;
  return scaffolderClient(backend.url).dryRun({ template: tried, values: {}, directoryContents });
}

it('makes its working directory, leaves nothing there, and keeps programs programs', async () => {
  const files = [
    { path: 'README.md', base64Content: 'YQ==' },
    { path: 'run.sh', base64Content: 'YQ==', executable: true },
  ];
  expect((await dryRun(template('x', [fetchAll]), files)).directoryContents).toEqual(files);
  expect(await readdir(workingDirectory)).toEqual([]);
});

it('takes annotations for none that are not written yet', async () => {
  const { metadata, ...rest } = template('x', []);
  const unfinished = { ...rest, metadata: { ...metadata, annotations: null as never } };
  expect((await dryRun(unfinished)).output).toEqual({});
});

it('goes on where a step needs the URL that one before it would have given', async () => {
  const made = { ...step('test:append', { file: 'x', line: 'x' }), id: 'made' };
  const repoContentsUrl = '${{ steps.made.output.remoteUrl }}';
  const output = { registered: '${{ steps.one.output.catalogInfoUrl }}' };
  const tried = template('x', [made, step('catalog:register', { repoContentsUrl })], { output });
  expect((await dryRun(tried)).output).toEqual({
    registered: 'https://example.com/remoteUrl/catalog-info.yaml',
  });
});

it('says which step has failed', async () => {
  const failing = dryRun(
    template('x', [fetchAll, { ...step('fs:readdir', { paths: ['docs'] }), id: 'two' }]),
    [{ path: 'a', base64Content: '' }],
  );
  await expect(failing).rejects.toMatchObject({
    statusCode: 400,
    body: { error: { message: expect.stringMatching(/^The dry run failed at step 'two': /) } },
  });
});

describe('a template that would make a response larger than memory', () => {
  const steps = (input: object, count: number, action = 'debug:log') => [
    { ...step(action, input), each: `\${{ range(${count}) }}` },
  ];

  it('gets the log up to a length, with how each step ended', async () => {
    const long = { message: '${{ "x" | center(30000) }}' };
    const { log } = await dryRun(
      template('x', [...steps(long, 150), { ...steps(long, 150)[0], id: 'two', name: 'Two' }] as never),
    );
    const messages = log.map(({ body }) => body.message);
    expect(messages.join('').length).toBeLessThan(5_200_000);
    expect(messages.slice(-2)).toEqual([
      'The log is too long; what else the actions say is left out',
      'Step Two is done',
    ]);
  });

  it('gets so many lines of a step, for all its items together', async () => {
    const { log } = await dryRun(template('x', steps({ message: 'x', listWorkspace: true }, 5_100) as never));
    const lines = log.filter(({ body }) => body.status === undefined).map(({ body }) => body.message);
    expect([lines.length, lines.at(-1)]).toEqual([
      10_001,
      'The step has written 10000 lines or 5000000 characters; what follows is left out',
    ]);
  }, 60_000);

  it('is told to make fewer files', async () => {
    const base64Content = Buffer.alloc(10_000_000).toString('base64');
    const input = { url: '.', targetPath: '${{ each.key }}' };
    const tried = dryRun(template('x', steps(input, 6, 'fetch:plain') as never), [
      { path: 'a', base64Content },
    ]);
    await expect(tried).rejects.toMatchObject({
      statusCode: 400,
      body: { error: { message: expect.stringContaining('have more than 50000000 bytes') } },
    });
  });
});
