// The interface that carries events between the instances of a backend.
import type { EventParams } from '@greenroom/backend-plugin-api';

/** Carries events between instances, so that each group gets each event in one instance. */
export interface EventTransport {
  /** Accepts an event. The groups in `delivered` get it in this instance, so no other instance delivers it to them. */
  publish(event: EventParams, delivered: readonly string[]): Promise<void>;
  /** Starts receiving events for a group, or adds topics to it. Resolves once no event will be missed. */
  subscribe(group: string, topics: readonly string[]): Promise<void>;
  /** Leaves a group's events to other instances. Resolves once those already taken have been handled. */
  unsubscribe(group: string): Promise<void>;
  /** Leaves all further events to other instances; `publish` still works. Resolves like `unsubscribe`. */
  pause(): Promise<void>;
  /** Rejects if events of other instances do not arrive. */
  check?(): Promise<void>;
  /** Closes all connections. */
  close(): Promise<void>;
}

/** Handles an event published by another instance. Never rejects. */
export type ReceiveEvent = (group: string, event: EventParams) => Promise<void>;
