// Times of the contract (ISO 8601) as people read them: in their own time zone, with the day only when it is not today. Pure.

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (time: Date): string => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;

/** "14:02:11", or "2026-11-21 14:02:11". What is no time comes back as it is. */
export function describeTime(iso: string, now: Date): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return dayOf(time) === dayOf(now) ? clock : `${dayOf(time)} ${clock}`;
}
