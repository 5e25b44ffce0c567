// Tests of isDatabaseConflictError, with SQLite itself and with the errors that other drivers document.
import { ForwardedError } from '@backstage/errors';
import knex, { type Knex } from 'knex';
import { isDatabaseConflictError } from './isDatabaseConflictError';

const withFields = (message: string, fields: object) => Object.assign(new Error(message), fields);

describe('with SQLite', () => {
  let db: Knex;
  beforeAll(async () => {
    db = knex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
    await db.schema.createTable('words', table => {
      table.string('id').primary();
      table.string('word').unique();
      table.string('lang').notNullable();
    });
    await db('words').insert({ id: '1', word: 'hello', lang: 'en' });
  });
  afterAll(() => db.destroy());

  const failure = async (row: object): Promise<unknown> =>
    db('words')
      .insert(row)
      .then(
        () => undefined,
        error => error,
      );

  it('recognises unique constraints and primary keys, also as a cause', async () => {
    const unique = await failure({ id: '2', word: 'hello', lang: 'en' });
    expect(isDatabaseConflictError(unique)).toBe(true);
    expect(isDatabaseConflictError(await failure({ id: '1', word: 'bye', lang: 'en' }))).toBe(true);
    expect(isDatabaseConflictError(new ForwardedError('could not insert', unique))).toBe(true);
    expect(isDatabaseConflictError(new Error('could not insert', { cause: unique }))).toBe(true);
  });

  it('recognises nothing else', async () => {
    const notNull = await failure({ id: '3', word: 'bye' });
    expect(notNull).toBeInstanceOf(Error);
    expect(isDatabaseConflictError(notNull)).toBe(false);
    const noTable = await db('nothing').then(
      () => undefined,
      error => error,
    );
    expect(noTable).toBeInstanceOf(Error);
    expect(isDatabaseConflictError(noTable)).toBe(false);
  });
});

it.each([
  ['PostgreSQL', withFields('doppelter Schlüsselwert verletzt Unique-Constraint', { code: '23505' })],
  ['PostgreSQL, text only', new Error('duplicate key value violates unique constraint "words_pkey"')],
  ['MySQL', withFields('x', { code: 'ER_DUP_ENTRY', errno: 1062 })],
  ['MySQL, text only', new Error("Duplicate entry '1' for key 'words.PRIMARY'")],
  ['SQL Server', withFields('x', { code: 'EREQUEST', number: 2627 })],
])('recognises a conflict of %s', (_, error) => {
  expect(isDatabaseConflictError(error)).toBe(true);
});

it.each([
  ['a foreign key', withFields('insert violates foreign key constraint "f"', { code: '23503' })],
  ['a missing constraint', new Error('there is no unique or exclusion constraint matching the ON CONFLICT')],
  ['undefined', undefined],
  ['null', null],
  ['a string', 'UNIQUE constraint failed: words.id'],
])('does not take %s for a conflict', (_, error) => {
  expect(isDatabaseConflictError(error)).toBe(false);
});

it('ends if causes form a cycle', () => {
  const error = new Error('a');
  error.cause = new Error('b', { cause: error });
  expect(isDatabaseConflictError(error)).toBe(false);
});
