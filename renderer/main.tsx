// Starts the panel in its page.
import { render } from 'preact';
import { App } from './app.tsx';
import './panel.css';
import { createStore } from './store.ts';

const root = document.querySelector('#panel');
if (root === null) throw new Error('The page has no element #panel.');
render(<App store={createStore(window.upkeep)} />, root);
