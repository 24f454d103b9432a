import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { book } from '../fixtures/books';
import { SignInPage } from '../pages/sign-in-page';

test('signing in needs no script', async ({ page }) => {
  const door = new SignInPage(page);
  await page.goto('/releases');
  await door.signIn(ADMINISTRATOR.username, 'not-the-password-at-all');
  await expect(door.alert).toBeVisible();
  await expect(page.getByLabel('Username')).toHaveValue(ADMINISTRATOR.username);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/releases$/);
});

test('a book goes the whole way without a script', async ({ page, api, group }) => {
  await api.createGroup(group);
  const door = new SignInPage(page);
  await page.goto('/new');
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await page.locator('#files').setInputFiles(book('lighthouse'));
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page).toHaveURL(/\/releases\/\w+/);
  const release = /\/releases\/(\w+)/.exec(page.url())?.[1] ?? '';
  expect((await api.settled(release)).status).toBe('draft');
  await page.goto(`/releases/${release}/review`);

  const form = page.locator('#review-form');
  await form.getByLabel('Rights', { exact: true }).selectOption({ label: 'Own work' });
  await form.getByLabel('Note on the rights').fill('Written by the group.');
  await form.getByLabel('Group', { exact: true }).selectOption({ label: group });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('#review-name code')).toContainText(`-${group}`);
  await form.getByRole('button', { name: /^Pack/ }).click();
  expect((await api.settled(release)).status).toBe('packed');
  await page.goto(`/releases/${release}/review`);
  await expect(page.getByRole('link', { name: /^Download the package/ })).toBeVisible();
});

test('one wrong field loses nothing of what was typed, in it or in the others', async ({ page, api }) => {
  const release = await api.upload(book('lighthouse'));
  expect((await api.settled(release)).status).toBe('draft');
  const door = new SignInPage(page);
  await page.goto(`/releases/${release}/review`);
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  const form = page.locator('#review-form');
  await form.getByText('More fields').click();
  await form.getByLabel('Publisher', { exact: true }).fill('Another Press');
  await form.getByLabel('ISBN', { exact: true }).fill('no number at all');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expect(form.getByLabel('Publisher', { exact: true })).toHaveValue('Another Press');
  await expect(form.getByLabel('ISBN', { exact: true })).toHaveValue('no number at all');
  // What is folded is open where something in it is wrong.
  await expect(form.getByText('An ISBN has digits and hyphens, and “n” is neither.').last()).toBeVisible();
  await expect(form.getByLabel('ISBN', { exact: true })).toBeVisible();
  await page.goto(`/releases/${release}/review`);
  await expect(form.getByLabel('Publisher', { exact: true })).toHaveValue('Another Press');
  await expect(form.getByLabel('ISBN', { exact: true })).toHaveValue('');
});

test('a profile is written by its form, and a setting is changed, without a script', async ({ page, api, group }) => {
  const tried = await api.upload(book('lighthouse'));
  await api.settled(tried);
  await api.retitle(tried, `${group} to try`);
  await api.settled(await api.upload(book('truncated')));
  const door = new SignInPage(page);
  await page.goto('/profiles/new?from=plain');
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await page.getByLabel('Columns of the NFO').fill('72');
  await page.getByLabel('Find a release').fill(`${group} try`);
  await page.getByRole('button', { name: 'Put the form into the text' }).click();
  await expect(page.getByLabel('On a release')).toHaveValue(tried);
  await expect(page.locator('#profile-outcome .release-name')).toContainText('.to.try.');
  // What was typed goes only once one has said so.
  await page.getByRole('button', { name: 'Discard the draft' }).click();
  const ask = page.getByRole('dialog', { name: 'Discard this draft?' });
  await ask.getByRole('button', { name: 'Keep it' }).click();
  await expect(ask).toBeHidden();
  await expect(page.getByText('This is your draft.')).toBeVisible();
  await expect(page.getByLabel('TOML')).toHaveValue(/^columns = 72$/m);
  await page.getByLabel('Name of the profile').fill(group.toLowerCase());
  await page.getByRole('button', { name: 'Save as the next version' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(group.toLowerCase());
  await expect(page.getByText('columns = 72')).toBeVisible();

  await page.goto('/settings');
  await page.getByLabel('Hours of an upload').fill('48');
  await page.getByRole('button', { name: 'See what this changes' }).click();
  await page.getByRole('button', { name: 'Change the settings' }).click();
  await expect(page.getByLabel('Hours of an upload')).toHaveValue('48');
});

test('a link shows what was released without a script', async ({ page, api, group }) => {
  const packed = await api.packed(book('lighthouse'), await api.createGroup(group));
  const door = new SignInPage(page);
  await page.goto(`/releases/${packed.id}`);
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('link', { name: 'See what others see' }).click();
  await expect(page.getByRole('row', { name: /manifest\.json/ })).toBeVisible();
});
