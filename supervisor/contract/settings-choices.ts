// What settings can be chosen from, and what holds until somebody chooses. Apart from the schemas, because the panel needs it and must stay small.

export const THEMES = ['system', 'light', 'dark'] as const;
export const NOTIFICATION_LEVELS = ['all', 'critical', 'none'] as const;
export const DEFAULT_SETTINGS = { theme: 'system', notifications: { level: 'all', quietHours: null } } as const;
