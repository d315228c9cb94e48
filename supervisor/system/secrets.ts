// Takes secrets out of texts that people get to see. Knows no source of secrets: whoever has them asks for a function that blanks them.
// Texts are shortened before they come here, so a secret counts also where it was cut; whoever shortens a text ends it with "…".

/** Shorter texts are no credentials, and blanking them would garble what is shown. */
const SHORTEST_SECRET = 4;
const BLANK = '***';
const CUT = '…';

/** A function that puts "***" where one of these stands: as it is, on one line, as JSON quotes it, or cut. */
export function blankerOf(secrets: Iterable<string>): (text: string) => string {
  const forms = [...new Set([...secrets].flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST_SECRET)
    // The longest first, so that no part of one is left when another is its beginning.
    .sort((a, b) => b.length - a.length);
  return (text) => blankCut(forms.reduce((rest, form) => rest.replaceAll(form, BLANK), text), forms);
}

/** The ways in which a text quotes a secret. Each line of a key or certificate counts by itself: programs quote single lines. */
function formsOf(secret: string): string[] {
  const oneLine = secret.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return [secret, oneLine, ...lines].flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
}

function blankCut(text: string, forms: readonly string[]): string {
  const parts = text.split(CUT);
  return parts.map((part, index) => {
    if (index === parts.length - 1) return part;
    const cut = Math.max(0, ...forms.map((form) => lengthOfBeginning(form, part)));
    return cut === 0 ? part : `${part.slice(0, -cut)}${BLANK}`;
  }).join(CUT);
}

/** How many characters at the end of the text are the beginning of this secret; 0: too few to tell. */
function lengthOfBeginning(secret: string, text: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= SHORTEST_SECRET; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
