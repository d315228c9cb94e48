// Brings notices to the screen as desktop-joining.ts words them: one after the other for each notification, and what comes meanwhile as one.
// Decides no text, and starts no program itself.
import type { DeliveryResult, Notice } from '../ports.ts';
import { BURST_MS, serviceToOpen, shownOf, withClosed, withNotice, withoutShown, withShown, type Notification, type Shown } from './desktop-joining.ts';

export interface Screen {
  /** Whether a notification takes the place of the one with the same key. */
  replaces(): boolean;
  /** Never rejects; settles within 10 s. */
  show(key: string, shown: Shown, signal: AbortSignal): Promise<DeliveryResult>;
}
export interface DesktopNotificationsParts {
  readonly screen: Screen;
  /** Milliseconds on a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly onClick: (serviceId: string) => void;
}

/** A notice on its way, until it is settled. */
interface Waiter { readonly alertId: string; readonly settle: (result: DeliveryResult) => void; isSettled: boolean }
/** The notices of one notification that wait to be shown; one showing at a time. */
interface Lane { waiting: Waiter[]; isBusy: boolean; shownAtMs: number | null; wake: () => void }

const CALLED_OFF: DeliveryResult = { accepted: false, unavailable: false, error: 'the delivery was called off' };

export class DesktopNotifications {
  readonly #parts: DesktopNotificationsParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #end = new AbortController();
  #all: readonly Notification[] = [];

  constructor(parts: DesktopNotificationsParts) {
    this.#parts = parts;
  }

  deliver(notice: Notice, signal: AbortSignal): Promise<DeliveryResult> {
    if (signal.aborted || this.#end.signal.aborted) return Promise.resolve(CALLED_OFF);
    const { all, key } = withNotice(this.#all, notice, this.#parts.nowMs());
    this.#all = all;
    for (const [known, { isBusy }] of this.#lanes) if (!isBusy && this.#find(known) === undefined) this.#lanes.delete(known);
    const lane = this.#laneOf(key);
    return new Promise((resolve) => {
      const abort = (): void => {
        waiter.settle(CALLED_OFF);
        lane.wake();
      };
      const waiter: Waiter = {
        alertId: notice.alertId, isSettled: false,
        settle: (result) => {
          if (waiter.isSettled) return;
          waiter.isSettled = true;
          signal.removeEventListener('abort', abort);
          this.#end.signal.removeEventListener('abort', abort);
          resolve(result);
        },
      };
      signal.addEventListener('abort', abort);
      this.#end.signal.addEventListener('abort', abort);
      lane.waiting.push(waiter);
      void this.#run(key, lane);
    });
  }

  clicked(key: string): void {
    const notification = this.#find(key);
    const service = notification === undefined ? null : serviceToOpen(notification);
    if (service !== null) this.#parts.onClick(service);
  }

  closed(key: string): void {
    this.#all = withClosed(this.#all, key);
  }

  /** Calls off what is on its way. */
  dispose(): void {
    this.#end.abort();
  }

  #find(key: string): Notification | undefined {
    return this.#all.find((notification) => notification.key === key);
  }

  #laneOf(key: string): Lane {
    const lane = this.#lanes.get(key) ?? { waiting: [], isBusy: false, shownAtMs: null, wake: () => undefined };
    this.#lanes.set(key, lane);
    return lane;
  }

  async #run(key: string, lane: Lane): Promise<void> {
    if (lane.isBusy) return;
    lane.isBusy = true;
    while (lane.waiting.length > 0) {
      await this.#pace(key, lane);
      await this.#showOnce(key, lane);
    }
    lane.isBusy = false;
  }

  /** Where nothing can be replaced, what is joined is shown once in a while, and not once an alert. */
  #pace(key: string, lane: Lane): Promise<void> {
    const isJoined = (this.#find(key)?.members.length ?? 0) > 1;
    const restMs = this.#parts.screen.replaces() || !isJoined || lane.shownAtMs === null ? 0 : lane.shownAtMs + BURST_MS - this.#parts.nowMs();
    if (restMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        lane.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(go, restMs);
      lane.wake = () => { if (lane.waiting.every(({ isSettled }) => isSettled)) go(); };
    });
  }

  async #showOnce(key: string, lane: Lane): Promise<void> {
    const batch = lane.waiting;
    lane.waiting = [];
    const alertIds = new Set(batch.map(({ alertId }) => alertId));
    const notification = this.#find(key);
    const calledOff = new AbortController();
    lane.wake = () => { if (batch.every(({ isSettled }) => isSettled)) calledOff.abort(); };
    lane.wake();
    const shownAtMs = this.#parts.nowMs();
    const result = notification === undefined || calledOff.signal.aborted ? CALLED_OFF : await this.#parts.screen.show(key, shownOf(notification), calledOff.signal);
    lane.wake = () => undefined;
    if (result.accepted && notification !== undefined) {
      lane.shownAtMs = shownAtMs;
      this.#all = withShown(this.#all, notification, shownAtMs);
    } else {
      this.#all = withoutShown(this.#all, key, alertIds);
    }
    for (const { settle } of batch) settle(result);
  }
}
