// Recognises a URL of this very backend.

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** Whether `url` leads to the server of this backend, which listens at `own`. */
export function leadsHere(url: string, own: string | undefined): boolean {
  if (own === undefined) return false;
  const [there, here] = [new URL(url), new URL(own)];
  const hosts = [there.hostname, here.hostname];
  // Where it listens at all addresses, its own is that of localhost.
  const isLocal = hosts.includes('localhost') && hosts.every(host => loopback.includes(host));
  return there.port === here.port && (isLocal || there.hostname === here.hostname);
}
