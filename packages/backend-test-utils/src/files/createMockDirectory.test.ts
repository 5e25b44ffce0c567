// Mock directories, on real files.
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { createMockDirectory } from './createMockDirectory';

const systemDirectory = os.tmpdir();
const mockDir = createMockDirectory();

beforeEach(mockDir.clear);

it('writes and reads nested content', () => {
  mockDir.setContent({
    'a.txt': 'text',
    dir: { 'b.json': '{}', 'deep/er/c.txt': 'c', empty: {} },
    'bytes.bin': Buffer.from([0, 255]),
  });

  expect(mockDir.content()).toEqual({
    'a.txt': 'text',
    dir: { 'b.json': '{}', deep: { er: { 'c.txt': 'c' } }, empty: {} },
    'bytes.bin': Buffer.from([0, 255]),
  });
});

it('adds to what is there, or replaces it', () => {
  mockDir.setContent({ 'a.txt': '1', 'b.txt': '2' });
  mockDir.addContent({ 'a.txt': '3' });
  expect(mockDir.content()).toEqual({ 'a.txt': '3', 'b.txt': '2' });
  mockDir.setContent({ 'c.txt': '4' });
  expect(mockDir.content()).toEqual({ 'c.txt': '4' });
});

it('reads parts, and as text or bytes where it is asked to', () => {
  mockDir.setContent({ dir: { 'a.txt': 'text' }, 'b.txt': 'b' });
  expect(mockDir.content({ path: 'dir' })).toEqual({ 'a.txt': 'text' });
  expect(mockDir.content({ path: mockDir.resolve('dir') })).toEqual({ 'a.txt': 'text' });
  expect(mockDir.content({ path: 'dir', shouldReadAsText: false })).toEqual({ 'a.txt': Buffer.from('text') });
  expect(mockDir.content({ path: 'nothing' })).toBeUndefined();
});

it('makes symbolic links by callback', () => {
  mockDir.setContent({ 'a.txt': 'text', 'links/b.txt': ({ symlink }) => symlink('../a.txt') });
  expect(readFileSync(mockDir.resolve('links/b.txt'), 'utf8')).toBe('text');
});

it('refuses paths that lead out of it', () => {
  expect(() => mockDir.addContent({ '../outside.txt': 'x' })).toThrow('outside of the mock directory');
  expect(() => mockDir.content({ path: '/etc' })).toThrow('outside of the mock directory');
});

it('can be removed and made anew', () => {
  mockDir.remove();
  expect(existsSync(mockDir.path)).toBe(false);
  mockDir.clear();
  expect(mockDir.content()).toEqual({});
});

describe('in the place of the system directory', () => {
  const temporary = createMockDirectory({ mockOsTmpDir: true, content: { 'a.txt': 'first' } });

  it('is what os.tmpdir gives', () => {
    expect(os.tmpdir()).toBe(temporary.path);
    expect(temporary.content()).toEqual({ 'a.txt': 'first' });
  });
});

describe('in the place of the system directory of some tests', () => {
  const [first, second] = [1, 2].map(() => createMockDirectory({ mockOsTmpDir: true }));

  it.each([1, 2])('stays so whatever becomes of the mocks of a test (%i)', () => {
    expect(os.tmpdir()).toBe(second!.path);
    jest.resetAllMocks();
    expect(os.tmpdir()).toBe(second!.path);
    jest.restoreAllMocks();
    expect(first!.path).not.toBe(second!.path);
  });
});

it('leaves the system directory to other tests', () => {
  expect(os.tmpdir()).toBe(systemDirectory);
});
