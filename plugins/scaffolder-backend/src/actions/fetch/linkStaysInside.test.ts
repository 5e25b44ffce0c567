// Which links stay in their folder, wherever that is put and whatever other links it has.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkStaysInside } from './linkStaysInside';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scaffolder-links-'));
  mkdirSync(join(folder, 'sub'));
  symlinkSync(tmpdir(), join(folder, 'sub/out'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['a.txt', true],
  ['./a.txt', true],
  ['deep//er/a.txt', true],
  ['..', true],
  ['../a.txt', true],
  ['./../a.txt', true],
  ['.//../sub/a.txt', true],
  ['../..', false],
  ['../../a.txt', false],
  ['./../../a.txt', false],
  ['out/a.txt', false],
  // Back up from where it may not have gone down to.
  ['deep/..', false],
  ['deep/../a.txt', false],
  ['../deep/../a.txt', false],
  ['deep\\..\\a.txt', false],
  ['/etc/passwd', false],
])('%s: %s', (destination, stays) => {
  expect(linkStaysInside(folder, join(folder, 'sub/link'), destination)).toBe(stays);
});

it('refuses absolute links, which would lead to where the folder was', () => {
  expect(linkStaysInside(folder, join(folder, 'sub/link'), join(folder, 'a.txt'))).toBe(false);
});
