// The requests that the terminal client sends.
import { setTimeout as sleep } from 'node:timers/promises';
import { readEventStream } from './readEventStream';

/** The displayed fields of a template. */
export interface ListedTemplate {
  readonly ref: string;
  readonly title: string;
  readonly description?: string;
}

/** A page of a form. */
export interface FormPage {
  readonly title: string;
  readonly description?: string;
  /** A template string: the page is shown if it renders to something truthy. */
  readonly when?: string | boolean;
  readonly schema: JsonSchema;
}

/** The parts of a JSON schema that are used here. */
// oxlint-disable-next-line typescript/no-explicit-any
export type JsonSchema = { [keyword: string]: any };

/** A step of a task. */
export interface TaskStep {
  readonly id: string;
  readonly name: string;
}

/** An event of a task. */
export interface TaskEvent {
  readonly id: number;
  readonly type: 'log' | 'cancelled' | 'recovered' | 'completion';
  readonly createdAt: string;
  readonly body: {
    readonly message: string;
    readonly stepId?: string;
    readonly status?: string;
    readonly level?: string;
    readonly output?: { readonly [name: string]: unknown };
  };
}

/** A request failed, or was answered with an error. */
export class BackendRequestError extends Error {
  override readonly name = 'BackendRequestError';
}

const RECONNECTS = 20;
const RECONNECT_MS = 500;

/** The catalog and the scaffolder, in one backend or in two. */
export class BackendApi {
  readonly #urls: { scaffolder: string; catalog: string };
  readonly #token: string | undefined;

  /** @param options - base URLs of the backends, such as `http://127.0.0.1:7007` */
  constructor(options: { scaffolder: string; catalog: string; token?: string }) {
    this.#urls = {
      scaffolder: `${options.scaffolder.replace(/\/$/, '')}/api/scaffolder/v2`,
      catalog: `${options.catalog.replace(/\/$/, '')}/api/catalog`,
    };
    this.#token = options.token;
  }

  async listTemplates(): Promise<ListedTemplate[]> {
    const fields = 'metadata.name,metadata.namespace,metadata.title,metadata.description';
    const entities = await this.#json<Array<{ metadata: Record<string, string | undefined> }>>(
      `${this.#urls.catalog}/entities?filter=kind=template&fields=${fields}`,
    );
    return entities.map(({ metadata }) => ({
      ref: `template:${metadata.namespace ?? 'default'}/${metadata.name}`,
      title: metadata.title ?? metadata.name!,
      ...(metadata.description !== undefined && { description: metadata.description }),
    }));
  }

  getForm(templateRef: string): Promise<{ title: string; steps: FormPage[] }> {
    const [, kind, namespace, name] = /^(?:([^:]+):)?(?:([^/]+)\/)?(.+)$/.exec(templateRef)!;
    const path = [namespace ?? 'default', kind ?? 'template', name!].map(encodeURIComponent).join('/');
    return this.#json(`${this.#urls.scaffolder}/templates/${path}/parameter-schema`);
  }

  async createTask(templateRef: string, values: object, secrets: object): Promise<string> {
    const body = JSON.stringify({ templateRef, values, secrets });
    const { id } = await this.#json<{ id: string }>(`${this.#urls.scaffolder}/tasks`, {
      method: 'POST',
      body,
    });
    return id;
  }

  async listSteps(taskId: string): Promise<TaskStep[]> {
    const task = await this.#json<{ spec: { steps: TaskStep[] } }>(
      `${this.#urls.scaffolder}/tasks/${taskId}`,
    );
    return task.spec.steps;
  }

  async cancelTask(taskId: string): Promise<void> {
    await this.#json(`${this.#urls.scaffolder}/tasks/${taskId}/cancel`, { method: 'POST' });
  }

  /** Yields the events of a task until it ends. If the connection breaks, continues with the next event. */
  async *followTask(taskId: string): AsyncGenerator<TaskEvent> {
    let after = 0;
    for (let failures = 0; ;) {
      try {
        const response = await this.#request(
          `${this.#urls.scaffolder}/tasks/${taskId}/eventstream?after=${after}`,
        );
        for await (const { data } of readEventStream(response.body as unknown as AsyncIterable<Uint8Array>)) {
          const event = JSON.parse(data) as TaskEvent;
          after = event.id;
          failures = 0;
          yield event;
          if (event.type === 'completion') return;
        }
      } catch (error) {
        if (failures >= RECONNECTS) throw error;
      }
      failures += 1;
      await sleep(RECONNECT_MS);
    }
  }

  async #json<T>(url: string, init?: RequestInit): Promise<T> {
    return (await (await this.#request(url, init)).json()) as T;
  }

  async #request(url: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        headers: {
          'content-type': 'application/json',
          ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        },
      });
    } catch (error) {
      const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string };
      throw new BackendRequestError(
        `${new URL(url).origin} does not answer (${code ?? message}). Start the backend with npm start, or name another one with --url`,
        { cause: error },
      );
    }
    if (response.ok) return response;
    const text = await response.text();
    throw new BackendRequestError(`${response.status} from ${new URL(url).pathname}: ${describe(text)}`);
  }
}

function describe(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text.slice(0, 200);
  }
}
