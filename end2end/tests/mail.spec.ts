import { expectAccessible } from '../fixtures/accessible';
import { ADMINISTRATOR, expect, test } from '../fixtures/house-with-mail';
import { looks } from '../fixtures/looks';
import { SignInPage } from '../pages/sign-in-page';

const NEW_PASSWORD = 'quite-another-password-9';

test('an address is confirmed by its letter, and then a lost password is chosen anew by mail', async ({ signedIn: page, mailbox, stranger }) => {
  await page.goto('/account');
  const form = page.locator('form[action="/api/app/set-email"]');
  await form.getByLabel('E-mail address').fill('edith@example.org');
  await form.getByLabel('Present password').fill('not-the-password-at-all');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.locator('.field__problem')).toContainText('not the password');
  expect(mailbox.letters).toEqual([]);

  await form.getByLabel('E-mail address').fill('edith@example.org');
  await form.getByLabel('Present password').fill(ADMINISTRATOR.password);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toContainText('A letter is on its way');
  await expect(page.getByRole('note')).toContainText('edith@example.org is not confirmed yet');
  await expectAccessible(page);
  await looks(page, 'account-address-waits');

  // Until then nothing is sent there but the letter that asks.
  const theirs = await stranger();
  const confirm = await mailbox.link('edith@example.org', '/confirm-email?token=');
  const ask = async (name: string) => {
    await theirs.goto('/forgotten');
    await theirs.getByLabel('Username or e-mail address').fill(name);
    await theirs.getByRole('button', { name: 'Send the link' }).click();
    await expect(theirs.getByRole('status')).toContainText('If an account has this name or address');
    await looks(theirs, 'forgotten-asked');
  };
  await ask('edith@example.org');
  await theirs.goto(confirm);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Confirm your address');
  await expectAccessible(theirs);
  await looks(theirs, 'confirm-address');
  const french = await stranger({ locale: 'fr-FR' });
  await french.goto(confirm);
  await expect(french.locator('html')).toHaveAttribute('lang', 'fr');
  await expectAccessible(french, ['light']);
  await theirs.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(theirs.getByRole('status')).toContainText('The address is confirmed');
  await theirs.goto(confirm);
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('This link does not work any more');
  expect(mailbox.letters.map((letter) => letter.to)).toEqual(['edith@example.org']);
  await page.goto('/account');
  await expect(page.getByRole('note')).toHaveCount(0);
  await expect(form.getByLabel('E-mail address')).toHaveValue('edith@example.org');

  await ask(' Edith@Example.org ');
  const reset = await mailbox.link('edith@example.org', '/reset?token=');
  await theirs.goto(reset);
  await expectAccessible(theirs);
  await theirs.getByLabel('New password').fill(NEW_PASSWORD);
  await theirs.getByRole('button', { name: 'Change password' }).click();
  await expect(theirs.getByRole('status')).toContainText('Sign in with the new one');
  await new SignInPage(theirs).signIn(ADMINISTRATOR.username, NEW_PASSWORD);
  await expect(theirs).toHaveURL(/:\d+\/$/);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('whoever is asked for, the door says the same, and a person is written to once they have confirmed', async ({ page, mailbox }) => {
    const door = new SignInPage(page);
    await page.goto('/users');
    await door.signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
    const form = page.locator('form[action="/api/app/create-user"]');
    await form.getByLabel('Name', { exact: true }).fill('Zoe');
    await form.getByLabel('Username').fill('zoe');
    await form.getByLabel('E-mail address').fill('zoe@example.org');
    await form.getByLabel('First password').fill('leaves-and-folios-23');
    await form.getByLabel('Role').selectOption({ label: 'Viewer' });
    await form.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('link', { name: 'Zoe', exact: true }).click();
    await expect(page.getByRole('note')).toContainText('zoe@example.org is not confirmed yet');
    await expect(page.getByRole('button', { name: 'Send a link for a new password by mail' })).toHaveCount(0);
    await page.goto(await mailbox.link('zoe@example.org', '/confirm-email?token='));
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    const answers: string[] = [];
    for (const name of ['nobody', 'nobody@example.org', 'zoe']) {
      await page.goto('/forgotten');
      await page.getByLabel('Username or e-mail address').fill(name);
      await page.getByRole('button', { name: 'Send the link' }).click();
      answers.push(`${page.url()} ${await page.getByRole('status').innerText()}`);
    }
    expect(new Set(answers).size, answers.join('\n')).toBe(1);
    await mailbox.link('zoe@example.org', '/reset?token=');
    expect(new Set(mailbox.letters.map((letter) => letter.to))).toEqual(new Set(['zoe@example.org']));
  });
});
