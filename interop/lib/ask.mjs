// What the cases use to query backends: HTTP requests with useful errors, and polling with a deadline.
import { setTimeout as pause } from 'node:timers/promises';

/** Returns the parsed body. Throws with status and body if the status is not the expected one. */
export async function request(url, { token, body, expect = 200, ...init } = {}) {
  const response = await fetch(url, {
    ...init,
    method: init.method ?? (body ? 'POST' : 'GET'),
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...init.headers,
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== expect) {
    throw new Error(`${url} answered ${response.status}, not ${expect}: ${text.slice(0, 500)}`);
  }
  return /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}

/**
 * Calls `look` until `good` accepts its result. Throws with the last result after three minutes, because busy
 * machines are slow.
 */
export async function eventually(what, look, good) {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within three minutes; last seen: ${JSON.stringify(seen).slice(0, 500)}`);
    }
    await pause(200);
  }
}

/** A guest's token from the published auth plugin. */
export async function guestToken(backend) {
  const { backstageIdentity } = await request(`${backend.api('auth')}/guest/refresh`);
  return backstageIdentity.token;
}

/** Waits until the backend at `url` reports that it is ready. */
export function ready({ url }) {
  const look = () =>
    fetch(`${url}/.backstage/health/v1/readiness`).then(
      ({ status }) => status,
      error => error.message,
    );
  return eventually('readiness', look, status => status === 200);
}
