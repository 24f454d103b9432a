import { alive } from '../fixtures/alive';
import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';

test('the keyboard alone leads from the list to a release and back to a new one', async ({ signedIn: page, api }) => {
  expect((await api.settled(await api.upload(book('lighthouse')))).status).toBe('draft');
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/releases\/\w+/);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/new$/);
});

test('the palette leads anywhere by a few letters, and searches for everything else', async ({ signedIn: page }) => {
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to a page, or search the releases' });
  await expect(palette).toBeVisible();
  await expect(page.locator('#palette-field')).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('verif');
  await expect(palette.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/verify$/);

  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('Control+k');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(palette.getByRole('link').nth(1)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(palette).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('lighthouse keeper');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/releases\?q=lighthouse/);
});

test('letters are written where one writes, and nothing else happens', async ({ signedIn: page }) => {
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('/');
  await expect(page.locator('#search')).toBeFocused();
  await page.keyboard.type('jknpx?/');
  await expect(page.locator('#search')).toHaveValue('jknpx?/');
  // The list follows what is typed, and so does the address.
  await expect(page).toHaveURL((url) => url.pathname === '/releases' && url.searchParams.get('q') === 'jknpx?/');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the key for the search leads to it from another page, and one types at once', async ({ signedIn: page }) => {
  await page.goto('/jobs');
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await page.keyboard.press('/');
  await expect(page).toHaveURL(/\/releases#search$/);
  await expect(page.locator('#search')).toBeFocused();
});
