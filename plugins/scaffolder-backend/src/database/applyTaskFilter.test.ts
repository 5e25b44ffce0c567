// Which tasks conditions let through: as the rules judge a single one, whatever conditions are put together.
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import knexFactory, { type Knex } from 'knex';
import { applyTaskFilter, type TaskFilter } from './applyTaskFilter';

const tasks = [
  { id: 'a', created_by: 'user:default/ada', status: 'open' },
  { id: 'b', created_by: 'user:default/bo', status: 'failed' },
  { id: 'none', created_by: null, status: 'open' },
];
const postgres = process.env.GREENROOM_TEST_POSTGRES;
const databases: Array<[string, () => Knex]> = [
  ['SQLite', () => knexFactory({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })],
  ...(postgres
    ? [['PostgreSQL', () => knexFactory({ client: 'pg', connection: postgres })] as [string, () => Knex]]
    : []),
];

const ada: TaskFilter = { key: 'createdBy', values: ['user:default/ada'] };
const open: TaskFilter = { key: 'status', values: ['open'] };
const group = (name: 'allOf' | 'anyOf', parts: unknown[]) => ({ [name]: parts }) as never;

describe.each(databases)('on %s', (_, connect) => {
  let knex: Knex;
  beforeAll(() => void (knex = connect()));
  afterAll(() => knex.destroy());

  it.each<[PermissionCriteria<TaskFilter>, string[]]>([
    [ada, ['a']],
    [{ key: 'created_by' }, ['a', 'b']],
    [{ key: 'createdBy', values: ['user:default/ada', 'user:default/bo'] }, ['a', 'b']],
    [{ key: 'createdBy', values: [] }, []],
    [{ key: 'createdBy', values: [''] }, []],
    [{ key: 'id', values: ['none'] }, ['none']],
    [{ key: 'secrets' }, []],
    [{ key: 'constructor' }, []],
    [{ not: ada }, ['b', 'none']],
    [{ not: { key: 'createdBy' } }, ['none']],
    [{ not: { key: 'secrets' } }, ['a', 'b', 'none']],
    [{ not: { not: ada } }, ['a']],
    [{ allOf: [ada, open] }, ['a']],
    [{ allOf: [open, { not: ada }] }, ['none']],
    [{ anyOf: [ada, open] }, ['a', 'none']],
    [{ anyOf: [ada, { allOf: [{ not: open }, { key: 'createdBy' }] }] }, ['a', 'b']],
    [{ not: { anyOf: [ada, open] } }, ['b']],
    // Of a policy that makes them of a list, such as the groups of a user who is in none.
    [group('anyOf', []), []],
    [group('allOf', []), ['a', 'b', 'none']],
    [{ not: group('allOf', []) }, []],
    [{ allOf: [group('anyOf', []), open] }, []],
    [{ anyOf: [ada, group('anyOf', [])] }, ['a']],
  ])('%j gives %j', async (criteria, ids) => {
    const rows = knex.raw(
      tasks.map(() => 'select ? as id, ? as created_by, ? as status').join(' union all '),
      tasks.flatMap(({ id, created_by, status }) => [id, created_by, status]) as string[],
    );
    const found = await knex
      .from(knex.raw('(?) as tasks', [rows]))
      .where(builder => applyTaskFilter(builder, criteria))
      .orderBy('id')
      .pluck('id');
    expect(found).toEqual(ids);
  });
});
