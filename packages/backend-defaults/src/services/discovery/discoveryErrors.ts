// The errors of the discovery service.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The SRV record of a plugin's target yields no address. */
export class SrvLookupError extends GreenroomError {
  constructor(options: { record: string; pluginId: string; key: string; cause?: unknown }) {
    const { record, pluginId, key, cause } = options;
    const reason = (cause as Error | undefined)?.message ?? 'DNS has no usable target for it';
    super({
      code: 'GR_DISCOVERY_SRV',
      message: `Plugin '${pluginId}' can't be located by the SRV record '${record}' of ${key}: ${reason}`,
      hint: 'Check the record with your DNS, or give a plain http:// target.',
      cause,
    });
  }
}

/** This backend listens on any free port, and nobody has reported which one that is. */
export class OwnAddressUnknownError extends GreenroomError {
  constructor(pluginId: string) {
    super({
      code: 'GR_DISCOVERY_ADDRESS_UNKNOWN',
      message: `Plugin '${pluginId}' can't be located: backend.listen has port 0, and the port really listened on is not known`,
      hint: 'Set a port in backend.listen, add the plugin to discovery.endpoints, or have the HTTP server report its address to httpServerAddressServiceRef.',
    });
  }
}
