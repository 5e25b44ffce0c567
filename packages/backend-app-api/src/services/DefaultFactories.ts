// Tells service references, and loads the default factories that they name, each once.
import type { InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import type { SourcedFactory } from './selectFactories';

/** The default factories of a whole start. Several graphs may ask for one at the same time, and get the same. */
export class DefaultFactories {
  readonly #loaded = new Map<string, SourcedFactory | EngineError>();
  /** By the same ids, from when loading began. */
  readonly #begun = new Map<string, { readonly done: Promise<void>; readonly span: SpanId }>();

  constructor(private readonly spans: SpanRecorder) {}

  /** What loading that of a service gave, if it was ever tried. */
  get(id: string): SourcedFactory | EngineError | undefined {
    return this.#loaded.get(id);
  }

  /** Loads those of these references, of several for one id the first. `parent` is the span that waits for it. */
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
    // Older references give a function that returns the factory.
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

/** Tells a service reference by its marker, so that copies of the contracts package agree. */
export function isServiceRef(value: unknown): value is InternalServiceRef {
  const { $$type, id } = (value ?? {}) as Partial<InternalServiceRef>;
  return $$type === '@backstage/ServiceRef' && typeof id === 'string';
}
