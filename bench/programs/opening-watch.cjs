// Runs in the panel's page before its own script: tells the probe once it has painted and the rows of its list have been there for a frame.
'use strict';
const { ipcRenderer } = require('electron');

const seen = { content: 0, paint: 0 };
const tell = () => {
  if (seen.content > 0 && seen.paint > 0) ipcRenderer.send('opening-probe', { ...seen, count: Number(document.querySelector('[data-service]').getAttribute('aria-setsize')) });
};
const epoch = (ms) => performance.timeOrigin + ms;

new PerformanceObserver((list) => {
  const first = list.getEntriesByName('first-contentful-paint')[0];
  if (first === undefined) return;
  seen.paint = epoch(first.startTime);
  tell();
}).observe({ type: 'paint', buffered: true });

const rows = new MutationObserver(() => {
  if (document.querySelector('[data-service]') === null) return;
  rows.disconnect();
  requestAnimationFrame(() => setTimeout(() => {
    seen.content = epoch(performance.now());
    tell();
  }));
});
rows.observe(document, { childList: true, subtree: true });
