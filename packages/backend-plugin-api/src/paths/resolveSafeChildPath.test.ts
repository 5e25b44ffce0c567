// Tests of resolveSafeChildPath and isChildPath on a real file system.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { isChildPath } from './isChildPath';
import { resolveSafeChildPath } from './resolveSafeChildPath';

let root: string;
let base: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-paths-')));
  base = join(root, 'base');
  mkdirSync(join(base, 'dir', 'deep'), { recursive: true });
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(base, 'file'), '');
  symlinkSync(join(root, 'outside'), join(base, 'out'));
  symlinkSync(join('..', 'outside', 'missing'), join(base, 'dangling-out'));
  symlinkSync('dangling-out', join(base, 'chain-out'));
  symlinkSync('dir', join(base, 'in'));
  symlinkSync(join('dir', 'missing'), join(base, 'dangling-in'));
  symlinkSync('loop', join(base, 'loop'));
  symlinkSync('missing/../turn', join(base, 'turn'));
  symlinkSync(base, join(base, 'dir', 'deep', 'top'));
  symlinkSync(join('dir', 'deep', 'top') + `${sep}..${sep}new`, join(base, 'dangling-through'));
  symlinkSync(base, join(root, 'alias'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('resolveSafeChildPath', () => {
  it.each(['.', '', 'file', 'dir/new/file', 'in/new', 'dangling-in', '..foo', 'dir/../file', 'file/below'])(
    'resolves %p',
    path => {
      expect(resolveSafeChildPath(base, path)).toBe(join(base, path).replace(/[\\/]$/, ''));
    },
  );

  it.each([
    '..',
    '../outside',
    '../base-other',
    'dir/../../outside',
    'out',
    'out/new/file',
    'dangling-out',
    'dangling-through',
    'chain-out',
    'chain-out/new',
    'dir/deep/top/dangling-out',
    'loop',
    'turn',
    '/etc/passwd',
    'nul\0byte',
  ])('refuses %p', path => {
    expect(() => resolveSafeChildPath(base, path)).toThrow(
      expect.objectContaining({ name: 'NotAllowedError' }),
    );
  });

  it('does not reveal where the base is', () => {
    expect(() => resolveSafeChildPath(base, '../x')).toThrow(
      "Path '../x' leads out of its base directory; use a path that stays below it",
    );
  });

  it('takes a base that is reached through a link or does not exist yet', () => {
    expect(resolveSafeChildPath(join(root, 'alias'), 'file')).toBe(join(root, 'alias', 'file'));
    expect(resolveSafeChildPath(base, join(root, 'alias', 'file'))).toBe(join(root, 'alias', 'file'));
    expect(resolveSafeChildPath(join(root, 'new'), 'a/b')).toBe(join(root, 'new', 'a', 'b'));
  });

  it('never gives a path outside its base', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'dir',
      'in',
      'out',
      'file',
      'new',
      'dangling-out',
      '',
      '..new',
      '/',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), parts => {
        let result: string;
        try {
          result = resolveSafeChildPath(base, parts.join('/'));
        } catch (error) {
          expect((error as Error).name).toBe('NotAllowedError');
          return;
        }
        expect(`${result}${sep}`.startsWith(`${base}${sep}`)).toBe(true);
        expect(['out', 'dangling-out']).not.toContain(result.slice(base.length + 1).split(sep)[0]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('isChildPath', () => {
  it('follows links on both sides', () => {
    expect(isChildPath(base, join(base, 'dir'))).toBe(true);
    expect(isChildPath(base, base)).toBe(true);
    expect(isChildPath(join(root, 'alias'), join(base, 'dir'))).toBe(true);
    expect(isChildPath(base, join(base, 'out'))).toBe(false);
    expect(isChildPath(base, root)).toBe(false);
    expect(isChildPath(base, join(base, 'loop'))).toBe(false);
  });

  it('judges a dangling link with the longest possible target in no time', () => {
    const link = join(base, 'far');
    symlinkSync('a/'.repeat(2_000), link);
    const begin = performance.now();
    expect(isChildPath(base, link)).toBe(true);
    // Minutes if every part were resolved from the root anew.
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
