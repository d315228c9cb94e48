import { describe, expect, test } from 'vitest';
import { closest } from '../../../supervisor/store/closest.ts';

describe('the closest names', () => {
  test.each([
    { title: 'a letter left out', wanted: 'postgrs', candidates: ['redis', 'postgres'], found: ['postgres'] },
    { title: 'two letters swapped', wanted: 'tpc', candidates: ['http', 'tcp'], found: ['tcp'] },
    { title: 'another case', wanted: 'API', candidates: ['api'], found: ['api'] },
    { title: 'nearest first', wanted: 'api-2', candidates: ['api', 'api-1', 'api-22', 'web'], found: ['api-1', 'api-22'] },
    { title: 'three at most', wanted: 'a1', candidates: ['a2', 'a3', 'a4', 'a5'], found: ['a2', 'a3', 'a4'] },
    { title: 'nothing that is far', wanted: 'x', candidates: ['redis', 'postgres'], found: [] },
    { title: 'nothing of nothing', wanted: 'x', candidates: [], found: [] },
  ])('$title', ({ wanted, candidates, found }) => {
    expect(closest(wanted, candidates)).toEqual(found);
  });
});
