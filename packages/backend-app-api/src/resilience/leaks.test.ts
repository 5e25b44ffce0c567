// A process in which hundreds of starts fail: nothing is left behind.
import { runProgram } from './runProgram';

it('200 starts that fail leave no listener, handle, timer, warning or memory behind', async () => {
  const { code, lines } = await runProgram('leaks.ts', []);
  const { failures, before, after, heapGrowth, warnings } = JSON.parse(
    lines.at(-1)!.slice('result: '.length),
  );
  expect(failures).toBe(200);
  expect(after).toEqual(before);
  expect(warnings).toBe(0);
  // 240 backends; one that stayed would keep ten kilobytes or more.
  expect(heapGrowth).toBeLessThan(240 * 2_048);
  expect(code).toBe(0);
});
