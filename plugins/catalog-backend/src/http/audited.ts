// Audits requests that change the catalog, with their outcome.
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';
import type { CatalogRouterOptions } from './CatalogRouterOptions';

/** Runs `action` within an audit event. */
export async function audited<T>(
  { auditor }: Pick<CatalogRouterOptions, 'auditor'>,
  { eventId, req, meta }: { eventId: string; req: Request; meta: JsonObject },
  action: () => Promise<T>,
): Promise<T> {
  const event = await auditor.createEvent({ eventId, severityLevel: 'medium', request: req, meta });
  try {
    const result = await action();
    await event.success();
    return result;
  } catch (error) {
    await event.fail({ error: error as Error });
    throw error;
  }
}
