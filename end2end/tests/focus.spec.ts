import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { holdBack } from '../fixtures/held';
import { expect, test } from '../fixtures/test';
import { ReleasePage } from '../pages/release-page';
import { ReviewPage } from '../pages/review-page';

test('a dialog gives the focus back to what opened it', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await new ReleasePage(page).open(id);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  const open = page.getByRole('button', { name: 'Delete', exact: true });
  const dialog = page.getByRole('dialog', { name: 'Delete this release?' });
  await open.focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  // Tab leads into it, not past it.
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(open).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(open).toBeFocused();

  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(open).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.locator('#palette-field')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();
});

test('a row that is opened keeps the focus, and so does a field beside one that is refused', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.open();
  const row = page.locator(`#row-${id}`);
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(review.title).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/releases/${id}/review$`));
  await expect(row).toBeFocused();
  await expect(page.locator('#rows tr').filter({ has: row })).toHaveAttribute('aria-current', 'true');

  await page.getByText('More fields').click();
  const wrong = review.field('ISBN');
  await wrong.fill('no number at all');
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/review-save'));
  await page.keyboard.press('Tab');
  await saved;
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await expect(wrong).toHaveValue('no number at all');
  await expect(wrong).toHaveAccessibleDescription(await page.locator('#problem-isbn').innerText());
  await expect(review.field('Genre')).toBeFocused();
  await expectAccessible(page);
});

test('that a book is packed is announced, and that its name is copied', async ({ signedIn: page, api, context, group }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await api.ready(id, await api.createGroup(group));
  const review = new ReviewPage(page);
  await review.of(id);
  await expect(page.locator('#announcer')).toBeEmpty();
  await review.pack.click();
  await expect(page.locator('#announcer')).toHaveText('The package is whole and stored.', { timeout: 30_000 });
  const packed = await api.lookup(id);
  await new ReleasePage(page).open(packed.id);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await expect(page.locator('#announcer')).toBeEmpty();
  await page.getByRole('button', { name: /^Copy: / }).first().click();
  await expect(page.locator('#announcer')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(packed.name);
});

test('what is typed before the script has come is still there when it has, and is saved', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const letGo = await holdBack(page, '**/*.wasm');
  await page.goto(`/releases/${id}/review`, { waitUntil: 'domcontentloaded' });
  const review = new ReviewPage(page);
  await review.field('Title').fill('Typed early');
  await review.field('Publisher').fill('Early Press');
  await expect(page.locator('[data-alive]')).toHaveCount(0);
  letGo();
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  await expect(review.field('Title')).toHaveValue('Typed early');
  // It was left, and so it is saved.
  await expect.poll(async () => (await api.lookup(id)).title).toBe('Typed early');
  // Another person changes something, and the page is read anew.
  await api.year(id, '1914');
  await expect(review.field('Year')).toHaveValue('1914');
  await expect(review.field('Title')).toHaveValue('Typed early');
  await expect(review.name).toContainText('Typed.early');
  await expect(review.field('Publisher')).toBeFocused();
  await expect(review.field('Publisher')).toHaveValue('Early Press');
});
