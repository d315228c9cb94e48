// Settings: services.json and its mistakes, how this desktop looks and how loud it may be, what is kept on disk, diagnostics.
import type { Store } from '../store.ts';
import { Appearance, Notifications } from './preferences.tsx';
import { ConfigurationFile } from './configuration-file.tsx';
import { DataOnDisk } from './data-on-disk.tsx';
import { Diagnostics } from './diagnostics.tsx';
import { StartAtLogin } from './start-at-login.tsx';
import './settings.css';

export function SettingsScreen({ store }: { readonly store: Store }) {
  return (
    <div class="screen">
      <h1>Settings</h1>
      <ConfigurationFile store={store} />
      {store.desktop !== null && <StartAtLogin store={store} desktop={store.desktop} />}
      <Notifications store={store} />
      <Appearance store={store} />
      <DataOnDisk store={store} />
      <Diagnostics store={store} />
    </div>
  );
}
