// exits-at-once.mjs CODE: says so on both outputs and ends with that code.
console.log('on my way out');
console.error('the reason is on stderr');
process.exit(Number(process.argv[2]));
