// Tests of how places in code are worded.
import { join } from 'node:path';
import { displayPlace, placesOf } from './displayPlace';

it('shows a place in the working directory relative to it', () => {
  const inside = join(process.cwd(), 'src', 'index.ts');
  expect(displayPlace(`${inside}:3:9`)).toBe('src/index.ts:3:9');
  expect(displayPlace(`file://${inside}:3:9`)).toBe('src/index.ts:3:9');
  expect(displayPlace('file:///elsewhere/index.ts:3:9')).toBe('/elsewhere/index.ts:3:9');
  expect(displayPlace(`file://${encodeURI(join(process.cwd(), 'my örder'))}/a.mjs:1:2`)).toBe(
    'my örder/a.mjs:1:2',
  );
  expect(displayPlace('file:///app/a.mjs?v=2:1:3')).toBe('/app/a.mjs:1:3');
  expect(displayPlace('file:///app/a.mjs#v2:1:3')).toBe('/app/a.mjs:1:3');
  expect(displayPlace('file:///100%/a.mjs:1:2')).toBe('/100%/a.mjs:1:2');
  expect(displayPlace(`${process.cwd()}-copy/index.ts:3:9`)).toBe(`${process.cwd()}-copy/index.ts:3:9`);
});

it('shows the whole path where the working directory was removed', () => {
  const place = join(process.cwd(), 'index.ts:3:9');
  const cwd = jest.spyOn(process, 'cwd').mockImplementation(() => {
    throw new Error('ENOENT: no such file or directory, uv_cwd');
  });
  try {
    expect(displayPlace(place)).toBe(place);
  } finally {
    cwd.mockRestore();
  }
});

it('takes no longer for a longer text', () => {
  const begin = performance.now();
  displayPlace(`file:///x?${':1'.repeat(100_000)}x:1:1`);
  expect(performance.now() - begin).toBeLessThan(1_000);
});

it('finds the places in a stack trace, without those of Node', () => {
  const stack = [
    'TypeError: at least one (of them)',
    '  at 10 (UTC) it was 12:30:40',
    '    at new Client (/app/client.js:1:2)',
    '    at async Promise.all (index 0)',
    '    at async file:///app/my index.js:3:4',
    '    at node:internal/main:28:49',
    '    at Module._compile (node:internal/modules/cjs/loader:1554:14)',
    '    at async Object.<anonymous> (file:///app/b.js:5:6)',
    '    at Object.<anonymous> (/home/app (1)/c.js:7:8)',
    '    at async file:///home/app%20(1)/d.js:9:10',
    '    at new Client [as connect] (C:\\Program Files (x86)\\app\\e.js:11:12)',
    '    at Object.a method (odd) (/app/f.js:13:14)',
    '    at eval (eval at run (/app/f.js:1:2), <anonymous>:1:1)',
  ].join('\n');
  expect(placesOf(stack)).toEqual([
    '/app/client.js:1:2',
    'file:///app/my index.js:3:4',
    'file:///app/b.js:5:6',
    '/home/app (1)/c.js:7:8',
    'file:///home/app%20(1)/d.js:9:10',
    'C:\\Program Files (x86)\\app\\e.js:11:12',
    '/app/f.js:13:14',
  ]);
});
