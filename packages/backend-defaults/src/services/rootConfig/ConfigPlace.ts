// Places in the configuration, the problems found there, and how both are written.
import { isAbsolute, relative } from 'node:path';

/** The keys and indexes that lead from the root of a file to one of its values. */
export type ConfigPath = readonly (string | number)[];

/** Where a value of the configuration comes from. */
export interface ConfigPlace {
  /** Absolute path of the file; undefined for an argument or an environment variable. */
  readonly file?: string;
  /** Starts at 1. */
  readonly line?: number;
  /** Starts at 1. */
  readonly column?: number;
  /** The environment variable that sets the value or is part of it. */
  readonly variable?: string;
}

/** A problem and its place. */
export interface ConfigProblem extends ConfigPlace {
  /** What is wrong and what to do about it, in complete sentences. */
  readonly message: string;
  /** The package whose schema requires a missing value. A start goes on: the plugin knows whether it needs the value. */
  readonly askedBy?: string;
}

/** A path as a configuration key, for example `backend.auth.keys[0].secret`. */
export function configKey(path: ConfigPath): string {
  const key = path.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return key.replace(/^\./, '');
}

/** One line: the place, then the message. Files are shown relative to `cwd`. */
export function describeProblem({ message, ...place }: ConfigProblem, cwd: string): string {
  const where = describePlace(place, cwd);
  return where === '' ? message : `${where}  ${message}`;
}

/** `file:line:column`, followed by the variable if there is one, or only the variable. */
export function describePlace({ file, line, column, variable }: ConfigPlace, cwd: string): string {
  if (!file) return variable ?? '';
  const position = [displayPath(file, cwd), line, column].filter(part => part !== undefined).join(':');
  return variable === undefined ? position : `${position} (${variable})`;
}

/** The path of a file as one would type it in `cwd`: relative if the file is below `cwd`, otherwise absolute. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
