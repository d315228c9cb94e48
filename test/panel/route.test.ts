// Every screen has an address, and every address leads to a screen.
import { expect, test } from 'vitest';
import { hashOf, OVERVIEW, readRoute, type Route } from '../../renderer/route.ts';

test.each<Route>([
  OVERVIEW, { screen: 'alerts' }, { screen: 'settings' }, { screen: 'service', service: 'my-app' }, { screen: 'incident', incident: 'a/b c?d' },
  { screen: 'history', service: null, kind: null }, { screen: 'history', service: 'web', kind: 'heals' },
])('%j is found again by its address', (route) => expect(readRoute(hashOf(route))).toEqual(route));

test.each(['', '#', '#/', '#/nowhere', '#/service/', '#/service/../etc', '#/service/%E0%A4%A', '#/incident/', 'token=abc'])('%j is the overview', (hash) => expect(readRoute(hash)).toEqual(OVERVIEW));
