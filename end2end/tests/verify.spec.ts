import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { newKey, packed } from '../fixtures/command-line';
import { dragOnto } from '../fixtures/drag';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

/** Opens the page as a stranger, and fails on any byte that leaves it. */
async function open(page: Page): Promise<void> {
  page.on('request', (request) => {
    const chosen = request.url().endsWith('/set-locale');
    if (request.method() !== 'GET' && !chosen) throw new Error(`${request.method()} ${request.url()}: something was sent`);
  });
  await page.goto('/verify');
  await alive(page.locator('leptos-island[data-component^="Verify"]'));
}

const verdict = (page: Page) => page.locator('#verify-result');

test('a stranger drops the folder of a package, and every file is judged', async ({ page }, info) => {
  const folder = await packed(info, 'scene-ebook');
  await open(page);
  await expectAccessible(page);
  await looks(page, 'verify-empty');
  await dragOnto(page, folder);
  await expect(verdict(page).getByRole('heading')).toHaveText('The package is whole');
  await expect(verdict(page)).toBeFocused();
  await expect(verdict(page).locator('[data-fact=release]')).toContainText('-GRP');
  await expect(verdict(page).locator('[data-fact=lists]')).toContainText('SHA256SUMS');
  const files = (await readdir(folder)).length;
  // SHA256SUMS itself is what is compared with.
  await expect(verdict(page).locator('tbody tr[data-outcome=ok]')).toHaveCount(files - 1);
  await expectAccessible(page);
  await looks(page, 'verify-good');
});

test('what was changed, lost or slipped in is named, first', async ({ page }, info) => {
  const folder = await packed(info, 'scene-ebook');
  const names = await readdir(folder);
  const nfo = names.find((name) => name.endsWith('.nfo')) ?? '';
  const sfv = names.find((name) => name.endsWith('.sfv')) ?? '';
  await writeFile(join(folder, nfo), 'forged');
  await rm(join(folder, sfv));
  await writeFile(join(folder, 'readme.exe'), 'trust me');
  await open(page);
  await dragOnto(page, folder);
  await expect(verdict(page).getByRole('heading')).toHaveText('Not what it should be');
  const rows = verdict(page).locator('tbody tr');
  await expect(rows.nth(0)).not.toHaveAttribute('data-outcome', 'ok');
  await expect(rows.filter({ hasText: nfo })).toContainText(/6 bytes instead of \d+/);
  await expect(rows.filter({ hasText: sfv })).toContainText('Missing');
  await expect(rows.filter({ hasText: 'readme.exe' })).toContainText('In no list');
  await expectAccessible(page);
  await looks(page, 'verify-wrong');
});

test('the signature is checked against the key that is given', async ({ page }, info) => {
  const key = await newKey(info);
  const other = await newKey(info);
  const folder = await packed(info, 'plain', '--sign', key.path);
  await open(page);
  await dragOnto(page, folder);
  await expect(verdict(page).locator('[data-fact=signature]')).toContainText('Not checked');
  await page.getByText('Check the signature, too').click();
  await page.getByLabel('Public key of the publisher').fill(other.line);
  await page.getByLabel('Public key of the publisher').blur();
  await expect(verdict(page).getByRole('heading')).toHaveText('The signature is not accepted');
  await expect(verdict(page).locator('[data-fact=signature]')).toContainText('Another key has signed it');
  await page.getByLabel('Public key of the publisher').fill(key.line);
  await page.getByLabel('Public key of the publisher').blur();
  await expect(verdict(page).getByRole('heading')).toHaveText('The package is whole');
  await expect(verdict(page).locator('[data-fact=signature]')).toContainText('By the key');
  await page.getByLabel('Public key of the publisher').fill('not a key');
  await page.getByLabel('Public key of the publisher').blur();
  await expect(verdict(page)).toContainText('Copy the whole line that begins with RW.');
});

test('a bag in a ZIP, a foreign list beside its files, and what is no package', async ({ page }, info) => {
  await open(page);
  const bag = await packed(info, 'bagit');
  const archive = (await readdir(bag)).find((name) => name.endsWith('.zip')) ?? '';
  await page.locator('#verify-files').setInputFiles(join(bag, archive));
  await expect(verdict(page).getByRole('heading')).toHaveText('The package is whole');

  const foreign = await mkdtemp(info.outputPath('foreign-'));
  await cp(book('lighthouse'), join(foreign, 'book.epub'));
  // The CRC-32 of nothing: the book is another file.
  await writeFile(join(foreign, 'list.sfv'), 'book.epub 00000000\r\n');
  await page.locator('#verify-files').setInputFiles([join(foreign, 'book.epub'), join(foreign, 'list.sfv')]);
  await expect(verdict(page).getByRole('heading')).toHaveText('Not what it should be');
  await expect(verdict(page).locator('tbody tr')).toContainText('Other content');

  await page.locator('#verify-files').setInputFiles(book('lighthouse'));
  await expect(verdict(page).getByRole('heading')).toHaveText('It could not be verified');
  await expect(verdict(page)).toContainText('There is no manifest.json, SHA256SUMS or SFV in it');
});

test('the folder is chosen by keyboard, and French reads as French', async ({ page }, info) => {
  const folder = await packed(info, 'plain');
  await open(page);
  await page.getByRole('button', { name: 'Français' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vérifier un paquet');
  await alive(page.locator('leptos-island[data-component^="Verify"]'));
  await page.locator('#verify-folder').focus();
  await expect(page.locator('#verify-folder')).toBeFocused();
  await page.locator('#verify-folder').setInputFiles(folder);
  await expect(verdict(page).getByRole('heading')).toHaveText('Le paquet est entier');
  await expectAccessible(page);
});
