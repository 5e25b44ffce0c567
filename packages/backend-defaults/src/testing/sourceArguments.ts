// How tests run TypeScript in a process of its own.
import { pathToFileURL } from 'node:url';

/** Arguments of Node for a program that imports the sources of this repository, whatever its working directory is. */
export const sourceArguments = [
  '--conditions=greenroom-source',
  '--import',
  pathToFileURL(require.resolve('tsx')).href,
];
