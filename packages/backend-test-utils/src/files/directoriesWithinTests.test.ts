// Mock directories that are made where hooks can no longer be defined, on real files.
import { existsSync } from 'node:fs';
import { createMockDirectory } from './createMockDirectory';

const made = [createMockDirectory()];
const there = () => made.map(({ path }) => existsSync(path));

describe('mock directories', () => {
  beforeAll(() => void made.push(createMockDirectory()));
  afterAll(() => expect(there()).toEqual([true, true, true]));

  it('are made within tests and hooks', () => {
    made.push(createMockDirectory({ content: { 'a.txt': 'text' } }));
    expect(made.map(directory => directory.content())).toEqual([{}, {}, { 'a.txt': 'text' }]);
  });
});

// Behind the hook that importing has defined.
afterAll(() => expect(there()).toEqual([false, false, false]));
