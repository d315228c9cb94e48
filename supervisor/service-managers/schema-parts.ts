// What several service managers accept in services.json, with one wording each.
import * as z from 'zod';

export const textThatIsNotEmpty = z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' });

/** A command: never empty, never through a shell. */
export const argv = z
  .array(z.string({ error: 'a text' }), { error: 'a list of texts, the program first' })
  .min(1, { error: 'a list of texts, the program first' })
  .refine(([program]) => program !== '', { error: 'a list of texts, the program first' });
