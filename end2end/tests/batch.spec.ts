import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { dragOnto } from '../fixtures/drag';
import { looks } from '../fixtures/looks';
import { required } from '../fixtures/server';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

/** As many as `cargo xtask end-to-end` makes, and as one drop may bring. */
const MANY = 200;

/**
 * Slows each request of an upload down, so that something can happen in its middle. What comes back stops them, and then
 * lets them go on.
 */
async function slowly(page: Page, milliseconds: number): Promise<{ stop(): void; goOn(): void }> {
  let goOn = (): void => undefined;
  let open: Promise<void> = Promise.resolve();
  await page.route('**/api/v1/uploads**', async (route) => {
    await open;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    // The page may be gone by then.
    await route.continue().catch(() => undefined);
  });
  return {
    stop: () => {
      open = new Promise((resolve) => (goOn = resolve));
    },
    goOn: () => goOn(),
  };
}

/** Waits until leaving the page would lose nothing: the browser has kept every file that is not sent. */
async function untilKept(page: Page): Promise<void> {
  const mayLeave = () => page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await expect.poll(mayLeave, { timeout: 120_000 }).toBe(true);
}

test('a row says what the book is before the server has it', async ({ signedIn: page }) => {
  const review = new ReviewPage(page);
  await review.open();
  // The first byte of every upload waits until the row has been read.
  let release = (): void => undefined;
  const read = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/v1/uploads**', async (route) => {
    await read;
    await route.continue();
  });
  await review.choose(book('lighthouse'), book('truncated'));
  const row = (name: string) => page.locator('#uploads [data-upload]').filter({ hasText: name });
  await expect(row('lighthouse.epub')).toContainText('EPUB · The Lighthouse Keeper’s Almanac');
  await expect(row('lighthouse.epub')).toHaveAttribute('data-look', /good|notice/);
  await expect(row('truncated.epub')).toContainText(/finding/);
  await expect(row('truncated.epub')).toHaveAttribute('data-look', 'wrong');
  await expectAccessible(page);
  await looks(page, 'upload-looked-at');
  release();
  await expect(page.locator('#uploads [data-upload]')).toHaveCount(0, { timeout: 30_000 });
});

test('what was chosen goes on by itself after the page was left', async ({ signedIn: page, api, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  // It is begun, and its bytes wait until the page has been left: the page that comes after it sends them.
  let isLeft = false;
  await page.route('**/api/v1/uploads**', async (route) => {
    if (isLeft || route.request().method() !== 'PATCH') await route.continue();
  });
  const begun = page.waitForRequest((request) => request.method() === 'PATCH');
  const name = `${group}.epub`;
  const { readFile } = await import('node:fs/promises');
  const buffer = await readFile(book('lighthouse'));
  await page.locator('#files').setInputFiles({ name, mimeType: 'application/epub+zip', buffer });
  await expect(page.locator('#uploads [data-upload]')).toContainText('Almanac');
  await begun;
  await untilKept(page);
  isLeft = true;
  await page.reload();
  await expect.poll(async () => (await api.withFile(name)).length, { timeout: 30_000 }).toBe(1);
  await expect(page.locator('#uploads [data-upload]')).toHaveCount(0);
});

test('two hundred books outlive a cut and a reload, and every one is packed', async ({ signedIn: page, api, context, complaints, group }) => {
  test.setTimeout(1_200_000);
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load/);
  await api.createGroup(group);
  const review = new ReviewPage(page);
  await review.open();
  const sending = await slowly(page, 60);
  await dragOnto(page, join(required('ESP_BOOKS'), 'many'));
  const sum = page.locator('#uploads-sum');
  await expect(sum).toHaveText(new RegExp(`\\d+ of ${MANY} files are here`));
  const here = async () => (await api.titled('Tide Table')).length;
  // Books may be sent faster than they are read: how many are sent the page says.
  const sent = async () => Number(/(\d+) of/.exec(await sum.innerText())?.[1]);

  await expect.poll(sent, { timeout: 120_000 }).toBeGreaterThan(20);
  await context.setOffline(true);
  await expect(page.locator('#uploads [data-phase=interrupted]').first()).toBeVisible();
  await looks(page, 'batch-cut');
  await context.setOffline(false);

  await expect.poll(sent, { timeout: 120_000 }).toBeGreaterThan(60);
  sending.stop();
  await untilKept(page);
  await page.reload();
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  // Nobody drops anything again: the browser has kept them.
  await expect(page.locator('#uploads [data-upload]').first()).toBeVisible();
  sending.goOn();
  await expect.poll(here, { timeout: 300_000 }).toBe(MANY);
  await expect(page.locator('#uploads [data-upload]')).toHaveCount(0, { timeout: 30_000 });
  const titles = new Set((await api.titled('Tide Table')).map((release) => release.title));
  expect(titles.size, 'each book came once').toBe(MANY);

  await page.goto('/new?view=table');
  const status = async (wanted: string) => (await api.titled('Tide Table')).filter((release) => release.status === wanted).length;
  await expect.poll(() => status('draft'), { timeout: 300_000 }).toBe(MANY);
  await page.reload();
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  await looks(page, 'batch-table');
  await expectAccessible(page);
  const form = page.locator('#batch');
  await page.getByRole('checkbox', { name: 'Choose all' }).check();
  await form.getByLabel('Group', { exact: true }).selectOption({ label: group });
  await form.getByLabel('Rights', { exact: true }).selectOption({ label: 'Open licence' });
  await form.getByLabel('Licence (SPDX id)').fill('CC-BY-4.0');
  await form.getByLabel('Another field').selectOption({ label: 'Publisher' });
  await form.getByLabel('Its value').fill('Harbour Press');
  await form.getByRole('button', { name: 'Apply' }).click();
  const pack = page.locator('#pack-ready');
  await expect(pack).toHaveText(new RegExp(`^Pack ${MANY} ready$`), { timeout: 120_000 });
  await pack.click();
  await expect.poll(() => status('packed'), { timeout: 600_000, intervals: [2000] }).toBe(MANY);
  const packed = await api.titled('Tide Table');
  expect(new Set(packed.map((release) => release.name)).size, 'each under a name of its own').toBe(MANY);
});

test('a folder that is dropped again brings only what is missing', async ({ signedIn: page, api, group }) => {
  const review = new ReviewPage(page);
  await review.open();
  const { copyFile, mkdir, mkdtemp, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(join(tmpdir(), 'folder-'));
  await mkdir(join(folder, 'inside'));
  await copyFile(book('lighthouse'), join(folder, 'inside', `${group}-1.epub`));
  await writeFile(join(folder, 'notes.txt'), 'no book');
  await dragOnto(page, folder);
  await expect.poll(async () => (await api.withFile(`${group}-1.epub`)).length, { timeout: 30_000 }).toBe(1);
  await expect(page.locator('#rows')).toContainText(`${group}-1.epub`);
  expect(await api.withFile('notes.txt')).toEqual([]);
  await copyFile(book('lighthouse'), join(folder, 'inside', `${group}-2.epub`));
  await dragOnto(page, folder);
  await expect.poll(async () => (await api.withFile(`${group}-2.epub`)).length, { timeout: 30_000 }).toBe(1);
  expect(await api.withFile(`${group}-1.epub`)).toHaveLength(1);
});
