// Which paths of a plugin can be reached without full credentials.
import { InputError } from '@backstage/errors';
import type { HttpRouterServiceAuthPolicy } from '@greenroom/backend-plugin-api';

type Allowed = HttpRouterServiceAuthPolicy['allow'];

/** A segment is text, `:` for any one segment, or `*` for all that follow. */
interface Pattern {
  segments: string[];
  allow: Allowed;
}

const slash = 0x2f;
// Resolving such a path leads out of the policy's reach; some servers first drop what follows a semicolon.
const upwards = /(?:\/|\\|%2f|%5c)(?:\.|%2e){2}(?:$|\/|\\|%2f|%5c|;|%3b)/i;
// Express does not read such a URL as it is written: it cuts it at `#`, and takes `\` for `/`.
const rewritten = /[#\s]/;
// What services serve for a plugin: whoever opens a path of the plugin does not mean to let strangers run its tasks.
const ofServices = /^\/\.(?:backstage|well-known\/backstage)(?=\/|$)/;

/**
 * Stores policies, and finds the most permissive one for a path. A policy matches whole segments, ignoring case, and
 * everything below. A trailing slash in a policy starts an empty segment, so nothing with a name is below it. Paths
 * below `/.backstage` and `/.well-known/backstage` are only matched by policies that begin with these, word for word.
 */
export class AuthPolicies {
  readonly #plain = new Map<string, Allowed>();
  readonly #patterns: Pattern[] = [];
  #longest = -1;

  /** Throws `InputError` for an unknown `allow`, a relative path, or an unsupported placeholder. */
  add({ path, allow }: HttpRouterServiceAuthPolicy): void {
    if (allow !== 'unauthenticated' && allow !== 'user-cookie') {
      throw new InputError(
        `An auth policy allows 'unauthenticated' or 'user-cookie', not '${String(allow)}'`,
      );
    }
    if (!path.startsWith('/')) {
      throw new InputError(`The path of an auth policy begins with a slash, unlike '${path}'`);
    }
    const segments = path
      .slice(1)
      .split('/')
      .map(segment => readSegment(segment, path));
    if (segments.some(segment => segment === ':' || segment === '*')) {
      this.#patterns.push({ segments, allow });
      return;
    }
    const key = path === '/' ? '' : path.toLowerCase();
    if (this.#plain.get(key) !== 'unauthenticated') {
      this.#plain.set(key, allow);
    }
    this.#longest = Math.max(this.#longest, key.length);
  }

  /** What is allowed at a URL relative to the plugin's; undefined if full credentials are needed. */
  find(url: string): Allowed | undefined {
    if (this.#longest < 0 && this.#patterns.length === 0) return undefined;
    const query = url.indexOf('?');
    const path = (query === -1 ? url : url.slice(0, query)).toLowerCase();
    const prefix = ofServices.exec(path)?.[0] ?? '';
    let found = this.#findPlain(path, prefix.length);
    if (found !== 'unauthenticated' && this.#patterns.length > 0) {
      found = this.#findPattern(path, prefix) ?? found;
    }
    return found !== undefined && isReadOtherwise(url, path) ? undefined : found;
  }

  /** Only considers policies whose path has at least `shortest` characters. */
  #findPlain(path: string, shortest: number): Allowed | undefined {
    let found = shortest === 0 ? this.#plain.get('') : undefined;
    const longest = Math.min(path.length, this.#longest);
    for (let end = Math.max(1, shortest); found !== 'unauthenticated' && end <= longest; end++) {
      if (end === path.length || path.charCodeAt(end) === slash) {
        found = this.#plain.get(path.slice(0, end)) ?? found;
      }
    }
    return found;
  }

  /** Only considers policies that begin with `prefix`. */
  #findPattern(path: string, prefix: string): Allowed | undefined {
    const actual = path.slice(1).split('/');
    const found = this.#patterns.filter(
      ({ segments }) => fits(segments, actual) && `/${segments.join('/')}/`.startsWith(`${prefix}/`),
    );
    return found.find(({ allow }) => allow === 'unauthenticated')?.allow ?? found[0]?.allow;
  }
}

function fits(segments: readonly string[], actual: readonly string[]): boolean {
  return segments.every((segment, index) => {
    const candidate = actual[index];
    if (segment === '*') return Boolean(candidate) || actual.length > index + 1;
    return segment === ':' ? Boolean(candidate) : segment === candidate;
  });
}

function readSegment(segment: string, path: string): string {
  if (/^:\w+$/.test(segment)) {
    return ':';
  }
  // Everything below a path is included anyway, so this is the same as one segment.
  if (/^\*\w*$/.test(segment) && path.endsWith(segment)) {
    return '*';
  }
  if (/[:*?+(){}[\]!\\]/.test(segment)) {
    throw new InputError(
      `The path '${path}' of an auth policy has '${segment}', which is not understood: use plain text, ':name' for one segment, or '*name' at the end`,
    );
  }
  return segment.toLowerCase();
}

/** Whether a router may find another path than the policies did. */
function isReadOtherwise(url: string, path: string): boolean {
  return upwards.test(path) || path.includes('\\') || rewritten.test(url);
}
