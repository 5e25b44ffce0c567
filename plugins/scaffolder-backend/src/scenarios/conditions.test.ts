// Tests of when steps run: for single items, and after a step that failed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend } from '../testing/startScaffolderBackend';

const append = (id: string, line: string, extra: object = {}) => ({
  id,
  name: id,
  action: 'test:append',
  input: { file: '${{ parameters.folder }}/lines', line },
  ...extra,
});
const fragile = {
  id: 'fragile',
  name: 'fragile',
  action: 'test:once',
  input: { file: '${{ parameters.folder }}/made', unless: '${{ parameters.folder }}/go' },
};
const each = '${{ parameters.items }}';

const templates = [
  template('cleaning', [
    append('before', 'before'),
    fragile,
    append('next', 'next', { if: '${{ parameters.items }}' }),
    append('tidy', 'tidy after ${{ steps.before.output.remoteUrl }}, ${{ failure() }}', {
      if: '${{ always() }}',
    }),
    append('report', 'report ${{ each.value }}', { each, if: '${{ failure() and each.value != "b" }}' }),
    append('by-item', 'never', { each, if: '${{ each.value }}' }),
    append('otherwise', 'never', { if: '${{ parameters.items or failure() }}' }),
    { ...fragile, id: 'worse', name: 'worse', if: '${{ failure() }}', input: { file: 5 } },
    append('last', 'last', { if: '{% if always() %}true{% endif %}' }),
  ]),
  template('following', [
    fragile,
    append('of-it', 'never', { each: '${{ steps.fragile.output.files }}', if: '${{ each.value }}' }),
    append('last', '${{ each.value }}', { each, if: '${{ each.value == "c" and always() }}' }),
  ]),
  template(
    'items',
    [
      append('some', '${{ each.key }} ${{ each.value }}', { each, if: '${{ each.value != "b" }}' }),
      append('none', 'never', { each, if: '${{ each.value == "z" }}' }),
      append('secret', '${{ each.key }} ${{ each.value | length }}', { each: '${{ secrets }}' }),
    ],
    { output: { urls: '${{ steps.some.output.remoteUrl }}' } },
  ),
];

let folder: string;
let backend: ScaffolderBackend;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scaffolder-conditions-'));
  backend = await startScaffolderBackend({ entities: templates });
});
afterEach(async () => {
  await backend.stop();
  await rm(folder, { recursive: true });
});

const lines = async () => (await readFile(join(folder, 'lines'), 'utf8')).trim().split('\n');

async function run(name: string, secrets = {}) {
  const client = scaffolderClient(backend.url);
  const values = { folder, items: ['a', 'b', 'c'] };
  const { taskId } = await client.scaffold({ templateRef: `template:default/${name}`, values, secrets });
  return { client, taskId, events: await eventsOf(client, taskId) };
}

const endsOf = (events: Awaited<ReturnType<typeof eventsOf>>) =>
  events.flatMap(({ body: { stepId, status } }) =>
    status === undefined || status === 'processing' ? [] : [`${stepId ?? 'task'} ${status}`],
  );

it('steps whose condition asks for a failure run after one, and again after a retry', async () => {
  const { client, taskId, events } = await run('cleaning');
  expect(endsOf(events)).toEqual([
    'before completed',
    'fragile failed',
    'next skipped',
    'tidy completed',
    'report completed',
    'by-item skipped',
    'otherwise skipped',
    'worse failed',
    'last completed',
    'task failed',
  ]);
  expect(events.at(-1)!.body).toMatchObject({ error: { message: `There is no ${folder}/go` } });
  const first = ['before', 'tidy after https://example.com/before, true', 'report a', 'report c', 'last'];
  expect(await lines()).toEqual(first);

  await writeFile(join(folder, 'go'), '');
  await client.retry(taskId);
  const again = await eventsOf(client, taskId, { after: events.at(-1)!.id });
  expect(again.at(-1)!.body.status).toBe('completed');
  expect(await lines()).toEqual([
    ...first,
    'next',
    'tidy after https://example.com/before, false',
    'never',
    'never',
    'never',
    'never',
    'last',
  ]);
}, 60_000);

it('steps for each of what a failed step would have given are skipped', async () => {
  const { events } = await run('following');
  expect(endsOf(events)).toEqual(['fragile failed', 'of-it skipped', 'last completed', 'task failed']);
  expect(await lines()).toEqual(['c']);
}, 60_000);

it('steps run for those items for which their condition is true, and for those of secrets', async () => {
  const { events } = await run('items', { token: 'opensesame' });
  expect(endsOf(events)).toEqual(['some completed', 'none skipped', 'secret completed', 'task completed']);
  const urls = ['https://example.com/0 a', 'https://example.com/2 c'];
  expect(events.at(-1)!.body).toMatchObject({ output: { urls } });
  expect(await lines()).toEqual(['0 a', '2 c', 'token 10']);
}, 60_000);
