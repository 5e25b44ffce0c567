// Formats places in code for people.
import { sep } from 'node:path';

const scheme = 'file://';

/** Returns `file:line:column`, relative to the working directory if the file is inside. */
export function displayPlace(place: string): string {
  const path = place.startsWith(scheme) ? decoded(place.slice(scheme.length)) : place;
  const cwd = workingDirectory();
  if (cwd === undefined) return path;
  const inside = cwd.endsWith(sep) ? cwd : `${cwd}${sep}`;
  return path.startsWith(inside) ? path.slice(inside.length) : path;
}

/** Undefined if it was removed. */
function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** ES modules are named by their URLs, where a space is `%20`. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const placeOfFrame = /^\s*at (?:.*\()?((?:file:\/\/)?[^()\s][^()]*:\d+:\d+)\)?$/;

/** The places in a stack trace, innermost first, without those in Node itself. Not formatted yet. */
export function placesOf(stack: string): string[] {
  return stack.split('\n').flatMap(line => {
    const place = placeOfFrame.exec(line)?.[1]?.replace(/^async /, '');
    return place === undefined || place.startsWith('node:') ? [] : [place];
  });
}
