// The interface for calling actions.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { JSONSchema7 } from 'json-schema';
import type { BackstageCredentials } from '../services/definitions/AuthService';

/** An action that can be called. */
export type ActionsServiceAction = {
  /** Unique across all plugins: `<pluginId>:<name>`. */
  id: string;
  /** The plugin that provides the action. */
  pluginId: string;
  /** Unique within the plugin. */
  name: string;
  title: string;
  description: string;
  /** JSON Schemas of the action's input, output and secrets. */
  schema: {
    input: JSONSchema7;
    output: JSONSchema7;
    secrets?: JSONSchema7;
  };
  examples?: Array<{
    title: string;
    description?: string;
    input: JsonObject;
    output?: JsonObject;
  }>;
  /** What a caller must expect of the action, see {@link ActionsRegistryActionOptions}. */
  attributes: {
    readOnly: boolean;
    destructive: boolean;
    idempotent: boolean;
  };
};

/** Finds and calls the actions of all plugins. */
export interface ActionsService {
  /** Lists the actions that the caller may see. Plugins that can't be reached are left out. */
  list: (opts: { credentials: BackstageCredentials }) => Promise<{ actions: ActionsServiceAction[] }>;
  /**
   * Calls an action. `input`, empty by default, and `secrets` must match its schema.
   *
   * @throws InputError if the ID names no plugin, NotFoundError if the operator has excluded the action, ResponseError
   * with the error of the plugin, which may be that there is no such action or that the input is invalid.
   */
  invoke(opts: {
    id: string;
    input?: JsonObject;
    secrets?: JsonObject;
    credentials: BackstageCredentials;
  }): Promise<{ output: JsonValue }>;
}
