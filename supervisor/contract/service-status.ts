// How a service can be. Apart from the schemas, because the panel needs it and must stay small.

export const STATUSES = ['up', 'degraded', 'down', 'healing', 'unknown', 'paused', 'stopped'] as const;
export type ServiceStatus = (typeof STATUSES)[number];

/** What a person should hear of first. */
export const WORST_FIRST: readonly ServiceStatus[] = ['down', 'healing', 'degraded', 'unknown', 'paused', 'stopped', 'up'];
