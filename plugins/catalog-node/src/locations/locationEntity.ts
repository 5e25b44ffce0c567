// The Location entities of registered and configured locations.
import { createHash } from 'node:crypto';
import type { Entity, LocationEntityV1alpha1 } from '@backstage/catalog-model';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  stringifyEntityRef,
  stringifyLocationRef,
} from '../internal/catalogModel';
import type { LocationSpec } from '@backstage/plugin-catalog-common';

/**
 * Returns the name of the entity that represents a location. It is always the same for the same location.
 *
 * @public
 */
export function locationSpecToMetadataName(location: LocationSpec): string {
  return `generated-${createHash('sha1').update(stringifyLocationRef(location)).digest('hex')}`;
}

/**
 * Creates the entity of kind Location that represents a location.
 *
 * @throws `TypeError` if `parentEntity` lacks one of the annotations.
 *
 * @public
 */
export function locationSpecToLocationEntity(options: {
  location: LocationSpec;
  /** The entity that led to the location. The new entity inherits its location annotations. */
  parentEntity?: Entity;
}): LocationEntityV1alpha1 {
  const { location, parentEntity } = options;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: locationSpecToMetadataName(location),
      annotations: parentEntity ? inheritedAnnotations(parentEntity) : ownAnnotations(location),
    },
    spec: {
      type: location.type,
      target: location.target,
      ...(location.presence && { presence: location.presence }),
    },
  };
}

function ownAnnotations(location: LocationSpec): Record<string, string> {
  const ref = stringifyLocationRef(location);
  return { [ANNOTATION_LOCATION]: ref, [ANNOTATION_ORIGIN_LOCATION]: ref };
}

function inheritedAnnotations(parent: Entity): Record<string, string> {
  const location = parent.metadata.annotations?.[ANNOTATION_LOCATION];
  const origin = parent.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
  if (location === undefined || origin === undefined) {
    throw new TypeError(
      `The entity '${stringifyEntityRef(parent)}' lacks the annotation ` +
        `${location === undefined ? ANNOTATION_LOCATION : ANNOTATION_ORIGIN_LOCATION}, so a location that it leads to can't be placed`,
    );
  }
  return { [ANNOTATION_LOCATION]: location, [ANNOTATION_ORIGIN_LOCATION]: origin };
}
