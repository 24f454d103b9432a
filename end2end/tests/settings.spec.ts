import { expectAccessible } from '../fixtures/accessible';
import { looks } from '../fixtures/looks';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';

test('a setting is changed once one has seen what that does', async ({ signedIn: page }) => {
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  const variable = page.getByRole('listitem').filter({ hasText: 'ADMIN_PASSWORD' });
  await expect(variable.first()).toContainText('set, and never shown');
  await expectAccessible(page);
  await looks(page, 'settings');

  const days = page.getByLabel('Days of a job and its log');
  await days.fill('30');
  await page.getByRole('button', { name: 'See what this changes' }).click();
  const change = page.getByRole('region', { name: 'What this changes' });
  await expect(change.getByRole('row', { name: /Days of a job/ })).toContainText(/90\s*30\s*Nothing goes at once\./);
  await expectAccessible(page);
  await looks(page, 'settings-change');
  await change.getByRole('link', { name: 'Leave them as they are' }).click();
  await expect(days).toHaveValue('90');

  await days.fill('30');
  await days.press('Enter');
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(page.getByText('The settings are changed.')).toBeVisible();
  await expect(days).toHaveValue('30');
  await page.goto('/settings?job_days=0');
  await expect(days).toHaveAccessibleDescription(/A whole number between 1 and 3650\./);
  await expect(change).toHaveCount(0);
  await expectAccessible(page);

  await page.goto('/settings?job_days=90');
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(days).toHaveValue('90');
  await page.goto('/audit');
  await expect(page.getByText('Days of a job and its log').first()).toBeAttached();
});

test('sources stay until they are deleted unless a number of days is set', async ({ signedIn: page }) => {
  await page.goto('/settings');
  const days = page.getByLabel('Days of the source of a release');
  await expect(days).toHaveValue('');
  await expect(days).toHaveAccessibleDescription(/or empty: until somebody deletes them\. The product comes with it empty\./);
  await days.fill('3650');
  await page.getByRole('button', { name: 'See what this changes' }).click();
  const change = page.getByRole('region', { name: 'What this changes' });
  const row = change.getByRole('row', { name: /Days of the source/ });
  await expect(row).toContainText(/until deleted\s*3650\s*Nothing goes at once\./);
  await expectAccessible(page);
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(days).toHaveValue('3650');
  await days.fill('');
  await days.press('Enter');
  await expect(row).toContainText(/3650\s*until deleted/);
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(page.getByRole('status')).toContainText('The settings are changed.');
  await expect(days).toHaveValue('');
});

test('less of the audit log is kept only with the present password', async ({ signedIn: page }) => {
  await page.goto('/settings');
  const days = page.getByLabel('Days of an entry of the audit log');
  const before = await days.inputValue();
  await days.fill(String(Number(before) - 1));
  await days.press('Enter');
  const change = page.getByRole('region', { name: 'What this changes' });
  const password = change.getByLabel('Present password');
  await password.fill('not-the-password-at-all');
  await expectAccessible(page);
  await looks(page, 'settings-password');
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(change.locator('.field__problem')).toBeVisible();
  await expect(days).toHaveValue(String(Number(before) - 1));
  await password.fill(ADMINISTRATOR.password);
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(page.getByRole('status')).toContainText('The settings are changed.');
  // More is kept without being asked.
  await page.goto(`/settings?audit_days=${before}`);
  await expect(password).toHaveCount(0);
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(days).toHaveValue(before);
});
