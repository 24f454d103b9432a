import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/own-house';

/** What a page of the list holds, as the product says it. */
const PAGE = 40;

test('a list that is longer than a page goes on, comes to its end, and leads back', async ({ signedIn: page, api }) => {
  const all = Array.from({ length: PAGE + 1 }, () => api.upload(book('lighthouse')));
  for (const id of await Promise.all(all)) await api.settled(id, 60_000);
  await page.goto('/releases');
  await expect(page.locator('#releases-count')).toHaveText(`${PAGE + 1} releases`);
  const rows = page.locator('#releases [data-row]');
  const ids = () => rows.locator('[data-open]').evaluateAll((links) => links.map((link) => link.id));
  await expect(rows).toHaveCount(PAGE);
  const first = await ids();
  await expect(page.getByRole('link', { name: 'First page' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(rows).toHaveCount(1);
  const second = await ids();
  expect(new Set([...first, ...second]).size, 'each is on one page').toBe(PAGE + 1);
  await expect(page.getByRole('link', { name: 'Next page' })).toHaveCount(0);
  await looks(page, 'releases-last-page');
  await page.getByRole('link', { name: 'First page' }).click();
  await expect(rows).toHaveCount(PAGE);
  expect(await ids()).toEqual(first);
});
