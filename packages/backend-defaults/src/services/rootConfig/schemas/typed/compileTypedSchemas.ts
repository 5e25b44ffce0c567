// Compiles schemas that packages ship as types (`config.d.ts`) to JSON schemas.
import type * as TypeScript from 'typescript';
import type { ConfigSchema } from '../ConfigSchema';
import { typeToSchema } from './typeToSchema';

/** The result for one file: a schema, the problem that prevented it, or both if a part of the schema is unknown. */
export interface CompiledSchema {
  readonly schema?: ConfigSchema;
  readonly problem?: string;
}

const cannotFindModule = [2307, 2792];

/** Compiles `files`, which are absolute paths, in one go. The results have the same order. */
export function compileTypedSchemas(ts: typeof TypeScript, files: readonly string[]): CompiledSchema[] {
  const program = ts.createProgram([...files], {
    noEmit: true,
    strict: true,
    // Only what a file itself imports: many other types may be installed around it.
    types: [],
    lib: ['lib.es2020.d.ts'],
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  return files.map(file => {
    try {
      return compile(ts, program, file);
    } catch (error) {
      return { problem: (error as Error).message };
    }
  });
}

function compile(ts: typeof TypeScript, program: TypeScript.Program, file: string): CompiledSchema {
  const source = program.getSourceFile(file);
  if (!source) throw new Error('the file is missing');
  const [mistake] = program.getSyntacticDiagnostics(source);
  if (mistake) throw new Error(describe(mistake));
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(source);
  const exported = module && checker.getExportsOfModule(module).find(({ name }) => name === 'Config');
  if (!exported) throw new Error("it exports no type 'Config'");
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const schema = typeToSchema(ts, checker, checker.getDeclaredTypeOfSymbol(symbol));

  const missing = program.getSemanticDiagnostics(source).find(({ code }) => cannotFindModule.includes(code));
  return { schema, ...(missing && { problem: describe(missing) }) };

  function describe({ messageText, start = 0 }: TypeScript.Diagnostic): string {
    const { line } = source!.getLineAndCharacterOfPosition(start);
    return `line ${line + 1} has a mistake: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  }
}
