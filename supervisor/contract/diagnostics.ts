// What one needs to know about this installation to help it: shown in the panel, copied into reports. Nothing in it is secret.
import * as z from 'zod';

export const diagnosticsSchema = z.object({
  sections: z.array(z.object({
    title: z.string(),
    /** `state`: whether that is as it should be; null: a fact like any other. */
    facts: z.array(z.object({ label: z.string(), value: z.string(), state: z.enum(['good', 'bad']).nullable() })),
  })),
});
export type Diagnostics = z.output<typeof diagnosticsSchema>;
export type DiagnosticsSection = Diagnostics['sections'][number];
