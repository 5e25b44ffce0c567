// Words a place in somebody's code for people.
import { sep } from 'node:path';

/** `file:line:column`, relative to the working directory where the file lies in it. */
export function displayPlace(place: string): string {
  const path = place.replace(/^file:\/\//, '');
  const cwd = process.cwd();
  const inside = cwd.endsWith(sep) ? cwd : `${cwd}${sep}`;
  return path.startsWith(inside) ? path.slice(inside.length) : path;
}

const placeOfFrame = /^\s*at (?:.*\()?((?:file:\/\/)?[^()\s][^()]*:\d+:\d+)\)?$/;

/** The places of a stack trace, from the innermost one, without those in Node itself; not yet worded for people. */
export function placesOf(stack: string): string[] {
  return stack.split('\n').flatMap(line => {
    const place = placeOfFrame.exec(line)?.[1]?.replace(/^async /, '');
    return place === undefined || place.startsWith('node:') ? [] : [place];
  });
}
