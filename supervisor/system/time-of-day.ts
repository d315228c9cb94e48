// The time of day for sentences, in this machine's time zone: "14:32".
import type { WallMs } from '../contract/reason.ts';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Within a day the time alone says enough; beyond it the date stands in front: "11-23 09:00". */
export function formatTimeOfDay(time: WallMs): string {
  const moment = new Date(time);
  const clock = `${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
  return Math.abs(time - Date.now()) < 86_400_000 ? clock : `${twoDigits(moment.getMonth() + 1)}-${twoDigits(moment.getDate())} ${clock}`;
}
