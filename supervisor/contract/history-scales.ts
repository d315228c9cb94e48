// The scales on which the past is told. Apart from the schemas, because the panel needs them and must stay small.

/** How long a bucket is. Kept for a day, 90 days and two years unless services.json says otherwise. */
export const RESOLUTIONS = ['minute', 'hour', 'day'] as const;
export const WINDOWS = ['24h', '7d', '30d', '90d'] as const;
/** How many parts the 24 hours of an overview have: half an hour each. */
export const BAR_PARTS = 48;
/** How many points the latency line of an overview has, a minute each. */
export const LINE_POINTS = 60;
