// Words what a schema finds wrong with a value, for messages.
import type { StandardSchemaV1 } from '@standard-schema/spec';

/** `path: message` of each issue, on one line. Also takes the issues of zod 3. */
export function wordIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  return issues
    .map(({ path = [], message }) => {
      const keys = path.map(part => String(typeof part === 'object' ? part.key : part));
      return [keys.join('.'), message].filter(Boolean).join(': ');
    })
    .join('; ');
}
