import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';

test('a release is found by a word of its title, and the search stands in the address', async ({ signedIn: page, api }) => {
  await api.settled(await api.upload(book('lighthouse')));
  await page.goto('/releases');
  await expect(page.getByRole('heading', { level: 1, name: 'Releases' })).toBeVisible();
  await expectAccessible(page);

  const search = page.getByRole('searchbox').or(page.getByLabel('Title, author, ISBN or release name')).first();
  await search.fill('almanac');
  await search.press('Enter');
  await expect(page).toHaveURL(/almanac/);
  await expect(page.getByRole('link', { name: 'The Lighthouse Keeper’s Almanac' }).first()).toBeVisible();

  await search.fill('nosuchword');
  await search.press('Enter');
  // The page that the form leads to: the list beside the field leaves out what is empty.
  await expect(page).toHaveURL(/q=nosuchword&status=/);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await expectAccessible(page);
});

test('a broken and an empty file each say what is wrong and do not hold up the good one', async ({ signedIn: page, api }) => {
  const broken = await api.upload(book('truncated'));
  const empty = await api.upload(book('empty'));
  const good = await api.upload(book('lighthouse'));
  expect((await api.settled(good)).status).toBe('draft');
  for (const id of [broken, empty]) {
    const found = await api.settled(id);
    expect(['draft', 'refused']).toContain(found.status);
    await page.goto(`/releases/${id}`);
    await expect(page.getByText(/PKG-\d{3}/).first()).toBeVisible();
    await expectAccessible(page);
  }
});
