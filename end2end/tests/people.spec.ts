import { createHmac } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { alive } from '../fixtures/alive';
import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { SignInPage } from '../pages/sign-in-page';

const PASSWORD = 'leaves-and-folios-23';

let people = 0;

/** A name that no other test of this server uses. */
function somebody(index: number): string {
  people += 1;
  return `person-${index}-${people}`;
}

/** Makes a person on the page of users. */
async function make(page: Page, username: string, role: string, groups: string[] = []): Promise<void> {
  await page.goto('/users');
  const form = page.locator('form[action="/api/app/create-user"]');
  await form.getByLabel('Name', { exact: true }).fill(username);
  await form.getByLabel('Username').fill(username);
  await form.getByLabel('First password').fill(PASSWORD);
  await form.getByLabel('Role').selectOption({ label: role });
  for (const group of groups) await form.getByLabel(group, { exact: true }).check();
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('status')).toContainText('can sign in now');
}

/** A browser of their own, signed in. */
async function comeIn(browser: Browser, baseURL: string | undefined, username: string, password = PASSWORD): Promise<Page> {
  const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
  const page = await context.newPage();
  const door = new SignInPage(page);
  await door.open();
  await door.signIn(username, password);
  await expect(door.heading).toBeHidden();
  return page;
}

/** What an authenticator app shows now for a seed (RFC 6238). */
function code(seed: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...seed.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', bytes).update(step).digest();
  const number = digest.readUInt32BE((digest[19] ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('a contributor sends a book in, and an editor takes it over', async ({ signedIn: page, api, group, browser, baseURL }, info) => {
  await api.createGroup(group);
  const name = somebody(info.workerIndex);
  await make(page, name, 'Contributor');
  const sender = await comeIn(browser, baseURL, name);
  await expect(sender).toHaveURL(/\/inbox$/);
  await expect(sender.getByRole('link', { name: 'Releases' })).toHaveCount(0);
  await expectAccessible(sender);
  await sender.locator('#files').setInputFiles(book('lighthouse'));
  // It appears in place: the page stays the one where books are dropped.
  await expect(sender.locator('.inbox__entry')).toContainText('Waiting');
  await expect(sender).toHaveURL(/\/inbox$/);

  await page.goto('/inbox');
  await alive(page.locator('leptos-island[data-component^="Live"]'));
  const entries = page.locator('.inbox__entry').filter({ hasText: name });
  const entry = entries.filter({ hasText: 'lighthouse' });
  await expect(entry).toBeVisible();
  await expectAccessible(page);
  // What is typed and not sent outlives what arrives meanwhile.
  await entry.locator('summary').click();
  await entry.getByRole('textbox').fill('Half a thought');
  await sender.locator('#files').setInputFiles(book('truncated'));
  await expect(entries).toHaveCount(2);
  await expect(entry.getByRole('textbox')).toBeVisible();
  await expect(entry.getByRole('textbox')).toHaveValue('Half a thought');
  await entry.getByLabel('Group').selectOption({ label: group });
  await entry.getByRole('button', { name: /^Take over/ }).click();
  await expect(page).toHaveURL(/\/releases\/\w+\/review$/);
  await sender.goto('/inbox');
  await expect(sender.locator('.inbox__entry').filter({ hasText: 'lighthouse' })).toContainText('Taken over');
  await sender.context().close();
});

test('a viewer of another group sees nothing until somebody puts them into the group', async ({ signedIn: page, api, group, browser, baseURL }, info) => {
  await api.packed(book('lighthouse'), await api.createGroup(group));
  const name = somebody(info.workerIndex);
  await make(page, name, 'Viewer');
  const viewer = await comeIn(browser, baseURL, name);
  await viewer.goto('/groups');
  await expect(viewer.getByRole('heading', { name: 'You are in no group' })).toBeVisible();
  const csv = async () => (await viewer.request.get('/api/v1/releases.csv')).text();
  await viewer.goto('/releases');
  await expect(viewer.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(viewer.locator('.release-row')).toHaveCount(0);
  await viewer.goto('/');
  await expect(viewer.getByRole('img', { name: 'Packages per week' })).toHaveCount(0);
  expect(await csv()).not.toContain(group);
  await page.goto('/groups');
  await expectAccessible(page);
  const panel = page.locator('section.panel').filter({ has: page.getByRole('heading', { name: group }) });
  await panel.getByLabel(name).check();
  await panel.getByRole('button', { name: /^Save members/ }).click();
  await expect(page.getByRole('status')).toContainText('The group is changed');
  await viewer.goto('/groups');
  await expect(viewer.getByRole('heading', { name: group })).toBeVisible();
  await viewer.goto('/releases');
  await expect(viewer.locator('.release-row')).toHaveCount(1);
  await expect(viewer.locator('.release-row')).toContainText(`-${group}`);
  await viewer.goto('/');
  await expect(viewer.getByRole('img', { name: 'Packages per week' })).toBeVisible();
  expect(await csv()).toContain(`-${group}`);
  await viewer.context().close();
});

test('a role of the house is made in the matrix and given to somebody', async ({ signedIn: page, browser, baseURL }, info) => {
  const role = `Proof ${info.project.name.slice(0, 3)} ${info.workerIndex}`;
  await page.goto('/roles');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByLabel('Name', { exact: true }).fill(role);
  await page.getByLabel('Releases: see').check();
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByRole('status')).toContainText('The role is made');
  const name = somebody(info.workerIndex);
  await make(page, name, role);
  await page.getByRole('link', { name, exact: true }).click();
  await expectAccessible(page);
  await expect(page.getByLabel(role)).toBeChecked();
  await page.goto('/audit');
  await expectAccessible(page);
  await expect(page.locator('.audit__entry').filter({ hasText: name }).first()).toContainText('created');
  // Who may see releases and nothing else has pages without what they may not see.
  const person = await comeIn(browser, baseURL, name);
  await expect(person).toHaveURL(/\/releases$/);
  expect((await person.goto('/'))?.status()).toBe(200);
  await expect(person.locator('a[href^="/new"], a[href="/jobs"]')).toHaveCount(0);
  await expectAccessible(person);
  await person.context().close();
});

test('a lost password is chosen anew by a link', async ({ signedIn: page, browser, baseURL }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('button', { name: 'Make a link for a new password' }).click();
  const link = (await page.locator('.secret code').textContent()) ?? '';
  expect(link).toContain('/reset?token=');
  await page.reload();
  await expect(page.locator('.secret')).toHaveCount(0);
  const context = await browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(link);
  await expectAccessible(stranger);
  await stranger.getByLabel('New password').fill('quite-another-password-9');
  await stranger.getByRole('button', { name: 'Change password' }).click();
  await expect(stranger.getByRole('status')).toContainText('Sign in with the new one');
  const person = await comeIn(browser, baseURL, name, 'quite-another-password-9');
  await expect(person).toHaveURL(/\/releases$/);
  await person.context().close();
  await context.close();
});

test('one-time codes are switched on, asked for, and a recovery code helps', async ({ signedIn: page, browser, baseURL }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  const person = await comeIn(browser, baseURL, name);
  await person.goto('/account');
  await expectAccessible(person);
  await person.getByRole('button', { name: 'Set up' }).click();
  await expect(person.getByRole('img', { name: /QR code/ })).toBeVisible();
  const seed = (await person.locator('#codes .secret code').textContent()) ?? '';
  await person.getByLabel('The code that the app shows now').fill(code(seed));
  await person.getByRole('button', { name: 'Switch on' }).click();
  await expect(person.locator('.recovery-codes li')).toHaveCount(10);
  const recovery = (await person.locator('.recovery-codes code').first().textContent()) ?? '';
  await person.context().close();

  const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
  const again = await context.newPage();
  const door = new SignInPage(again);
  await again.goto('/jobs');
  await door.signIn(name, PASSWORD);
  await expect(again.getByRole('heading', { name: 'One-time code' })).toBeVisible();
  await expectAccessible(again);
  await again.getByLabel('Code', { exact: true }).fill('000000');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again.getByRole('alert')).toBeVisible();
  await again.getByLabel('Code', { exact: true }).fill(recovery);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again).not.toHaveURL(/sign-in/);
  await context.close();
});

test('a token is shown once and a session is ended from another one', async ({ signedIn: page, browser, baseURL, request }, info) => {
  const name = somebody(info.workerIndex);
  await make(page, name, 'Editor');
  const here = await comeIn(browser, baseURL, name);
  const there = await comeIn(browser, baseURL, name);
  await here.goto('/account');
  const form = here.locator('form[action="/api/app/create-token"]');
  await form.getByLabel('Name').fill('script');
  await form.getByRole('button', { name: 'Create token' }).click();
  const token = (await here.locator('.secret code').textContent()) ?? '';
  expect(token).toMatch(/^esp_[0-9a-f]{64}$/);
  const answer = await request.get('/api/v1/groups', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status()).toBe(200);
  const others = here.locator('.thing').filter({ has: here.locator('form[action="/api/app/end-session"]') });
  await others.first().getByRole('button').click();
  await expect(here.getByRole('status')).toContainText('The session has ended');
  await there.goto('/releases');
  await expect(there).toHaveURL(/\/sign-in/);
  await here.context().close();
  await there.context().close();
});

test('the administrator who is the only one cannot be taken away', async ({ signedIn: page }) => {
  await page.goto('/users');
  await page.getByRole('row').filter({ hasText: ADMINISTRATOR.username }).getByRole('link').click();
  await expect(page.getByRole('button', { name: 'Deactivate' })).toHaveCount(0);
  await page.getByLabel('Administrator').uncheck();
  await page.getByRole('button', { name: 'Save rights' }).click();
  await expect(page.getByRole('alert')).toContainText('last administrator');
});
