// How this desktop looks and how loud it may be.
import type { NotificationLevel, QuietHours, Theme } from '../../supervisor/contract/settings.ts';
import { NOTIFICATION_LEVELS, THEMES } from '../../supervisor/contract/settings-choices.ts';
import type { Store } from '../store.ts';
import { FIRST_QUIET_HOURS, withNotifications } from './settings-view.ts';

const LEVELS: Readonly<Record<NotificationLevel, string>> = { all: 'Everything services.json sends to the desktop', critical: 'Alerts of critical services only', none: 'None' };
const THEME_NAMES: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function Notifications({ store }: { readonly store: Store }) {
  const settings = store.settings.value;
  const { level, quietHours } = settings.notifications;
  const isOff = !store.isLive.value;
  const change = (notifications: Parameters<typeof withNotifications>[1]) => void store.changeSettings(withNotifications(settings, notifications));
  return (
    <section class="card" aria-labelledby="notifications">
      <h2 id="notifications">Desktop notifications</h2>
      <Choices name="level" label="Which notifications" values={NOTIFICATION_LEVELS} words={LEVELS} chosen={level} isOff={isOff} choose={(next) => change({ level: next })} />
      <label class="choice">
        <input type="checkbox" checked={quietHours !== null} disabled={isOff} onChange={({ currentTarget: { checked } }) => change({ quietHours: checked ? FIRST_QUIET_HOURS : null })} />
        <span>Quiet hours</span>
      </label>
      {quietHours !== null && <QuietHoursFields quietHours={quietHours} isOff={isOff} change={(next) => change({ quietHours: next })} />}
    </section>
  );
}

function QuietHoursFields({ quietHours, isOff, change }: { readonly quietHours: QuietHours; readonly isOff: boolean; readonly change: (next: QuietHours) => void }) {
  const time = (key: 'from' | 'to', label: string) => (
    <label class="field">
      <span>{label}</span>
      <input type="time" value={quietHours[key]} disabled={isOff} required onChange={({ currentTarget: { value } }) => { if (value !== '') change({ ...quietHours, [key]: value }); }} />
    </label>
  );
  return (
    <div class="quiet-hours">
      {time('from', 'From')}
      {time('to', 'Until')}
      <label class="choice">
        <input type="checkbox" checked={quietHours.exceptCritical} disabled={isOff} onChange={({ currentTarget: { checked } }) => change({ ...quietHours, exceptCritical: checked })} />
        <span>Critical alerts come through</span>
      </label>
      <p class="facts">What comes meanwhile is shown when they end, if it still matters. Nothing is lost: it stands under Alerts.</p>
    </div>
  );
}

export function Appearance({ store }: { readonly store: Store }) {
  const settings = store.settings.value;
  return (
    <section class="card" aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <Choices name="theme" label="Theme" values={THEMES} words={THEME_NAMES} chosen={settings.theme} isOff={!store.isLive.value} choose={(theme) => void store.changeSettings({ ...settings, theme })} />
    </section>
  );
}

interface ChoicesProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly values: readonly Value[];
  readonly words: Readonly<Record<Value, string>>;
  readonly chosen: Value;
  readonly isOff: boolean;
  readonly choose: (value: Value) => void;
}

function Choices<Value extends string>({ name, label, values, words, chosen, isOff, choose }: ChoicesProps<Value>) {
  return (
    <fieldset>
      <legend>{label}</legend>
      {values.map((value) => (
        <label key={value} class="choice">
          <input type="radio" name={name} value={value} checked={value === chosen} disabled={isOff} onChange={() => choose(value)} />
          <span>{words[value]}</span>
        </label>
      ))}
    </fieldset>
  );
}
