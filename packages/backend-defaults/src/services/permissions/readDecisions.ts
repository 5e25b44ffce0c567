// Validates the permission plugin's answer, so that nothing but a real decision ever allows anything.
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import { readCriteria } from '../permissionsRegistry/readCriteria';

/** Returns the decisions for `items`, in order. Throws an error whose message continues `it answered, but`. */
export function readDecisions(body: unknown, items: readonly { id: string }[]): PolicyDecision[] {
  const answers = (body as { items?: unknown } | null)?.items;
  if (!Array.isArray(answers)) {
    throw new Error('without a list of items');
  }
  const byId = new Map<unknown, unknown>(
    answers.map(answer => [(answer as { id?: unknown } | null)?.id, answer]),
  );
  return items.map(({ id }, index) => {
    const answer = byId.get(id);
    if (!answer) {
      throw new Error(`without a decision for request ${index + 1} of ${items.length}`);
    }
    const { id: _, ...decision } = answer as { id: string } & PolicyDecision;
    try {
      assertDecision(decision);
    } catch (error) {
      const what = `its decision for request ${index + 1} of ${items.length} is ${JSON.stringify(decision)}`;
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
    return decision;
  });
}

function assertDecision({ result, ...details }: PolicyDecision): void {
  if (result === 'ALLOW' || result === 'DENY') return;
  const { pluginId, resourceType, conditions } = details as { [name: string]: unknown };
  if (result !== 'CONDITIONAL' || typeof pluginId !== 'string' || typeof resourceType !== 'string') {
    throw new Error('it must be ALLOW, DENY, or CONDITIONAL with pluginId, resourceType and conditions');
  }
  readCriteria(conditions, 'conditions');
}
