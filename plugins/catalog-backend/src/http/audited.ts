// Books what changes the catalog, with how it ended.
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';
import type { CatalogRouterOptions } from './CatalogRouterOptions';

/** What to book. */
export interface AuditedAction {
  readonly eventId: string;
  readonly req: Request;
  readonly meta: JsonObject;
}

/** Runs `action` between the beginning and the end of an audit event. */
export async function audited<T>(
  { auditor }: Pick<CatalogRouterOptions, 'auditor'>,
  { eventId, req, meta }: AuditedAction,
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
