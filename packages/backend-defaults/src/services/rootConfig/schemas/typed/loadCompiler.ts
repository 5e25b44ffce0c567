// Loads the compiler for schemas that are written as types.
import type * as TypeScript from 'typescript';

/** A package with the compiler that can be installed next to any `typescript`; versions 7 and up have no compiler API. */
export const compilerPackage = '@typescript/typescript6';

/** The first installed compiler that can be used as a library; undefined if there is none. */
export async function loadCompiler(): Promise<typeof TypeScript | undefined> {
  for (const load of [() => import('typescript'), () => import(compilerPackage)]) {
    try {
      const loaded = (await load()) as { default?: typeof TypeScript };
      if (typeof loaded.default?.createProgram === 'function') return loaded.default;
    } catch {
      // Not installed: tries the next one.
    }
  }
  return undefined;
}
