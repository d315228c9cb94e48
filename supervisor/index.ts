// The public face of the engine: all that cli/ and electron/ may use of it.
export type { Configuration, ServiceConfiguration } from './contract/configuration.ts';
