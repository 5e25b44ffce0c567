// Tests the alignment of lines, and that there is colour in a terminal alone.
import { problemLines } from './problemLines';

describe('problemLines', () => {
  const found = {
    problems: [{ file: '/a.yaml', line: 1, column: 12, message: 'one' }, { message: 'two' }],
    warnings: [{ variable: 'APP_CONFIG_x', message: 'three' }],
  };
  const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream;
  const noColor = process.env.NO_COLOR;
  beforeEach(() => delete process.env.NO_COLOR);
  afterAll(() => {
    if (noColor !== undefined) process.env.NO_COLOR = noColor;
  });

  it('aligns columns', () => {
    expect(problemLines(found, stream(false))).toEqual([
      'error    /a.yaml:1:12  one',
      'error                  two',
      'warning  APP_CONFIG_x  three',
    ]);
  });

  it('colours the level in a terminal, unless NO_COLOR is set', () => {
    expect(problemLines(found, stream(true))[0]).toBe('\u001b[31merror  \u001b[39m  /a.yaml:1:12  one');
    process.env.NO_COLOR = '1';
    expect(problemLines(found, stream(true))[0]).toBe('error    /a.yaml:1:12  one');
  });
});
