// Formats places in code for people.
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const scheme = 'file://';

/** Returns `file:line:column`, relative to the working directory if the file is inside. */
export function displayPlace(place: string): string {
  const path = place.startsWith(scheme) ? pathOf(place) : place;
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

/** ES modules are named by their URLs, where a space is `%20`, `/C:/` a drive, and a query tells copies of a module apart. */
function pathOf(url: string): string {
  try {
    return fileURLToPath(url.replace(/[?#].*?(?=(?::\d+){0,2}$)/, ''));
  } catch {
    return url.slice(scheme.length);
  }
}

const placeOfFrame = /^\s*at (?:.*\()?((?:file:\/\/)?[^()\s][^()]*:\d+:\d+)\)?$/;
// Where the path has parentheses, as that of a second download.
const placeWithParentheses =
  /^\s*at (?:[^(]* \((?!eval at )(.+:\d+:\d+)\)|((?:async )?(?:file:\/\/|[A-Z]:)?[\\/].*:\d+:\d+))$/i;

/** The places in a stack trace, innermost first, without those in Node itself. Not formatted yet. */
export function placesOf(stack: string): string[] {
  return stack.split('\n').flatMap(line => {
    const [, inside, bare] = placeOfFrame.exec(line) ?? placeWithParentheses.exec(line) ?? [];
    const place = (inside ?? bare)?.replace(/^async /, '');
    return place === undefined || place.startsWith('node:') ? [] : [place];
  });
}
