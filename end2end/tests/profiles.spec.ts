import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { looks, looksOf } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

test('a profile is copied, mended where it is wrong, tried, saved, and followed by a release', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.retitle(release, `${group} on trial`);
  await page.goto('/profiles');
  await expectAccessible(page);
  await looks(page, 'profiles');
  await page.getByRole('row').filter({ hasText: /^plain/ }).getByRole('link', { name: 'Copy' }).click();
  await alive(page.locator('leptos-island[data-component^="Follow"]'));

  const text = page.getByLabel('TOML');
  const name = group.toLowerCase();
  const written = (await text.inputValue()).replace('my-plain', name).replace(/columns = 80/, 'columns = 8000');
  await text.fill(written);
  const outcome = page.locator('#profile-outcome');
  const preview = page.locator('#profile-preview');
  await expect(outcome).toContainText(/Line \d+, column \d+/);
  await expectAccessible(page);
  await looks(page, 'profile-wrong');
  await page.reload();
  await expect(page.getByText('This is your draft.')).toBeVisible();
  await expect(text).toHaveValue(written);
  await alive(page.locator('leptos-island[data-component^="Follow"]'));

  await text.fill(written.replace('columns = 8000', 'columns = 60'));
  await page.getByLabel('On a release').selectOption({ label: `${group} on trial` });
  await expect(outcome).toContainText('The text is a profile.');
  await expect(preview.locator('.nfo').first()).toContainText('on trial');
  await looks(page, 'profile-tried');
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.getByText('The profile is saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  await page.getByRole('link', { name: 'Edit the profile' }).click();
  await text.fill((await text.inputValue()).replace('columns = 60', 'columns = 72'));
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await page.getByRole('link', { name: 'version 1', exact: true }).click();
  const diff = page.getByRole('list', { name: 'What has changed' });
  await expect(diff.locator('.diff__line--old')).toHaveText(/columns = 60/);
  await expect(diff.locator('.diff__line--new')).toHaveText(/columns = 72/);
  await expectAccessible(page);
  await looks(page, 'profile');

  await api.follow(release, id, name);
  await api.pack(release);
  expect((await api.settled(release)).status).toBe('packed');
  await page.goto(`/releases/${release}`);
  await expect(page.getByText(`Profile ${name}, version 2.`)).toBeVisible();
});

test('the form and the text are one document, and a template shows what comes of it', async ({ signedIn: page, api, group }) => {
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.retitle(release, `${group} in a template`);
  await page.goto('/profiles/new?from=scene-ebook');
  await alive(page.locator('leptos-island[data-component^="Follow"]'));
  const text = page.getByLabel('TOML');
  await expect(text).toHaveValue(/# Two authors are both named/);
  await page.getByLabel('Name of the profile').fill(group.toLowerCase());
  await expect(text).toHaveValue(new RegExp(`^name = "${group.toLowerCase()}"$`, 'm'));
  await expect(text).toHaveValue(/# Two authors are both named/);
  await page.getByRole('checkbox', { name: 'mobi' }).uncheck();
  await expect(text).toHaveValue(/^formats = \["epub", "pdf", "azw", "kf8", "prc", "cbz"\]$/m);
  await text.fill((await text.inputValue()).replace('columns = 80', 'columns = 72'));
  await expect(page.getByLabel('Columns of the NFO')).toHaveValue('72');
  await page.getByLabel('Columns of the NFO').fill('80');
  await expect(text).toHaveValue(/^columns = 80$/m);

  await page.getByLabel('On a release').selectOption({ label: `${group} in a template` });
  const preview = page.locator('#profile-preview');
  await expect(preview.getByText('Every line fits.')).toBeVisible();
  const template = page.getByLabel('Template of NFO');
  await template.fill('Hello\n');
  await template.press('End');
  await page.getByRole('button', { name: 'Insert title', exact: true }).click();
  await expect(template).toHaveValue(/\{\{ title \}\}/);
  await expect(preview.locator('.nfo').first()).toContainText(`${group} in a template`);
  await expect(text).toHaveValue(/^text = """?/m);
  await template.fill(`${'x'.repeat(90)}\n`);
  await expect(preview.getByText('NFO, line 1, column 81: the line has 90 columns, 80 are allowed.')).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'profile-template');
  await looksOf(page.getByRole('region', { name: 'Templates of the info files' }), 'profile-template-editor');
  await template.fill('{{ titel }}');
  await expect(page.locator('#profile-outcome')).toContainText(/template does not work, line 1/);

  // Back to the product's own.
  await template.fill('');
  await expect(text).not.toHaveValue(/^text = /m);
  await expect(preview.locator('.nfo').first()).toContainText('e B O O K');
  await page.getByRole('button', { name: 'Discard the draft' }).or(page.getByRole('link', { name: 'Back' })).first().click();
});
