// Tests by what entities are found.
import { searchRows } from './searchRows';

describe('searchRows', () => {
  const long = 'x'.repeat(201);

  it.each([[['', null]], [[null, '']], [['', long]], [[long, '']]])(
    'finds an empty text in a list with what is found by its field alone: %#',
    odd => {
      const metadata = { name: 'a', odd };
      const rows = searchRows({ apiVersion: 'v1', kind: 'Thing', metadata });
      expect(rows.filter(({ key }) => key === 'metadata.odd')).toEqual([
        { key: 'metadata.odd', value: '', original: '', position: 0 },
      ]);
    },
  );
});
