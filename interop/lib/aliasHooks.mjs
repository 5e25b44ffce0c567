// Resolves the names in the documents' programs to our packages, as a bundler's or an installer's alias would.
import { existsSync } from 'node:fs';

const installed = new URL('../node_modules/', import.meta.url);

/** A hook of `node:module`. A package that we do not have stays the published one. */
export function resolve(specifier, context, next) {
  const name = /^@backstage\/(.+)$/.exec(specifier)?.[1];
  const fromProgram = context.parentURL?.includes('/.cache/documents/');
  const ours = `@greenroom/${name}`;
  return next(name && fromProgram && existsSync(new URL(ours, installed)) ? ours : specifier, context);
}
