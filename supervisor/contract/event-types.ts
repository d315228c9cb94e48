// The kinds of events. Apart from the schemas, because the panel needs them and must stay small.

export const EVENT_TYPES = [
  'supervisor.started', 'supervisor.stopped', 'supervisor.woke', 'state.set-aside',
  'service.up', 'service.degraded', 'service.down', 'service.unknown', 'service.paused', 'service.resumed', 'service.stopped', 'service.started',
  'breaker.opened', 'breaker.half-opened', 'breaker.closed',
  'heal.started', 'heal.succeeded', 'heal.failed', 'heal.held',
  'alert.raised', 'alert.repeated', 'alert.resolved', 'alert.delivered', 'alert.undelivered', 'alert.acknowledged', 'alert.snoozed',
  'config.reloaded', 'config.rejected',
] as const;
