import { expectAccessible } from '../fixtures/accessible';
import { looks } from '../fixtures/looks';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { SignInPage } from '../pages/sign-in-page';

test('a stranger is led to the sign-in page and, once signed in, to where they were going', async ({ page }) => {
  const door = new SignInPage(page);
  await page.goto('/releases');
  await expect(door.heading).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'sign-in');
  await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await expect(page).toHaveURL(/\/releases$/);
});

test('a wrong password and an unknown name are refused in the same words', async ({ page }) => {
  const door = new SignInPage(page);
  await door.open();
  await door.signIn(ADMINISTRATOR.username, 'not-the-password-at-all');
  await expect(door.alert).toBeVisible();
  const words = await door.alert.innerText();
  await door.signIn('nobody-of-this-name', 'not-the-password-at-all');
  await expect(door.alert).toHaveText(words);
  await expect(door.heading).toBeVisible();
  // One goes on typing where one must: the name stands there still.
  await expect(page.getByLabel('Username')).toHaveValue('nobody-of-this-name');
  await expect(page.getByLabel('Password')).toBeFocused();
  await expectAccessible(page);
  await looks(page, 'sign-in-refused');
});

test('a page that does not exist says so with its status', async ({ signedIn: page, complaints }) => {
  complaints.expect(/status of 404/);
  const answer = await page.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'error-not-found');
});

test('who asks for too much is told so on a page that is as clear as any other, and light or dark', async ({ page, context, server, complaints }) => {
  complaints.expect(/status of 429/);
  // A session that nobody has is looked for, as whoever guesses would have it: the address may not go on with it.
  const guess = { headers: { Accept: 'text/html', Cookie: 'esp-refresh=guessed' } };
  await context.addCookies([{ name: 'esp-locale', value: 'fr', url: server.address }]);
  // One more is let in every three seconds: the page must not be that one.
  await expect(async () => {
    while ((await page.request.get('/releases', guess)).status() !== 429);
    await context.addCookies([{ name: 'esp-refresh', value: 'guessed', url: server.address }]);
    expect((await page.goto('/releases'))?.status()).toBe(429);
  }).toPass();
  await expect(page.getByRole('heading', { name: 'Trop à la fois' })).toBeVisible();
  // Its style is its own and allowed: the way back is a button, not a blue word.
  await expect(page.getByRole('link', { name: 'Retour au début' })).toHaveCSS('display', 'inline-block');
  await expectAccessible(page);
  await looks(page, 'error-busy');
});
