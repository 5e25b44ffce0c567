// The shape in which an action is kept. Types only.
import type { ActionsRegistryActionOptions } from '@greenroom/backend-plugin-api/alpha';
import type { AnyZodObject } from 'zod/v3';

/** An action as it is kept, whatever its schema. */
export type RegisteredAction = Omit<
  ActionsRegistryActionOptions<AnyZodObject, AnyZodObject>,
  'schema' | 'action'
> & {
  id: string;
  pluginId: string;
  schema: { input: AnyZodObject; output: AnyZodObject; secrets?: AnyZodObject };
  action(context: object): Promise<{ output?: unknown } | void>;
};
