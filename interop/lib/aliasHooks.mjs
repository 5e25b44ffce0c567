// Resolves package names in the programs of the documents to our packages, like an alias of a bundler or package manager.
import { existsSync } from 'node:fs';

const installed = new URL('../node_modules/', import.meta.url);

/** A hook for `node:module`. Packages that we don't have still resolve to the published ones. */
export function resolve(specifier, context, next) {
  const name = /^@backstage\/(.+)$/.exec(specifier)?.[1];
  const fromProgram = context.parentURL?.includes('/.cache/documents/');
  const ours = `@greenroom/${name}`;
  return next(name && fromProgram && existsSync(new URL(ours, installed)) ? ours : specifier, context);
}
