import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { tabTo } from '../fixtures/keys';
import { ADMINISTRATOR, expect, test } from '../fixtures/own-house';
import { expectBookInside } from '../fixtures/package';
import { ReviewPage } from '../pages/review-page';

const GROUP = 'KEYS';

test('a book goes the whole way by the keys alone, from the door to the download', async ({ page, api }, info) => {
  await api.createGroup(GROUP);
  const keys = page.keyboard;
  await page.goto('/sign-in');
  await expect(page.getByLabel('Username')).toBeFocused();
  await keys.type(ADMINISTRATOR.username);
  await keys.press('Tab');
  await keys.type(ADMINISTRATOR.password);
  await keys.press('Enter');
  await expect(page).toHaveURL(/:\d+\/$/);
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await keys.press('n');
  await expect(page).toHaveURL(/\/new$/);
  const review = new ReviewPage(page);
  await alive(page.locator('leptos-island[data-component^="Review"]'));

  // Waited for before the way there: a busy page hears a key before it hears that somebody waits.
  const dialog = page.waitForEvent('filechooser');
  await tabTo(page, page.locator('#files'));
  await keys.press('Enter');
  await (await dialog).setFiles(book('lighthouse'));
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac', { timeout: 30_000 });

  await expect(review.field('Rights')).toBeEnabled();
  await tabTo(page, review.field('Rights'));
  // The last of the list: letters of a word would have to follow one another within a second.
  await keys.press('End');
  await expect(review.field('Rights')).toHaveValue('licence');
  await tabTo(page, review.field('Licence (SPDX id)'));
  await keys.type('CC-BY-4.0');
  await tabTo(page, review.field('Group'));
  await keys.type(GROUP);
  await expect(review.name).toContainText(`-${GROUP}`);
  await tabTo(page, page.getByText('More fields'));
  await keys.press('Enter');
  const tag = page.getByRole('checkbox', { name: 'iNTERNAL' });
  await tabTo(page, tag);
  await keys.press('Space');
  await expect(review.name).toContainText('.iNTERNAL.');
  await expect(review.pack).toBeEnabled();
  // A box takes no letters: the key is the page's.
  await expect(tag).toBeFocused();
  await keys.press('p');
  await expect(review.download).toBeVisible({ timeout: 30_000 });
  await tabTo(page, review.download, 'back');
  const download = page.waitForEvent('download');
  await keys.press('Enter');
  expect((await download).suggestedFilename()).toContain('.iNTERNAL.');
  await expectBookInside(await (await download).path(), book('lighthouse'), info);
});

test('rows of a batch are walked, chosen and changed by the keys alone', async ({ signedIn: page, api }) => {
  await api.createGroup(GROUP);
  for (const title of ['One', 'Two', 'Three']) {
    const id = await api.upload(book('lighthouse'));
    expect((await api.settled(id)).status).toBe('draft');
    await api.retitle(id, `${title} for the keys`);
  }
  const keys = page.keyboard;
  const review = new ReviewPage(page);
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Desk"]'));
  await keys.press('n');
  await expect(page).toHaveURL(/\/new$/);
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  await expect(review.rows).toHaveCount(3);
  const link = (row: number) => review.rows.nth(row).locator('[data-open]');
  const tick = (row: number) => review.rows.nth(row).getByRole('checkbox');

  await keys.press('j');
  await expect(link(0)).toBeFocused();
  await keys.press('x');
  await expect(tick(0)).toBeChecked();
  await keys.press('x');
  await expect(tick(0)).not.toBeChecked();
  await keys.press('x');
  await expect(tick(0)).toBeChecked();
  // From the box of a row the keys lead on as from its link.
  await tabTo(page, tick(0), 'back');
  await keys.press('j');
  await keys.press('j');
  await expect(link(2)).toBeFocused();
  await keys.press('k');
  await expect(link(1)).toBeFocused();
  await keys.press('x');
  await expect(tick(1)).toBeChecked();
  await expect(tick(2)).not.toBeChecked();
  const chosen = [await link(0).innerText(), await link(1).innerText()].sort();

  const form = page.locator('#batch');
  await tabTo(page, form.getByLabel('Group', { exact: true }));
  await keys.type(GROUP);
  await tabTo(page, form.getByRole('button', { name: 'Apply' }));
  await keys.press('Enter');
  await expect(page.locator('#batch-said')).toContainText('2');
  const changed = (await api.titled('')).filter((release) => release.group?.tag === GROUP).map((release) => release.title);
  expect(changed.sort()).toEqual(chosen);
});
