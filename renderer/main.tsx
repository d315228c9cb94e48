// Starts the panel in its page.
import { signal } from '@preact/signals';
import { render } from 'preact';
// First, so that the screens' own styles come after them.
import './tokens.css';
import './panel.css';
import './parts/parts.css';
import { App } from './app.tsx';
import { hashOf, readRoute } from './route.ts';
import { createStore } from './store.ts';

const root = document.querySelector('#panel');
if (root === null) throw new Error('The page has no element #panel.');
if (window.upkeep === undefined) throw new Error('Nobody carries the panel.');

const route = signal(readRoute(location.hash));
window.addEventListener('hashchange', () => { route.value = readRoute(location.hash); });
const store = createStore(window.upkeep, (service) => { location.hash = hashOf({ screen: 'service', service }); });
render(<App store={store} route={route} />, root);
