// An actions registry for tests: registered actions can be listed and called at once, by anybody.
import { ActionsRegistry } from '@greenroom/backend-defaults/alpha';
import type { BackstageCredentials, LoggerService } from '@greenroom/backend-plugin-api';
import type {
  ActionsRegistryActionOptions,
  ActionsRegistryService,
  ActionsService,
  ActionsServiceAction,
} from '@greenroom/backend-plugin-api/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { AnyZodObject } from 'zod/v3';
import { mockCredentials } from '../credentials/mockCredentials';

/**
 * Registers and calls actions, and validates input and output like a backend. The plugin is `testing`, so the action
 * `greet` has the ID `testing:greet`.
 *
 * @alpha
 */
export class MockActionsRegistry implements ActionsRegistryService, ActionsService {
  /** The registered actions, by ID. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as the contract has it: tests call an action with what they like
  readonly actions = new Map<string, ActionsRegistryActionOptions<any, any, any>>();
  readonly #registry: ActionsRegistry;

  static create(options: { logger: LoggerService }): MockActionsRegistry {
    return new MockActionsRegistry(options.logger);
  }

  private constructor(logger: LoggerService) {
    this.#registry = new ActionsRegistry({
      logger,
      pluginId: 'testing',
      permissions: { authorize: async requests => requests.map(() => ({ result: AuthorizeResult.ALLOW })) },
      permissionsRegistry: { addPermissions() {} },
    });
  }

  register<
    TInputSchema extends AnyZodObject,
    TOutputSchema extends AnyZodObject,
    TSecretsSchema extends AnyZodObject | undefined = undefined,
  >(options: ActionsRegistryActionOptions<TInputSchema, TOutputSchema, TSecretsSchema>): void {
    this.#registry.register(options);
    this.actions.set(`testing:${options.name}`, options);
  }

  async list(): Promise<{ actions: ActionsServiceAction[] }> {
    return { actions: await this.#registry.list(mockCredentials.none()) };
  }

  /** Calls an action. Credentials default to those of type `none`. */
  invoke(options: {
    id: string;
    input?: JsonObject;
    secrets?: JsonObject;
    credentials?: BackstageCredentials;
  }): Promise<{ output: JsonValue }> {
    const { id, input, secrets, credentials = mockCredentials.none() } = options;
    return this.#registry.invoke(id, { input, secrets, credentials });
  }
}
