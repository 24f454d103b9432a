import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import type { Api } from '../fixtures/api';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

/** Drafts of one group that can be packed, each under a title of its own. */
async function drafts(api: Api, group: string, tag: string, count: number): Promise<string[]> {
  const titles = [];
  for (let number = 1; number <= count; number += 1) {
    const id = await api.upload(book('lighthouse'));
    await api.settled(id);
    await api.ready(id, group);
    const title = `Leaf ${number} of ${tag}`;
    await api.retitle(id, title);
    titles.push(title);
  }
  return titles;
}

async function catalogue(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await alive(page.locator('leptos-island[data-component^="Catalogue"]'));
}

test('releases are chosen in the list, written out, packed and deleted', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  await drafts(api, id, group, 3);
  await catalogue(page, `/releases?group=${id}`);
  const rows = page.locator('#releases [data-row]');
  await expect(rows).toHaveCount(3);
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
  const bar = page.locator('.chosen__bar');
  await expect(bar).toContainText('3 chosen');
  await rows.first().getByRole('checkbox').uncheck();
  await expect(bar).toContainText('2 chosen');
  await expect(page.getByRole('checkbox', { name: 'Choose all on this page' })).not.toBeChecked();
  await expectAccessible(page);
  await looks(page, 'catalogue-chosen');

  const download = page.waitForEvent('download');
  await bar.getByRole('button', { name: 'As CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(3);

  await page.reload();
  await alive(page.locator('leptos-island[data-component^="Catalogue"]'));
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
  await bar.getByRole('button', { name: 'Pack', exact: true }).click();
  await expect(page.getByText('The chosen drafts are being packed.')).toBeVisible();
  await expect(rows.filter({ hasText: 'Packed' })).toHaveCount(3, { timeout: 60_000 });

  // What cannot be done is named.
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
  await bar.getByRole('button', { name: 'Pack', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(`Leaf 2 of ${group}`);

  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
  await rows.first().getByRole('checkbox').uncheck();
  await bar.getByRole('button', { name: 'Delete …' }).click();
  await expect(page.getByRole('heading', { name: 'Delete 2 releases?' })).toBeVisible();
  await expect(page.locator('.deletion__list li')).toHaveCount(2);
  await expectAccessible(page);
  await looks(page, 'catalogue-delete');
  await page.getByRole('link', { name: 'Keep them' }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
  await bar.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('button', { name: 'Delete 3 releases' }).click();
  await expect(page.getByText('The releases are deleted.')).toBeVisible();
  await expect(rows).toHaveCount(0);
});

test('a batch counts what is packed of it, and leads there', async ({ signedIn: page, api, group }) => {
  const titles = await drafts(api, await api.createGroup(group), group, 3);
  await page.goto('/new?view=table');
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  for (const title of titles) await page.getByRole('checkbox', { name: `Choose ${title}` }).check();
  await expect(page.locator('#batch [data-chosen]')).toHaveText('3 chosen');
  await page.getByRole('button', { name: 'Pack the chosen' }).click();
  const line = page.locator('#batch-progress');
  await expect(line).toContainText('3 of 3 packed', { timeout: 60_000 });
  await expect(page.locator('#batch-over')).toHaveText('The batch is done: 3 releases are packed.');
  await expectAccessible(page);
  await looks(page, 'batch-counted');
  await line.getByRole('link', { name: 'Show what is packed' }).click();
  await expect(page).toHaveURL(/\/releases\?status=packed&mine=1/);
  for (const title of titles) await expect(page.getByRole('link', { name: title })).toBeVisible();
});

test('the heads of the table order the list, either way', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  const titles = await drafts(api, id, group, 2);
  await catalogue(page, `/releases?group=${id}&view=table`);
  const first = page.locator('#releases tbody th').first();
  await page.getByRole('link', { name: 'Title', exact: true }).click();
  await expect(page).toHaveURL(/sort=title/);
  await expect(first).toHaveText(titles[0] ?? '');
  await page.getByRole('link', { name: 'Title', exact: true }).click();
  await expect(page).toHaveURL(/dir=desc/);
  await expect(first).toHaveText(titles[1] ?? '');
  await expect(page.locator('th[aria-sort="descending"]')).toHaveText('Title');
  await expectAccessible(page);
});
