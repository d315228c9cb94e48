// What a person should read of first.
import type { ServiceStatus } from '../../supervisor/contract/snapshot.ts';

export const WORST_FIRST: readonly ServiceStatus[] = ['down', 'healing', 'degraded', 'unknown', 'paused', 'stopped', 'up'];
