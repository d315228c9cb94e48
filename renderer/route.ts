// Which screen is shown, as the part of the address after "#", so that back, reload and links work. Pure.
import { SERVICE_ID } from '../supervisor/contract/service-id.ts';

export type Route =
  | { readonly screen: 'overview' | 'alerts' | 'settings' }
  | { readonly screen: 'service'; readonly service: string }
  /** `service` and `kind` narrow the timeline. */
  | { readonly screen: 'history'; readonly service: string | null; readonly kind: string | null }
  | { readonly screen: 'incident'; readonly incident: string };

export const OVERVIEW: Route = { screen: 'overview' };

/** "#/service/postgres" and so on; anything else is the overview. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen = '', name = ''] = path.split('/').map(decode);
  switch (screen) {
    case 'service': return SERVICE_ID.test(name) ? { screen: 'service', service: name } : OVERVIEW;
    case 'incident': return name === '' ? OVERVIEW : { screen: 'incident', incident: name };
    case 'history': {
      const wanted = new URLSearchParams(query);
      return { screen: 'history', service: wanted.get('service'), kind: wanted.get('kind') };
    }
    case 'alerts':
    case 'settings': return { screen };
    default: return OVERVIEW;
  }
}

/** The address of a screen, for links: "#/history?service=postgres". */
export function hashOf(route: Route): string {
  switch (route.screen) {
    case 'overview': return '#/';
    case 'alerts':
    case 'settings': return `#/${route.screen}`;
    case 'service': return `#/service/${encodeURIComponent(route.service)}`;
    case 'incident': return `#/incident/${encodeURIComponent(route.incident)}`;
    case 'history': {
      const query = new URLSearchParams();
      if (route.service !== null) query.set('service', route.service);
      if (route.kind !== null) query.set('kind', route.kind);
      return `#/history${query.size === 0 ? '' : `?${query.toString()}`}`;
    }
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
