import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { Server } from '../fixtures/server';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { SignInPage } from '../pages/sign-in-page';

test('a new house shows three steps, the first of which can be taken', async ({ page, complaints }) => {
  const server = await Server.start({ ADMIN_USERNAME: ADMINISTRATOR.username, ADMIN_PASSWORD: ADMINISTRATOR.password });
  // It is another server than the one of the other tests.
  complaints.expect(new RegExp(`request to ${server.address}`));
  try {
    await page.goto(`${server.address}/sign-in`);
    await new SignInPage(page).signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
    await expect(page).toHaveURL(`${server.address}/`);
    await expect(page.locator('.tour__card')).toHaveCount(3);
    await expectAccessible(page);
    await looks(page, 'dashboard-first');
    await page.getByRole('link', { name: 'Drop a book' }).click();
    await expect(page).toHaveURL(`${server.address}/new`);
  } finally {
    // Its page listens to the server until it is gone.
    await page.goto('about:blank');
    await server.stop();
  }
});

test('the first page says what waits, what happened, and what it comes to', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  await api.packed(book('lighthouse'), id);
  const draft = await api.upload(book('lighthouse'));
  await api.settled(draft);
  await api.retitle(draft, `${group} waits`);
  await page.goto('/');
  await expect(page.getByRole('link', { name: `${group} waits` })).toBeVisible();
  await expect(page.locator('.need').filter({ hasText: `${group} waits` })).toContainText('rights to be chosen · group to be chosen');
  await expect(page.locator('.happened').first()).toContainText(/Pack|Read and check/);
  await expect(page.getByRole('img', { name: 'Packages per week' })).toBeVisible();
  await page.getByText('As a table', { exact: true }).click();
  const weeks = page.getByRole('table', { name: 'Packages per week' });
  await expect(weeks.locator('tbody tr')).toHaveCount(12);
  expect(Number(await weeks.locator('tbody tr').last().locator('td').textContent())).toBeGreaterThan(0);
  await expect(page.getByRole('table', { name: 'Formats' })).toContainText('ePUB');
  await expectAccessible(page);
  await looks(page, 'dashboard');
  await page.getByRole('link', { name: `${group} waits` }).click();
  await expect(page).toHaveURL(new RegExp(`/releases/${draft}/review`));
});
