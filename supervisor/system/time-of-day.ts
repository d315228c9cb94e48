// The time of day in this machine's time zone: for sentences ("14:32") and for what holds at certain hours.
import type { WallMs } from '../contract/reason.ts';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Within a day the time alone says enough; beyond it the date stands in front: "11-23 09:00". */
export function formatTimeOfDay(time: WallMs): string {
  const moment = new Date(time);
  const clock = `${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
  return Math.abs(time - Date.now()) < 86_400_000 ? clock : `${twoDigits(moment.getMonth() + 1)}-${twoDigits(moment.getDate())} ${clock}`;
}

/** Minutes since midnight of the local day, 0 to 1439. */
export function minuteOfDay(time: WallMs): number {
  const moment = new Date(time);
  return moment.getHours() * 60 + moment.getMinutes();
}
