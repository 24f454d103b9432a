import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

test('the list and the address follow what is typed, filtered and chosen', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  await api.packed(book('lighthouse'), id);
  const draft = await api.upload(book('lighthouse'));
  await api.settled(draft);
  await api.retitle(draft, `Zanzibar ${group}`);
  await page.goto('/releases');
  await alive(page.locator('leptos-island[data-component^="Catalogue"]'));

  await page.locator('#search').pressSequentially(`zanz`);
  await expect(page).toHaveURL(/\?.*q=zanz/);
  await expect(page.getByRole('link', { name: `Zanzibar ${group}` })).toBeVisible();
  await expect(page.locator('#releases [data-row]').filter({ hasText: 'Almanac' })).toHaveCount(0);
  await expect(page.locator('#search')).toBeFocused();
  await page.locator('#search').fill('');
  await page.getByText('More filters').click();
  await page.getByLabel('Group', { exact: true }).selectOption({ label: group });
  await expect(page).toHaveURL(/group=/);
  await expect(page.locator('#releases [data-row]')).toHaveCount(1);
  await expectAccessible(page);

  for (const look of ['Table', 'Covers', 'List']) {
    await page.getByRole('link', { name: look, exact: true }).click();
    await expect(page.locator('#releases [data-row]')).toHaveCount(1);
    await expectAccessible(page);
    await looks(page, `catalogue-${look.toLowerCase()}`);
  }
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  // More on a page, to choose them all at once.
  await page.getByRole('link', { name: '100 a page' }).click();
  await expect(page).toHaveURL(/view=table&page=long/);
  await page.getByRole('link', { name: '40 a page' }).click();
  await expect(page).not.toHaveURL(/page=long/);

  await page.getByText('Keep this view').click();
  await page.getByLabel('A name for this view').fill(`View ${group}`);
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page).toHaveURL(/view=table/);
  await page.goto('/releases');
  await page.getByRole('link', { name: `View ${group}` }).click();
  await expect(page).toHaveURL(/group=.*view=table/);

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^id,title,authors/);
  expect(lines[1]).toContain(`,${group},`);

  await page.locator('#releases .choose').first().check();
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(page.getByText('The packages are being verified.')).toBeVisible();
  await expect(page).toHaveURL(/group=.*done=verify-begun/);

  await page.getByRole('button', { name: `Forget the view View ${group}` }).click();
  const ask = page.getByRole('dialog', { name: `Forget the view View ${group}?` });
  await expectAccessible(page);
  await ask.getByRole('button', { name: 'Forget the view' }).click();
  await expect(page.getByRole('link', { name: `View ${group}` })).toHaveCount(0);
});
