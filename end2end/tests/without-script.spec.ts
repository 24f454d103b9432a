import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { SignInPage } from '../pages/sign-in-page';

test('signing in needs no script', async ({ page }) => {
  const door = new SignInPage(page);
  await page.goto('/releases');
  await door.signIn(ADMINISTRATOR.username, 'not-the-password-at-all');
  await expect(door.alert).toBeVisible();
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await expect(page).toHaveURL(/\/releases$/);
});
