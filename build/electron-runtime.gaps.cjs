// Fills in the two Node functions that the bare Electron 25 runtime lacks (its Node is 18.15) and our libraries call.
// Loaded before the app by whoever starts it in that runtime; never part of what people install.
'use strict';
const events = require('node:events');
const stream = require('node:stream');

// execa 9 calls both at import time or for each child. May go when this runtime has Node 18.18 or newer.
stream.getDefaultHighWaterMark ??= (objectMode) => (objectMode ? 16 : 16 * 1024);
events.addAbortListener ??= (signal, listener) => {
  const call = () => listener.call(signal, new Event('abort'));
  if (signal.aborted) queueMicrotask(call);
  else signal.addEventListener('abort', listener, { once: true });
  return { [Symbol.for('nodejs.dispose')]: () => signal.removeEventListener('abort', listener) };
};
