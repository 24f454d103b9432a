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
