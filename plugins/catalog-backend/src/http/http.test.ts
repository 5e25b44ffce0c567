// Tests of how requests are read and answers are cut to size.
import { createFieldSelector } from './createFieldSelector';
import { readEntityFilter } from './readEntityFilter';
import { encodeCursor } from './cursors';
import { readPage } from './readPage';
import { readQueryBody, readQueryParameters } from './readQueryRequest';

describe('readEntityFilter', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['kind=API', { key: 'kind', values: ['api'] }],
    ['kind=API,kind=Component', { key: 'kind', values: ['api', 'component'] }],
    ['Spec.Type', { key: 'spec.type' }],
    ['spec.type,spec.type=x', { key: 'spec.type', values: ['x'] }],
    ['spec.type=x,spec.type', { key: 'spec.type', values: ['x'] }],
    [' , Kind = API ,', { key: 'kind', values: ['api'] }],
    [' Kind ', { key: 'kind' }],
    ['metadata.annotations.a/b=x=y', { key: 'metadata.annotations.a/b', values: ['x=y'] }],
    [
      'a=,b=1',
      {
        all: [
          { key: 'a', values: [''] },
          { key: 'b', values: ['1'] },
        ],
      },
    ],
    [
      ['a=1', 'b=2'],
      {
        any: [
          { key: 'a', values: ['1'] },
          { key: 'b', values: ['2'] },
        ],
      },
    ],
  ])('reads %j', (filter, expected) => {
    expect(readEntityFilter({ filter })).toEqual(expected);
  });

  it('refuses what has no field or is no text', () => {
    expect(() => readEntityFilter({ filter: '=x' })).toThrow('a value without a field');
    expect(() => readEntityFilter({ filter: { a: 'b' } })).toThrow("'filter' must be text");
  });
});

describe('readPage', () => {
  it('reads offset and limit, and a cursor where they are missing', () => {
    expect(readPage({})).toEqual({});
    expect(readPage({ offset: '5', limit: '10' })).toEqual({ offset: 5, limit: 10 });
    expect(readPage({ after: encodeCursor({ offset: 0 }) })).toEqual({ offset: 0 });
    const after = encodeCursor({ offset: 20, limit: 10 });
    expect(readPage({ after })).toEqual({ offset: 20, limit: 10 });
    expect(readPage({ after, limit: '3' })).toEqual({ offset: 20, limit: 3 });
  });

  it.each([
    [{ limit: '-1' }, 'whole number'],
    [{ limit: '0' }, 'from 1 up'],
    [{ offset: '1.5' }, 'whole number'],
    [{ limit: '99999999999999999999' }, 'whole number'],
    [{ limit: ['1', '2'] }, 'only once'],
    [{ after: 'nonsense' }, 'not a cursor'],
    [{ after: Buffer.from('null').toString('base64url') }, 'not a cursor'],
    [{ after: Buffer.from('{"offset":-1}').toString('base64url') }, 'not a cursor'],
  ])('refuses %j', (query, message) => {
    expect(() => readPage(query)).toThrow(message);
  });
});

describe('readQueryParameters and readQueryBody', () => {
  it('ask for a page of 200 where nothing is said', () => {
    const query = { fields: [], limit: 200, order: [], totalItems: true };
    expect(readQueryParameters({})).toEqual(query);
    expect(readQueryBody(undefined)).toEqual(query);
  });

  it('look for a text in the fields that are named, else in the first that orders, else in names and titles', () => {
    const named = ['metadata.name', 'metadata.title', 'spec.profile.displayname'];
    const orderBy = ['Kind', 'metadata.name'].map(field => ({ field, order: 'asc' }));
    const orderField = ['Kind,asc', 'metadata.name,asc'];
    expect(readQueryParameters({ fullTextFilterTerm: 'A' }).condition).toEqual({ text: 'a', fields: named });
    expect(readQueryBody({ fullTextFilter: { term: 'A' } }).condition).toEqual({ text: 'a', fields: named });
    const ordered = { text: 'a', fields: ['kind'] };
    expect(readQueryParameters({ fullTextFilterTerm: 'A', orderField }).condition).toEqual(ordered);
    expect(readQueryBody({ fullTextFilter: { term: 'A' }, orderBy }).condition).toEqual(ordered);
    const chosen = { text: 'a', fields: ['spec.type'] };
    const fields = [' Spec.type', ''];
    expect(
      readQueryParameters({ fullTextFilterTerm: ' A ', fullTextFilterFields: ', Spec.type', orderField })
        .condition,
    ).toEqual(chosen);
    expect(readQueryBody({ fullTextFilter: { term: 'A', fields }, orderBy }).condition).toEqual(chosen);
  });
});

describe('an order', () => {
  it.each(['', ',asc', 'kind,up', 'kind,asc,desc'])('is none of the parameter %j', orderField => {
    expect(() => readQueryParameters({ orderField })).toThrow("is not of the form 'metadata.name,asc'");
  });

  it.each([null, { field: '', order: 'asc' }, { field: 1, order: 'asc' }, { field: 'kind' }])(
    'is none of %j in a body',
    order => {
      expect(() => readQueryBody({ orderBy: [order] })).toThrow("'orderBy' must be a list such as");
    },
  );
});

describe('a body', () => {
  it.each([
    [[], 'must be a JSON object'],
    [{ cursor: 1 }, "'cursor' must be a string"],
    [{ fullTextFilter: [] }, "'fullTextFilter' must be an object"],
    [{ fullTextFilter: { term: 1 } }, "'fullTextFilter.term' must be a string"],
    [{ fullTextFilter: { fields: 'a' } }, "'fullTextFilter.fields' must be a list"],
    [{ orderBy: { field: 'kind', order: 'asc' } }, "'orderBy' must be a list"],
    [{ fields: ['kind', 1] }, "'fields' must be a list of texts"],
    [{ limit: '5' }, "'limit' must be a whole number from 0 up"],
    [{ offset: -1 }, "'offset' must be a whole number from 0 up"],
    [{ totalItems: true }, "'totalItems' must be a string"],
    [{ totalItems: 'no' }, "'totalItems' must be 'include' or 'exclude'"],
  ])('is refused: %j', (body, problem) => {
    expect(() => readQueryBody(body)).toThrow(problem);
  });

  it('takes a limit of nothing, and gives ten thousand at most', () => {
    expect(readQueryBody({ limit: 0, offset: 0 })).toMatchObject({ limit: 0, offset: 0 });
    expect(readQueryBody({ limit: 20_000 }).limit).toBe(10_000);
  });
});

describe('createFieldSelector', () => {
  const text = JSON.stringify({
    kind: 'API',
    metadata: { name: 'a', annotations: { 'backstage.io/x': '1', 'b.c': '2' }, tags: ['t'] },
  });
  const select = (...fields: string[]) => JSON.parse(createFieldSelector(fields)(text).toString()) as unknown;

  it.each([
    [['kind'], { kind: 'API' }],
    [[' kind , metadata.name,'], { kind: 'API', metadata: { name: 'a' } }],
    [['metadata.name', 'metadata.tags'], { metadata: { name: 'a', tags: ['t'] } }],
    [['metadata.annotations.backstage.io/x'], { metadata: { annotations: { 'backstage.io/x': '1' } } }],
    [['metadata', 'metadata.name'], JSON.parse(`{"metadata":${JSON.stringify(JSON.parse(text).metadata)}}`)],
    [['nothing', 'metadata.nothing', 'kind.nothing'], {}],
    [['__proto__', 'constructor', 'metadata.toString'], {}],
  ])('selects %j', (fields, expected) => {
    expect(select(...fields)).toEqual(expected);
  });

  it('leaves everything as it is without fields', () => {
    expect(createFieldSelector([''])(text)).toBe(text);
  });

  it('refuses what is not a path', () => {
    for (const path of ['.a', 'a.']) {
      expect(() => createFieldSelector(['kind', path])).toThrow(`'${path}' is not a path`);
    }
  });
});
