// Loads the compiler that understands schemas written as types.
import type * as TypeScript from 'typescript';

/** A package that offers the compiler beside any release of `typescript`, 7 and up included, which have none for programs. */
export const compilerPackage = '@typescript/typescript6';

/** The compiler, if one is installed that programs can use. */
export async function loadCompiler(): Promise<typeof TypeScript | undefined> {
  for (const load of [() => import('typescript'), () => import(compilerPackage)]) {
    try {
      const loaded = (await load()) as { default?: typeof TypeScript };
      if (typeof loaded.default?.createProgram === 'function') return loaded.default;
    } catch {
      // Not installed: the next one.
    }
  }
  return undefined;
}
