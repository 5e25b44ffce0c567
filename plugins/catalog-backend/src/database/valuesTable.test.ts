// Rows come out of a statement as they went in, on each database (PostgreSQL where GREENROOM_TEST_POSTGRES names a server).
import knexFactory, { type Knex } from 'knex';
import { clients } from '../testing/startTestCatalog';
import { rowsOf, valuesTable } from './valuesTable';

describe.each(clients)('valuesTable on %s', client => {
  let knex: Knex;
  beforeAll(() => {
    knex =
      client === 'SQLite'
        ? knexFactory({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })
        : knexFactory({ client: 'pg', connection: process.env.GREENROOM_TEST_POSTGRES! });
  });
  afterAll(() => knex.destroy());

  const columns = { ref: 'text', size: 'integer', document: 'text' } as const;
  const read = async (rows: Array<[string | null, number | null, string | null]>) => {
    const result = await knex.raw('SELECT * FROM ?', [valuesTable(knex, 'given', columns, rows)]);
    return rowsOf<Record<keyof typeof columns, string>>(result).map(({ ref, size, document }) => [
      ref,
      size === null ? null : Number(size),
      document,
    ]);
  };

  it('keeps quotes, backslashes, braces, line ends, what looks like NULL, and what is missing', async () => {
    const texts = ['', 'NULL', '{"a":"b\\"c"}', '\\', "'", '{a,b}', 'a\nb\t', 'é😀', '\\u0041', '?', '$1'];
    const rows = texts.map((text, at): [string, number, string] => [text, at - 5, text]);
    expect(await read(rows)).toEqual(rows);
    expect(await read([[null, null, null]])).toEqual([[null, null, null]]);
    expect(await read([])).toEqual([]);
  });

  it('takes a document with half of a surrogate pair', async () => {
    expect(await read([['a', 1, 'b\ud83dc']])).toEqual([['a', 1, 'b\ufffdc']]);
  });

  const onPostgres = client === 'PostgreSQL' ? it : it.skip;
  onPostgres(
    'tells the planner how many rows there are (skipped on SQLite: it has no such planner)',
    async () => {
      const rows = Array.from({ length: 777 }, (_, at): [string, number, string] => [`r${at}`, at, '']);
      const plan = await knex.raw('EXPLAIN SELECT * FROM ?', [valuesTable(knex, 'given', columns, rows)]);
      expect(JSON.stringify(plan.rows)).toContain('rows=777 ');
    },
  );
});
