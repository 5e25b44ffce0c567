// What of processed entities is to be stored, and what has only to be postponed.
import type { Entity } from '@backstage/catalog-model';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { component } from '../testing/startTestCatalog';
import { processClaimed } from './processClaimed';
import type { ClaimedEntity } from './ProcessingLease';
import type { PipelineInput, ProcessingPipeline } from './ProcessingPipeline';
import type { ProcessingResult } from './ProcessingResult';
import { toUnprocessed } from './UnprocessedEntity';

const entity = component('a') as Entity;
const childOf = (spec: object, key: string | null) => toUnprocessed(component('b', spec) as Entity, key);
const result: ProcessingResult = {
  processed: JSON.stringify(entity),
  children: [childOf({}, 'file:/b')],
  unread: [],
  relations: [{ sourceRef: 'component:default/a', type: 'ownedBy', targetRef: 'group:default/team' }],
  refreshKeys: ['key'],
  problems: [],
  cache: '{"runs":1}',
  external: false,
};
const claimed: ClaimedEntity = {
  ...{ id: 1, entity_ref: 'component:default/a', unprocessed: JSON.stringify(entity) },
  ...{ lines: null, origin: null, pipeline: null, result_hash: null, errors: null, cache: null, due_at: 5 },
};

const warn = jest.fn();
const logger = { warn } as unknown as LoggerService;

/** Processes it with a pipeline that gives `outcome`. */
async function process(row: ClaimedEntity, outcome: ProcessingResult | 'unchanged', fingerprint = 'p') {
  const asked: PipelineInput[] = [];
  const pipeline = {
    process: async (input: PipelineInput) => {
      asked.push(input);
      return outcome;
    },
  } as ProcessingPipeline;
  const dueIn = (external: boolean) => (external ? 10 : 1_000);
  const { batch } = await processClaimed([row], { logger, pipeline, fingerprint, dueIn });
  return { ...batch, asked };
}

/** The row as it is once `outcome` has been stored. */
async function stored(outcome: ProcessingResult): Promise<ClaimedEntity> {
  const { changed } = await process(claimed, outcome);
  const { resultHash, errors, cache, pipeline } = changed[0]!;
  return { ...claimed, pipeline, errors, cache, result_hash: resultHash };
}

it('postpones what is as before, longer where it depends on nothing else', async () => {
  const before = await stored(result);
  expect(await process(before, result)).toMatchObject({ changed: [], same: [{ id: 1, dueInMs: 1_000 }] });
  const external = { ...result, external: true };
  expect(await process(before, external)).toMatchObject({ changed: [], same: [{ id: 1, dueInMs: 10 }] });
  expect(await process(before, 'unchanged')).toMatchObject({ changed: [], same: [{ id: 1, dueInMs: 10 }] });
});

it.each<[string, Partial<ProcessingResult>]>([
  ['the entity', { processed: JSON.stringify(component('a', { owner: 'other' })) }],
  ['what a processor keeps', { cache: '{"runs":2}' }],
  ['a relation', { relations: [] }],
  ['a refresh key', { refreshKeys: ['other'] }],
  ['what could not be read', { unread: ['file:/c'] }],
  ['the content of a child', { children: [childOf({ owner: 'other' }, 'file:/b')] }],
  ['the location of a child', { children: [childOf({}, 'file:/c')] }],
])('stores all where %s differs', async (_, other) => {
  const { changed, same } = await process(await stored(result), { ...result, ...other });
  expect(changed).toHaveLength(1);
  expect(same).toEqual([]);
});

it('stores anew what other code has processed, and takes no answer that it is as before', async () => {
  const before = await stored(result);
  expect((await process(before, result, 'other')).changed).toMatchObject([{ pipeline: 'other' }]);
  const mayBeUnchanged = async (row: ClaimedEntity, fingerprint?: string) =>
    (await process(row, result, fingerprint)).asked[0]!.mayBeUnchanged;
  expect(await mayBeUnchanged(before)).toBe(true);
  expect(await mayBeUnchanged(before, 'other')).toBe(false);
  expect(await mayBeUnchanged({ ...before, result_hash: null })).toBe(false);
});

it('tells of problems once', async () => {
  const wrong = (message: string) => ({
    ...result,
    problems: [{ message }] as unknown as ProcessingResult['problems'],
  });
  const before = await stored(wrong('first'));
  expect((await process(before, wrong('first'))).problems).toEqual([]);
  expect((await process(before, wrong('second'))).problems).toMatchObject([
    { entity, problem: { message: 'second' } },
  ]);
});

it('waits a minute for an entity, tells of it, and gives it later', async () => {
  jest.useFakeTimers();
  try {
    let answer = (_: 'unchanged') => {};
    const pipeline = {
      process: ({ entity: { metadata } }: PipelineInput) =>
        metadata.name === 'slow'
          ? new Promise<'unchanged'>(resolve => (answer = resolve))
          : Promise.resolve('unchanged'),
    } as ProcessingPipeline;
    const slow = { ...claimed, id: 2, entity_ref: 'component:default/slow' };
    const rows = [{ ...slow, unprocessed: JSON.stringify(component('slow')) }, claimed];
    const options = { logger, pipeline, fingerprint: 'p', dueIn: () => 1 };
    const processed = processClaimed(rows, options);
    await jest.advanceTimersByTimeAsync(59_999);
    expect(warn).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    const { batch, late } = await processed;
    expect(batch.same).toMatchObject([{ id: 1 }]);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^Processing 'component:default\/slow' has taken 60 s and goes on/)],
    ]);
    expect(late).toHaveLength(1);
    answer('unchanged');
    expect((await late[0]!).same).toMatchObject([{ id: 2 }]);

    expect((await processClaimed([claimed], options)).late).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
