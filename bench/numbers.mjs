// What a process uses, and what a list of numbers says. Reads /proc only.
import { readFileSync } from 'node:fs';

/** Linux counts CPU time for /proc in hundredths of a second, whatever the kernel's own tick is. */
const TICKS_PER_S = 100;

/** CPU time the process has used since its start, in seconds. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** Memory in MB (10^6 bytes): resident now, the most it has ever been, and its fair share of what it shares with others. */
export function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return { rssMb: kilobytes(status, 'VmRSS'), peakRssMb: kilobytes(status, 'VmHWM'), pssMb: kilobytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') };
}

const kilobytes = (text, name) => round((Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024) / 1e6);

export const round = (value, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits;
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below or at which this part of all values lies (nearest rank); the median of an even number is the mean of the middle two. */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  if (part === 0.5 && sorted.length % 2 === 0) return mean(sorted.slice(sorted.length / 2 - 1, sorted.length / 2 + 1));
  return sorted[Math.ceil(part * sorted.length) - 1];
}

/** Milliseconds, for people and for results.json. */
export const summary = (values) => ({
  median: round(quantile(values, 0.5)), p95: round(quantile(values, 0.95)), least: round(Math.min(...values)), most: round(Math.max(...values)), runs: values.length,
});
