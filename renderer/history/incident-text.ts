// An incident as a text that can be sent to somebody. Pure.
import { exactTime } from '../parts/words.ts';
import { healLines } from '../service/heal-view.ts';
import type { MomentView } from './incident-moments.ts';
import type { IncidentView } from './incident-view.ts';

export function writeIncidentText({ headline, facts, moments, now }: IncidentView, version: string, nowMs: number): string {
  return [
    `${headline}.`,
    ...(now === null ? [] : [now.reason, ...now.next]),
    '', ...facts.map(({ label, value, exact }) => `${label}: ${value}${exact === null ? '' : ` (${exact})`}`),
    '', 'What happened',
    ...moments.flatMap(momentLines),
    '', `Upkeep ${version}, ${exactTime(new Date(nowMs).toISOString())}`, '',
  ].join('\n');
}

function momentLines({ exact, offset, title, text, heal, deliveries }: MomentView): string[] {
  // The first of them says the title again.
  const proof = heal === null ? [] : healLines(heal).slice(1);
  return [`  ${exact} (${offset}) ${title}`, ...(text === null || text === '' ? [] : [`    ${text}`]), ...deliveries.map((line) => `    ${line}`), ...proof.map((line) => `  ${line}`)];
}
