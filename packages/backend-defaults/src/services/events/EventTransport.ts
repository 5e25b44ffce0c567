// What carries events from one instance of a backend to the others.
import type { EventParams } from '@greenroom/backend-plugin-api';

/** Carries events between instances, so that each group gets each event in one of them. */
export interface EventTransport {
  /** Accepts an event. The groups in `delivered` get it in this instance, so that no other has to deliver it to them. */
  publish(event: EventParams, delivered: readonly string[]): Promise<void>;
  /** Takes events for a group, or further topics for it. Resolves when none will be missed from now on. */
  subscribe(group: string, topics: readonly string[]): Promise<void>;
  /** Leaves the events of a group to other instances. Resolves when those that were taken have been handled. */
  unsubscribe(group: string): Promise<void>;
  /** Leaves all further events to other instances; `publish` still works. Resolves as `unsubscribe` does. */
  pause(): Promise<void>;
  /** Rejects where events of other instances don't arrive. */
  check?(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Handles an event that another instance published; never rejects. */
export type ReceiveEvent = (group: string, event: EventParams) => Promise<void>;
