// Records a request in the audit log: its start and its outcome.
import { toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { AuditorService, AuditorServiceCreateEventOptions } from '@greenroom/backend-plugin-api';

/** Returns the result of `work`, which can add metadata to the record. */
export async function audited<T>(
  auditor: AuditorService,
  options: AuditorServiceCreateEventOptions,
  work: (add: (meta: JsonObject) => void) => Promise<T>,
): Promise<T> {
  const event = await auditor.createEvent(options);
  const added: JsonObject = {};
  try {
    const result = await work(more => void Object.assign(added, more));
    await event.success({ meta: added });
    return result;
  } catch (error) {
    await event.fail({ error: toError(error), meta: added });
    throw error;
  }
}
