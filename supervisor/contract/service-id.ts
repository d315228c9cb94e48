// What the id of a service looks like. Apart from the schemas, because the panel needs it and must stay small.

/** Ids are file names, command arguments and JSON keys at once, hence the narrow alphabet. */
export const SERVICE_ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;
