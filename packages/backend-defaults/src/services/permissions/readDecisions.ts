// Validates the permission plugin's answer, so that nothing but a real decision ever allows anything.
import type { PolicyDecision } from '@backstage/plugin-permission-common';

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
    if (!isDecision(decision)) {
      throw new Error(
        `its decision for request ${index + 1} of ${items.length} is ${JSON.stringify(decision)}`,
      );
    }
    return decision;
  });
}

function isDecision(value: PolicyDecision): boolean {
  if (value.result !== 'CONDITIONAL') {
    return value.result === 'ALLOW' || value.result === 'DENY';
  }
  return (
    typeof value.pluginId === 'string' &&
    typeof value.resourceType === 'string' &&
    typeof value.conditions === 'object' &&
    value.conditions !== null
  );
}
