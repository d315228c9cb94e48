// Waits for a condition, for as long as a cold machine may need.
import { vi } from 'vitest';

export const eventually = (assertion: () => void): Promise<void> => vi.waitFor(assertion, { timeout: 30_000, interval: 20 });
