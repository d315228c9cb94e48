// Starts the panel in its page.
import { signal } from '@preact/signals';
import { render } from 'preact';
// First, so that the screens' own styles come after them.
import './tokens.css';
import { createHttpBridge } from './http-bridge.ts';
import './panel.css';
import './parts/parts.css';
import { App } from './app.tsx';
import { hashOf, readRoute } from './route.ts';
import { createStore } from './store.ts';

const root = document.querySelector('#panel');
if (root === null) throw new Error('The page has no element #panel.');

// Before the route is read: the address of a browser's panel has a token where the route stands otherwise.
const bridge = window.upkeep ?? createHttpBridge();
const route = signal(readRoute(location.hash));
window.addEventListener('hashchange', () => { route.value = readRoute(location.hash); });
const store = createStore(bridge, (service) => { location.hash = hashOf({ screen: 'service', service }); });
render(<App store={store} route={route} />, root);
