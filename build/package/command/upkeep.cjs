// Hands over to the command line, unless this Node is too old for it. Written so that old ones can read it, too.
// Debian 12 and Ubuntu 24.04 have Node 18, which lacks four functions of the language that the newest Electron and Node have.
'use strict';
const version = process.versions.node.split('.').map(Number);
if (version[0] < 18 || (version[0] === 18 && version[1] < 19)) {
  console.error('upkeep: the command line needs Node 18.19 or newer; ' + process.execPath + ' is ' + process.versions.node + '.');
  process.exit(70);
}

fillIn('toReversed', function () { return Array.from(this).reverse(); });
fillIn('toSorted', function (compare) { return Array.from(this).sort(compare); });
fillIn('toSpliced', function () {
  const copy = Array.from(this);
  copy.splice.apply(copy, arguments);
  return copy;
});
fillIn('with', function (index, value) {
  const copy = Array.from(this);
  const at = index < 0 ? copy.length + index : index;
  if (!(at >= 0 && at < copy.length)) throw new RangeError('Invalid index : ' + index);
  copy[at] = value;
  return copy;
});

// Where it lies in the package, not in the repository.
require(require('path').join(__dirname, '../app.asar.unpacked/dist/cli.cjs'));

function fillIn(name, method) {
  if (name in Array.prototype) return;
  Object.defineProperty(Array.prototype, name, { value: method, writable: true, configurable: true });
}
