// Recognises service references, and loads their default factories, each once.
import type { InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import type { SourcedFactory } from './selectFactories';

/** The default factories of one start, shared by all of its graphs. */
export class DefaultFactories {
  readonly #loaded = new Map<string, SourcedFactory | EngineError>();
  /** Loads in progress or done, by id. */
  readonly #begun = new Map<string, { readonly done: Promise<void>; readonly span: SpanId }>();

  constructor(private readonly spans: SpanRecorder) {}

  /** The default factory of a service or the error of loading it; undefined if it was never loaded. */
  get(id: string): SourcedFactory | EngineError | undefined {
    return this.#loaded.get(id);
  }

  /** Loads the default factories of these references, only the first for each id. `parent` is the span that waits for it. */
  async load(refs: readonly InternalServiceRef[], parent: SpanId): Promise<void> {
    await Promise.all(refs.map(ref => this.#load(ref, parent)));
  }

  #load(ref: InternalServiceRef, parent: SpanId): Promise<void> {
    const { id } = ref;
    const known = this.#begun.get(id);
    if (known) {
      this.spans.waitsFor(parent, known.span);
      return known.done;
    }
    const span = this.spans.begin('defaultFactory', id, 'root', parent);
    const done = loadDefaultFactory(ref).then(loaded => {
      this.#loaded.set(id, loaded);
      this.spans.end(span);
    });
    this.#begun.set(id, { done, span });
    return done;
  }
}

async function loadDefaultFactory(ref: InternalServiceRef): Promise<SourcedFactory | EngineError> {
  try {
    const made: unknown = await ref.__defaultFactory!(ref);
    // Older references return a function that returns the factory.
    const factory = (
      typeof made === 'function' && !('service' in made) ? made() : made
    ) as SourcedFactory['factory'];
    const id = typeof factory?.factory === 'function' ? factory.service?.id : undefined;
    if (id !== ref.id) {
      const found = id === undefined ? describe(made) : `a factory of service '${id}'`;
      throw new EngineReason(`it gave ${found}`);
    }
    return { factory, origin: 'reference', source: 'the default factory of the reference' };
  } catch (error) {
    const fields = { id: ref.id, reason: reasonOf(error) };
    return new EngineError('GR_DEFAULT_FACTORY_FAILED', fields, { cause: error });
  }
}

/** Recognises a reference by its marker, so that several copies of the contracts package can coexist. */
export function isServiceRef(value: unknown): value is InternalServiceRef {
  const { $$type, id } = (value ?? {}) as Partial<InternalServiceRef>;
  return $$type === '@backstage/ServiceRef' && typeof id === 'string';
}
