import type { Locator } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

const WIDTHS = [320, 412, 768, 1024];
const PHONE = { width: 412, height: 839 };
const PAGES = [
  '/',
  '/new',
  '/new?view=table',
  '/releases',
  '/releases?view=table',
  '/releases?view=covers',
  '/releases?density=compact',
  '/inbox',
  '/jobs',
  '/verify',
  '/profiles',
  '/profiles/plain',
  '/profiles/new?from=scene-ebook',
  '/account',
  '/users',
  '/groups',
  '/roles',
  '/audit',
  '/settings',
  '/findings',
  '/tour',
];

/** Where a part stands on the page. */
async function place(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await part.boundingBox();
  if (!found) throw new Error('the part is not drawn');
  return found;
}

test('no page is wider than its window, and no word of the menu breaks', async ({ signedIn: page, api, group }) => {
  test.setTimeout(180_000);
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const draft = await api.upload(book('lighthouse'));
  await api.settled(draft);
  for (const path of [...PAGES, `/releases/${packed.id}`, `/releases/${draft}/review`, `/jobs/${packed.jobs[0]?.id ?? ''}`]) {
    await page.goto(path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, `${path} at ${width}`).toBe(0);
      const lines = await page.locator('.header__pages li span').evaluateAll((words) => words.map((word) => word.getClientRects().length));
      expect(new Set(lines), `${path} at ${width}`).toEqual(new Set([1]));
    }
  }
});

test('on a phone a row shows its state and its buttons without scrolling sideways', async ({ signedIn: page, api, group }) => {
  await page.setViewportSize(PHONE);
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  /** The whole of a part is between the two sides of the window. */
  const isSeen = async (part: Locator) => {
    const { x, width } = await place(part);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(PHONE.width);
  };
  await page.goto('/jobs');
  const job = page.locator('#jobs tbody tr').filter({ hasText: packed.name ?? '' }).first();
  await isSeen(job.getByText('Done', { exact: true }));
  await isSeen(job.locator('time'));
  // The name of a release, the state and the time: three lines, or four where the name is long.
  expect((await place(job)).height).toBeLessThan(160);
  await page.goto('/users');
  await isSeen(page.getByRole('row').last().getByText('Active'));
  await expect(page.getByRole('columnheader')).toHaveCount(5);
  await page.goto('/profiles');
  await isSeen(page.getByRole('row').last().getByRole('link', { name: 'Copy' }));
  await page.goto(`/releases?view=table&q=${group}`);
  await isSeen(page.getByRole('row').last().getByText('Packed', { exact: true }));
  await expectAccessible(page);
  await page.goto(`/releases/${packed.id}`);
  for (const download of await page.getByRole('link', { name: /^Download .+\.(zip|nfo|sfv)$/ }).all()) await isSeen(download);
  await expectAccessible(page);
});

test('on a phone the open book comes first, and Pack keeps one line at the bottom', async ({ signedIn: page, api }) => {
  await page.setViewportSize(PHONE);
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await expect(review.title).toBeInViewport({ ratio: 1 });
  await expect(review.pack).toBeInViewport({ ratio: 1 });
  expect((await place(review.pack)).height).toBeLessThan(56);
  expect((await place(page.locator('#review'))).y).toBeLessThan((await place(page.locator('form[data-drop]'))).y);
  // What it waits for is read below the book, and leads to the field with its label.
  const missing = page.locator('.to-do a[href="#field-rights"]');
  await expect(missing).toBeInViewport();
  await missing.click();
  const label = page.locator('label[for="field-rights"]');
  await expect(label).toBeInViewport({ ratio: 1 });
  const header = await place(page.locator('.header'));
  expect((await place(label)).y).toBeGreaterThanOrEqual(header.y + header.height);
});

test('beside the list the title of the open book keeps clear of its state', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  for (const width of [1024, 1100, 1280, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await review.of(id);
    const [words, state] = [await place(page.locator('.book')), await place(page.locator('.review__state'))];
    expect(words.x + words.width <= state.x || words.y + words.height <= state.y, `at ${width}`).toBe(true);
    expect((await place(page.locator('.book__words'))).width, `at ${width}`).toBeGreaterThan(200);
  }
});

test('a close list has one line for each release, however long its name is', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await api.retitle(id, 'A title that is so long that no line has room for it and for the name '.repeat(2).trim());
  for (const width of [412, 1024, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/releases?density=compact');
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    // Also of those that are out of sight and not drawn yet: they have the height that the style foresees.
    const heights = await page.locator('.release-row').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(Math.max(...heights), `at ${width}`).toBeLessThan(48);
  }
});

test('files are chosen with a button in the language of the page, which shows the focus', async ({ signedIn: page }) => {
  await page.goto('/new');
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  const button = page.locator('.drop label.button').first();
  await expect(button).toHaveText('Choose files');
  const asked = page.waitForEvent('filechooser');
  await button.click();
  await asked;
  await page.locator('.header__name').focus();
  for (let presses = 0; presses < 30 && !(await page.locator('#files').evaluate((field) => field.matches(':focus'))); presses += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(button).toHaveCSS('outline-style', 'solid');
});
