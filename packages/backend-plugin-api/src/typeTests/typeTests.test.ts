// Compiles the type tests with the options of the repository, and proves that a mistake in them would be found.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const configPath = resolve(__dirname, '../../../../tsconfig.base.json');
const files = readdirSync(__dirname)
  .filter(name => name.endsWith('.typetest.ts'))
  .map(name => join(__dirname, name));

const { config } = ts.readConfigFile(configPath, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(
  config,
  { ...ts.sys, readDirectory: () => [] },
  resolve(configPath, '..'),
);
const host = ts.createCompilerHost(options);
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The errors in the type tests, with some of the sources replaced. Files that don't change are parsed once. */
function diagnose(replaced: ReadonlyMap<string, string> = new Map()): string[] {
  const program = ts.createProgram(files, options, {
    ...host,
    getSourceFile(name, languageVersion) {
      const text = replaced.get(resolve(name));
      if (text !== undefined) return ts.createSourceFile(name, text, languageVersion);
      if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, languageVersion));
      return parsed.get(name);
    },
  });
  return files
    .map(file => program.getSourceFile(file)!)
    .flatMap(file => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, start, messageText }) => {
      const line = file!.getLineAndCharacterOfPosition(start!).line + 1;
      return `${file!.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
}

// Compiling takes seconds on a small machine.
jest.setTimeout(120_000);

it('compile without errors', () => {
  expect(files.length).toBeGreaterThanOrEqual(2);
  expect(diagnose()).toEqual([]);
});

it('fail where an expected error is absent, and where there is one that nobody expects', () => {
  const [file] = files as [string];
  const source = ts.sys.readFile(file)!;
  const mistakes =
    '\n// @ts-expect-error nothing is wrong here\nexport const fine = 1;\nexport const wrong: string = 1;\n';
  const errors = diagnose(new Map([[file, source + mistakes]]));
  expect(errors).toEqual([
    expect.stringContaining("Unused '@ts-expect-error' directive"),
    expect.stringContaining("Type 'number' is not assignable to type 'string'"),
  ]);
});

it('fail where the types become less precise', () => {
  const file = resolve(__dirname, '../features/registrationPoints.ts');
  const source = ts.sys.readFile(file)!;
  const loose = source.replaceAll('Promise<void>', 'unknown');
  expect(loose).not.toBe(source);
  const errors = diagnose(new Map([[file, loose]]));
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.every(error => error.includes("Unused '@ts-expect-error' directive"))).toBe(true);
});
