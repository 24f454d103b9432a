import { expectAccessible } from '../fixtures/accessible';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

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
  await expect(change.getByRole('row', { name: /Days of a job/ })).toContainText(/90\s*30\s*0 ended jobs go/);
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
  await expect(page.getByText('A whole number between 1 and 3650.')).toBeVisible();
  await expect(change).toHaveCount(0);
  await expectAccessible(page);

  await page.goto('/settings?job_days=90');
  await change.getByRole('button', { name: 'Change the settings' }).click();
  await expect(days).toHaveValue('90');
  await page.goto('/audit');
  await expect(page.getByText('job_days').first()).toBeAttached();
});
